"""Running decision tables (DMN 1.5 §8.2.8–11): the rows that match, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property

from xiangyun.kernel.conditions.cells import ask_cells, constant
from xiangyun.kernel.conditions.regions import bits
from xiangyun.kernel.dmn.decided import Fired
from xiangyun.kernel.dmn.index import QuickMask, quick_mask
from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import InputColumn, OutputColumn, TableBox
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.builtins import BUILTINS
from xiangyun.kernel.feel.compare import same
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.expression import Expression, UnaryTests
from xiangyun.kernel.feel.running import Run
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import ANY, coerce
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Text

# Hit policies that give a list.
LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def compile_table(box: TableBox) -> Run:
    """The table as a closure; with `scope.notes` set, it notes the rows that fired."""
    return CompiledTable(box).run


class CompiledTable:
    """A table with its columns indexed."""

    def __init__(self, box: TableBox) -> None:
        self.box = box
        self.all_rows = (1 << len(box.rules)) - 1
        self.names = [output.name or "" for output in box.outputs]
        self.ranks = [_ranking(output) for output in box.outputs]
        self.constant = all(
            constant(expression.syntax)[0] for rule in box.rules for expression in rule.outputs
        )

    @cached_property
    def columns(self) -> list[tuple[InputColumn, Run, list[UnaryTests], QuickMask | None]]:
        """Each column with its cells and its look-up, made when the table is first run."""
        cells = [[rule.tests[at] for rule in self.box.rules] for at in range(len(self.box.inputs))]
        return [
            (column, column.expression.run, tests, _mask(tests))
            for column, tests in zip(self.box.inputs, cells, strict=True)
        ]

    def run(self, scope: Scope) -> Value:
        """The value for the inputs in scope."""
        mask = self.all_rows
        for column, expression, cells, quick in self.columns:
            value = expression(scope)
            if column.type is not None or column.allowed is not None:
                value = _input(column, value, scope)
            found = quick(value) if quick is not None else -1
            if found < 0:
                scope.evaluation.spend(len(cells))
                found = ask_cells(cells, value, scope)
            mask &= found
            if not mask:
                break
        try:
            return self.outcome(mask, scope)
        except NullResult as error:
            scope.warn(error)
            return None

    def outcome(self, mask: int, scope: Scope) -> Value:
        """What the hit policy makes of the matching rows (§8.2.10).

        Raises:
            NullResult: when UNIQUE or ANY is violated, or an aggregation has no value.
        """
        rows = list(bits(mask))
        policy = self.box.policy
        if policy == "FIRST":
            rows = rows[:1]
        results = [self._outputs(row, scope) for row in rows]
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            order = sorted(range(len(rows)), key=lambda at: self.rank(results[at]))
            rows, results = [rows[at] for at in order], [results[at] for at in order]
        if policy == "PRIORITY":
            rows, results = rows[:1], results[:1]
        if scope.notes is not None:
            scope.notes += [
                self._fired(row, result) for row, result in zip(rows, results, strict=True)
            ]
        if policy in LISTS:
            return self._many(results, scope)
        if not results:
            return self._default(scope)
        if policy == "UNIQUE" and len(results) > 1:
            raise _several(rows)
        if policy == "ANY" and not all(same(results[0], other) for other in results[1:]):
            raise _several(rows)
        return self._shape(results[0])

    def _many(self, results: list[list[Value]], scope: Scope) -> Value:
        aggregation = self.box.aggregation
        if aggregation is None or self.box.policy != "COLLECT":
            if not results and any(output.default for output in self.box.outputs):
                return self._default(scope)
            return [self._shape(result) for result in results]
        if aggregation == "COUNT":
            return Decimal(len(results))
        if not results:
            return self._default(scope)
        per_output = [
            BUILTINS[aggregation.lower()].call(
                scope.evaluation, [[result[at] for result in results]]
            )
            for at in range(len(self.names))
        ]
        return self._shape(per_output)

    def _outputs(self, row: int, scope: Scope) -> list[Value]:
        rule = self.box.rules[row]
        return [
            _output(column, expression, scope)
            for column, expression in zip(self.box.outputs, rule.outputs, strict=True)
        ]

    def _shape(self, values: Sequence[Value]) -> Value:
        """One output is a value, several are a context by output name."""
        return values[0] if len(self.names) == 1 else dict(zip(self.names, values, strict=True))

    def _default(self, scope: Scope) -> Value:
        if not any(output.default for output in self.box.outputs):
            return None
        return self._shape(
            [output.default.run(scope) if output.default else None for output in self.box.outputs]
        )

    def rank(self, values: list[Value]) -> tuple[int, ...]:
        """Position of each value among its column's output values; unlisted ones come last."""
        return tuple(
            next((at for at, test in enumerate(ranking) if test(value)), len(ranking))
            for ranking, value in zip(self.ranks, values, strict=True)
        )

    def _fired(self, row: int, values: list[Value]) -> Fired:
        rule = self.box.rules[row]
        return Fired(
            row + 1,
            rule.id,
            dict(rule.annotations),
            tuple(tests.source.strip() or "-" for tests in rule.tests),
            dict(zip(self.names, values, strict=True)),
        )


def _mask(tests: Sequence[UnaryTests]) -> QuickMask | None:
    look = quick_mask(tests)
    return None if look is None else look.mask


def _input(column: InputColumn, value: Value, scope: Scope) -> Value:
    """The input value, null where it does not fit the column's type or input values."""
    if column.type is not None and plain(column.type) is not ANY:
        fits, value = coerce(value, column.type)
        if not fits:
            scope.warn(_unlisted(column.label))
    if column.allowed is not None and value is not None:
        inner = scope.inner()
        inner[INPUT] = value
        if column.allowed.run(inner) is not True:
            scope.warn(_unlisted(column.label))
            return None
    return value


def _output(column: OutputColumn, expression: Expression, scope: Scope) -> Value:
    value = expression.run(scope)
    if column.type is None or value is None:
        return value
    fits, converted = coerce(value, column.type)
    if not fits:
        scope.warn(_unlisted(column.name))
    return converted


def _unlisted(label: str) -> NullResult:
    return NullResult(
        "type",
        Text(
            "“{label}”的值不在这一列允许的范围内。",
            "The value of “{label}” is not one this column allows.",
            label=label,
        ),
    )


def _several(rows: list[int]) -> NullResult:
    numbers = ", ".join(str(row + 1) for row in rows)
    return NullResult(
        "decision",
        Text(
            "第 {numbers} 行同时命中，结果不一。",
            "Rows {numbers} matched at once.",
            numbers=numbers,
        ),
    )


def _ranking(output: OutputColumn) -> list[Callable[[Value], bool]]:
    """One predicate for each of the column's output values, in their order."""
    tests = output.allowed.syntax if output.allowed is not None else None
    if not isinstance(tests, ast.Tests):
        return []

    def predicate(node: ast.Node) -> Callable[[Value], bool]:
        known, wanted = constant(node)
        return (lambda value: same(value, wanted)) if known else (lambda value: False)

    return [predicate(node) for node in tests.tests]
