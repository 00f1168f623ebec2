"""Proving decision tables: no gap, no overlap, no row that cannot matter, each with a witness.

Sound for what it reports: an error comes with an input, allowed by the declared types, that shows
it. Where cells or columns cannot be analysed, or columns depend on each other, it says so in a
note and never accuses. Null is looked at only where a cell asks for it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from xiangyun.kernel.dmn.domain import Axis, TypeOf, axes_of
from xiangyun.kernel.dmn.index import constant
from xiangyun.kernel.dmn.model import TableBox
from xiangyun.kernel.dmn.table import CompiledTable
from xiangyun.kernel.feel.compare import same
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, conforms
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value, text_of
from xiangyun.kernel.findings import Finding, Place, Severity, Text

_MOST_STATES = 50_000
_MOST_GAPS = 5
_ONE_ROW = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


@dataclass(frozen=True, slots=True)
class _State:
    """Rows that may and rows that surely match at a witness, one value an axis."""

    may: int
    must: int
    witness: tuple[Value, ...]


def prove_table(box: TableBox, type_of: TypeOf, file: str, name: str) -> list[Finding]:
    """All findings about a table; `type_of` gives declared types by variable name."""
    return list(_Proof(box, type_of, file, name).findings())


def surely_disjoint(box: TableBox) -> bool:
    """Whether no two rows can match at once, whatever the inputs are, null and untyped ones too."""
    states = _states_of(axes_of(box, lambda name: ANY, nulls=True), len(box.rules))
    return states is not None and all(state.may & (state.may - 1) == 0 for state in states)


def _states_of(axes: Sequence[Axis], rows: int) -> list[_State] | None:
    """Every set of rows that can match, with a witness; None when there are too many."""
    everything = (1 << rows) - 1
    states = {(everything, everything, 0): _State(everything, everything, ())}
    for axis in axes:
        grown: dict[tuple[int, int, int], _State] = {}
        for (_, _, gap), state in states.items():
            for number, region in enumerate(axis.regions, 1):
                may, must = state.may & region.may, state.must & region.must
                # Gaps are told apart by the region that opened them, up to a few.
                opened = gap or (min(number, _MOST_GAPS) if not may else 0)
                key = (may, must, opened)
                if key not in grown:
                    grown[key] = _State(may, must, (*state.witness, region.witness))
            if len(grown) > _MOST_STATES:
                return None
        states = grown
    return list(states.values())


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

    def findings(self) -> Iterator[Finding]:
        yield from self._notes()
        misfits = dict(self._misfits())
        yield from misfits.values()
        yield from self._outputs()
        if any(not axis.regions for axis in self.axes):
            return  # no value is allowed at all; the allowed values are to blame, not the rows
        states = _states_of(self.axes, len(self.box.rules))
        if states is None:
            message = Text("决策表太大，没有证明", "the table is too large to be proved")
            yield self._finding("dmn.N021", "note", message, self.box.line)
            return
        yield from self._gaps(states)
        yield from self._overlaps(states)
        yield from self._unreachable(states, misfits.keys())

    def _finding(
        self, id_: str, severity: Severity, text: Text, line: int, hint: Text | None = None
    ) -> Finding:
        named = Text(f"“{self.name}”：{text.zh}", f"“{self.name}”: {text.en}")
        return Finding(id_, severity, named, Place(self.file, line), hint)

    def _sure(self, id_: str, text: Text, line: int, hint: Text | None = None) -> Finding:
        """An error, or a note where an axis may never take the witness's value."""
        if all(axis.whole for axis in self.axes):
            return self._finding(id_, "error", text, line, hint)
        possible = Text(
            f"{text.zh}（如果这些列真能同时取这些值）",
            f"{text.en} (if these columns can really take these values together)",
        )
        return self._finding(id_, "note", possible, line, hint)

    def _at(self, state: _State) -> str:
        return ", ".join(
            f"{axis.label} = {text_of(value, True)}"
            for axis, value in zip(self.axes, state.witness, strict=True)
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
                        f"第 {row + 1} 行“{axis.label}”的条件“{source}”无法分析，两种可能都算在内",
                        f"row {row + 1}: the condition “{source}” on “{axis.label}” cannot be"
                        " analysed; the proof allows for both",
                    ),
                    rule.line,
                )

    def _misfits(self) -> Iterator[tuple[int, Finding]]:
        """Rows with a condition that no allowed value meets."""
        for axis in self.axes:
            reached = 0
            for region in axis.regions:
                reached |= region.may
            for row, rule in enumerate(self.box.rules):
                if axis.regions and not reached >> row & 1:
                    conditions = " , ".join(rule.tests[at].source.strip() for at in axis.columns)
                    yield (
                        row,
                        self._finding(
                            "dmn.E024",
                            "error",
                            Text(
                                f"第 {row + 1} 行：没有任何允许的“{axis.label}”满足“{conditions}”",
                                f"row {row + 1}: no allowed value of “{axis.label}” meets"
                                f" “{conditions}”",
                            ),
                            rule.line,
                            Text("改正条件或类型的允许值", "correct the condition or the type"),
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
                            f"第 {row + 1} 行的结果 {shown} 不在输出允许的范围内",
                            f"row {row + 1}: the result {shown} is not one the output allows",
                        ),
                        rule.line,
                    )

    def _gaps(self, states: list[_State]) -> Iterator[Finding]:
        defaults = any(output.default for output in self.box.outputs)
        if self.box.policy not in _ONE_ROW or defaults or not self.box.rules:
            return
        gaps = [state for state in states if not state.may]
        for state in gaps[:_MOST_GAPS]:
            at = self._at(state)
            yield self._sure(
                "dmn.E020",
                Text(f"有空缺：{at} 时没有一行命中", f"a gap: no row matches {at}"),
                self.box.line,
                Text(
                    "补一行，或给输出一个默认值；若此值不可能出现，在类型里写明允许值",
                    "add a row or a default output; if this cannot occur, say so in the type's"
                    " allowed values",
                ),
            )

    def _overlaps(self, states: list[_State]) -> Iterator[Finding]:
        if self.box.policy not in ("UNIQUE", "ANY"):
            return
        told: set[tuple[int, int]] = set()
        for state in states:
            rows = _rows(state.must)
            for first, second in ((a, b) for a in rows for b in rows if a < b):
                if (first, second) in told:
                    continue
                told.add((first, second))
                if self.box.policy == "UNIQUE":
                    yield self._overlap(first, second, state)
                elif self._disagree(first, second) is not False:
                    yield self._disagreement(first, second, state)

    def _overlap(self, first: int, second: int, state: _State) -> Finding:
        at = self._at(state)
        return self._sure(
            "dmn.E021",
            Text(
                f"第 {first + 1} 行与第 {second + 1} 行重叠：{at} 时两行都命中",
                f"rows {first + 1} and {second + 1} overlap: both match {at}",
            ),
            self.box.rules[second].line,
            Text("把条件分开，或改用别的命中策略", "separate them, or choose another hit policy"),
        )

    def _disagreement(self, first: int, second: int, state: _State) -> Finding:
        at = self._at(state)
        text = Text(
            f"第 {first + 1} 行与第 {second + 1} 行结果不一：{at} 时两行都命中",
            f"rows {first + 1} and {second + 1} disagree: both match {at}",
        )
        line = self.box.rules[second].line
        if self._disagree(first, second):
            return self._sure("dmn.E022", text, line)
        return self._finding("dmn.N022", "note", text, line)

    def _disagree(self, first: int, second: int) -> bool | None:
        """Whether two rows' results differ; None where they are computed."""
        one, other = self.box.rules[first].outputs, self.box.rules[second].outputs
        if [each.syntax for each in one] == [each.syntax for each in other]:
            return False
        if not (self.known[first] and self.known[second]):
            return None
        return not same(self._values(first), self._values(second))

    def _values(self, row: int) -> list[Value]:
        return [constant(output.syntax)[1] for output in self.box.rules[row].outputs]

    def _unreachable(self, states: list[_State], besides: Container[int]) -> Iterator[Finding]:
        reached: set[int] = set()
        for state in states:
            reached.update(row for row in _rows(state.may) if not self._hidden(row, state.must))
        for row, rule in enumerate(self.box.rules):
            if row in reached or row in besides:
                continue
            yield self._finding(
                "dmn.E023",
                "error",
                Text(
                    f"第 {row + 1} 行永远轮不到：凡是它命中的情形，都由别的行决定",
                    f"row {row + 1} can never decide: other rows come first wherever it matches",
                ),
                rule.line,
                Text("删去它，或把它移到前面", "remove it, or move it up"),
            )

    def _hidden(self, row: int, must: int) -> bool:
        """Whether a row that surely matches keeps this one from deciding."""
        if self.box.policy == "FIRST":
            return bool(must & ((1 << row) - 1))
        if self.box.policy == "PRIORITY" and self.known[row]:
            own = self.table.rank(self._values(row))
            return any(
                self.known[other] and self.table.rank(self._values(other)) < own
                for other in _rows(must)
            )
        return False


def _rows(mask: int) -> list[int]:
    return [row for row in range(mask.bit_length()) if mask >> row & 1]
