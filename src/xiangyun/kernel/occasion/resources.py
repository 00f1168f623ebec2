"""`resources.yaml`: what can be booked, when, by how many, and by which rules.

A resource has a place, opening hours by the calendar, slots of one length and a capacity in units
for each; lanes with priorities and units of their own; and the rules of booking: how early, how
late, how long a hold stands, who waits, what follows for whoever does not come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from xiangyun.kernel.bpmn.times import Duration, parse_duration
from xiangyun.kernel.codes import department
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.occasion.lanes import FACTS, read_condition
from xiangyun.kernel.occasion.openings import DAYS, Opening, Span, overlap, read_hours
from xiangyun.kernel.occasion.resource import Each, Lane, Limit, Longer, NoShow, Resource, Step
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields, identifier, whole, wrong_kind
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

FILE: Final = "resources.yaml"
_DIVISION = re.compile(r"[0-9]{12}")
WRITTEN = {
    "id": "day-care",
    "place": '"220204001000"',
    "slot": "PT30M",
    "capacity": "20",
    "hours": '"8:30-12:00,13:00-16:30"',
    "days": "working",
    "hold": "PT15M",
    "opens": "P30D",
    "closes": "PT2H",
    "cancel": "PT2H",
    "priority": "1",
    "after": "PT15M",
    "barred": "P30D",
    "within": "P90D",
}


VERBS: Final = ("book", "confirm hold", "cancel", "check_in", "look")
"""What a step does; `look` lets time pass and tells how the booking stands."""


def read_resources(text: str, report: Report) -> tuple[Resource, ...]:
    """The resources of a file; those with a fault are there as far as they could be read."""
    root = read_yaml(text, FILE, report)
    if root is None:
        return ()
    f, found = Fields(root, report, examples=WRITTEN), list[Resource]()
    for node in f.each("resources"):
        resource = _resource(Fields(node, report, "resources", WRITTEN))
        if any(other.id == resource.id for other in found):
            report(_twice(resource.id, resource.place))
        found.append(resource)
    f.done()
    return tuple(found)


def _resource(f: Fields) -> Resource:
    found = Resource(
        id=identifier(f),
        name=f.words("name"),
        division=_division(f),
        opening=_opening(f),
        slot=_span(f, "slot", least=timedelta(minutes=1)),
        capacity=_capacity(f, "capacity", 1),
        lanes=_lanes(f),
        opens=_span(f, "opens"),
        closes=_span(f, "closes"),
        cancel=_span(f, "cancel"),
        hold=_span(f, "hold", least=timedelta(minutes=1)),
        waiting=_count(f, "waiting"),
        series=_count(f, "series"),
        no_show=_no_show(f.section("no_show", required=False)),
        longer=_longer(f.section("extension", required=False)),
        examples=tuple(_steps(f)),
        place=f.node.place,
        limit=_limit(f.section("limit", required=False)),
        department=_department(f),
        services=f.strings("services", required=False),
        people=tuple(dict.fromkeys(f.strings("people", required=False))),
        each=_each(f.section("each", required=False)),
    )
    f.done()
    kept = sum(lane.units for lane in found.lanes)
    if found.capacity and kept > found.capacity:
        f.report(_kept(kept, found.capacity, f.place("lanes")))
    if found.opens <= found.closes and f.has("opens") and f.has("closes"):
        f.report(_never(f.place("opens")))
    for opening in found.opening:
        for span in opening.spans:
            if timedelta(minutes=span.end - span.begin) < found.slot:
                f.report(_too_short(span, opening.place))
    return found


def _division(f: Fields) -> str:
    found = f.string("place")
    if found and not _DIVISION.fullmatch(found):
        wanted = Text("十二位区划代码", "a division code of twelve digits")
        f.report(wrong_kind("place", f.node.get("place") or f.node, wanted))
    return found


def _opening(f: Fields) -> tuple[Opening, ...]:
    found: list[Opening] = []
    for node in f.each("opening"):
        one = Fields(node, f.report, "opening", WRITTEN)
        days, hours = one.one_of("days", DAYS), one.string("hours")
        one.done()
        spans = read_hours(hours)
        if spans is None:
            if hours:
                f.report(_no_hours(hours, one.place("hours")))
            continue
        opening = Opening(days, spans, node.place)
        for other in found:
            if days and other.days and (clash := overlap(other, opening)) is not None:
                f.report(_overlapping(clash, other.place, node.place))
                break
        found.append(opening)
    return tuple(found)


def _lanes(f: Fields) -> tuple[Lane, ...]:
    found: list[Lane] = []
    for node in f.each("lanes"):
        one = Fields(node, f.report, "lanes", WRITTEN)
        lane = Lane(
            identifier(one),
            one.words("name"),
            _capacity(one, "priority", 1),
            _capacity(one, "units", 0) if one.has("units") else 0,
            *read_condition(one),
        )
        one.taken.add("units")
        one.done()
        if any(other.id == lane.id for other in found):
            f.report(_twice(lane.id, node.place))
        found.append(lane)
    return tuple(found)


def _no_show(f: Fields | None) -> NoShow | None:
    if f is None:
        return None
    found = NoShow(
        _span(f, "after"), _capacity(f, "most", 1), _span(f, "within"), _span(f, "barred")
    )
    f.done()
    return found


def _longer(f: Fields | None) -> Longer | None:
    if f is None:
        return None
    found = Longer(_capacity(f, "days", 1), _capacity(f, "hours", 1))
    f.done()
    return found


def _limit(f: Fields | None) -> Limit:
    if f is None:
        return Limit()
    on_hold, open = (_capacity(f, key, 1) if f.has(key) else 0 for key in ("on_hold", "open"))
    f.taken |= {"on_hold", "open"}
    f.done()
    return Limit(on_hold, open)


def _each(f: Fields | None) -> Each | None:
    if f is None:
        return None
    names = (f.string("register"), f.string("by"), f.string("name"))
    found = Each(*names, f.string("capacity", required=False))
    f.done()
    return found


def _department(f: Fields) -> str:
    """The key of the department whose the bookings are, in its one spelling."""
    given = f.string("department", required=False)
    if given and department.department(given) is None:
        kind, place = Text("部门", "department"), f.place("department")
        f.report(unknown("pack.E444", kind, given, department.DEPARTMENTS, place))
    return department.spelled(given)


def _given(f: Fields) -> dict[str, object]:
    section = f.section("given", required=False)
    if section is None:
        return {}
    section.taken |= set(FACTS)
    section.done()
    return {key: node.plain() for key, node in section.node.items()}


def _steps(f: Fields) -> Iterator[Step]:
    for node in f.each("examples", required=False):
        one = Fields(node, f.report, "examples", {"at": '"2026-04-09 08:00"', "expect": "on hold"})
        step = Step(
            at=one.string("at"),
            who=one.string("who"),
            verb=one.one_of("do", VERBS),
            slot=one.string("slot", required=False),
            lane=one.string("lane", required=False),
            units=whole(one, "units") if one.has("units") else 1,
            weeks=whole(one, "weeks") if one.has("weeks") else 1,
            expect=one.string("expect"),
            place=node.place,
            given=_given(one),
        )
        one.taken |= {"units", "weeks"}
        one.done()
        yield step


def _count(f: Fields, key: str) -> int:
    f.taken.add(key)
    return whole(f, key) if f.has(key) else 0


def _capacity(f: Fields, key: str, least: int) -> int:
    number = f.number(key)
    if f.has(key) and (number != int(number) or number < least):
        f.report(
            fault(
                "pack.E222",
                Text("“{key}”是 {number}，应为不小于 {least} 的整数。",
                     "“{key}” is {number}; it is a whole number of at least {least}.",
                     key=key, number=str(number), least=least),
                f.place(key),
                Text("请改成 {least} 或更多。", "Write {least} or more.", least=least),
            )
        )  # fmt: skip
        return least
    return int(number)


def _span(f: Fields, key: str, least: timedelta = timedelta(0)) -> timedelta:
    text = f.string(key)
    span = parse_duration(text) if text else Duration(0, least)
    if span is None or span.months or span.span < least:
        f.report(
            fault(
                "pack.E223",
                Text("“{text}”不是这里可用的时长。", "“{text}” is no span that can stand here.",
                     text=text),
                f.place(key),
                Text("请写天、小时或分钟，例如 {example}。",
                     "Write days, hours or minutes, such as {example}.",
                     example=WRITTEN.get(key, "PT15M")),
            )
        )  # fmt: skip
        return least
    return span.span


def _twice(id: str, place: Place) -> Finding:
    return fault(
        "pack.E220",
        Text("“{id}”写了两次。", "“{id}” stands there twice.", id=id),
        place,
        Text("请换一个名字。", "Give it another id."),
    )


def _no_hours(text: str, place: Place) -> Finding:
    return fault(
        "pack.E221",
        Text("“{text}”不是开放时间：时段要按先后写，不能重叠。",
             "“{text}” are no opening hours: spans stand in order and do not overlap.", text=text),
        place,
        Text("例如 8:30-12:00,13:00-16:30。", "Such as 8:30-12:00,13:00-16:30."),
    )  # fmt: skip


def _overlapping(clash: Span, other: Place, place: Place) -> Finding:
    return fault(
        "pack.E221",
        Text("开放时间与第 {line} 行在 {begin} 至 {end} 重叠。",
             "These opening hours overlap those of line {line} from {begin} to {end}.",
             line=other.line, begin=clash.clock(clash.begin), end=clash.clock(clash.end)),
        place,
        Text("请让每一天的每一刻只写一次。", "Say each time of a day once."),
    )  # fmt: skip


def _kept(kept: int, capacity: int, place: Place) -> Finding:
    return fault(
        "pack.E222",
        Text("各通道共保留 {kept} 个，多于每个时段的 {capacity} 个。",
             "The lanes keep {kept} units of a slot that has {capacity}.",
             kept=kept, capacity=capacity),
        place,
        Text("请减少 units，或者增加 capacity。", "Keep fewer `units`, or raise `capacity`."),
    )  # fmt: skip


def _never(place: Place) -> Finding:
    return fault(
        "pack.E223",
        Text("开始预约之前就已截止，谁也约不到。",
             "Booking closes before it opens: nobody can ever book."),
        place,
        Text("请让 opens 长于 closes。", "Let `opens` be longer than `closes`."),
    )  # fmt: skip


def _too_short(span: Span, place: Place) -> Finding:
    return fault(
        "pack.E223",
        Text("{begin} 至 {end} 比一个时段还短。", "From {begin} to {end} is shorter than a slot.",
             begin=span.clock(span.begin), end=span.clock(span.end)),
        place,
        Text("请延长开放时间，或者缩短 slot。", "Open longer, or let `slot` be shorter."),
    )  # fmt: skip


def no_lane(resource: Resource, id: str, place: Place | None, finding: str) -> Finding:
    """There is no such lane."""
    return unknown(finding, Text("通道", "lane"), id, [lane.id for lane in resource.lanes], place)
