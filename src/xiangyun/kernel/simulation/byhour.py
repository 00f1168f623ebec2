"""Arrivals by the hour and the lane, as a place has counted or expects them.

A table (CSV) with the columns `time`, `lane` and `number`. `time` is an hour of every day, `08:00`,
or of one, `2026-03-02 08:00`; `lane` is empty where there are none; `number` may be a fraction,
such as the mean of some weeks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import floor, isfinite

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack import Example, Pack
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED
from xiangyun.kernel.record import Register

from .hours import Timetable
from .plan import Arrival, Uniform, luck_of, pick, situations_of

COLUMNS = ("time", "lane", "number")
MOST_IN_AN_HOUR = 100_000
_EVERY_DAY = re.compile(r"([01]?[0-9]|2[0-3]):00")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hourly:
    """So many come into a lane within an hour: of one day, or (`on` is None) of every day."""

    hour: int
    on: datetime | None
    lane: str
    number: float


@dataclass(frozen=True, slots=True)
class Lanes:
    """Whose answer says the lane of a case (`question`), and which lanes are served first.

    `priority`: 1 before 2; a lane that is not named comes last, together with all such.
    """

    question: str = "lane"
    priority: Mapping[str, int] | None = None

    def of(self, example: Example) -> str:
        """The lane that somebody in this situation takes."""
        return str(example.answers.get(self.question) or "")

    def rank(self, lane: str) -> int:
        """What comes first has the lower number."""
        known = self.priority or {}
        return known.get(lane, max(known.values(), default=0) + 1)


def read_arrivals(text: str, file: str, lanes: Sequence[str]) -> tuple[Hourly, ...]:
    """The rows of such a table; `lanes` are those that somebody could take.

    Refused with every line that cannot be read.
    """
    rows = csv.reader(text.lstrip("\ufeff").splitlines())
    head = [each.strip() for each in next(rows, [])]
    if missing := [name for name in COLUMNS if name not in head]:
        raise Refused([_no_column(missing, file)])
    at = [head.index(name) for name in COLUMNS]
    found, faults = list[Hourly](), list[Finding]()
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        cells = [row[n].strip() if n < len(row) else "" for n in at]
        place = Place(file, rows.line_num)
        hourly = _hourly(*cells)
        if hourly is None:
            faults.append(_unread(cells, place))
        elif hourly.lane not in lanes:
            faults.append(_no_lane(hourly.lane, lanes, place))
        else:
            found.append(hourly)
    if not found and not faults:
        faults.append(_nobody(file))
    if faults:
        raise Refused(faults)
    return tuple(found)


def plan_by_hour(
    pack: Pack,
    timetable: Timetable,
    hourly: Sequence[Hourly],
    *,
    lanes: Lanes,
    days: int,
    mix: Mapping[str, float],
    source: Uniform,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> tuple[Arrival, ...]:
    """Applications of some days on which the office opens, so many in each hour as the table says,
    at moments within it that chance gives; of a fraction chance says whether one more comes.

    `mix` gives examples (by key) their weights; within a lane those that take it share it so.
    """
    situations = situations_of(pack, mix, registers)
    weights: dict[str, dict[str, float]] = {}
    for key, weight in mix.items():
        lane = lanes.of(situations[key].example)
        weights.setdefault(lane, {})[key] = weight
        if lane:
            weights.setdefault("", {})[key] = weight
    coming = list[tuple[datetime, str]]()
    for begin, lane, number in _hours(timetable, hourly, days):
        whole = floor(number)
        count = whole + (source.random() < number - whole)
        coming += [(begin + _HOUR * source.random(), lane) for _ in range(count)]
    coming.sort(key=lambda each: each[0])
    arrivals = list[Arrival]()
    for at, lane in coming:
        situation = situations[pick(weights[lane], source)]
        taken = lane or lanes.of(situation.example)
        arrivals.append(
            Arrival(
                len(arrivals) + 1, at, situation, luck_of(pack, source), taken, lanes.rank(taken)
            )
        )
    return tuple(arrivals)


def expected(timetable: Timetable, hourly: Sequence[Hourly], days: int) -> float:
    """How many come by the table."""
    return sum(number for _, _, number in _hours(timetable, hourly, days))


def _hours(
    timetable: Timetable, hourly: Sequence[Hourly], days: int
) -> Iterator[tuple[datetime, str, float]]:
    for day in timetable.days(days):
        midnight = datetime.combine(day, time(), timetable.zone)
        for each in hourly:
            if each.on is None or each.on.date() == day:
                yield midnight + _HOUR * each.hour, each.lane, each.number


def _hourly(at: str, lane: str, number: str) -> Hourly | None:
    with suppress(ValueError):
        many = float(number)
        if not (isfinite(many) and 0 <= many <= MOST_IN_AN_HOUR):
            return None
        if found := _EVERY_DAY.fullmatch(at):
            return Hourly(int(found[1]), None, lane, many)
        day = datetime.strptime(at, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the office's zone is meant
        return Hourly(day.hour, day, lane, many) if day.minute == 0 else None
    return None


def _no_column(missing: list[str], file: str) -> Finding:
    return Finding(
        "simulation.E001",
        "error",
        Text("表里缺少列：{missing}。", "The table lacks the columns {missing}.", missing=missing),
        Place(file, 1),
        Text(
            "首行是列名：time、lane、number。",
            "The first line names the columns: time, lane, number.",
        ),
    )


def _unread(cells: Sequence[str], place: Place) -> Finding:
    return Finding(
        "simulation.E002",
        "error",
        Text(
            "这一行读不懂：{cells}。",
            "This line cannot be read: {cells}.",
            cells=", ".join(cells),
        ),
        place,
        Text(
            "时间是整点，例如 08:00（每天）或 2026-03-02 08:00（当天），数量不小于零。",
            "A full hour, such as 08:00 (every day) or 2026-03-02 08:00 (that day), and a number"
            " not below zero.",
        ),
    )


def _no_lane(lane: str, lanes: Sequence[str], place: Place) -> Finding:
    return Finding(
        "simulation.E003",
        "error",
        Text("没有示例走通道“{lane}”。", "No example takes the lane “{lane}”.", lane=lane),
        place,
        Text(
            "有：{known}。",
            "There are: {known}.",
            known=[each for each in lanes if each] or ["–"],
        ),
    )


def _nobody(file: str) -> Finding:
    return Finding(
        "simulation.E004",
        "error",
        Text("表里没有一行到达。", "The table has no line of arrivals."),
        Place(file, 1),
        Text("每行一个小时、一个通道。", "A line for each hour and lane."),
    )
