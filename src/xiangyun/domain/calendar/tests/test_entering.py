"""The calendar of an instance: a day of frost, a year announced, and who may say so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.calendar import actions, queries
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.findings import Forbidden, Refused
from xiangyun.kernel.worktime import NotCovered

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知（测试用，虚构）"
FROST = date(2026, 11, 9)  # a Monday
SPRING = [date(2027, 2, 5) + timedelta(days=n) for n in range(8)]
YEAR_2027 = {
    date(2027, 1, 1): False,
    **dict.fromkeys(SPRING, False),
    date(2027, 2, 14): True,
    **{date(2027, 10, day): False for day in range(1, 8)},
}


def publisher(role: str = "publisher") -> Actor:
    held = MandateHeld(role, 220000000000, 220000000000, 229999999999, "省政务服务局（演示）")
    return Actor("吉样发", "official", mandates=(held,))


def test_a_day_that_was_entered_counts_before_the_packaged_calendar() -> None:
    assert queries.calendar().works(FROST)
    with acting_as(publisher()) as actor:
        actions.set_day(FROST, False, reason="暴雪停工（虚构）", actor=actor, at=AT)
    assert not queries.calendar().works(FROST)
    with acting_as(publisher()) as actor:
        actions.set_day(FROST, True, reason="恢复上班（虚构）", actor=actor, at=AT)
    assert queries.calendar().works(FROST)
    (day,) = queries.days(2026)
    assert (day.reason, day.entered_by_name) == ("恢复上班（虚构）", "吉样发")


def test_a_single_day_does_not_make_its_year_known() -> None:
    actions.set_day(date(2027, 1, 1), False, reason=NOTICE, actor=SYSTEM, at=AT)
    with pytest.raises(NotCovered):
        queries.calendar().works(date(2027, 1, 1))


def test_a_year_entered_as_a_whole_is_known_with_its_days_and_else_the_ordinary_week() -> None:
    actions.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=AT)
    known = queries.calendar()
    assert known.covered.stop == 2028
    assert [known.works(date(2027, 2, day)) for day in (4, 5, 12, 13, 14, 15)] == [
        *(True, False, False, False, True, True)
    ]
    assert [each.year for each in queries.years()] == [2027]


def test_a_year_entered_again_takes_the_place_of_what_was_there() -> None:
    actions.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=AT)
    later = {**YEAR_2027, date(2027, 9, 15): False}
    del later[date(2027, 2, 14)]
    actions.enter_year(2027, later, reason=NOTICE, actor=SYSTEM, at=AT)
    known = queries.calendar()
    assert not known.works(date(2027, 2, 14))
    assert not known.works(date(2027, 9, 15))


def test_a_packaged_year_that_is_entered_as_a_whole_follows_the_entry_alone() -> None:
    mid_autumn = date(2026, 9, 25)
    assert not queries.calendar().works(mid_autumn)
    days = {date(2026, 10, day): False for day in range(1, 10)}
    actions.enter_year(2026, days, reason="更正（虚构）", actor=SYSTEM, at=AT)
    assert queries.calendar().works(mid_autumn)


@pytest.mark.parametrize(
    ("days", "reason", "ids"),
    [
        (YEAR_2027, " ", ["calendar.E001"]),
        ({**YEAR_2027, date(2028, 1, 1): False}, NOTICE, ["calendar.E002"]),
        ({date(2027, 1, 1): False}, NOTICE, ["calendar.E003"]),
        ({date(2028, 1, 3): False}, NOTICE, ["calendar.E002", "calendar.E003"]),
    ],
)
def test_what_cannot_be_the_arrangement_of_a_year_is_refused_whole(days, reason, ids) -> None:
    before = queries.edition_now()
    with pytest.raises(Refused) as refused:
        actions.enter_year(2027, days, reason=reason, actor=SYSTEM, at=AT)
    assert [finding.id for finding in refused.value.findings] == ids
    assert queries.edition_now() == before
    assert queries.entered().years == frozenset()


def test_only_a_publisher_or_the_platform_changes_the_calendar() -> None:
    with acting_as(publisher("approver")) as actor, pytest.raises(Forbidden):
        actions.set_day(FROST, False, reason="…", actor=actor, at=AT)
    assert queries.days() == []


def test_every_entry_stands_in_the_journal_with_its_reason() -> None:
    with acting_as(publisher()) as actor:
        actions.set_day(FROST, False, reason="暴雪停工（虚构）", actor=actor, at=AT)
        actions.enter_year(2027, YEAR_2027, reason=NOTICE, actor=actor, at=AT)
    with acting_as(SYSTEM):
        day, year = Entry.objects.filter(subject="calendar").order_by("pk")
    assert (day.verb, day.data["date"], day.data["works"]) == ("calendar.day", "2026-11-09", False)
    assert (day.actor_name, day.desk) == ("吉样发", "省政务服务局（演示）")
    assert year.verb == "calendar.year"
    assert year.data["days"]["2027-02-14"] is True
    assert year.data["reason"] == NOTICE
