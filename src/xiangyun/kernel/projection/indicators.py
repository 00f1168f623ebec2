"""Reading indicators.yaml, with every fault named by its line."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.formulas import node_formula
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.projection.model import BEFORE, INDICATORS, Better, Indicator
from xiangyun.kernel.projection.periods import LENGTHS, Length
from xiangyun.kernel.projection.population import LEVELS
from xiangyun.kernel.projection.reading import (
    decimals_in,
    measure_in,
    name_in,
    optional_formula,
    over_in,
    twice,
)
from xiangyun.kernel.projection.schemes import scheme_in

KIND = Text("指标", "indicator")
WRITTEN = {
    "id": "companies",
    "unit": "{zh-Hans: 户, en: companies}",
    "over": "{register: company}",
    "measure": "count",
    "period": "month",
    "department": "market-supervision",
}


def read_indicators(text: str, report: Report) -> tuple[Indicator, ...]:
    """The indicators of a file; those with a fault are there as far as they could be read."""
    root = read_yaml(text, INDICATORS, report)
    if root is None:
        return ()
    f, found = Fields(root, report, examples=WRITTEN), list[Indicator]()
    for node in f.each("indicators"):
        one = _indicator(Fields(node, report, "indicators", WRITTEN))
        if any(other.id == one.id for other in found):
            report(twice(KIND, one.id, one.place))
        found.append(one)
    for node in f.each("schemes", required=False):
        found += scheme_in(node, report)
    f.done()
    return tuple(found)


def _indicator(f: Fields) -> Indicator:
    made_of = f.take("of", required=False)
    name = f.words("name")
    id_ = name_in(f, "id")
    few = whole(f, "few") if f.has("few") else 0
    over = None if made_of else over_in(f)
    if id_.endswith(BEFORE):
        f.report(_taken(id_, f.place("id")))
    found = Indicator(
        id=id_,
        name=name,
        summary=f.text("summary", required=False) or name,
        unit=f.words("unit"),
        department=f.string("department", required=False),
        over=replace(over, secret=bool(few)) if over else None,
        when=None if made_of else optional_formula(f, "when"),
        measure=None if made_of else measure_in(f),
        of=node_formula(made_of, f.report) if made_of else None,
        period=cast(Length, (f.one_of("period", LENGTHS) if f.has("period") else "") or "month"),
        level=(f.one_of("level", LEVELS) if f.has("level") else "") or "county",
        part=f.string("part", required=False),
        decimals=decimals_in(f),
        better=cast(Better, f.one_of("better", ("more", "less")) if f.has("better") else ""),
        place=f.node.place,
        few=few,
        open=f.boolean("open", default=False),
    )
    if few and (few < FEWEST or found.measure is None or found.measure.kind != "count"):
        f.report(_given_away(f.place("few")))
    f.done()
    return found


FEWEST = 3
"""Numbers rounded to less would tell single people apart."""


def _given_away(place: Place) -> Finding:
    return fault(
        "pack.E150",
        Text(
            "few 至少为 {least}，而且只用于 measure: count。",
            "`few` is {least} at least, and belongs to `measure: count` alone.",
            least=FEWEST,
        ),
        place,
        Text("例如 few: 5。", "Such as few: 5."),
    )


def _taken(name: str, place: Place) -> Finding:
    return fault(
        "projection.E004",
        Text(
            "“{name}”不能作名字：以 {ending} 结尾的名字指前一期的值。",
            "“{name}” is no name for it: what ends in {ending} is the figure of before.",
            name=name,
            ending=BEFORE,
        ),
        place,
        Text("请换一个名字。", "Give it another name."),
    )
