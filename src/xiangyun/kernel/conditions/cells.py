"""Cells of tables and operands of conditions: the values at which they can change their mind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.temporal import parse_date
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import DECIMAL128, Value


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


def ask_cells(cells: Sequence[UnaryTests], value: Value, scope: Scope) -> int:
    """The mask, by asking every cell."""
    scope = scope.inner()
    scope[INPUT] = value
    mask = 0
    for row, cell in enumerate(cells):
        if cell.run(scope) is True:
            mask |= 1 << row
    return mask
