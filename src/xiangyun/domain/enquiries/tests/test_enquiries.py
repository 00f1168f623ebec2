"""Questions inside a case: asked by its applicant, answered by the desk, seen by both."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.enquiries import actions, queries
from xiangyun.domain.enquiries.models import Enquiry
from xiangyun.domain.messaging import access as inbox
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

QUESTION, ANSWER = "章程要不要全体股东签名？", "要，由全体股东签名。"


def ask(who: Actor, case: cases.Case, question: str = QUESTION) -> Enquiry:
    with acting_as(who):
        return actions.ask(case.pk, question, actor=who, at=MORNING)


def answer(who: Actor, enquiry: Enquiry, said: str = ANSWER) -> Enquiry:
    with acting_as(who):
        return actions.answer(enquiry.pk, said, actor=who, at=MORNING)


def messages(who: Actor) -> list[tuple[str, str]]:
    with acting_as(who):
        found = inbox.messages_of(who).filter(name="enquiry")
        return [(each.title["zh"], each.body["zh"]) for each in found]


def refused(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.findings[0].id


def test_a_question_waits_at_the_desk_and_its_answer_comes_to_the_inbox_and_the_history() -> None:
    wang, shouli = actor("wang"), actor("shouli")
    made = submitted(wang, brand="样问甲")
    asked = ask(wang, made)
    assert asked.due_on > MORNING.date()
    assert any(made.number in title for title, _ in messages(shouli))
    with acting_as(shouli):
        assert [each.pk for each in queries.to_answer(shouli)] == [asked.pk]
        assert queries.waiting(shouli) == 1
    answered = answer(shouli, asked)
    assert (answered.answer, answered.answered_by_name) == (ANSWER, shouli.name)
    with acting_as(shouli):
        assert queries.waiting(shouli) == 0
    ((title, body),) = messages(wang)
    assert made.number in title
    assert ANSWER in body
    with acting_as(wang):
        (own,) = queries.of_case(made.pk)
        assert own.answer == ANSWER
        told = [line.what.zh for line in cases.history(made)]
        assert any("申请人提问" in line for line in told)
        assert any("已答复申请人的提问" in line for line in told)
        assert [name for name, _ in queries.owned(wang)] == ["enquiries.json"]
    with pytest.raises(Refused) as again:
        answer(shouli, asked)
    assert refused(again) == "case.E293"


def test_only_the_role_that_the_service_names_answers() -> None:
    wang = actor("wang")
    asked = ask(wang, submitted(wang, brand="样问乙"))
    for login in ("wang", "shencha"):
        with pytest.raises(Refused) as found:
            answer(actor(login), asked)
        assert refused(found) == "case.E294"
    with pytest.raises((Refused, Enquiry.DoesNotExist)):
        answer(actor("li"), asked)


def test_only_the_applicant_asks_and_only_while_the_case_runs() -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样问丙")
    with pytest.raises(Refused) as found:
        ask(actor("shouli"), made)
    assert refused(found) == "case.E290"
    with pytest.raises(cases.Case.DoesNotExist):
        ask(actor("li"), made)
    for words in (" ", "长" * 1001):
        with pytest.raises(Refused) as found:
            ask(wang, made, words)
        assert refused(found) == "case.E291"
    withdraw_case(made.pk, actor=wang, at=MORNING)
    with pytest.raises(Refused) as found:
        ask(wang, made)
    assert refused(found) == "case.E290"


def test_three_questions_wait_at_a_time() -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样问丁")
    first, *_ = [ask(wang, made) for _ in range(queries.AT_ONCE)]
    with pytest.raises(Refused) as found:
        ask(wang, made)
    assert refused(found) == "case.E292"
    answer(actor("shouli"), first)
    ask(wang, made)


def test_the_database_itself_lets_nobody_ask_in_the_name_of_another() -> None:
    wang, shouli = actor("wang"), actor("shouli")
    made = submitted(wang, brand="样问戊")
    for who, by in ((shouli, wang), (shouli, shouli), (wang, shouli)):
        with acting_as(who), pytest.raises(ProgrammingError), transaction.atomic():
            Enquiry.objects.create(
                case_id=made.pk,
                role="acceptor:market_supervision",
                place=made.division,
                question=QUESTION,
                by=by.account,
                by_name=by.name,
                at=MORNING,
                due_on=MORNING.date(),
            )
    asked = ask(wang, made)
    with acting_as(wang):
        assert not Enquiry.objects.filter(pk=asked.pk).update(answer="自己答复。")
    with acting_as(SYSTEM):
        assert Enquiry.objects.get(pk=asked.pk).answer == ""
