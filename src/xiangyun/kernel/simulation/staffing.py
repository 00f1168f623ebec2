"""The smallest staff with which a share of the cases is done within the promised time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from math import ceil

from .report import Report, RoleFigures

MOST_TRIES = 80
_HALVES = (*(time(hour, half) for hour in range(24) for half in (0, 30)), time(23, 59))
"""Full and half hours; the last minute of a day stands for its end."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """What the search found: `staff` is None when no staff of any size would reach the target.

    It is smallest in this sense: no role can do with one official less. Another mix with the same
    number of people may exist.
    """

    target: float
    staff: Mapping[str, int] | None
    report: Report
    tries: int


def smallest_staff(
    run: Callable[[Mapping[str, int]], Report], begin: Report, target: float
) -> Staffing:
    """Search from a first report: add where late cases waited, then take away what is not needed.

    `run` simulates the same applications with another staff. Roles without any task are left out.
    """
    search = _Search(run, target)
    staff = {f.role: max(1, ceil(f.load)) for f in begin.roles if f.tasks}
    report = search.try_(staff)
    while report.promised < target:
        worst = max(report.roles, key=lambda figures: figures.late_waiting, default=None)
        if worst is None or worst.late_waiting <= 0 or search.tries >= MOST_TRIES:
            return Staffing(target, None, report, search.tries)
        staff = {**staff, worst.role: worst.staff + _step(worst)}
        report = search.try_(staff)
    for role in sorted(staff, key=lambda role: -staff[role]):
        while staff[role] > 1:
            fewer = {**staff, role: staff[role] - 1}
            tried = search.try_(fewer)
            if tried.promised < target:
                break
            staff, report = fewer, tried
    return Staffing(target, staff, report, search.tries)


@dataclass(frozen=True, slots=True)
class Opening:
    """The earliest closing with which the target is met, and the run with it; None where no hours
    of a day are enough."""

    target: float
    closing: time | None
    report: Report
    tries: int


def fewest_hours(run: Callable[[time], Report], now: time, target: float) -> Opening:
    """How long to stay open with the staff as it is: the earliest full or half hour from `now` on.

    `run` simulates the same applications with another closing. Of what is left, half is asked each
    time: who stays open longer is not later with anything.
    """
    closings = [now, *(each for each in _HALVES if each > now)]
    tried: dict[int, Report] = {}

    def at(number: int) -> Report:
        if number not in tried:
            tried[number] = run(closings[number])
        return tried[number]

    low, high = 0, len(closings) - 1
    if at(high).promised < target:
        return Opening(target, None, at(high), len(tried))
    while low < high:
        middle = (low + high) // 2
        if at(middle).promised >= target:
            high = middle
        else:
            low = middle + 1
    return Opening(target, closings[high], at(high), len(tried))


class _Search:
    """Runs that were made are not made again."""

    def __init__(self, run: Callable[[Mapping[str, int]], Report], target: float) -> None:
        self.run, self.target = run, target
        self.known: dict[tuple[tuple[str, int], ...], Report] = {}

    @property
    def tries(self) -> int:
        return len(self.known)

    def try_(self, staff: Mapping[str, int]) -> Report:
        key = tuple(sorted(staff.items()))
        if key not in self.known:
            self.known[key] = self.run(staff)
        return self.known[key]


def _step(figures: RoleFigures) -> int:
    """A large office grows by a tenth at a time, so that the search stays short."""
    return max(1, figures.staff // 10)
