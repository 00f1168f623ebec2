"""Proving decision tables: no gap, no overlap, no row that cannot matter, each with a witness.

Sound for what it reports: an error comes with an input, allowed by the declared types, that shows
it. Where cells or columns cannot be analysed, or columns depend on each other, it says so in a
note and never accuses. Null is looked at only where a cell asks for it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import or_

from xiangyun.kernel.conditions.cells import constant
from xiangyun.kernel.conditions.regions import bits
from xiangyun.kernel.dmn.domain import TypeOf, axes_of
from xiangyun.kernel.dmn.model import TableBox
from xiangyun.kernel.dmn.search import At, meeting, met_at, searched
from xiangyun.kernel.dmn.table import CompiledTable
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, conforms
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value, text_of
from xiangyun.kernel.findings import Finding, Place, Severity, Text

_MOST_PAIRS = 50
_ONE_ROW = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def prove_table(box: TableBox, type_of: TypeOf, file: str, name: str) -> list[Finding]:
    """All findings about a table; `type_of` gives declared types by variable name."""
    return list(_Proof(box, type_of, file, name).findings())


def surely_disjoint(box: TableBox) -> bool:
    """Whether no two rows can match at once, whatever the inputs are, null and untyped ones too."""
    axes = axes_of(box, lambda name: ANY, nulls=lambda node: True)
    met = meeting(axes, len(box.rules), sure=False)
    return all(rows in (0, 1 << row) for row, rows in enumerate(met))


class _Proof:
    def __init__(self, box: TableBox, type_of: TypeOf, file: str, name: str) -> None:
        self.box = box
        self.file = file
        self.name = name
        self.axes = axes_of(box, type_of)
        self.table = CompiledTable(box)
        self.known = [
            all(constant(output.syntax)[0] for output in rule.outputs) for rule in box.rules
        ]
        self.ranked = self._ranked() if box.policy == "PRIORITY" else []

    def findings(self) -> Iterator[Finding]:
        yield from self._notes()
        misfits = dict(self._misfits())
        yield from misfits.values()
        yield from self._outputs()
        if any(not axis.witnesses for axis in self.axes):
            return  # no value is allowed at all; the allowed values are to blame, not the rows
        found = searched(self.axes, len(self.box.rules))
        yield from self._gaps(found.gaps)
        yield from self._overlaps()
        if found.complete:
            yield from self._unreachable(found.states, misfits.keys())
        elif self.box.policy in _ONE_ROW:
            message = Text(
                "决策表的行交错太多，空缺和轮不到的行没有全部查完。",
                "The rows interleave too much: not every gap and hidden row was looked for.",
            )
            yield self._finding("dmn.N021", "note", message, self.box.line)

    def _finding(
        self, id_: str, severity: Severity, text: Text, line: int, hint: Text | None = None
    ) -> Finding:
        named = Text("“{name}”：{text}", "“{name}”: {text}", name=self.name, text=text)
        return Finding(id_, severity, named, Place(self.file, line), hint)

    def _sure(self, id_: str, text: Text, line: int, hint: Text | None = None) -> Finding:
        """An error, or a note where an axis may never take the witness's value."""
        if all(axis.whole for axis in self.axes):
            return self._finding(id_, "error", text, line, hint)
        possible = Text(
            "{text}前提是这些列真能同时取这些值。",
            "{text} That is, if these columns can really take these values together.",
            text=text,
        )
        return self._finding(id_, "note", possible, line, hint)

    def _at(self, at: At) -> str:
        return ", ".join(
            f"{axis.label} = {text_of(axis.witnesses[region], True)}"
            for axis, region in zip(self.axes, at, strict=True)
        )

    # Findings -----------------------------------------------------------------------------------

    def _notes(self) -> Iterator[Finding]:
        for axis in self.axes:
            for row, column in axis.opaque:
                rule = self.box.rules[row]
                source = rule.tests[column].source.strip()
                yield self._finding(
                    "dmn.N020",
                    "note",
                    Text(
                        "第 {row} 行“{label}”的条件“{source}”无法分析，两种可能都算在内。",
                        "Row {row}: the condition “{source}” on “{label}” cannot be"
                        " analysed; the proof allows for both.",
                        row=row + 1,
                        label=axis.label,
                        source=source,
                    ),
                    rule.line,
                )

    def _misfits(self) -> Iterator[tuple[int, Finding]]:
        """Rows with a condition that no allowed value meets."""
        for axis in self.axes:
            reached = reduce(or_, axis.may, 0)
            for row, rule in enumerate(self.box.rules):
                if axis.may and not reached >> row & 1:
                    conditions = " , ".join(rule.tests[at].source.strip() for at in axis.columns)
                    yield (
                        row,
                        self._finding(
                            "dmn.E024",
                            "error",
                            Text(
                                "第 {row} 行：没有任何允许的“{label}”满足“{conditions}”。",
                                "Row {row}: no allowed value of “{label}” meets “{conditions}”.",
                                row=row + 1,
                                label=axis.label,
                                conditions=conditions,
                            ),
                            rule.line,
                            Text("改正条件或类型的允许值。", "Correct the condition or the type."),
                        ),
                    )

    def _outputs(self) -> Iterator[Finding]:
        for row, rule in enumerate(self.box.rules):
            for column, expression in zip(self.box.outputs, rule.outputs, strict=True):
                known, value = constant(expression.syntax)
                if not known or value is None:
                    continue
                fits = column.type is None or conforms(value, column.type)
                if fits and column.allowed is not None:
                    scope = Scope.over({INPUT: value})
                    fits = column.allowed.run(scope) is True
                if not fits:
                    shown = text_of(value, True)
                    yield self._finding(
                        "dmn.E025",
                        "error",
                        Text(
                            "第 {row} 行的结果 {shown} 不在输出允许的范围内。",
                            "Row {row}: the result {shown} is not one the output allows.",
                            row=row + 1,
                            shown=shown,
                        ),
                        rule.line,
                    )

    def _gaps(self, gaps: Sequence[At]) -> Iterator[Finding]:
        defaults = any(output.default for output in self.box.outputs)
        if self.box.policy not in _ONE_ROW or defaults or not self.box.rules:
            return
        for gap in gaps:
            at = self._at(gap)
            yield self._sure(
                "dmn.E020",
                Text("有空缺：{at} 时没有一行命中。", "A gap: no row matches {at}.", at=at),
                self.box.line,
                Text(
                    "补一行，或给输出一个默认值；若此值不可能出现，在类型里写明允许值",
                    "add a row or a default output; if this cannot occur, say so in the type's"
                    " allowed values",
                ),
            )

    def _overlaps(self) -> Iterator[Finding]:
        if self.box.policy not in ("UNIQUE", "ANY"):
            return
        alike = self._alike() if self.box.policy == "ANY" else {}
        told = 0
        pairs = 0
        for first, met in enumerate(meeting(self.axes, len(self.box.rules))):
            later = met >> first + 1 << first + 1 & ~alike.get(first, 0)
            pairs += later.bit_count()
            for second in islice(bits(later), _MOST_PAIRS - told):
                told += 1
                yield self._clash(first, second)
        if pairs > told:
            message = Text(
                "还有 {pairs} 对行重叠或结果不一，没有一一列出。",
                "{pairs} more {pairs|pair|pairs} of rows overlap or disagree and are not listed.",
                pairs=pairs - told,
            )
            yield self._finding("dmn.N023", "note", message, self.box.line)

    def _alike(self) -> dict[int, int]:
        """For each row the rows that surely have the same result."""
        groups: dict[object, int] = {}
        keys: list[object] = []
        for row, rule in enumerate(self.box.rules):
            values = [(type(value), value) for value in self._values(row)]
            computed = [each.syntax for each in rule.outputs]
            keys.append(tuple(values if self.known[row] else computed))
            groups[keys[-1]] = groups.get(keys[-1], 0) | 1 << row
        return {row: groups[key] for row, key in enumerate(keys)}

    def _clash(self, first: int, second: int) -> Finding:
        at = self._at(met_at(self.axes, first, second))
        if self.box.policy == "UNIQUE":
            return self._overlap(first, second, at)
        return self._disagreement(first, second, at)

    def _overlap(self, first: int, second: int, at: str) -> Finding:
        return self._sure(
            "dmn.E021",
            Text(
                "第 {first} 行与第 {second} 行重叠：{at} 时两行都命中。",
                "Rows {first} and {second} overlap: both match {at}.",
                first=first + 1,
                second=second + 1,
                at=at,
            ),
            self.box.rules[second].line,
            Text(
                "把条件分开，或改用别的命中策略。", "Separate them, or choose another hit policy."
            ),
        )

    def _disagreement(self, first: int, second: int, at: str) -> Finding:
        text = Text(
            "第 {first} 行与第 {second} 行结果不一：{at} 时两行都命中。",
            "Rows {first} and {second} disagree: both match {at}.",
            first=first + 1,
            second=second + 1,
            at=at,
        )
        line = self.box.rules[second].line
        if self.known[first] and self.known[second]:
            return self._sure("dmn.E022", text, line)
        return self._finding("dmn.N022", "note", text, line)

    def _values(self, row: int) -> list[Value]:
        return [constant(output.syntax)[1] for output in self.box.rules[row].outputs]

    def _unreachable(
        self, states: Sequence[tuple[int, int]], besides: Container[int]
    ) -> Iterator[Finding]:
        reached = 0
        for may, must in states:
            reached |= self._deciding(may, must)
        for row, rule in enumerate(self.box.rules):
            if reached >> row & 1 or row in besides:
                continue
            yield self._finding(
                "dmn.E023",
                "error",
                Text(
                    "第 {row} 行永远轮不到：凡是它命中的情形，都由别的行决定。",
                    "Row {row} can never decide: other rows come first wherever it matches.",
                    row=row + 1,
                ),
                rule.line,
                Text("删去它，或把它移到前面。", "Remove it, or move it up."),
            )

    def _deciding(self, may: int, must: int) -> int:
        """Of rows that may match, those that no row which surely matches keeps from deciding."""
        if self.box.policy == "FIRST" and must:
            return may & (((must & -must) << 1) - 1)
        if self.box.policy == "PRIORITY":
            first = may & ~reduce(or_, self.ranked, 0)
            for rows in self.ranked:
                first |= may & rows
                if must & rows:
                    return first
        return may

    def _ranked(self) -> list[int]:
        """The rows whose results are written out, by the rank of the result."""
        groups: dict[tuple[int, ...], int] = {}
        for row, known in enumerate(self.known):
            if known:
                rank = self.table.rank(self._values(row))
                groups[rank] = groups.get(rank, 0) | 1 << row
        return [groups[rank] for rank in sorted(groups)]
