"""Decision table columns as bit masks: which rows a value matches, found by look-up.

Bit n stands for row n. Where a column's cells are literals, lists of literals and intervals, the
values at which anything changes are known beforehand: the cells themselves are asked once at
each such point and once between each two, and from then on a value costs one look-up. Any other
column is asked cell by cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.temporal import parse_date
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import DECIMAL128, Value

Mask = Callable[[Value, Scope], int]
# Rows a value matches, or -1 where only the cells themselves can tell.
QuickMask = Callable[[Value], int]
_OTHER_TEXT = "\x00"


@dataclass(frozen=True, slots=True)
class Look:
    """A column's look-up, and the one kind of values it answers for (None: every kind)."""

    kind: type | None
    mask: QuickMask


def constant(node: ast.Node) -> tuple[bool, Value]:
    """Whether a node is a value written out, and which."""
    if isinstance(node, ast.Constant):
        value = node.value
        return True, DECIMAL128.plus(value) if isinstance(value, Decimal) else value
    if isinstance(node, ast.Negation):
        known, inner = constant(node.operand)
        return (True, -inner) if known and isinstance(inner, Decimal) else (False, None)
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
        return _constant_date(node)
    if isinstance(node, ast.AtLiteral):
        return _iso_date(node.text)
    return False, None


def _constant_date(node: ast.Call) -> tuple[bool, Value]:
    (argument, *more) = node.arguments or (ast.Name(""),)
    is_date = isinstance(node.function, ast.Name) and node.function.name == "date"
    if is_date and not more and isinstance(argument, ast.Constant):
        return _iso_date(argument.value)
    return False, None


def _iso_date(text: Value) -> tuple[bool, Value]:
    day = parse_date(text) if isinstance(text, str) else None
    return type(day) is date, day


def turning_points(tests: UnaryTests) -> list[Value] | None:
    """The values at which a cell may change its mind; None where they are not written out."""
    node = tests.syntax
    if isinstance(node, ast.Anything):
        return []
    if not isinstance(node, ast.Tests):
        return None
    points: list[Value] = []
    for test in node.tests:
        found = _points(test)
        if found is None:
            return None
        points += found
    return points


def _points(test: ast.Node) -> list[Value] | None:
    parts: tuple[ast.Node | None, ...]
    if isinstance(test, ast.UnaryComparison):
        parts = (test.operand,)
    elif isinstance(test, ast.RangeNode):
        parts = (test.low, test.high)
    elif isinstance(test, ast.ListNode):
        parts = test.items
    else:
        parts = (test,)
    points = []
    for part in parts:
        known, value = constant(part) if part is not None else (False, None)
        if not known or (value is not None and type(value) not in (Decimal, str, bool, date)):
            return None
        points.append(value)
    return points


def orders_text(tests: UnaryTests) -> bool:
    """Whether a cell orders texts rather than naming them."""
    parts = tests.syntax.tests if isinstance(tests.syntax, ast.Tests) else ()
    for part in parts:
        ordering = isinstance(part, ast.RangeNode) or (
            isinstance(part, ast.UnaryComparison) and part.operator not in ("=", "!=")
        )
        if ordering and any(isinstance(point, str) for point in _points(part) or ()):
            return True
    return False


def quick_mask(cells: Sequence[UnaryTests], required: Sequence[UnaryTests] = ()) -> Look | None:
    """The look-up for a column, or None where a cell has to be asked every time.

    Values that fail one of the `required` tests give -1.
    """
    points: list[Value] = []
    for cell in (*cells, *required):
        found = turning_points(cell)
        if found is None or orders_text(cell):
            return None
        points += found
    kinds = {type(point) for point in points}
    if type(None) in kinds:
        return None
    if not kinds:
        everything = (1 << len(cells)) - 1
        return Look(None, lambda value: everything)
    if len(kinds) > 1:
        return None
    scope = Scope.over({})

    def ask(value: Value) -> int:
        if ask_cells(required, value, scope) != (1 << len(required)) - 1:
            return -1
        return ask_cells(cells, value, scope)

    kind = kinds.pop()
    if kind is bool:
        return Look(kind, _by_truth(ask(True), ask(False)))
    if kind is str:
        return Look(kind, _by_text({text: ask(text) for text in points}, ask(_OTHER_TEXT)))
    return Look(kind, _by_order(kind, sorted(set(points)), ask))


def ask_cells(cells: Sequence[UnaryTests], value: Value, scope: Scope) -> int:
    """The mask, by asking every cell."""
    scope = scope.inner()
    scope[INPUT] = value
    mask = 0
    for row, cell in enumerate(cells):
        if cell.run(scope) is True:
            mask |= 1 << row
    return mask


def _by_truth(yes: int, no: int) -> QuickMask:
    def look(value: Value) -> int:
        if value is True:
            return yes
        return no if value is False else -1

    return look


def _by_text(masks: dict[str, int], other: int) -> QuickMask:
    get = masks.get

    def look(value: Value) -> int:
        return get(value, other) if type(value) is str else -1

    return look


def _by_order(kind: type, points: list[Value], ask: Callable[[Value], int]) -> QuickMask:
    at_point = [ask(point) for point in points]
    between = [ask(value) for value in _gaps(points)]

    def look(value: Value) -> int:
        if type(value) is not kind:
            return -1
        at = bisect_left(points, value)
        if at < len(points) and points[at] == value:
            return at_point[at]
        return between[at]

    return look


def _gaps(points: list[Value]) -> list[Value]:
    """A value below all points, one between each two, and one above all."""
    if isinstance(points[0], Decimal):
        one, two = Decimal(1), Decimal(2)
        inner = [(low + high) / two for low, high in pairwise(points)]
        return [points[0] - one, *inner, points[-1] + one]
    days = [point.toordinal() for point in points]
    inner_days = [(low + high) // 2 for low, high in pairwise(days)]
    first, last = max(days[0] - 1, 1), min(days[-1] + 1, date.max.toordinal())
    return [date.fromordinal(day) for day in (first, *inner_days, last)]
