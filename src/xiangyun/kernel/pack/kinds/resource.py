"""`resources.yaml`: what can be booked; its examples are played through in an empty book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.occasion.booking import Book, moment_on, weekly
from xiangyun.kernel.occasion.lanes import unconditional, unknown_registers, written_facts
from xiangyun.kernel.occasion.resource import Resource, Step
from xiangyun.kernel.occasion.resources import FILE, no_lane, read_resources
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record import Register
from xiangyun.kernel.worktime import WEEKDAYS, office_zone


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(FILE)
    if text is None:
        return []
    return [
        Declaration(
            KIND.name,
            f"{pack}:{resource.id}",
            pack,
            resource.name,
            {FILE: text},
            resource,
            Place(FILE, resource.place.line),
        )
        for resource in read_resources(text, report)
    ]


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    resource: Resource = declaration.value
    yield from unconditional(resource)
    if known.judges("register"):
        yield from unknown_registers(resource, known.all("register"), declaration.place)
        yield from _each_has(resource, registers_in(known), declaration.place)
    services = known.all("service")
    for code in resource.services if known.judges("service") else ():
        if code not in services:
            yield unknown("pack.W445", Text("事项", "service"), code, services, declaration.place)
    for step in resource.examples:
        if step.verb == "book" and resource.lanes and resource.lane(step.lane) is None:
            yield no_lane(resource, step.lane, step.place, "pack.E225")


def _each_has(
    resource: Resource, registers: Mapping[str, Register], place: Place
) -> Iterator[Finding]:
    """Fields of those who have one each that their register lacks, or does not find them by."""
    each = resource.each
    register = registers.get(each.register) if each is not None else None
    if each is None or register is None:
        return
    kind, found_by = Text("字段", "field"), [one.name for one in register.searched]
    if each.by not in found_by:
        yield unknown("pack.E443", kind, each.by, found_by, place)
    for name in filter(None, (each.name, each.capacity)):
        if name not in register.by_name:
            yield unknown("pack.E443", kind, name, register.by_name, place)


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Whether every step of the examples comes out as it says; working days are weekdays here."""
    resource: Resource = declaration.value
    book, last = Book(resource, WEEKDAYS), dict[str, int]()
    for step in resource.examples:
        try:
            book, found = _step(book, step, last)
        except Refused as refused:
            found = refused.findings[0].id
        except ValueError:
            yield _no_moment(step)
            continue
        if found != step.expect:
            yield fault(
                "pack.E224",
                Text("示例的结果是“{found}”，而不是“{expect}”。",
                     "The example comes out as “{found}” instead of “{expect}”.",
                     found=found, expect=step.expect),
                step.place,
                Text("请改正示例，或者改正规则。", "Correct the example, or the rule."),
            )  # fmt: skip


def _no_moment(step: Step) -> Finding:
    return fault(
        "pack.E226",
        Text("“{at}”或“{slot}”不是时刻。", "“{at}” or “{slot}” is no moment.",
             at=step.at, slot=step.slot),
        step.place,
        Text("例如 2026-04-09 08:30。", "Such as 2026-04-09 08:30."),
    )  # fmt: skip


def _step(book: Book, step: Step, last: dict[str, int]) -> tuple[Book, str]:
    now = _moment(step.at)
    if step.verb == "book":
        slots = weekly(_moment(step.slot), step.weeks)
        book, taken = book.book(
            step.who, slots, now, step.lane, step.units, written_facts(step.given)
        )
        last[step.who] = taken[-1].number
        return book, taken[-1].state
    number = last.get(step.who, 0)
    verbs = {"confirm hold": book.confirm, "cancel": book.cancel, "check_in": book.check_in}
    book = verbs[step.verb](number, now) if step.verb in verbs else book.passed(now)
    return book, book.find(number).state


def _moment(text: str) -> datetime:
    """A moment of the office's clock. Raises ValueError, Refused."""
    return moment_on(datetime.fromisoformat(text), office_zone())


def resources_in(known: Known) -> dict[str, Resource]:
    """The resources that are known, by their codes."""
    return {code: each.value for code, each in known.all(KIND.name).items()}


KIND = Kind(
    "resource",
    Text("预约资源", "resource"),
    (FILE,),
    lambda path: path == FILE,
    _read,
    _fits,
    _rehearse,
)
