"""Arrivals by the hour and the lane, precedence at the desks, and how long to stay open."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.simulation import (
    Arrival,
    Hours,
    Lanes,
    Office,
    Report,
    fewest_hours,
    plan_by_hour,
    read_arrivals,
    simulated,
)

from .situations import ONE_DESK, Dice, done, service, timetable

TABLE = """time,lane,number
08:00,fresh,2
08:00,freight,6
2026-03-03 10:00,freight,4
"""
LANES = Lanes("lane", {"fresh": 1, "freight": 2})


def two_lanes() -> Pack:
    """A service of one desk, for those with fresh goods and for freight."""
    made = service(ONE_DESK, done("decide"))
    [one] = made.examples
    examples = tuple(
        replace(one, key=lane, answers={**one.answers, "lane": lane})
        for lane in ("fresh", "freight")
    )
    return replace(made, examples=examples)


def planned(table: str = TABLE, days: int = 3, hours: str = "8:00-18:00") -> tuple[Arrival, ...]:
    return plan_by_hour(
        two_lanes(),
        timetable(Hours.parse(hours)),
        read_arrivals(table, "arrivals.csv", ["", "fresh", "freight"]),
        lanes=LANES,
        days=days,
        mix={"fresh": 1.0, "freight": 1.0},
        source=Dice(3),
    )


def test_so_many_come_in_each_hour_of_each_day() -> None:
    coming = planned()
    assert len(coming) == 3 * 8 + 4
    assert [each.at for each in coming] == sorted(each.at for each in coming)
    second = [each for each in coming if each.at.day == 3 and each.at.hour == 10]
    assert [each.lane for each in second] == ["freight"] * 4
    assert {(each.lane, each.rank) for each in coming} == {("fresh", 1), ("freight", 2)}


def test_of_a_fraction_chance_decides_and_the_mean_is_kept() -> None:
    coming = planned("time,lane,number\n09:00,,2.25\n", days=200)
    assert len(coming) == pytest.approx(450, abs=30)


def test_who_has_precedence_waits_less() -> None:
    report = worked(planned("time,lane,number\n08:00,fresh,5\n08:00,freight,30\n"))
    fresh, freight = report.lanes
    assert (fresh.lane, freight.lane) == ("fresh", "freight")
    assert fresh.arrived == 15
    assert fresh.p95_wait < freight.mean_wait / 2
    assert fresh.promised >= freight.promised


def worked(coming: tuple[Arrival, ...], closing: time = time(18)) -> Report:
    table = timetable(Hours(((time(8), time(18)),))).until(closing)
    office = Office(two_lanes(), table, {"decide": 20.0})
    return simulated(office, coming, {"approver": 1}, days=3)


def test_the_earliest_closing_is_enough_and_half_an_hour_before_is_not() -> None:
    coming = planned("time,lane,number\n08:00,,22\n13:00,,14\n")
    found = fewest_hours(lambda closing: worked(coming, closing), time(18), 0.99)
    assert found.closing is not None
    assert found.closing > time(18)
    assert worked(coming, found.closing).promised >= 0.99
    before = found.closing.hour * 60 + found.closing.minute - 30
    assert worked(coming, time(before // 60, before % 60)).promised < 0.99


def test_where_no_day_is_long_enough_no_closing_is_named() -> None:
    coming = planned("time,lane,number\n08:00,,200\n")
    assert fewest_hours(lambda closing: worked(coming, closing), time(18), 0.99).closing is None


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("hour,lane,number\n", ["simulation.E001"]),
        ("time,lane,number\n", ["simulation.E004"]),
        (
            "time,lane,number\n8.30,fresh,1\n08:00,frehs,1\n08:00,fresh,-1\n24:00,fresh,1\n"
            "08:30,fresh,1\n08:00,fresh,nan\n08:00\n2026-02-30 08:00,fresh,1\n",
            ["simulation.E002", "simulation.E003", *["simulation.E002"] * 6],
        ),
    ],
)
def test_every_line_that_cannot_be_read_is_named(table: str, found: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_arrivals(table, "arrivals.csv", ["fresh"])
    assert [each.id for each in refused.value.findings] == found
    lines = [each.place.line for each in refused.value.findings if each.place is not None]
    assert lines == sorted(lines)
