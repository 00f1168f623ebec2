"""A whole list is booked at once: all lines of it, or none, and every wrong line is named.

A line with a moment of its own gets that slot; one without gets the next slot with room, from a
moment on. Nothing of a list waits, and nothing of it overtakes whoever does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text
from xiangyun.kernel.occasion import parties
from xiangyun.kernel.occasion.booked import TAKING, Booking, refusal, told
from xiangyun.kernel.occasion.booking import Book, left_of
from xiangyun.kernel.occasion.lanes import Facts, admitted
from xiangyun.kernel.occasion.openings import Slot
from xiangyun.kernel.occasion.resources import no_lane

MOST: Final = 20_000
"""Lines of one list."""
_TOLD: Final = 50
"""So many wrong lines are told one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: in which lane, how many units, and when, if that is not left open."""

    lane: str
    units: int
    facts: Facts
    begins: datetime | None = None


def book_list(
    book: Book, who: str, lines: Sequence[Line], begins: datetime, now: datetime
) -> tuple[Book, tuple[Booking, ...]]:
    """Book every line, as confirmed, in their order; a book with them, and the bookings.

    Raises Refused with a finding for each wrong line, NotCovered.
    """
    book = book.passed(now)
    parties.not_barred(book.resource, book.bookings, who, now)
    if not 1 <= len(lines) <= MOST:
        raise Refused([_no_list(len(lines))])
    room, wrong, made = _Room(book, begins, now), list[tuple[int, Finding]](), list[Booking]()
    first = max((each.number for each in book.bookings), default=0) + 1
    for number, line in enumerate(lines, 1):
        try:
            lane, slot = room.take(line)
        except Refused as refused:
            wrong.append((number, refused.findings[0]))
            continue
        made.append(
            Booking(first + len(made), who, lane, slot, line.units, "confirmed", by_case=True)
        )
    if wrong:
        raise Conflict(list(_named(wrong)))
    return Book(book.resource, book.calendar, (*book.bookings, *made), book.extended), tuple(made)


class _Room:
    """What is free in the slots of a book, while the lines of a list take of it."""

    def __init__(self, book: Book, begins: datetime, now: datetime) -> None:
        self.book, self.now, self.resource = book, now, book.resource
        self.used: dict[datetime, dict[str, int]] = {}
        self.waited = {each.slot.begin for each in book.bookings if each.state == "waiting"}
        for each in book.bookings:
            if each.state in TAKING:
                self._take(each.slot, each.lane, each.units)
        self.slots = coming_slots(book, begins, now)
        self.next: dict[tuple[str, int], int] = {}

    def take(self, line: Line) -> tuple[str, Slot]:
        """A slot for a line, and its lane. Raises Refused."""
        lane = self.resource.lane(line.lane)
        if lane is None:
            raise NotFound([no_lane(self.resource, line.lane, None, "booking.E004")])
        admitted(lane, line.facts)
        parties.reasonable(self.resource, 1, line.units)
        if line.begins is not None:
            slot = self.book.slot_at(line.begins, self.now)
            if not self._fits(slot, lane.id, line.units):
                raise Conflict([refusal("booking.E012", Text(
                    "{begin} 已约满，没有预约任何时段。", "{begin} is full; nothing was booked.",
                    begin=told(slot.begin),
                ))])  # fmt: skip
        else:
            slot = self._next(lane.id, line.units)
        self._take(slot, lane.id, line.units)
        return lane.id, slot

    def _next(self, lane: str, units: int) -> Slot:
        """The next slot with room; earlier ones have none any more for as many in this lane."""
        at = self.next.get((lane, units), 0)
        while at < len(self.slots) and not self._fits(self.slots[at], lane, units):
            at += 1
        self.next[lane, units] = at
        if at == len(self.slots):
            raise Conflict([refusal("booking.E028", Text(
                "可以预约的时段里已经没有空位。", "No slot that can be booked has room any more.",
            ))])  # fmt: skip
        return self.slots[at]

    def _fits(self, slot: Slot, lane: str, units: int) -> bool:
        if slot.begin in self.waited:
            return False
        return left_of(self.resource, self.used.get(slot.begin, {}), lane) >= units

    def _take(self, slot: Slot, lane: str, units: int) -> None:
        used = self.used.setdefault(slot.begin, {})
        used[lane] = used.get(lane, 0) + units


def coming_slots(book: Book, begins: datetime, now: datetime) -> tuple[Slot, ...]:
    """The slots from a moment on that can be booked now, in order."""
    first, last = max(begins, now + book.resource.closes), now + book.resource.opens
    days = max(0, (last.date() - first.date()).days + 1)
    found = (slot for n in range(days) for slot in book.slots(first + timedelta(days=n)))
    return tuple(each for each in found if first <= each.begin <= last and each.begin > now)


def _named(wrong: Sequence[tuple[int, Finding]]) -> Iterator[Finding]:
    """A finding for each wrong line; lines one after another with one and the same fault, as when
    no slot is left, are told together."""
    groups = list[tuple[int, int, Finding]]()
    for number, finding in wrong:
        if groups and groups[-1][1] == number - 1 and groups[-1][2].message == finding.message:
            groups[-1] = (groups[-1][0], number, finding)
        else:
            groups.append((number, number, finding))
    for first, last, finding in groups[:_TOLD]:
        why = finding.message
        yield refusal("booking.E027", (
            Text("清单第 {first} 行：{why}", "Line {first} of the list: {why}",
                 first=first, why=why)
            if first == last else
            Text("清单第 {first} 至 {last} 行：{why}", "Lines {first} to {last} of the list: {why}",
                 first=first, last=last, why=why)
        ), finding.hint)  # fmt: skip
    if len(groups) > _TOLD:
        more = sum(last - first + 1 for first, last, _ in groups[_TOLD:])
        yield refusal("booking.E027", Text("还有 {n} 行也不对。", "{n} more {n|line is|lines are} "
                                           "wrong too.", n=more))  # fmt: skip


def _no_list(lines: int) -> Finding:
    return refusal("booking.E029", Text(
        "清单有 {n} 行；应为 1 至 {most} 行。",
        "The list has {n} {n|line|lines}; it has from 1 to {most}.", n=lines, most=MOST,
    ))  # fmt: skip
