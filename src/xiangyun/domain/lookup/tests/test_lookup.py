"""Finding cases behind the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import correct_answers, withdraw_case
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.following import actions as following
from xiangyun.domain.following.models import Follower
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.lookup import actions, lines, queries
from xiangyun.domain.lookup.models import Done, Term
from xiangyun.domain.lookup.queries import Asked
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def followed() -> None:
    """What the minute's job does."""
    while journal.seal(timezone.now(), signer()):
        pass
    following.follow_all()


def numbers(who: Actor, asked: Asked) -> list[str]:
    with acting_as(who):
        return [row.number for row in queries.find(who, asked).rows]


def test_a_case_is_found_by_number_name_part_pinyin_and_code() -> None:
    case = submitted(actor("wang"), brand="样查一")
    shencha = actor("shencha")
    assert numbers(shencha, Asked(case.number)) == [case.number]  # at once
    followed()
    for text in ("王样云", "样云", "wangyang", "wyy", "查一", "222404199203150027"):
        assert numbers(shencha, Asked(text)) == [case.number], text
    assert numbers(shencha, Asked("李样山")) == []


def test_a_corrected_name_is_found_and_the_one_before_is_not() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    case = submitted(wang, brand="样祥")
    act("shouli", case, "correct")
    followed()
    with acting_as(wang):
        task = cases.open_tasks(wang, case)[0]
        correct_answers(case.pk, task.id, {"brand": "样改"}, actor=wang, at=MORNING)
    followed()
    assert numbers(shencha, Asked("样改")) == [case.number]
    assert numbers(shencha, Asked("样祥")) == []


def test_a_case_beyond_ones_mandate_is_not_found_however_it_is_asked_for() -> None:
    case = submitted(actor("wang"), brand="样查二")
    followed()
    beyond = actor("li")
    for text in (case.number, "王样云", "wyy", ""):
        assert numbers(beyond, Asked(text)) == []


def test_filters_and_counts_tell_open_from_ended() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    ended, open_ = submitted(wang, brand="样查三"), submitted(wang, brand="样查四")
    withdraw_case(ended.pk, actor=wang, at=MORNING)
    followed()
    assert numbers(shencha, Asked(state="ended")) == [ended.number]
    assert numbers(shencha, Asked(state="open")) == [open_.number]
    with acting_as(shencha):
        found = queries.find(shencha, Asked("王样云"))
    assert dict(found.counts) == {"open": 1, "ended": 1}
    assert {row.ended for row in found.rows} == {True, False}
    today = MORNING.date()
    assert len(numbers(shencha, Asked(since=today, until=today))) == 2
    assert numbers(shencha, Asked(until=today - timedelta(days=1))) == []
    assert numbers(shencha, Asked(service="no/such")) == []


def test_pages_go_on_behind_the_last_line_and_count_a_fixed_number_of_statements() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    made = [submitted(wang, brand=f"样页{n}").number for n in "甲乙丙"]
    followed()
    told: list[str] = []
    after = ""
    statements = []
    with acting_as(shencha):
        for _ in made:
            with CaptureQueriesContext(
                connection,
            ) as counted:
                page = queries.find(shencha, Asked(), after=after, limit=1)
            statements.append(len(counted))
            told += [row.number for row in page.rows]
            after = page.next
        assert after == ""
        with pytest.raises(ValueError, match="nowhere"):
            queries.find(shencha, Asked(), after="nowhere")
    assert sorted(told) == sorted(made)
    assert max(statements) <= 8


def test_what_an_official_did_is_listed_for_that_official_alone() -> None:
    case = submitted(actor("wang"), brand="样查五")
    act("shencha", case, "agree")
    followed()
    shencha, jueding = actor("shencha"), actor("jueding")
    with acting_as(shencha):
        (one,) = queries.did(shencha)
    assert (one.number, one.action.zh) == (case.number, "同意登记")
    with acting_as(jueding):
        assert queries.did(jueding) == []
        assert not Done.objects.exists()


def test_a_follower_takes_each_entry_once_and_fails_without_a_mark() -> None:
    submitted(actor("wang"), brand="样查六")
    followed()
    with acting_as(SYSTEM):
        before = (Follower.objects.get(name="lookup").next, Term.objects.count())
    followed()
    with acting_as(SYSTEM):
        assert (Follower.objects.get(name="lookup").next, Term.objects.count()) == before
    act("shencha", submitted(actor("wang"), brand="样查七"), "agree")
    while journal.seal(timezone.now(), signer()):
        pass

    def fails(entries: object) -> None:
        lines.write([])
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError):
        following.follow("lookup", fails)
    with acting_as(SYSTEM):
        assert Follower.objects.get(name="lookup").next == before[0]
    following.follow_all()
    with acting_as(SYSTEM):
        assert Follower.objects.get(name="lookup").next > before[0]


def test_a_filter_is_kept_under_its_name_and_an_empty_one_is_refused() -> None:
    shencha, jueding = actor("shencha"), actor("jueding")
    asked = Asked("样", state="open", since=date(2026, 4, 9))
    actions.save(shencha, " 在办的 ", asked)
    actions.save(shencha, "在办的", asked)
    with acting_as(shencha):
        assert queries.saved(shencha) == [("在办的", asked)]
    with acting_as(jueding):
        assert queries.saved(jueding) == []
    with pytest.raises(Refused) as refused:
        actions.save(shencha, "空", Asked())
    assert refused.value.findings[0].id == "lookup.E001"
    actions.drop(shencha, "在办的")
    with acting_as(shencha):
        assert queries.saved(shencha) == []
