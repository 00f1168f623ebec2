"""The decision tables of a file as grids of cells, and a changed grid back into the file.

Only what was changed is written anew (`packfile.xmlsource`); a grid that is as it was gives the
same bytes. Source: OMG DMN 1.5, clause 8 (decision table).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag

_CELLS = ("inputEntry", "outputEntry", "annotationEntry")
HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `input`, `output` or `annotation`, its words, and the expression it tests."""

    kind: str
    label: str
    expression: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its id, with its cells as they are written, and the lines it takes in the file."""

    id: str
    cells: tuple[str, ...]
    line: int = 0
    last_line: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A decision table: by the id of its decision; `hit_policy` in words of DMN."""

    decision: str
    name: str
    hit_policy: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    line: int
    last_line: int


def grids(text: str, file: str = "rules.dmn") -> tuple[Grid, ...]:
    """The tables of a file, in its order. Raises Refused where it is no XML."""
    source = Source(text, file)
    return tuple(_grid(source, decision, table) for decision, table in _tables(source))


def with_rows(text: str, decision: str, rows: Sequence[Row], file: str = "rules.dmn") -> str:
    """The file with these rows in the table of a decision, in this order.

    A row of an id that is there keeps all that is not a cell; one of another id is new. Raises
    Refused `pack.E584` for a table that is not there, `pack.E585` for two rows of one id, a wrong
    id, or a row of another length.
    """
    source = Source(text, file)
    found = next((each for each in _tables(source) if each[0].get("id") == decision), None)
    if found is None:
        raise Refused([_no_table(file, decision)])
    grid, table = _grid(source, *found), found[1]
    _must_fit(file, grid, rows)
    if [(row.id, row.cells) for row in rows] == [(row.id, row.cells) for row in grid.rows]:
        return text
    rules = table.all("rule")
    before = (
        max([each.end for each in table.children if each.name != "rule"] or [table.inner])
        if not rules
        else _end_before(table, rules[0])
    )
    blocks: dict[str, bytes] = {}
    at, gap = before, b"\n      "
    for rule in rules:
        gap = source.data[at : rule.start]
        blocks[rule.get("id")] = gap + _rule(source, rule, _by_id(rows).get(rule.get("id")))
        at = rule.end
    plain = re.sub(rb"<!--.*?-->", b"", gap, flags=re.DOTALL)
    blank = plain[plain.rfind(b"\n") :] if b"\n" in plain else plain
    new = [
        blocks[row.id] if row.id in blocks else blank + _new_rule(table, grid, row).encode()
        for row in rows
    ]
    return source.changed([Change(before, at if rules else before, b"".join(new))])


def _tables(source: Source) -> list[tuple[Tag, Tag]]:
    return [
        (decision, table)
        for decision in source.root.all("decision")
        for table in decision.all("decisionTable")
    ]


def _grid(source: Source, decision: Tag, table: Tag) -> Grid:
    columns = []
    for clause in table.all("input"):
        expression = clause.first("inputExpression")
        asked = source.text_of(expression.first("text")) if expression else ""
        columns.append(Column("input", clause.get("label") or asked, asked))
    columns += [Column("output", c.get("label") or c.get("name"), c.get("name"))
                for c in table.all("output")]  # fmt: skip
    columns += [Column("annotation", c.get("name"), "") for c in table.all("annotation")]
    rows = [
        Row(
            rule.get("id"),
            tuple(source.text_of(cell.first("text")) for cell in _cells(rule)),
            rule.line,
            _line(source, rule.end),
        )
        for rule in table.all("rule")
    ]
    return Grid(
        decision.get("id"),
        decision.get("label") or decision.get("name"),
        table.get("hitPolicy") or "UNIQUE",
        tuple(columns),
        tuple(rows),
        decision.line,
        _line(source, decision.end),
    )


def _line(source: Source, at: int) -> int:
    return source.data.count(b"\n", 0, at) + 1


def _cells(rule: Tag) -> list[Tag]:
    return [cell for name in _CELLS for cell in rule.all(name)]


def _by_id(rows: Sequence[Row]) -> Mapping[str, Row]:
    return {row.id: row for row in rows}


def _end_before(table: Tag, first: Tag) -> int:
    """Where what stands before the first rule ends; comments and blanks belong to the rule."""
    earlier = [each.end for each in table.children if each.end <= first.start]
    return max(earlier, default=table.inner)


def _rule(source: Source, rule: Tag, row: Row | None) -> bytes:
    """A rule with other cells; untouched where they are as they were."""
    whole = source.data[rule.start : rule.end]
    if row is None:
        return whole
    changes = []
    for cell, wanted in zip(_cells(rule), row.cells, strict=True):
        held = cell.first("text")
        if held is not None and source.text_of(held) != wanted:
            changes.append(source.content(held, wanted))
    out, at = b"", rule.start
    for change in sorted(changes, key=lambda each: each.start):
        out += source.data[at : change.start] + change.new
        at = change.end
    return out + source.data[at : rule.end]


def _new_rule(table: Tag, grid: Grid, row: Row) -> str:
    p = f"{table.prefix}:" if table.prefix else ""
    marks = {"input": ("inputEntry", "if"), "output": ("outputEntry", "then"),
             "annotation": ("annotationEntry", "")}  # fmt: skip
    counted = dict.fromkeys(marks, 0)
    out = [f'<{p}rule id="{row.id}">']
    for column, cell in zip(grid.columns, row.cells, strict=True):
        counted[column.kind] += 1
        name, mark = marks[column.kind]
        # an annotation has no id (DMN 1.5, table 45)
        id = f' id="{row.id}.{mark}{counted[column.kind]}"' if mark else ""
        words = cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        out.append(f"<{p}{name}{id}><{p}text>{words}</{p}text></{p}{name}>")
    return "".join([*out, f"</{p}rule>"])


def _must_fit(file: str, grid: Grid, rows: Sequence[Row]) -> None:
    seen = set()
    for row in rows:
        good = re.fullmatch(r"[A-Za-z_][\w.-]{0,100}", row.id, re.ASCII)
        if not good or row.id in seen or len(row.cells) != len(grid.columns):
            raise Refused([_wrong_row(file, grid, row)])
        seen.add(row.id)


def _no_table(file: str, decision: str) -> Finding:
    return Finding(
        "pack.E584",
        "error",
        Text("没有决策表“{decision}”。", "There is no decision table “{decision}”.",
             decision=decision),
        Place(file),
        Text("请重新打开这一页。", "Open the page again."),
    )  # fmt: skip


def _wrong_row(file: str, grid: Grid, row: Row) -> Finding:
    return Finding(
        "pack.E585",
        "error",
        Text(
            "表“{table}”的行“{row}”：编号重复或者写法不对，或者格数不对。",
            "The row “{row}” of the table “{table}” has an id that is taken or is none, or another "
            "number of cells.",
            table=grid.decision,
            row=row.id,
        ),
        Place(file, row.line or grid.line),
        Text(
            "每行一个不同的编号，如 {decision}.too_young。",
            "Each row has an id of its own, such as {decision}.too_young.",
            decision=grid.decision,
        ),
    )
