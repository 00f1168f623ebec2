"""Lanes of an outline: who a row of the drawing belongs to, and which steps lie in it.

A step that goes into another lane goes there in the drawing too, with what stands at its edge and
within it; the ends of its lines follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xiangyun.kernel.bpmn.markup import BPMN, BPMNDI, DC, DI
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its id and name; `depth`: in how many others it lies."""

    id: str
    name: str
    depth: int


def lanes(source: Source) -> list[Lane]:
    """All lanes in the order of the file."""
    return [Lane(tag.get("id"), tag.get("name"), _depth(tag)) for tag in tags(source)]


def tags(source: Source) -> list[Tag]:
    """Their elements."""
    return [each for each in source.root.walk() if each.space == BPMN and each.name == "lane"]


def of(source: Source, step: Tag) -> str | None:
    """The id of the innermost lane that a step lies in, or nothing; None where there are no lanes.

    What lies in a sub-process lies where that does.
    """
    scope = step.parent
    if scope is None or scope.name != "process" or not scope.all("laneSet"):
        return None
    found = _members(source, step.get("id"))
    return max(found, key=lambda each: _depth(each[0]))[0].get("id") if found else ""


def changes(source: Source, step: Tag, lane: str) -> Iterator[Change]:
    """Put a step into another lane of its process. Raises KeyError for one that is not there."""
    before = of(source, step)
    if before is None or lane == before:
        return
    scope = step.parent
    assert scope is not None  # a step that may have lanes lies in a process
    there = {each.get("id"): each for each in scope.walk() if each.name == "lane"}
    target = there[lane]
    p = f"{target.prefix}:" if target.prefix else ""
    for _, member in _members(source, step.get("id")):
        yield source.removed(member)
    for each in _around(target):
        yield member_in(source, each, f"<{p}flowNodeRef>{step.get('id')}</{p}flowNodeRef>")
    if before:
        yield from _drawn(source, step, before, lane)


def member_in(source: Source, lane: Tag, markup: str) -> Change:
    """Name a further step in a lane: behind those it names, before the lanes within it."""
    named = lane.all("flowNodeRef")
    if named:
        return source.inserted(named[-1].end, markup)
    return source.put_in(lane, markup, first=True)


def joined(source: Source, beside: str, ids: list[str]) -> Iterator[Change]:
    """Put new steps into the lanes that another one lies in."""
    for lane, member in _members(source, beside):
        p = f"{lane.prefix}:" if lane.prefix else ""
        new = "".join(f"<{p}flowNodeRef>{id}</{p}flowNodeRef>" for id in ids)
        yield source.inserted(member.end, new)


def without(source: Source, id: str) -> list[Change]:
    """Take a step out of its lanes."""
    return [source.removed(member) for _, member in _members(source, id)]


def _members(source: Source, id: str) -> list[tuple[Tag, Tag]]:
    return [
        (lane, member)
        for lane in tags(source)
        for member in lane.all("flowNodeRef")
        if source.text_of(member).strip() == id
    ]


def _around(lane: Tag) -> Iterator[Tag]:
    """A lane; those around it name their steps too only where they do already."""
    yield lane
    outer = lane.parent.parent if lane.parent else None
    if outer is not None and outer.name == "lane" and outer.all("flowNodeRef"):
        yield from _around(outer)


def _depth(lane: Tag) -> int:
    outer = lane.parent.parent if lane.parent else None
    return 1 + _depth(outer) if outer is not None and outer.name == "lane" else 0


# Drawing -------------------------------------------------------------------------------------


def _drawn(source: Source, step: Tag, before: str, after: str) -> Iterator[Change]:
    drawn = {
        each.get("bpmnElement"): each
        for each in source.root.walk()
        if each.space == BPMNDI and each.name in ("BPMNShape", "BPMNEdge")
    }
    one, other = (_bounds(drawn.get(id)) for id in (before, after))
    if one is None or other is None:
        return
    x, y = (other[n] + other[n + 2] / 2 - one[n] - one[n + 2] / 2 for n in (0, 1))
    moved = _with_it(step)
    spots = [bounds for id in moved if (bounds := _bounds(drawn.get(id))) is not None]
    inner = {tag.get("id") for each in moved.values() for tag in each.walk()}
    for id, shape in drawn.items():
        if shape.name == "BPMNShape" and id in moved:
            for each in shape.walk():
                if each.space == DC and each.name == "Bounds":
                    yield from _shifted(source, each, x, y)
        elif shape.name == "BPMNEdge":
            points = [each for each in shape.all("waypoint") if each.space == DI]
            for number, each in enumerate(points):
                is_end = number in (0, len(points) - 1)
                if id in inner or (is_end and any(_on(spot, each) for spot in spots)):
                    yield from _shifted(source, each, x, y)


def _with_it(step: Tag) -> dict[str, Tag]:
    """A step with what lies in it and what stands at its edge, by their ids."""
    beside = step.parent.children if step.parent else []
    both = [step, *(each for each in beside if each.get("attachedToRef") == step.get("id"))]
    return {tag.get("id"): tag for each in both for tag in each.walk() if tag.get("id")}


def _shifted(source: Source, tag: Tag, x: float, y: float) -> Iterator[Change]:
    for name, by in (("x", x), ("y", y)):
        if by:
            yield source.attribute(tag, name, f"{_number(tag, name) + by:g}")


def _bounds(shape: Tag | None) -> tuple[float, float, float, float] | None:
    found = shape.first("Bounds") if shape else None
    if found is None:
        return None
    x, y, width, height = (_number(found, name) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def _on(spot: tuple[float, float, float, float], point: Tag) -> bool:
    x, y, width, height = spot
    px, py = _number(point, "x"), _number(point, "y")
    return x - 2 <= px <= x + width + 2 and y - 2 <= py <= y + height + 2


def _number(tag: Tag, name: str) -> float:
    try:
        return float(tag.get(name))
    except ValueError:
        return 0.0
