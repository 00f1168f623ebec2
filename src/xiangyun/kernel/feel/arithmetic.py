"""`+ - * / **` and negation over numbers, strings, temporals and durations (table 45)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, DecimalException, DivisionByZero
from typing import Any

from xiangyun.kernel.feel.durations import DAY, DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import (
    Date,
    DateTime,
    FarDate,
    Time,
    date_from_ordinal,
    midnight,
    shift_date_time,
    shift_months,
    time_from_nanos,
)
from xiangyun.kernel.feel.values import DECIMAL128, Value, kind_of
from xiangyun.kernel.findings import Text

_MOST_NANOS = 10**12 * DAY
_MOST_MONTHS = 12 * 10**12


def _refuse(operator: str, left: Value, right: Value) -> NullResult:
    one, other = kind_of(left), kind_of(right)
    return NullResult(
        "type",
        Text(
            "{one} {operator} {other} 没有意义。",
            "{one} {operator} {other} has no meaning.",
            one=one,
            operator=operator,
            other=other,
        ),
    )


def guarded(
    compute: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    """A decimal operation whose failure (division by zero, overflow) is null."""
    try:
        return compute(left, right)
    except DecimalException as error:
        raise NullResult(
            "arithmetic",
            Text(
                "数值运算没有结果（{error}）。",
                "No number comes out of this ({error}).",
                error=error,
            ),
        ) from None


def _days(nanos: int) -> DaysTime:
    if abs(nanos) > _MOST_NANOS:
        raise NullResult("arithmetic", Text("时长超出范围。", "The duration is out of range."))
    return DaysTime(nanos)


def _months(months: int) -> YearsMonths:
    if abs(months) > _MOST_MONTHS:
        raise NullResult("arithmetic", Text("时长超出范围。", "The duration is out of range."))
    return YearsMonths(months)


def _found(value: Value) -> Value:
    if value is None:
        raise NullResult("arithmetic", Text("日期超出范围。", "The date is out of range."))
    return value


def add(left: Value, right: Value) -> Value:
    """`left + right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return guarded(DECIMAL128.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return _days(left.nanos + right.nanos)
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return _months(left.months + right.months)
    if isinstance(right, (DaysTime, YearsMonths)):
        return _shift("+", left, right, 1)
    if isinstance(left, (DaysTime, YearsMonths)):
        return _shift("+", right, left, 1)
    raise _refuse("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """`left - right`; between two moments, the time from the second to the first."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return guarded(DECIMAL128.subtract, left, right)
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return _days(left.nanos - right.nanos)
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return _months(left.months - right.months)
    if isinstance(right, (DaysTime, YearsMonths)):
        return _shift("-", left, right, -1)
    if isinstance(left, Time) and isinstance(right, Time):
        return DaysTime(_elapsed(left, right))
    moments = (date, FarDate, DateTime)
    if isinstance(left, moments) and isinstance(right, moments):
        if not isinstance(left, DateTime) and not isinstance(right, DateTime):
            return _days((left.toordinal() - right.toordinal()) * DAY)
        return _days(_elapsed(_moment(left), _moment(right)))
    raise _refuse("-", left, right)


def _moment(value: Date | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else midnight(value)


def _elapsed(left: Time | DateTime, right: Time | DateTime) -> int:
    # §10.3.2.3.5: a moment with a zone and one without cannot be told apart in time.
    if (left.offset is None) != (right.offset is None):
        raise NullResult(
            "type",
            Text(
                "有时区的时间与没有时区的时间不能相减。",
                "A time with a zone and one without cannot be subtracted.",
            ),
        )
    return left.instant - right.instant


def _shift(operator: str, moment: Value, duration: DaysTime | YearsMonths, sign: int) -> Value:
    if isinstance(duration, YearsMonths):
        months = sign * duration.months
        if isinstance(moment, (date, FarDate)):
            return _found(shift_months(moment, months))
        if isinstance(moment, DateTime):
            return DateTime(_found(shift_months(moment.date, months)), moment.time)
    else:
        nanos = sign * duration.nanos
        if isinstance(moment, Time):
            return time_from_nanos(moment.nanos + nanos, moment.zone)
        if isinstance(moment, (date, FarDate)):
            return _found(date_from_ordinal(moment.toordinal() + nanos // DAY))
        if isinstance(moment, DateTime):
            return _found(shift_date_time(moment, DaysTime(nanos)))
    raise _refuse(operator, moment, duration)


def multiply(left: Value, right: Value) -> Value:
    """`left * right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return guarded(DECIMAL128.multiply, left, right)
    if isinstance(right, (DaysTime, YearsMonths)):
        left, right = right, left
    if isinstance(right, Decimal):
        if isinstance(left, DaysTime):
            return _days(_whole(guarded(DECIMAL128.multiply, Decimal(left.nanos), right)))
        if isinstance(left, YearsMonths):
            return _months(_whole(guarded(DECIMAL128.multiply, Decimal(left.months), right)))
    raise _refuse("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """`left / right`; a duration by one of its kind is a number."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return guarded(DECIMAL128.divide, left, right)
    if isinstance(left, DaysTime):
        if isinstance(right, DaysTime):
            return guarded(DECIMAL128.divide, Decimal(left.nanos), Decimal(right.nanos))
        if isinstance(right, Decimal):
            return _days(_whole(guarded(DECIMAL128.divide, Decimal(left.nanos), right)))
    if isinstance(left, YearsMonths):
        if isinstance(right, YearsMonths):
            return guarded(DECIMAL128.divide, Decimal(left.months), Decimal(right.months))
        if isinstance(right, Decimal):
            return _months(_whole(guarded(DECIMAL128.divide, Decimal(left.months), right)))
    raise _refuse("/", left, right)


def _whole(number: Decimal) -> int:
    if number.adjusted() > 40:
        raise NullResult("arithmetic", Text("时长超出范围。", "The duration is out of range."))
    return int(number)


def raised(base: Decimal, exponent: Decimal) -> Decimal:
    """`base ** exponent`; Python gives infinity for zero to a negative power."""
    result = DECIMAL128.power(base, exponent)
    if not result.is_finite():
        raise DivisionByZero
    return result


def power(left: Value, right: Value) -> Value:
    """`left ** right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return guarded(raised, left, right)
    raise _refuse("**", left, right)


def negate(value: Value) -> Value:
    """`-value`."""
    if isinstance(value, Decimal):
        return DECIMAL128.minus(value)
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise NullResult(
        "type", Text("{kind_of} 不能取负。", "{kind_of} cannot be negated.", kind_of=kind_of(value))
    )


OPERATIONS: dict[str, Callable[[Any, Any], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
