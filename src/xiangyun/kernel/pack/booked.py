"""What can be booked, in a rehearsal: by the same rules as for real, in books that begin empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count
from typing import Final

from xiangyun.kernel.bpmn import Process
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Place, Refused, Text
from xiangyun.kernel.occasion.booking import TAKING, Book, moment_on
from xiangyun.kernel.occasion.engagement import Engaged, refuse_twice
from xiangyun.kernel.occasion.lanes import Facts, facts_of
from xiangyun.kernel.occasion.lists import Line, book_list
from xiangyun.kernel.occasion.openings import Extended, read_hours
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.occasion.resources import FILE, read_resources
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.service.bookables import Asking, Booked, ListLine
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.worktime import WEEKDAYS, office_time, office_zone

APPLICANT: Final = "applicant"


class Books:
    """The books of some resources; a `service.surroundings.Resources`.

    Working days are weekdays. What a service is rehearsed without, because another pack declares
    it, is free at all times. With `always_free` whatever the rules refuse is given all the same:
    a simulation lets cases come at other times than their examples.
    """

    def __init__(self, resources: Mapping[str, Resource], *, always_free: bool = False) -> None:
        self._books = {code: Book(each, WEEKDAYS) for code, each in resources.items()}
        self._always_free = always_free
        self._made: dict[str, tuple[str, int]] = {}
        self._numbers = count(1)  # none is given twice, also where a booking is given back
        self._engaged: list[Engaged] = []

    def book(
        self,
        resource: str,
        begins: datetime,
        lane: str,
        units: int,
        *,
        asking: Asking,
        at: datetime,
    ) -> Booked:
        """Book a slot, and confirm it where there are units. Raises `Refused`."""
        moment, number = moment_on(begins, office_zone()), str(next(self._numbers))
        self._made[number] = (resource, 0)
        book = self._books.get(resource)
        if book is None:
            return Booked(number, "confirmed", moment, moment)
        facts = facts_asked(book.resource, lane, asking, asking.application)
        try:
            book_by(book.resource, asking.service)
            if book.resource.people:
                ends = moment + book.resource.slot
                refuse_twice(book.resource.people, moment, ends, self._elsewhere(resource))
            book, (taken,) = book.book(
                APPLICANT, [moment], office_time(at), lane, units, facts, limited=False
            )
        except Refused:
            if not self._always_free:
                raise
            return Booked(number, "confirmed", moment, moment + book.resource.slot)
        if taken.state == "on hold":
            book = book.confirm(taken.number, office_time(at))
        self._books[resource], self._made[number] = book, (resource, taken.number)
        found = book.find(taken.number)
        return Booked(number, found.state, found.slot.begin, found.slot.end)

    def book_list(
        self,
        resource: str,
        lines: Sequence[ListLine],
        begins: datetime,
        *,
        asking: Asking,
        at: datetime,
    ) -> Sequence[Booked]:
        """Book every line of a list, or none. Raises `Refused`."""
        moment, book = moment_on(begins, office_zone()), self._books.get(resource)
        numbers = [str(next(self._numbers)) for _ in lines]
        if book is None:
            self._made |= dict.fromkeys(numbers, (resource, 0))
            return [Booked(number, "confirmed", moment, moment) for number in numbers]
        try:
            book_by(book.resource, asking.service)
            wanted = lines_asked(book.resource, lines, asking)
            book, taken = book_list(book, APPLICANT, wanted, moment, office_time(at))
        except Refused:
            if not self._always_free:
                raise
            self._made |= dict.fromkeys(numbers, (resource, 0))
            end = moment + book.resource.slot
            return [Booked(number, "confirmed", moment, end) for number in numbers]
        self._books[resource] = book
        pairs = list(zip(numbers, taken, strict=True))
        self._made |= {number: (resource, each.number) for number, each in pairs}
        return [Booked(n, each.state, each.slot.begin, each.slot.end) for n, each in pairs]

    def take(self, resource: str, *, at: datetime) -> Booked:
        """What the case that opened this one booked by a list: in a rehearsal there always is."""
        number = str(next(self._numbers))
        self._made[number] = (resource, 0)
        return Booked(number, "confirmed", at, at)

    def cancel(self, number: str, *, at: datetime) -> None:
        """Give a booking back; one that is not there, or is over, stays so."""
        resource, taken = self._made.pop(number, ("", 0))
        if taken and resource in self._books:
            self._books[resource] = self._books[resource].given_back(taken, office_time(at))

    def check_in(self, number: str, *, at: datetime) -> str:
        """Whoever booked is there; one that is over stays as it is. "" for what is not the case's.

        What another pack declares, or another case booked, is taken to be in time.
        """
        if number not in self._made:
            return ""
        resource, taken = self._made[number]
        if not taken or resource not in self._books:
            return "checked in"
        self._books[resource] = book = self._books[resource].arrived(taken, office_time(at))
        return book.find(taken).state

    def extend(self, resource: str, first: date, last: date, hours: str) -> None:
        """Grant hours beside the usual ones. Raises `Refused`."""
        longer = extended(first, last, hours)
        book = self._books.get(resource)
        if book is not None:
            self._books[resource] = book.extend(longer)

    def engage(self, people: Sequence[str], begins: datetime, ends: datetime) -> None:
        """Set when people are there, instead of what was set before. Raises `Refused`."""
        self._engaged = []
        first, last = (moment_on(each, office_zone()) for each in (begins, ends))
        if not self._always_free:
            refuse_twice(people, first, last, self._elsewhere(""))
        self._engaged = [Engaged(each, first, last, APPLICANT) for each in people]

    def release(self) -> None:
        """Free the people of the case."""
        self._engaged = []

    def _elsewhere(self, resource: str) -> Iterator[Engaged]:
        """Who is engaged, by the case or by bookings of other resources."""
        yield from self._engaged
        for code, book in self._books.items():
            for each in book.bookings if code != resource else ():
                if each.state in TAKING:
                    for person in book.resource.people:
                        yield Engaged(person, each.slot.begin, each.slot.end, code)


def facts_asked(resource: Resource, lane: str, asking: Asking, application: Value) -> Facts:
    """What the condition of a lane asks of what a case books."""
    found = resource.lane(lane)
    records = asking.records(found.register) if found is not None and found.register else ()
    return facts_of(asking.party_kind, application, records)


def lines_asked(resource: Resource, lines: Iterable[ListLine], asking: Asking) -> tuple[Line, ...]:
    """Lines of a list as the rules of booking take them."""
    about: dict[str, Facts] = {}
    found = []
    for each in lines:
        if each.lane not in about:
            about[each.lane] = facts_asked(resource, each.lane, asking, None)
        facts = {**about[each.lane], "application": each.application}
        begins = moment_on(each.begins, office_zone()) if each.begins else None
        found.append(Line(each.lane, each.units, facts, begins))
    return tuple(found)


def book_by(resource: Resource, service: str) -> None:
    """Raises Forbidden `booking.E030` where only cases of other services book, or only cases."""
    if resource.services and service.replace(".", "/") not in resource.services:
        raise Forbidden([Finding(
            "booking.E030",
            "error",
            Text("“{name}”不能直接预约，要随事项办理：{services}。",
                 "“{name}” is booked by applying for {services} alone.",
                 name=resource.name, services=list(resource.services)),
            None,
            Text("请从办事指南申请。", "Apply on the page of the service."),
        )])  # fmt: skip


def extended(first: date, last: date, hours: str) -> Extended:
    """Extended hours as they are written. Raises Refused `booking.E014`."""
    spans = read_hours(hours)
    if spans is None or last < first:
        raise Conflict([Finding(
            "booking.E014",
            "error",
            Text("从 {first} 到 {last} 的“{hours}”不是开放时间。",
                 "“{hours}” from {first} to {last} are no opening hours.",
                 hours=hours, first=first, last=last),
            None,
            Text("时段按先后写、不重叠，例如 17:00-20:00；结束日期不早于开始日期。",
                 "Spans stand in order and do not overlap, such as 17:00-20:00; the last day is "
                 "not before the first."),
        )])  # fmt: skip
    return Extended(first, last, spans)


def own_resources(files: Mapping[str, str], pack: str) -> dict[str, Resource]:
    """The resources that stand in the files of a pack without a fault, by their codes."""
    faults: list[Finding] = []
    found = read_resources(files[FILE], faults.append) if FILE in files else ()
    return {} if faults else {f"{pack}:{each.id}": each for each in found}


def check_booked(
    processes: Iterable[Process], resources: Mapping[str, Resource], *, whole: bool
) -> Iterator[Finding]:
    """Resources that service tasks name and nobody declares, where these are the `whole`.

    What each of many has is none: a header does not say whose.
    """
    once = {code: found for code, found in resources.items() if found.each is None}
    for process in processes if whole else ():
        for element in process.elements.values():
            type_ = service_types().get(element.type.text) if element.type else None
            for header in type_.headers if type_ else ():
                code = element.headers.get(header.name, "").strip()
                if header.kind == "resource" and code and code not in once:
                    place = Place(process.file, element.line)
                    kind = Text("预约资源", "resource")
                    yield unknown("pack.E330", kind, code, once, place)
