"""What FEEL computes with, as Python values (DMN 1.5 §10.3.2.1–2).

| FEEL | Python |
|---|---|
| number | `Decimal`, 34 digits, half even |
| string, boolean, null | `str`, `bool`, `None` |
| date | `datetime.date`, or `FarDate` beyond the years 1 to 9999 |
| time, date and time | `Time`, `DateTime` |
| the two durations | `DaysTime`, `YearsMonths` |
| range, function | `Range`, `Function` |
| list, context | `list`, `dict` |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any, TypeAlias

from xiangyun.kernel.feel.durations import NANOS, DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import DateTime, FarDate, Time
from xiangyun.kernel.findings import Text

# Python cannot say "Decimal, str, … or a list or dict of these" without every reader narrowing it
# again; the table above is the type.
Value: TypeAlias = Any

# IEEE 754-2008 Decimal128, as §10.3.2.3.1 asks.
DECIMAL128 = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends.

    `(< 10)` is `unary`: its low end is None and there is no limit on that side. So is `(= 10)`,
    with two ends. Otherwise an end of None is a null, written or computed, and nothing is known
    to lie inside.
    """

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    unary: bool = False

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        """All but the ends."""
        return self.low_closed, self.high_closed, self.unary


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: calling it takes exactly its parameters, in order.

    `types` and `result` are FEEL types (see `types.py`) or None for any.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Value]
    types: tuple[Any, ...] = ()
    result: Any = None
    name: str = "function"
    required: int | None = None
    variadic: bool = False


def function(name_params: Sequence[str], python_callable: Callable[..., Value]) -> Function:
    """A pure Python callable as a FEEL function, to be put into a context under its FEEL name.

    The callable gets the arguments in the order of `name_params` and returns a FEEL value. It may
    raise `ValueError`: the call is then null with that message as the warning.
    """

    def call(*arguments: Value) -> Value:
        try:
            return python_callable(*arguments)
        except ValueError as error:
            raise NullResult("arguments", Text.given(str(error), str(error))) from None

    return Function(tuple(name_params), call)


def kind_of(value: Value) -> str:
    """The FEEL name of a value's kind."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return type(value).__name__


_KINDS: tuple[tuple[Any, str], ...] = (
    (type(None), "null"),
    (bool, "boolean"),
    (Decimal, "number"),
    (str, "string"),
    ((date, FarDate), "date"),
    (Time, "time"),
    (DateTime, "date and time"),
    (DaysTime, "days and time duration"),
    (YearsMonths, "years and months duration"),
    (list, "list"),
    (dict, "context"),
    (Range, "range"),
    (Function, "function"),
)


def from_json(x: object) -> Value:
    """A FEEL value from parsed JSON or from ordinary Python values.

    int, float and Decimal become numbers (a float through its shortest text, so 0.1 is 0.1);
    Python's datetime, time and timedelta become their FEEL counterparts; strings stay strings.

    Raises:
        TypeError: for anything else.
    """
    if x is None or isinstance(x, _VALUES):
        return x
    if isinstance(x, int):
        return Decimal(x)
    if isinstance(x, float):
        return Decimal(repr(x))
    if isinstance(x, (list, tuple)):
        return [from_json(item) for item in x]
    if isinstance(x, dict):
        return {str(key): from_json(item) for key, item in x.items()}
    return _from_python_time(x)


_VALUES = (bool, str, Decimal, FarDate, Time, DateTime, DaysTime, YearsMonths, Range, Function)


def _from_python_time(x: object) -> Value:
    if isinstance(x, datetime):
        # Of a zone that changes its offset only the moment knows it, not its time of day.
        return DateTime(x.date(), _time_of_day(x, x.utcoffset()))
    if isinstance(x, date):
        return x
    if isinstance(x, time):
        return _time_of_day(x, x.utcoffset())
    if isinstance(x, timedelta):
        whole = (x.days * 86_400 + x.seconds) * NANOS
        return DaysTime(whole + x.microseconds * 1000)
    raise TypeError(f"{type(x).__name__} has no FEEL value")


def _time_of_day(x: datetime | time, shift: timedelta | None) -> Time:
    zone = None if shift is None else int(shift.total_seconds())
    return Time(x.hour, x.minute, x.second, x.microsecond * 1000, zone)


def to_json(value: Value) -> Any:
    """JSON for a FEEL value: whole numbers as int, others as Decimal so no digit is lost.

    Temporal values become their ISO 8601 text, ranges and functions what FEEL's `string` prints.
    """
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if whole == value and value.adjusted() < 34 else value
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return text_of(value)


def text_of(value: Value, inside: bool = False) -> str:
    """What `string(value)` gives (§10.3.4.1); inside lists and contexts, strings are quoted."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if inside else value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(text_of(item, True) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {text_of(v, True)}" for k, v in value.items()) + "}"
    if isinstance(value, Range):
        return _range_text(value)
    if isinstance(value, Function):
        return f"{value.name}({', '.join(value.parameters)})"
    return str(value)


def number_text(number: Decimal) -> str:
    """Digits without an exponent and without idle zeros."""
    try:
        text = format(number.normalize(DECIMAL128), "f")
    except DecimalException:
        return str(number)  # given from outside, beyond what FEEL computes with
    return "0" if text == "-0" else text


def _key(name: str) -> str:
    plain = all(character.isalnum() or character in " _" for character in name)
    return name if plain and name else text_of(name, True)


def _range_text(value: Range) -> str:
    if value.unary and value.low == value.high:
        return f"(= {_end_text(value.high)})"
    if value.unary and value.low is None:
        return f"({'<=' if value.high_closed else '<'} {_end_text(value.high)})"
    if value.unary:
        return f"({'>=' if value.low_closed else '>'} {_end_text(value.low)})"
    opening = "[" if value.low_closed else "("
    closing = "]" if value.high_closed else ")"
    return f"{opening}{_end_text(value.low)}..{_end_text(value.high)}{closing}"


def _end_text(value: Value) -> str:
    plain = value is None or isinstance(value, (str, bool, Decimal))
    return text_of(value, True) if plain else f'@"{value}"'
