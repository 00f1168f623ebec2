"""Reading datasets/<code>.yaml, with every fault named by its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, cast

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.laws import read_basis
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.projection import model as of
from xiangyun.kernel.projection.entries import shared_rightly
from xiangyun.kernel.projection.periods import LENGTHS, Length
from xiangyun.kernel.projection.population import LEVELS
from xiangyun.kernel.projection.reading import (
    code_in,
    decimals_in,
    measure_in,
    name_in,
    optional_formula,
    over_in,
    twice,
)

LICENCES: Final = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODC-BY-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Licences that a data set may be under, each with its address."""
_CATALOGUE_CODE = re.compile(r"[1-3]\d{2}\d{3}\d*/\d+")
WRITTEN = {
    "code": "companies-by-county",
    "department": "market-supervision",
    "group": "{code: economy, name: {zh-Hans: 经济, en: Economy}}",
    "licence": "CC-BY-4.0",
    "catalogue": "departmental",
    "sharing": "unconditional",
    "open": "unconditional",
    "update": "monthly",
    "over": "{register: company}",
    "columns": "[{name: month, type: date, words: {…}, of: =period}]",
}


def read_dataset(text: str, file: str, report: Report) -> of.DataSet | None:
    """The data set; faults are reported, and the value is only good when there are none."""
    root = read_yaml(text, file, report)
    if root is None:
        return None
    f = Fields(root, report, examples=WRITTEN)
    code = code_in(f, "code")
    if code and not file.endswith(f"/{code}.yaml"):
        report(_other_name(code, file, f.place("code")))
    group = f.section("group")
    indicators = f.strings("indicators", required=False)
    found = of.DataSet(
        code=code,
        name=f.words("name"),
        summary=f.words("summary"),
        department=f.string("department"),
        group=code_in(group, "code") if group else "",
        group_name=group.words("name") if group else Text("", ""),
        keywords=f.strings("keywords", required=False),
        licence=f.one_of("licence", LICENCES),
        catalogue=f.one_of("catalogue", of.CLASSES),
        catalogue_code=_catalogue_code(f),
        sharing=cast(of.Sharing, f.one_of("sharing", of.SHARING)),
        opening=cast(of.Sharing, f.one_of("open", of.SHARING)),
        condition=f.text("condition", required=False),
        laws=tuple(
            read_basis(Fields(node, report, "laws")) for node in f.each("laws", required=False)
        ),
        update=f.one_of("update", of.UPDATES) or "irregular",
        within=whole(f, "within") if f.has("within") else 10,
        series=f.string("series", required=False),
        over=_over(f, code, indicators),
        indicators=indicators,
        levels=_levels(f),
        period=cast(Length, (f.one_of("period", LENGTHS) if f.has("period") else "") or "month"),
        when=optional_formula(f, "when"),
        columns=_columns(f),
        disclosure=_disclosure(f.section("disclosure", required=False)),
        place=root.place,
        forgets=f.boolean("forgets", default=False),
    )
    if group:
        group.done()
    f.done()
    for finding in _wrong(found):
        report(finding)
    return found


def _over(f: Fields, code: str, indicators: Iterable[str]) -> of.Over:
    place = f.node.place
    if indicators:
        return of.Over("indicators", "", "", f.place("indicators"))
    if f.has("file"):
        return of.Over("file", f.string("file"), "", f.place("file"))
    return over_in(f) or of.Over("register", "", "", place)


def _levels(f: Fields) -> tuple[str, ...]:
    found = f.strings("levels", required=False)
    for level in found:
        if level not in LEVELS:
            message = Text("不认识“{level}”。", "“{level}” is not known.", level=level)
            f.report(fault("pack.E006", message, f.place("levels")))
    return tuple(level for level in LEVELS if level in found) or ("county",)


def _catalogue_code(f: Fields) -> str:
    found = f.string("catalogue_code", required=False)
    if found and not _CATALOGUE_CODE.fullmatch(found):
        f.report(
            fault(
                "projection.E005",
                Text("“{code}”不是信息资源代码。", "“{code}” is no resource code.", code=found),
                f.place("catalogue_code"),
                Text(
                    "类 1 位、项 2 位、目 3 位、细目，斜线后是顺序码，例如 3060120/00001。",
                    "A digit, two, three, more if need be, a slash and a number: 3060120/00001.",
                ),
            )
        )
    return found


def _columns(f: Fields) -> tuple[of.Column, ...]:
    found = list[of.Column]()
    for node in f.each("columns"):
        inner = Fields(node, f.report, "columns", {"words": "{zh-Hans: 月份, en: Month}"})
        name = name_in(inner, "name")
        column = of.Column(
            name=name,
            type=cast(of.ColumnType, inner.one_of("type", of.COLUMN_TYPES) or "text"),
            words=inner.words("words"),
            describe=inner.text("describe", required=False),
            unit=inner.text("unit", required=False),
            of=optional_formula(inner, "of"),
            measure=measure_in(inner) if inner.has("measure") else None,
            decimals=decimals_in(inner),
            total=inner.boolean("total", default=False),
            place=node.place,
        )
        inner.done()
        if any(other.name == name for other in found):
            f.report(twice(Text("列", "column"), name, node.place))
        found.append(column)
    return tuple(found)


def _disclosure(f: Fields | None) -> of.Disclosure | None:
    if f is None:
        return None
    dominance = f.section("dominance", required=False)
    found = of.Disclosure(
        threshold=whole(f, "threshold") if f.has("threshold") else 0,
        largest=whole(dominance, "largest") if dominance else 0,
        share=whole(dominance, "share") if dominance else 0,
        protect=whole(f, "protect") if f.has("protect") else 20,
        round=whole(f, "round") if f.has("round") else 0,
        group=f.string("group", required=False),
    )
    if dominance:
        dominance.done()
    f.done()
    return found


def _wrong(found: of.DataSet) -> Iterable[Finding]:
    """What is wrong with a declaration as a whole."""
    yield from shared_rightly(
        found.sharing, found.opening, found.laws, found.condition, found.place
    )
    for column in found.columns:
        if found.over.kind != "file" and (column.of is None) == (column.measure is None):
            yield fault(
                "projection.E008",
                Text(
                    "列“{name}”要写 of 或 measure 之一。",
                    "The column “{name}” has a formula (`of`) or a measure.",
                    name=column.name,
                ),
                column.place,
            )
    if found.disclosure is not None and not found.measured:
        yield fault(
            "projection.E009",
            Text("没有汇总的列，disclosure 没有作用。",
                 "Without a column that is measured, `disclosure` does nothing."),
            found.place,
            Text("请给一列写 measure，或者删去 disclosure。",
                 "Give a column a measure, or remove `disclosure`."),
        )  # fmt: skip


def _other_name(code: str, file: str, place: Place) -> Finding:
    return fault(
        "projection.E010",
        Text("文件名应为 {code}.yaml。", "The file is called {code}.yaml.", code=code),
        place,
        Text("它现在叫 {file}。", "It is called {file} now.", file=file),
    )
