"""A message goes out once, whatever happens; its answer comes to the case that asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import ServiceCall
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.cases.tests.waiting import case_now, open_items
from xiangyun.domain.exchange import actions, sending, settling
from xiangyun.domain.exchange.models import Line, Outgoing, State
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.findings import Conflict, Forbidden

from . import laboratory as other
from .laboratory import GOOD, Laboratory, filed, messages, send

pytestmark = pytest.mark.django_db


def verbs(subject: str) -> list[str]:
    with acting_as(SYSTEM):
        return [entry.verb for entry in journal.history(subject)]


def test_a_message_is_signed_and_its_answer_comes_to_the_case(laboratory: Laboratory) -> None:
    case = filed()
    row = send(case)
    assert laboratory.came == [{"number": case.number, "what": "水"}]
    assert laboratory.genuine == [True]
    tested, opinion = messages(case)
    assert (tested.state, opinion.state) == (State.DONE, State.WAITING)
    assert row.pk == opinion.pk, "the case went on and asked for the next"
    variables = from_stored(case_now(case.pk).variables)
    assert variables["tested"]["price"] == Decimal("794958.9")
    assert variables["tested"]["on"].isoformat() == "2026-04-10"
    said = verbs(case.number)
    assert said.count("connector.asked") == 2
    assert said.count("service.answered") == 1
    assert verbs(f"exchange/{tested.pk}") == [
        "exchange.sent",
        "exchange.delivered",
        "exchange.answered",
    ]


def test_without_an_address_the_examples_answer(published: None) -> None:
    case = filed()
    send(case)
    tested, _ = messages(case)
    assert (tested.state, tested.simulated) == (State.DONE, True)
    assert from_stored(case_now(case.pk).variables)["tested"]["good"] is False


def test_no_message_is_sent_for_a_step_that_did_not_happen(laboratory: Laboratory) -> None:
    with transaction.atomic():
        case = filed()
        transaction.set_rollback(True)
    with acting_as(SYSTEM):
        assert not Outgoing.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'exchange.send'")
        assert cursor.fetchone() == (0,)
    assert case.number


def test_a_system_that_is_down_is_asked_again_then_a_person_looks(laboratory: Laboratory) -> None:
    laboratory.answer = lambda body: (503, {})
    case, at = filed(), timezone.now()
    waits = []
    for _ in range(3):
        row = send(case, at)
        waits.append((row.due_at - at).total_seconds())
        at = max(row.due_at, at + timedelta(minutes=1))
    assert [1 <= waits[0] < 3, 2 <= waits[1] < 4, 4 <= waits[2] < 6] == [True] * 3
    row = send(case, at)
    assert (row.state, row.attempts) == (State.DEAD, 4)
    assert row.problem is not None
    assert row.problem["id"] == "exchange.E035"
    assert len({*laboratory.numbers}) == 1, "it is one message, however often it is sent"

    laboratory.answer = lambda body: (200, GOOD)
    with pytest.raises(Forbidden):
        actions.resend(row.pk, actor=actor("shencha"), at=at)
    actions.resend(row.pk, actor=SYSTEM, at=at)
    sending.send(row.pk, at=at + timedelta(minutes=2))
    assert messages(case)[0].state == State.DONE
    assert verbs(f"exchange/{row.pk}") == [
        "exchange.sent",
        "exchange.parked",
        "exchange.resent",
        "exchange.delivered",
        "exchange.answered",
    ]


def test_after_some_failures_the_breaker_lets_nobody_wait(laboratory: Laboratory) -> None:
    laboratory.answer = lambda body: (500, {})
    at, all_of_them = timezone.now(), [filed(f"水{n}") for n in range(5)]
    for case in all_of_them:
        send(case, at)
    assert len(laboratory.came) == 3
    with acting_as(SYSTEM):
        until = Line.objects.get().closed_until
    assert until is not None
    assert until >= at + timedelta(seconds=30)
    rested = [messages(case)[0] for case in all_of_them[3:]]
    assert {row.due_at for row in rested} == {until}
    assert {row.attempts for row in rested} == {0}, "a rest is no attempt"

    laboratory.answer = lambda body: (200, GOOD)
    later = until + timedelta(seconds=1)
    for case in all_of_them:
        sending.send(messages(case)[0].pk, at=later)
    assert {messages(case)[0].state for case in all_of_them} == {State.DONE}


def test_a_refusal_is_told_in_the_words_of_the_other_side(laboratory: Laboratory) -> None:
    said = {"id": "exchange.E009", "message": {"zh": "密钥已撤销。", "en": "The key was revoked."}}
    laboratory.answer = lambda body: (403, {"title": "No.", "findings": [said]})
    row = send(filed())
    assert row.state == State.DEAD
    assert row.problem is not None
    assert row.problem["zh"] == "对方没有收下（403）：密钥已撤销。（exchange.E009）"
    assert row.problem["en"].endswith("(403): The key was revoked. (exchange.E009)")
    laboratory.answer = lambda body: (422, {"title": "Too dry."})
    told = send(filed("土")).problem
    assert told is not None
    assert told["en"].endswith("(422): Too dry.")


@pytest.mark.parametrize("status", [400, 409, 422])
def test_messages_that_are_refused_open_no_breaker(laboratory: Laboratory, status: int) -> None:
    laboratory.answer = lambda body: (500, {})
    at = timezone.now()
    for n in range(2):
        send(filed(f"前{n}"), at)
    laboratory.answer = lambda body: (status, {})
    refused = [send(filed(f"水{n}"), at) for n in range(4)]
    assert len(laboratory.came) == 6, "the other system is up: each was tried"
    assert {row.state for row in refused} == {State.DEAD}
    with acting_as(SYSTEM):
        line = Line.objects.get()
    assert (line.failures, line.closed_until) == (0, None), "failures in a row, and it answered"


def test_after_a_rest_a_refused_message_shows_that_the_other_system_is_there(
    laboratory: Laboratory,
) -> None:
    laboratory.answer = lambda body: (500, {})
    at = timezone.now()
    for n in range(3):
        send(filed(f"水{n}"), at)
    laboratory.answer = lambda body: (422, {})
    later = at + timedelta(seconds=31)
    assert send(filed("不合格"), later).state == State.DEAD
    laboratory.answer = lambda body: (200, GOOD)
    both = [filed(f"后{n}") for n in range(2)]
    for case in both:
        send(case, later)
    assert [messages(case)[0].state for case in both] == [State.DONE] * 2


def test_killed_after_sending_it_is_sent_again_under_the_same_number(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> bool:
        raise Killed

    case, at = filed(), timezone.now()
    with monkeypatch.context() as patched:
        patched.setattr(settling, "answered", killed)
        with pytest.raises(Killed):
            send(case, at)
    assert messages(case)[0].state == State.SENDING
    send(case, at)
    assert len(laboratory.came) == 1, "somebody may still be sending it"
    sending.send(messages(case)[0].pk, at=at + timedelta(minutes=1))
    assert messages(case)[0].state == State.DONE
    assert len(laboratory.numbers) == 2
    assert len({*laboratory.numbers}) == 1


def test_killed_before_the_case_was_told_the_answer_is_not_asked_for_again(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    case = filed()
    with monkeypatch.context() as patched:
        patched.setattr(settling, "bring", killed)
        with pytest.raises(Killed):
            send(case)
    assert messages(case)[0].state == State.ANSWERED
    sending.send(messages(case)[0].pk, at=timezone.now())
    assert messages(case)[0].state == State.DONE
    assert len(laboratory.came) == 1


def test_messages_in_one_order_leave_one_after_the_other(laboratory: Laboratory) -> None:
    case = filed()
    send(case)
    first, second = messages(case)
    with acting_as(SYSTEM):
        Outgoing.objects.filter(pk=first.pk).update(state=State.DEAD)
    sending.send(second.pk, at=timezone.now())
    assert messages(case)[1].state == State.WAITING, "the one before has not arrived"
    actions.drop(first.pk, actor=SYSTEM, at=timezone.now())
    laboratory.answer = lambda body: (202, {})
    sending.send(second.pk, at=timezone.now())
    assert messages(case)[1].state == State.SENT


@pytest.mark.parametrize("how", ["altered", "of another key", "of another question"])
def test_an_answer_that_is_not_the_partners_own_is_not_believed(
    laboratory: Laboratory, how: str
) -> None:
    if how == "altered":
        laboratory.spoil = lambda body: body.replace(b"true", b"null")
    elif how == "of another key":
        laboratory.signer = other.new_signer()
    else:
        taken, first = laboratory.took, []

        def replayed(path: str, headers: dict[str, str], body: bytes) -> object:
            answer = taken(path, headers, body)
            first.append(answer)
            return first[0]

        laboratory.took = replayed  # type: ignore[assignment, method-assign]
        send(filed("前"))
    case = filed()
    row = send(case)
    assert row.state == State.WAITING
    assert row.problem is not None
    assert row.problem["id"] == "exchange.E033"
    assert open_items(case) == []


def test_an_answer_that_does_not_fit_its_schema_is_put_before_a_person(
    laboratory: Laboratory,
) -> None:
    laboratory.answer = lambda body: (200, {"good": "yes"})
    row = send(filed())
    assert row.state == State.DEAD
    assert row.problem is not None
    assert row.problem["id"] == "connector.E011"


def test_what_does_not_fit_is_refused_and_nothing_of_the_step_has_happened(
    laboratory: Laboratory,
) -> None:
    with pytest.raises(Exception, match=r"connector\.E010"):
        filed("水" * 21)
    with acting_as(SYSTEM):
        assert not Outgoing.objects.exists()
        assert not ServiceCall.objects.filter(type="connector.call").exists()


def test_a_partner_without_an_address_holds_nobody_up(published: None) -> None:
    case = filed()
    with pytest.raises(Conflict):
        actions.resend(messages(case)[0].pk, actor=SYSTEM, at=timezone.now())
    with acting_as(actor("wang")):
        assert cases.stage_of(case).en == "Testing"
