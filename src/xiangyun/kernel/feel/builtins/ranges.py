"""Allen's relations between points and ranges (DMN 1.5 §10.3.4.12, table 78), and `range`."""

from __future__ import annotations

from operator import eq, lt

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.arithmetic import negate
from xiangyun.kernel.feel.builtins.registry import BUILTINS, builtin
from xiangyun.kernel.feel.compare import compare, in_range
from xiangyun.kernel.feel.errors import FeelSyntaxError, NullResult
from xiangyun.kernel.feel.literals import at_literal, make_range
from xiangyun.kernel.feel.names import NameTable
from xiangyun.kernel.feel.parser import Parser
from xiangyun.kernel.feel.scope import Evaluation
from xiangyun.kernel.feel.values import Range, Value
from xiangyun.kernel.findings import Text

_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


# What lies beyond every value, where a unary range such as `(< 10)` has no end.
_LOWEST, _HIGHEST = object(), object()


def _low(interval: Range) -> Value:
    return _LOWEST if interval.low is None and interval.unary else interval.low


def _high(interval: Range) -> Value:
    return _HIGHEST if interval.high is None and interval.unary else interval.high


def _less(left: Value, right: Value) -> bool:
    if left is _LOWEST or right is _HIGHEST:
        return left is not right
    if left is _HIGHEST or right is _LOWEST:
        return False
    return compare(left, right, lt)


def _equal(left: Value, right: Value) -> bool:
    if {left is _LOWEST, left is _HIGHEST, right is _LOWEST, right is _HIGHEST} != {False}:
        return left is right
    return compare(left, right, eq)


def _starts_first(one: Range, other: Range) -> bool:
    """Whether `one` begins strictly before `other` does."""
    if _equal(_low(one), _low(other)):
        return one.low_closed and not other.low_closed
    return _less(_low(one), _low(other))


def _ends_last(one: Range, other: Range) -> bool:
    """Whether `one` ends strictly after `other` does."""
    if _equal(_high(one), _high(other)):
        return one.high_closed and not other.high_closed
    return _less(_high(other), _high(one))


@builtin(f"before(point1: {_POINT}, point2: {_POINT})")
def _point_before_point(one: Value, other: Value) -> Value:
    return _less(one, other)


@builtin(f"before(point: {_POINT}, range: range)")
def _point_before(point: Value, interval: Range) -> Value:
    return _less(point, _low(interval)) or (
        _equal(point, _low(interval)) and not interval.low_closed
    )


@builtin(f"before(range: range, point: {_POINT})")
def _before_point(interval: Range, point: Value) -> Value:
    return _less(_high(interval), point) or (
        _equal(_high(interval), point) and not interval.high_closed
    )


@builtin("before(range1: range, range2: range)")
def _before(one: Range, other: Range) -> Value:
    touching = _equal(_high(one), _low(other)) and not (one.high_closed and other.low_closed)
    return _less(_high(one), _low(other)) or touching


@builtin(f"after(point1: {_POINT}, point2: {_POINT})")
def _point_after_point(one: Value, other: Value) -> Value:
    return _less(other, one)


@builtin(f"after(point: {_POINT}, range: range)")
def _point_after(point: Value, interval: Range) -> Value:
    return _before_point(interval, point)


@builtin(f"after(range: range, point: {_POINT})")
def _after_point(interval: Range, point: Value) -> Value:
    return _point_before(point, interval)


@builtin("after(range1: range, range2: range)")
def _after(one: Range, other: Range) -> Value:
    return _before(other, one)


@builtin("meets(range1: range, range2: range)")
def _meets(one: Range, other: Range) -> Value:
    return one.high_closed and other.low_closed and _equal(_high(one), _low(other))


@builtin("met by(range1: range, range2: range)")
def _met_by(one: Range, other: Range) -> Value:
    return _meets(other, one)


@builtin("overlaps(range1: range, range2: range)")
def _overlaps(one: Range, other: Range) -> Value:
    return not _before(one, other) and not _before(other, one)


@builtin("overlaps before(range1: range, range2: range)")
def _overlaps_before(one: Range, other: Range) -> Value:
    return _overlaps(one, other) and _starts_first(one, other) and not _ends_last(one, other)


@builtin("overlaps after(range1: range, range2: range)")
def _overlaps_after(one: Range, other: Range) -> Value:
    return _overlaps_before(other, one)


@builtin(f"finishes(point: {_POINT}, range: range)")
def _point_finishes(point: Value, interval: Range) -> Value:
    return interval.high_closed and _equal(_high(interval), point)


@builtin("finishes(range1: range, range2: range)")
def _finishes(one: Range, other: Range) -> Value:
    same_end = one.high_closed == other.high_closed and _equal(_high(one), _high(other))
    return same_end and not _starts_first(one, other)


@builtin(f"finished by(range: range, point: {_POINT})")
def _finished_by_point(interval: Range, point: Value) -> Value:
    return _point_finishes(point, interval)


@builtin("finished by(range1: range, range2: range)")
def _finished_by(one: Range, other: Range) -> Value:
    return _finishes(other, one)


@builtin(f"includes(range: range, point: {_POINT})")
def _includes_point(interval: Range, point: Value) -> Value:
    return in_range(point, interval)


@builtin("includes(range1: range, range2: range)")
def _includes(one: Range, other: Range) -> Value:
    return not _starts_first(other, one) and not _ends_last(other, one)


@builtin(f"during(point: {_POINT}, range: range)")
def _point_during(point: Value, interval: Range) -> Value:
    return in_range(point, interval)


@builtin("during(range1: range, range2: range)")
def _during(one: Range, other: Range) -> Value:
    return _includes(other, one)


@builtin(f"starts(point: {_POINT}, range: range)")
def _point_starts(point: Value, interval: Range) -> Value:
    return interval.low_closed and _equal(_low(interval), point)


@builtin("starts(range1: range, range2: range)")
def _starts(one: Range, other: Range) -> Value:
    same_start = one.low_closed == other.low_closed and _equal(_low(one), _low(other))
    return same_start and not _ends_last(one, other)


@builtin(f"started by(range: range, point: {_POINT})")
def _started_by_point(interval: Range, point: Value) -> Value:
    return _point_starts(point, interval)


@builtin("started by(range1: range, range2: range)")
def _started_by(one: Range, other: Range) -> Value:
    return _starts(other, one)


@builtin(f"coincides(point1: {_POINT}, point2: {_POINT})")
def _points_coincide(one: Value, other: Value) -> Value:
    return _equal(one, other)


@builtin("coincides(range1: range, range2: range)")
def _coincides(one: Range, other: Range) -> Value:
    closed = (one.low_closed, one.high_closed) == (other.low_closed, other.high_closed)
    return closed and _equal(_low(one), _low(other)) and _equal(_high(one), _high(other))


# range(from) (§10.3.4.1) -------------------------------------------------------------------------

_CONVERSIONS = ("date", "time", "date and time", "duration")
_NAMES = NameTable.of(_CONVERSIONS)


@builtin("range(from: string)")
def _range(text: str) -> Value:
    """A range literal whose ends are literals or `date("…")` and the like."""
    error = NullResult(
        "conversion", Text("“{text}”不是区间。", "“{text}” is not a range.", text=text)
    )
    try:
        node = Parser(text, _NAMES, _NAMES).whole()
    except FeelSyntaxError:
        raise error from None
    if not isinstance(node, ast.RangeNode) or node.low is None or node.high is None:
        raise error
    low, high = _end(node.low, error), _end(node.high, error)
    return make_range(low, high, node.low_closed, node.high_closed)


def _end(node: ast.Node, error: NullResult) -> Value:
    value: Value = None
    if isinstance(node, ast.Constant):
        value = node.value
    elif isinstance(node, ast.AtLiteral):
        value = at_literal(node.text)
    elif isinstance(node, ast.Negation):
        value = negate(_end(node.operand, error))
    elif isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
        given = [each.value for each in node.arguments if isinstance(each, ast.Constant)]
        if node.function.name in _CONVERSIONS and len(given) == len(node.arguments):
            value = BUILTINS[node.function.name].call(Evaluation(), given)
    if value is None:
        raise error
    return value
