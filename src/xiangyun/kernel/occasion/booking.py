"""Who gets which slot: the rules of booking as a value that every verb turns into the next one.

A book is of one resource. Every request joins the waiting list of its slot, and whoever is next
moves up at once if there are units for him: so arrival and moving up are one rule, and nobody
overtakes. By priority of the lane, then in the order of arrival; units kept for a lane are taken
before those that are for all; who waits for units that are for all is overtaken by nobody for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from xiangyun.kernel.findings import Conflict, NotFound, Refused, Text
from xiangyun.kernel.occasion import parties
from xiangyun.kernel.occasion.booked import (
    STATES,
    TAKING,
    Booking,
    State,
    refusal,
    same,
    state_words,
    told,
)
from xiangyun.kernel.occasion.lanes import NO_FACTS, Facts, admitted
from xiangyun.kernel.occasion.openings import Extended, Slot, slots_of, spans_on, times_of_clock
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.occasion.resources import no_lane
from xiangyun.kernel.worktime.hours import WorkingDays


@dataclass(frozen=True, slots=True)
class Book:
    """All bookings of a resource, with the calendar of its office and the hours granted to it."""

    resource: Resource
    calendar: WorkingDays
    bookings: tuple[Booking, ...] = ()
    extended: tuple[Extended, ...] = ()

    def find(self, number: int) -> Booking:
        """The booking of a number. Raises NotFound."""
        for booking in self.bookings:
            if booking.number == number:
                return booking
        raise NotFound(
            [refusal("booking.E009", Text("没有 {number} 号预约。", "There is no booking {number}.",
                                      number=number))]
        )  # fmt: skip

    def slots(self, near: datetime) -> tuple[Slot, ...]:
        """The slots on the day of a moment. Raises NotCovered."""
        day = near.date()
        spans = spans_on(self.resource.opening, day, self.calendar, self.extended)
        zone = near.tzinfo
        if zone is None:
            raise ValueError("a moment of the office has a zone")
        return tuple(slots_of(spans, day, self.resource.slot, zone))

    def free(self, slot: Slot, lane: str, *, common: bool = True) -> int:
        """Units that a lane can still take of a slot; without `common` of those kept for it."""
        used = Counter[str]()
        for each in self.bookings:
            if each.state in TAKING and same(each.slot.begin, slot.begin):
                used[each.lane] += each.units
        return left_of(self.resource, used, lane, common=common)

    # Verbs. Each answers the next book; a refusal leaves this one as it was.

    def passed(self, now: datetime) -> Book:
        """As it stands at a moment: holds expire, who did not come is noted, others move up."""
        rule, bookings = self.resource.no_show, []
        for each in self.bookings:
            state = each.state
            ends = each.slot.begin if state == "waiting" else each.until
            if state in ("waiting", "on hold") and ends is not None and ends <= now:
                state = "expired"
            elif state == "confirmed" and rule and each.slot.begin + rule.after <= now:
                state = "no-show"
            bookings.append(each if state == each.state else replace(each, state=state))
        return replace(self, bookings=tuple(bookings))._moved_up(now)

    def book(
        self,
        who: str,
        begins: Iterable[datetime],
        now: datetime,
        lane: str = "",
        units: int = 1,
        facts: Facts = NO_FACTS,
        *,
        limited: bool = True,
    ) -> tuple[Book, tuple[Booking, ...]]:
        """Book slots that begin at these moments, several as a series: all of them or none.

        A single one may wait. `facts`: what the conditions of lanes ask. `limited`: whether the
        limit of a party counts; what cases book is not held to it, nor counted later. Raises
        Refused, NotCovered.
        """
        moments = tuple(begins)
        book, taken = self.passed(now), []
        found = self.resource.lane(lane)
        if found is None:
            raise NotFound([no_lane(self.resource, lane, None, "booking.E004")])
        admitted(found, facts)
        parties.reasonable(self.resource, len(moments), units)
        parties.not_barred(self.resource, book.bookings, who, now)
        if limited:
            parties.within_limit(self.resource, book.bookings, who, len(moments) * units, now)
        for moment in moments:
            slot = book.slot_at(moment, now)
            number = max((each.number for each in book.bookings), default=0) + 1
            asked = Booking(number, who, found.id, slot, units, by_case=not limited)
            book = replace(book, bookings=(*book.bookings, asked))._moved_up(now)
            taken.append(number)
            if book.find(number).state == "waiting":
                book._may_wait(slot, alone=len(moments) == 1)
        return book, tuple(book.find(number) for number in taken)

    def confirm(self, number: int, now: datetime) -> Book:
        """A hold becomes a booking. Raises Refused."""
        return self.passed(now)._turned(number, ("on hold",), "confirmed")

    def check_in(self, number: int, now: datetime) -> Book:
        """Whoever booked is there, from half a day before on. Raises Refused."""
        book = self.passed(now)
        slot = book.find(number).slot
        if now < slot.begin - _EARLY:
            raise Conflict([refusal("booking.E010", Text(
                "现在还不能签到：预约的时间是 {begin}。",
                "It is too early to check in: the booking is for {begin}.", begin=told(slot.begin),
            ))])  # fmt: skip
        return book._turned(number, ("confirmed",), "checked in")

    def cancel(self, number: int, now: datetime) -> Book:
        """Give units back; who waits moves up. Raises Refused."""
        book = self.passed(now)
        booking = book.find(number)
        if booking.state != "waiting" and now > booking.slot.begin - self.resource.cancel:
            raise Conflict([refusal("booking.E007", Text(
                "{begin} 的预约已过取消的期限。",
                "The booking for {begin} can no longer be cancelled.",
                begin=told(booking.slot.begin),
            ))])  # fmt: skip
        return book._turned(number, ("waiting", "on hold", "confirmed"), "cancelled")._moved_up(now)

    def given_back(self, number: int, now: datetime) -> Book:
        """The same as a case does it: what can be cancelled no more stays, and may be missed."""
        try:
            return self.cancel(number, now)
        except Refused:
            return self.passed(now)

    def arrived(self, number: int, now: datetime) -> Book:
        """Somebody who is let in by a case, also long before; what is over stays over."""
        book = self.passed(now)
        if book.find(number).state != "confirmed":
            return book
        return book._turned(number, ("confirmed",), "checked in")

    def extend(self, hours: Extended) -> Book:
        """Grant extended hours. Raises Refused where the resource declares less."""
        rule = self.resource.longer
        days = (hours.last - hours.first).days + 1
        good = rule is not None and 1 <= days <= rule.days
        for day in (hours.first + timedelta(days=n) for n in range(days if good else 0)):
            spans = spans_on(self.resource.opening, day, self.calendar, (*self.extended, hours))
            good = (
                good
                and rule is not None
                and sum(s.end - s.begin for s in spans) <= (rule.hours * 60)
            )
        if not good:
            raise Conflict([refusal("booking.E011", Text(
                "延长的时间超出规定：最多连续 {days} 天，每天开放 {hours} 小时。",
                "So long an extension is not allowed: at most {days} {days|day|days} in a row, "
                "open {hours} {hours|hour|hours} a day.",
                days=rule.days if rule else 0, hours=rule.hours if rule else 0,
            ))])  # fmt: skip
        return replace(self, extended=(*self.extended, hours))

    def _moved_up(self, now: datetime) -> Book:
        order = {lane.id: lane.priority for lane in self.resource.lanes}
        waiting = [each for each in self.bookings if each.state == "waiting"]
        book, blocked = self, set[tuple[datetime, int]]()
        for each in sorted(waiting, key=lambda b: (order[b.lane], b.number)):
            moment = (each.slot.begin, each.slot.begin.fold)
            common = moment not in blocked
            if book.free(each.slot, each.lane, common=common) >= each.units:
                until = min(now + self.resource.hold, each.slot.begin)
                held = replace(each, state="on hold", until=until)
                changed = tuple(held if b is each else b for b in book.bookings)
                book = replace(book, bookings=changed)
            else:
                blocked.add(moment)
        return book

    def _turned(self, number: int, of: tuple[State, ...], to: State) -> Book:
        booking = self.find(number)
        if booking.state not in of:
            raise Conflict([refusal("booking.E006", Text(
                "这个预约现在是“{state}”，不能改为“{to}”。",
                "This booking is “{state}” now, and does not become “{to}”.",
                state=STATES[booking.state], to=STATES[to],
            ))])  # fmt: skip
        turned = replace(booking, state=to)
        return replace(self, bookings=tuple(turned if b is booking else b for b in self.bookings))

    def slot_at(self, begin: datetime, now: datetime) -> Slot:
        """The slot that begins at a moment, if it may be booked now. Raises Refused."""
        if begin <= now:
            raise Refused([refusal("booking.E001", Text(
                "{begin} 已经过去，不能预约。", "{begin} has passed and cannot be booked.",
                begin=told(begin),
            ))])  # fmt: skip
        if not begin - self.resource.opens <= now <= begin - self.resource.closes:
            raise Conflict([refusal("booking.E003", Text(
                "{begin} 的预约从 {first} 开始，到 {last} 截止。",
                "Booking for {begin} begins at {first} and ends at {last}.",
                begin=told(begin), first=told(begin - self.resource.opens),
                last=told(begin - self.resource.closes),
            ))])  # fmt: skip
        slots = self.slots(begin)
        for slot in slots:
            if same(slot.begin, begin):
                return slot
        raise Refused([refusal("booking.E002", Text(
            "{begin} 没有可预约的时段；当天的时段有：{slots}。",
            "No slot begins at {begin}; those of the day begin at {slots}.",
            begin=told(begin), slots=[f"{each.begin:%H:%M}" for each in slots] or ["—"],
        ))])  # fmt: skip

    def _may_wait(self, slot: Slot, *, alone: bool) -> None:
        waiting = sum(
            each.state == "waiting" and same(each.slot.begin, slot.begin) for each in self.bookings
        )
        if not alone or waiting > self.resource.waiting:
            raise Conflict([refusal("booking.E012", Text(
                "{begin} 已约满，没有预约任何时段。", "{begin} is full; nothing was booked.",
                begin=told(slot.begin),
            ))])  # fmt: skip


__all__ = ["STATES", "TAKING", "Book", "Booking", "State", "left_of", "moment_on", "same",
           "state_words", "weekly"]  # fmt: skip
_EARLY: Final = timedelta(hours=12)


def left_of(resource: Resource, used: Mapping[str, int], lane: str, *, common: bool = True) -> int:
    """Units of a slot that a lane can still take, where each lane has used so many; without
    `common` of those kept for it."""
    kept = {each.id: each.units for each in resource.lanes}
    shared = resource.capacity - sum(kept.values())
    shared -= sum(max(0, used.get(id, 0) - units) for id, units in kept.items())
    own = max(0, kept[lane] - used.get(lane, 0))
    return own + max(0, shared) if common else own


def moment_on(wall: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clock of a zone shows a time. Raises Refused where it does so twice,
    or never, since the clocks are changed; a time with an offset is always one moment."""
    if wall.tzinfo is not None:
        return wall.astimezone(zone)
    moments = times_of_clock(wall, zone)
    if len(moments) == 1:
        return moments[0]
    said = [moment.isoformat(timespec="minutes") for moment in moments]
    if moments:
        message = Text(
            "{wall} 在这一天出现两次，因为时钟要调整。",
            "The clock shows {wall} twice on this day, since it is put back.", wall=told(wall),
        )  # fmt: skip
        hint = Text("请写明是哪一次：{said}。", "Say which: {said}.", said=said)
        raise Refused([refusal("booking.E013", message, hint)])
    raise Refused([refusal("booking.E013", Text(
        "{wall} 在这一天不存在，因为时钟要调整。",
        "The clock never shows {wall} on this day, since it is put forward.", wall=told(wall),
    ))])  # fmt: skip


def weekly(begin: datetime, times: int) -> list[datetime]:
    """A slot and the same time of the clock in the weeks after it. Raises Refused (see above)."""
    wall, zone = begin.replace(tzinfo=None, fold=0), begin.tzinfo
    if zone is None:
        raise ValueError("a moment of the office has a zone")
    later = [moment_on(wall + timedelta(weeks=n), zone) for n in range(1, times)]
    return [begin, *later]
