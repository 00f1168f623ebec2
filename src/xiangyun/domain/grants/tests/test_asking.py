"""A bank asks and is answered; the figures stay where they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.grants import actions, asking, queries, using
from xiangyun.domain.grants.queries import Grant
from xiangyun.domain.registers import actions as registers
from xiangyun.kernel.findings import Forbidden, NotFound, Refused, Stale
from xiangyun.kernel.inquiry import Answered

from .situations import BANK, COMPANY, RIVAL, party, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_graded")]


@pytest.fixture
def _graded(demonstration: None) -> None:
    party(BANK)
    year = timezone.localdate().year
    for back, grade in ((2, "B"), (1, "A")):
        with acting_as(SYSTEM):
            registers.record(
                "credit_tax_grade",
                f"T-{back}",
                {
                    "number": f"T-{back}",
                    "company": COMPANY,
                    "company_name": "样企",
                    "division": "220101000000",
                    "source": "样例税务局（虚构）",
                    "year": year - back,
                    "grade": grade,
                    "paid": "83000.00",
                    "noted_on": f"{year - back + 1}-01-05",
                    "publicity": "granted",
                },
                valid_from=date(2020, 1, 1),
                source="test",
                at=timezone.now(),
                holder=party(COMPANY).pk,
            )


def give(
    until: int | None = 30, codes: tuple[str, ...] = ("credit_tax_grade",), **more: bool
) -> Grant:
    now = timezone.now()
    last = None if until is None else timezone.localdate(now) + timedelta(days=until)
    return actions.give(
        person(COMPANY), bank=BANK, purpose="贷款", codes=codes, until=last, at=now, **more
    )


def ask(given: Grant, least: str = "B", years: str = "2", by: str = BANK) -> Answered:
    return asking.ask(
        person(by),
        given.pk,
        version=given.version,
        inquiry="tax_grade",
        chosen={"least": least, "years": years},
        at=timezone.now(),
    )


def test_a_question_is_answered_with_a_reason_and_without_a_figure() -> None:
    given = give(answers_only=True)
    told = ask(given)
    assert (told.answer, told.row_id) == (True, "answer.met")
    assert (ask(given, least="A").answer, ask(given, least="A", years="1").answer) == (False, True)
    assert "83" not in told.reason.zh + told.reason.en
    asked = queries.uses_of(given, person(COMPANY))[0]
    assert asked.verb == "grant.asked"
    assert asked.data["inquiry"] == "tax_grade"


def test_by_a_grant_for_answers_alone_the_database_gives_no_row() -> None:
    given = give(answers_only=True)
    with pytest.raises(Forbidden, match=r"grant\.E012"):
        using.look(person(BANK), given.pk, version=1, at=timezone.now())
    with acting_as(person(BANK)), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xiangyun.grant', %s, true)", [f"{given.pk} 1"])
        cursor.execute("SELECT count(*) FROM registers_record WHERE register = 'credit_tax_grade'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('xiangyun.grant', '', true)")


def test_what_is_asked_needs_a_grant_that_stands_and_names_the_register() -> None:
    given = give()
    with pytest.raises(NotFound, match=r"grant\.E001"):
        ask(given, by=RIVAL)
    with pytest.raises(Forbidden, match=r"grant\.E010"):
        ask(give(codes=("credit_insurance",)))
    with pytest.raises(Refused, match=r"inquiry\.E007"):
        ask(given, least="E")
    amended = actions.amend(
        person(COMPANY), given.pk, how="merge", seen=1, codes=["credit_insurance"],
        until=given.until, at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Stale, match=r"grant\.E008"):
        ask(given)
    assert ask(amended).answer
    actions.revoke(person(COMPANY), given.pk, at=timezone.now())
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        ask(amended)


def test_a_grant_for_one_look_answers_one_question() -> None:
    given = give(until=None, answers_only=True)
    assert ask(given).answer
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        ask(given)


def test_a_register_that_a_class_protects_since_then_is_opened_and_asked_no_more() -> None:
    given = give()
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("UPDATE registers_register SET need = 1 WHERE code = 'credit_tax_grade'")
    with pytest.raises(Forbidden, match=r"grant\.E010"):
        ask(given)
    seen = using.look(person(BANK), given.pk, version=1, at=timezone.now())
    assert (seen.registers, seen.states) == ((), ())
