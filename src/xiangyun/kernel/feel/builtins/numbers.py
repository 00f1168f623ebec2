"""Numeric functions (DMN 1.5 §10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)

from xiangyun.kernel.feel.builtins.registry import builtin
from xiangyun.kernel.feel.durations import DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.values import DECIMAL128, Value
from xiangyun.kernel.findings import Text

_WIDE = Context(prec=6200, Emin=-6400, Emax=6400)


def whole(number: Decimal, what: str = "number") -> int:
    """A number as an int.

    Raises:
        NullResult: when it is not whole.
    """
    if number != number.to_integral_value():
        raise NullResult(
            "arguments", Text("{what} 应当是整数。", "{what} must be a whole number.", what=what)
        )
    return int(number)


def _round(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not -6111 <= places <= 6176:
        raise NullResult("range", Text("小数位数超出范围。", "The scale is out of range."))
    if number.as_tuple().exponent >= -places:  # type: ignore[operator]
        return number
    try:
        rounded = number.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_WIDE)
        return DECIMAL128.plus(rounded)
    except DecimalException:
        raise NullResult(
            "arithmetic", Text("数值超出范围。", "The number is out of range.")
        ) from None


@builtin("decimal(n: number, scale: number)")
def _decimal(number: Decimal, scale: Decimal) -> Value:
    return _round(number, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def _floor(number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return _round(number, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def _ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return _round(number, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def _round_up(number: Decimal, scale: Decimal) -> Value:
    return _round(number, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def _round_down(number: Decimal, scale: Decimal) -> Value:
    return _round(number, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def _round_half_up(number: Decimal, scale: Decimal) -> Value:
    return _round(number, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def _round_half_down(number: Decimal, scale: Decimal) -> Value:
    return _round(number, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number|days and time duration|years and months duration)")
def _abs(value: Value) -> Value:
    if isinstance(value, Decimal):
        return DECIMAL128.abs(value)
    if isinstance(value, DaysTime):
        return DaysTime(abs(value.nanos))
    return YearsMonths(abs(value.months))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """`dividend - divisor * floor(dividend / divisor)`: the sign is the divisor's."""
    if not divisor:
        raise NullResult("arithmetic", Text("除数为零。", "Division by zero."))
    try:
        rest = _WIDE.remainder(dividend, divisor)
    except DecimalException:
        raise NullResult(
            "arithmetic", Text("数值超出范围。", "The number is out of range.")
        ) from None
    if rest and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return DECIMAL128.plus(rest)


@builtin("sqrt(number: number)")
def _sqrt(number: Decimal) -> Value:
    if number < 0:
        raise NullResult("range", Text("负数没有平方根。", "A negative number has no square root."))
    return DECIMAL128.sqrt(number)


@builtin("log(number: number)")
def _log(number: Decimal) -> Value:
    if number <= 0:
        raise NullResult(
            "range", Text("只有正数有对数。", "Only positive numbers have a logarithm.")
        )
    return DECIMAL128.ln(number)


@builtin("exp(number: number)")
def _exp(number: Decimal) -> Value:
    try:
        return DECIMAL128.exp(number)
    except DecimalException:
        raise NullResult(
            "arithmetic", Text("数值超出范围。", "The number is out of range.")
        ) from None


@builtin("odd(number: number)")
def _odd(number: Decimal) -> Value:
    return whole(number) % 2 == 1


@builtin("even(number: number)")
def _even(number: Decimal) -> Value:
    return whole(number) % 2 == 0
