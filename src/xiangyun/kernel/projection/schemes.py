"""Schemes of points in indicators.yaml: a tree whose leaves are shares of figures, summed upwards.

Every node becomes an indicator of its own, so that a scheme is computed, drawn and published as
figures are. A leaf gives its points times its share, which is cut at 0 and 1; one without a
source gives none and is named. What nobody knows is left out of a sum, and `<id>_measured` says how
many points could be measured at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.formulas import Formula, formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.projection.model import Indicator, Part
from xiangyun.kernel.projection.reading import name_in

POINTS = Text("分", "points")
MEASURED = "_measured"
"""What the id of the indicator ends in that says how many points could be measured."""


def scheme_in(node: Node, report: Report) -> Iterator[Indicator]:
    """The indicators of a scheme: the sum, then its parts from above, then what is measured."""
    f = Fields(node, report, "schemes")
    id_, name = name_in(f, "id"), f.words("name")
    summary = f.text("summary", required=False) or name
    edition, department = f.string("edition"), f.string("department")
    total, counts = f.number("points"), _counts(f)
    parts = tuple(_part(each, f"{id_}_{n}", report) for n, each in enumerate(f.each("parts"), 1))
    place, common = f.node.place, _Common(department, id_)
    f.done()
    for finding in _faults(parts, total, counts, place):
        report(finding)
    whole = _sum(parts, place, report)
    if not parts or whole is None:
        return
    yield common.indicator(id_, name, summary, whole, place, scheme=parts, edition=edition)
    for part in _all(parts):
        made = _points(part, report)
        if made is not None:
            yield common.indicator(part.id, part.name, part.name, made, part.place)
    leaves = [leaf for part in parts for leaf in part.leaves if leaf.share is not None]
    known = " + ".join(f"(if {leaf.id} = null then 0 else {leaf.points})" for leaf in leaves)
    counted = formula(known or "0", place, report)
    words = Text("{scheme}：测得出的分", "{scheme}: points that could be measured", scheme=name)
    if counted is not None:
        yield common.indicator(f"{id_}{MEASURED}", words, words, counted, place)


@dataclass(frozen=True, slots=True)
class _Common:
    department: str
    scheme: str

    def indicator(
        self,
        id_: str,
        name: Text,
        summary: Text,
        of: Formula,
        place: Place,
        *,
        scheme: tuple[Part, ...] = (),
        edition: str = "",
    ) -> Indicator:
        return Indicator(
            id=id_,
            name=name,
            summary=summary,
            unit=POINTS,
            department=self.department,
            over=None,
            when=None,
            measure=None,
            of=of,
            period="month",
            level="county",
            part="",
            decimals=2,
            better="more",
            place=place,
            open=True,
            scheme=scheme,
            edition=edition,
            under="" if scheme else self.scheme,
        )


def _counts(f: Fields) -> tuple[int, ...]:
    return tuple(int(str(each.value)) for each in f.each("levels"))


def _part(node: Node, id_: str, report: Report) -> Part:
    f = Fields(node, report, "parts")
    parts = tuple(
        _part(each, f"{id_}_{n}", report)
        for n, each in enumerate(f.each("parts", required=False), 1)
    )
    written = f.take("share", required=False)
    found = Part(
        id_,
        f.words("name"),
        f.number("points"),
        node_formula(written, report) if written is not None else None,
        f.text("missing", required=False),
        parts,
        f.node.place,
    )
    f.done()
    if sum((bool(parts), found.share is not None, found.missing is not None)) != 1:
        report(_one_of_three(found))
    return found


def _all(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def _points(part: Part, report: Report) -> Formula | None:
    """The formula of a part's points; None where nothing below it has a source."""
    if part.parts:
        return _sum(part.parts, part.place, report)
    if part.share is None:
        return None
    share, points = f"({part.share.expression.source})", part.points
    cut = f"if {share} < 0 then 0 else if {share} > 1 then {points} else {share} * {points}"
    return formula(f"if {share} = null then null else {cut}", part.place, report)


def _sum(parts: Sequence[Part], place: Place, report: Report) -> Formula | None:
    """Those known of some parts together; null where none is known."""
    ids = [part.id for part in parts if any(leaf.share is not None for leaf in part.leaves)]
    if not ids:
        return None
    unknown = " and ".join(f"{id_} = null" for id_ in ids)
    known = " + ".join(f"(if {id_} = null then 0 else {id_})" for id_ in ids)
    return formula(f"if {unknown} then null else {known}", place, report)


def _faults(
    parts: Sequence[Part], total: Decimal, counts: Sequence[int], place: Place
) -> Iterator[Finding]:
    """Points of a part are those of its parts together, and each level has as many as it says."""
    level, found = list(parts), list[int]()
    yield from _uneven(parts, total, place)
    while level:
        found.append(len(level))
        for part in level:
            if part.parts:
                yield from _uneven(part.parts, part.points, part.place)
        level = [below for part in level for below in part.parts]
    if tuple(found) != tuple(counts):
        yield fault(
            "pack.E452",
            Text(
                "各级指标的个数是 {found}，levels 写的是 {counts}。",
                "The levels hold {found} parts; `levels` says {counts}.",
                found=", ".join(map(str, found)),
                counts=", ".join(map(str, counts)),
            ),
            place,
            Text("请补上缺的指标，或者改 levels。", "Add what is missing, or correct `levels`."),
        )


def _uneven(parts: Sequence[Part], points: Decimal, place: Place) -> Iterator[Finding]:
    together = sum((part.points for part in parts), Decimal(0))
    if together != points:
        yield fault(
            "pack.E451",
            Text(
                "各项合计 {together} 分，这里写的是 {points} 分。",
                "The parts come to {together} points; {points} are written here.",
                together=str(together),
                points=str(points),
            ),
            place,
            Text("请让两者相等。", "Make both the same."),
        )


def _one_of_three(part: Part) -> Finding:
    return fault(
        "pack.E453",
        Text(
            "“{name}”要写 parts、share、missing 里的一个。",
            "“{name}” has one of `parts`, `share` and `missing`.",
            name=part.name,
        ),
        part.place,
        Text(
            "有下级写 parts，有数据写 share，没有来源写 missing。",
            "`parts` where it has some, `share` where there are figures, else `missing`.",
        ),
    )
