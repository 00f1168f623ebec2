"""The short way through the requirements of one pair: each row as a closure over both records.

It is taken where every field holds a value of its declared kind or none. Comparisons, `and`, `or`,
`not` and `contains` are closures of their own; any other expression is asked of FEEL itself. What
is unusual (a value of another kind, a table that requires other decisions) takes the ordinary way,
so that both ways always agree; the tests hold them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Final

from xiangyun.kernel.conditions.regions import KINDS
from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import Decision, InputColumn, InputData, Rule
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.compare import compare, equal
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.logic import all_of, any_of
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.matching.model import Matching

Record = Mapping[str, Value]
Seen = Callable[[Record, Record], Value]
"""The value of an expression over an offer and a demand."""
Row = Callable[[Record, Record], bool]
Quick = Callable[[Record, Record], int]
"""The rows that a pair meets, a bit each; -1 where the ordinary way must be taken."""

_ORDERS: Final = {"<": lt, "<=": le, ">": gt, ">=": ge}
_PLAIN: Final = frozenset([Decimal, str, date])
"""Kinds whose order and equality in Python are those in FEEL."""


def quick_rows(matching: Matching) -> Quick | None:
    """The rows that a pair meets, compiled once; None where there is no short way."""
    decision = matching.model.by_name[matching.decision]
    sides = (matching.offers, matching.demands)
    assert isinstance(decision, Decision)
    needed = [matching.model.elements.get(each.id) for each in decision.requires]
    names = {side.name for side in sides}
    if any(not isinstance(each, InputData) or each.name not in names for each in needed):
        return None
    kinds: list[list[tuple[str, type]]] = []
    for side in sides:
        fields = [(name, KINDS.get(plain(type_))) for name, type_ in matching.fields(side).items()]
        if any(kind is None for _, kind in fields):
            return None
        kinds.append([(name, kind) for name, kind in fields if kind is not None])
    compiler = _Compiler(*(side.name for side in sides))
    rows = [compiler.row(matching.table.inputs, rule) for rule in matching.table.rules]
    if any(row is None for row in rows):
        return None
    return _joined([row for row in rows if row is not None], kinds[0], kinds[1])


def _joined(
    rows: list[Row], offered: list[tuple[str, type]], demanded: list[tuple[str, type]]
) -> Quick:
    bits = [(1 << at, row) for at, row in enumerate(rows)]

    def quick(offer: Record, demand: Record) -> int:
        get = offer.get
        for name, kind in offered:
            value = get(name)
            if value is not None and type(value) is not kind:
                return -1
        get = demand.get
        for name, kind in demanded:
            value = get(name)
            if value is not None and type(value) is not kind:
                return -1
        met = 0
        for bit, row in bits:
            if row(offer, demand):
                met |= bit
        return met

    return quick


class _Compiler:
    """Expressions over two records that the decision calls by these names."""

    def __init__(self, offer: str, demand: str) -> None:
        self.names = (offer, demand)

    def row(self, columns: tuple[InputColumn, ...], rule: Rule) -> Row | None:
        """Whether a row fires; None where one of its tests is not `true`, `false` or anything."""
        tests: list[tuple[Seen, bool]] = []
        for column, test in zip(columns, rule.tests, strict=True):
            wanted = _wanted(test.syntax)
            if wanted is None:
                continue
            if not isinstance(wanted, bool) or column.allowed is not None:
                return None
            seen = self.seen(column.expression.syntax)
            tests.append((seen or self._asked(column), wanted))
        if len(tests) == 1:
            ((only, expected),) = tests
            return lambda offer, demand: only(offer, demand) is expected
        return lambda offer, demand: all(seen(offer, demand) is value for seen, value in tests)

    def _asked(self, column: InputColumn) -> Seen:
        """An expression that FEEL itself works out."""
        evaluate, (offers, demands) = column.expression.evaluate, self.names
        return lambda offer, demand: evaluate({offers: dict(offer), demands: dict(demand)})

    def seen(self, node: ast.Node) -> Seen | None:
        """An expression as a closure; None for one that FEEL is asked for."""
        match node:
            case ast.Constant(value=value):
                return lambda offer, demand: value
            case ast.Path(source=ast.Name(name=side), member=field) if side in self.names:
                if side == self.names[0]:
                    return lambda offer, demand: offer.get(field)
                return lambda offer, demand: demand.get(field)
            case ast.Comparison(operator=operator, left=left, right=right):
                return _compared(operator, self.seen(left), self.seen(right))
            case ast.Junction(kind=kind, operands=operands):
                return _joint(kind, [self.seen(each) for each in operands])
            case ast.Call(function=ast.Name(name="not"), arguments=(only,), names=None):
                return _negated(self.seen(only))
            case ast.Call(function=ast.Name(name="contains"), arguments=(text, part), names=None):
                return _contained(self.seen(text), self.seen(part))
        return None


def _wanted(node: ast.Node) -> object:
    """The boolean that a cell asks for; None where it takes anything, another thing otherwise."""
    if isinstance(node, ast.Anything):
        return None
    if isinstance(node, ast.Tests) and not node.negated and len(node.tests) == 1:
        (node,) = node.tests
    return node.value if isinstance(node, ast.Constant) and node.value is not None else ...


def _compared(operator: str, left: Seen | None, right: Seen | None) -> Seen | None:
    if left is None or right is None:
        return None
    if operator in ("=", "!="):
        return _equal(left, right, wanted=operator == "=")
    order = _ORDERS[operator]

    def ordered(offer: Record, demand: Record) -> Value:
        one, other = left(offer, demand), right(offer, demand)
        if type(one) is type(other) and type(one) in _PLAIN:
            return order(one, other)
        if one is None or other is None:
            return None
        try:
            return compare(one, other, order)
        except NullResult:
            return None

    return ordered


def _equal(left: Seen, right: Seen, *, wanted: bool) -> Seen:
    def alike(offer: Record, demand: Record) -> Value:
        one, other = left(offer, demand), right(offer, demand)
        if one is None or other is None:
            return (one is other) is wanted
        if type(one) is type(other) and (type(one) in _PLAIN or type(one) is bool):
            return (one == other) is wanted
        try:
            return equal(one, other) is wanted
        except NullResult:
            return None

    return alike


def _joint(kind: str, operands: list[Seen | None]) -> Seen | None:
    known = [each for each in operands if each is not None]
    if len(known) < len(operands):
        return None
    if kind == "and":
        return lambda offer, demand: all_of(each(offer, demand) for each in known)
    if len(known) == 2:
        return _either(*known)
    return lambda offer, demand: any_of(each(offer, demand) for each in known)


def _either(first: Seen, second: Seen) -> Seen:
    def either(offer: Record, demand: Record) -> Value:
        one = first(offer, demand)
        if one is True:
            return True
        other = second(offer, demand)
        if other is True:
            return True
        return False if one is False and other is False else None

    return either


def _negated(operand: Seen | None) -> Seen | None:
    if operand is None:
        return None

    def negated(offer: Record, demand: Record) -> Value:
        value = operand(offer, demand)
        return not value if isinstance(value, bool) else None

    return negated


def _contained(text: Seen | None, part: Seen | None) -> Seen | None:
    if text is None or part is None:
        return None

    def contained(offer: Record, demand: Record) -> Value:
        whole: Any = text(offer, demand)
        piece: Any = part(offer, demand)
        return piece in whole if type(whole) is str and type(piece) is str else None

    return contained
