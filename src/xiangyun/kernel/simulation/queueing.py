"""Waiting in lanes before desks: who is served when, with priorities and opening hours.

A station has desks, fewer or more by the hour; lanes stand before it, each with a rank: when a desk
is free, the first of the lane with the lowest rank goes, and in one rank whoever came first.
Nobody is interrupted: who is being served when a desk closes is served to the end, then the desk
closes. Arrivals and the lengths of services are given: the same input gives the same output.

Source: D. Gross et al., “Fundamentals of Queueing Theory” (4th ed.), 2.3 and 3.4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

__all__ = ["Arrival", "Desks", "Served", "serve", "smallest"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One who comes: at a minute, into a lane of this rank (0 goes first), served so long."""

    at: float
    rank: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Served:
    """When the service of an arrival began and ended, in minutes; infinite where it never did."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Desks:
    """How many desks are open from which minute on; before the first there are none.

    `Desks.always(3)` has three at any time.
    """

    since: tuple[float, ...]
    number: tuple[int, ...]

    @staticmethod
    def always(number: int) -> Desks:
        return Desks((-inf,), (number,))

    def at(self, minute: float) -> int:
        found = bisect_right(self.since, minute) - 1
        return self.number[found] if found >= 0 else 0

    def more(self, by: int) -> Desks:
        """The same hours with so many desks more wherever there are any."""
        return Desks(self.since, tuple(n + by if n else 0 for n in self.number))


def serve(arrivals: Sequence[Arrival], desks: Desks) -> list[Served]:
    """How everybody fares, in the order of `arrivals`, which is that of their minutes.

    Takes time proportional to the arrivals and the changes of desks, with a logarithm of the desks.
    """
    ranks = sorted({each.rank for each in arrivals})
    lanes: dict[int, deque[int]] = {rank: deque() for rank in ranks}
    ordered = [lanes[rank] for rank in ranks]
    began, ended = [inf] * len(arrivals), [inf] * len(arrivals)
    busy: list[float] = []  # when each busy desk is free again
    changes = [*desks.since, inf]
    change = 0
    open_, waiting, next_ = 0, 0, 0
    count = len(arrivals)
    while True:
        come = arrivals[next_].at if next_ < count else inf
        free = busy[0] if busy else inf
        now = min(come, free, changes[change])
        if now == inf:
            break
        if changes[change] == now:
            open_ = desks.number[change]
            change += 1
        elif free == now:
            heappop(busy)
        else:
            lanes[arrivals[next_].rank].append(next_)
            waiting += 1
            next_ += 1
        while waiting and len(busy) < open_:
            who = next(lane for lane in ordered if lane).popleft()
            waiting -= 1
            began[who] = now if now > arrivals[who].at else arrivals[who].at
            ended[who] = began[who] + arrivals[who].minutes
            heappush(busy, ended[who])
        if next_ == count and not waiting:
            break
    return [Served(*each) for each in zip(began, ended, strict=True)]


def smallest(
    arrivals: Sequence[Arrival], desks: Desks, within: float, share: float, most: int
) -> int | None:
    """How many desks more let this share begin within so many minutes; None if `most` do not.

    The share only grows with desks, so that half of what is left is asked each time.
    """
    low, high = 0, most + 1
    while low < high:
        middle = (low + high) // 2
        if _share(arrivals, serve(arrivals, desks.more(middle)), within) >= share:
            high = middle
        else:
            low = middle + 1
    return low if low <= most else None


def _share(arrivals: Sequence[Arrival], served: Iterable[Served], within: float) -> float:
    if not arrivals:
        return 1.0
    fared = zip(arrivals, served, strict=True)
    return sum(each.began - came.at <= within for came, each in fared) / len(arrivals)
