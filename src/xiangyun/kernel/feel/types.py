"""FEEL types as values: does a value conform, and how is it coerced (§10.3.2.9, table 47).

Item definitions become such types too, so one `conforms` serves `instance of`, parameters,
variables and decision outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.durations import DaysTime, YearsMonths
from xiangyun.kernel.feel.temporal import DateTime, FarDate, Time, midnight
from xiangyun.kernel.feel.values import Function, Range, Value


class Type:
    """A FEEL type. Null conforms to every type (§10.3.2.9.1): see `conforms`."""

    def holds(self, value: Value, constraints: bool = True) -> bool:
        """Whether a value that is not null belongs to the type.

        `instance of` looks at the structure alone and leaves allowed values (`constraints`) out.
        """
        raise NotImplementedError

    def within(self, other: Type) -> bool:
        """Whether this type conforms to another, for functions' parameters and results."""
        return self == other or other == ANY


@dataclass(frozen=True, slots=True)
class Simple(Type):
    """One of the built-in kinds."""

    name: str
    classes: tuple[type, ...]

    def holds(self, value: Value, constraints: bool = True) -> bool:
        return isinstance(value, self.classes)


ANY = Simple("Any", (object,))
NULL = Simple("Null", (type(None),))
NUMBER = Simple("number", (Decimal,))
STRING = Simple("string", (str,))
BOOLEAN = Simple("boolean", (bool,))
DATE = Simple("date", (date, FarDate))
TIME = Simple("time", (Time,))
DATE_TIME = Simple("date and time", (DateTime,))
DAYS_TIME = Simple("days and time duration", (DaysTime,))
YEARS_MONTHS = Simple("years and months duration", (YearsMonths,))
LIST = Simple("list", (list,))
CONTEXT = Simple("context", (dict,))
FUNCTION = Simple("function", (Function,))
RANGE = Simple("range", (Range,))

BUILTIN: Mapping[str, Type] = {
    simple.name: simple
    for simple in (
        *(ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME),
        *(DAYS_TIME, YEARS_MONTHS, LIST, CONTEXT, FUNCTION, RANGE),
    )
} | {
    "any": ANY,
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS_TIME,
    "yearMonthDuration": YEARS_MONTHS,
}


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """`list<item>`: every element null or of the item type."""

    item: Type

    def holds(self, value: Value, constraints: bool = True) -> bool:
        return isinstance(value, list) and all(
            conforms(element, self.item, constraints) for element in value
        )

    def within(self, other: Type) -> bool:
        if isinstance(other, ListOf):
            return self.item.within(other.item)
        return other in (LIST, ANY)


@dataclass(frozen=True, slots=True)
class RangeOf(Type):
    """`range<item>`."""

    item: Type

    def holds(self, value: Value, constraints: bool = True) -> bool:
        if not isinstance(value, Range):
            return False
        return conforms(value.low, self.item, constraints) and conforms(
            value.high, self.item, constraints
        )

    def within(self, other: Type) -> bool:
        if isinstance(other, RangeOf):
            return self.item.within(other.item)
        return other in (RANGE, ANY)


@dataclass(frozen=True, slots=True)
class ContextOf(Type):
    """`context<name: type, …>`: at least these entries, of these types."""

    entries: Mapping[str, Type] = field(hash=False)

    def holds(self, value: Value, constraints: bool = True) -> bool:
        return isinstance(value, dict) and all(
            name in value and conforms(value[name], type_, constraints)
            for name, type_ in self.entries.items()
        )

    def within(self, other: Type) -> bool:
        if isinstance(other, ContextOf):
            return all(
                name in self.entries and self.entries[name].within(type_)
                for name, type_ in other.entries.items()
            )
        return other in (CONTEXT, ANY)


@dataclass(frozen=True, slots=True)
class FunctionOf(Type):
    """`function<parameters> -> result`: contravariant in parameters, covariant in the result."""

    parameters: tuple[Type, ...]
    result: Type

    def holds(self, value: Value, constraints: bool = True) -> bool:
        if not isinstance(value, Function):
            return False
        if value.variadic:
            return True  # a built-in function, which checks its arguments itself
        types = value.types or (None,) * len(value.parameters)
        # Where a definition leaves its result open, it is not held against it.
        own = FunctionOf(tuple(type_ or ANY for type_ in types), value.result or self.result)
        return own.within(self)

    def within(self, other: Type) -> bool:
        if not isinstance(other, FunctionOf):
            return other in (FUNCTION, ANY)
        return (
            len(self.parameters) == len(other.parameters)
            and all(b.within(a) for a, b in zip(self.parameters, other.parameters, strict=True))
            and self.result.within(other.result)
        )


@dataclass(frozen=True, slots=True)
class Unknown(Type):
    """A type name that nothing defines: no value belongs to it."""

    name: str

    def holds(self, value: Value, constraints: bool = True) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Restricted(Type):
    """A type with a further condition, such as an item definition's allowed values."""

    base: Type
    allowed: Callable[[Value], bool | None] = field(compare=False)
    name: str = ""

    def holds(self, value: Value, constraints: bool = True) -> bool:
        if not self.base.holds(value, constraints):
            return False
        return not constraints or self.allowed(value) is True

    def within(self, other: Type) -> bool:
        return self == other or self.base.within(other)


def conforms(value: Value, type_: Type, constraints: bool = True) -> bool:
    """Whether a value, perhaps null, conforms to a type."""
    return value is None or type_.holds(value, constraints)


def coerce(value: Value, type_: Type) -> tuple[bool, Value]:
    """Whether the value conforms after the implicit conversions of §10.3.2.9.4, and as what.

    A list of one becomes its element, an element a list of one, a date a date and time in UTC.
    """
    if value is None or type_.holds(value):
        return True, value
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], type_):
        return True, value[0]
    if not isinstance(value, list) and type_.holds([value]):
        return True, [value]
    if isinstance(value, (date, FarDate)) and type_.holds(midnight(value)):
        return True, midnight(value)
    return False, None


def resolve(node: ast.TypeNode, named: Mapping[str, Type]) -> Type:
    """The type a type expression means; `named` are the item definitions in scope."""
    if isinstance(node, ast.NamedType):
        return named.get(node.name) or BUILTIN.get(node.name) or Unknown(node.name)
    if isinstance(node, ast.ListTypeNode):
        return ListOf(resolve(node.item, named))
    if isinstance(node, ast.RangeTypeNode):
        return RangeOf(resolve(node.item, named))
    if isinstance(node, ast.ContextTypeNode):
        return ContextOf({name: resolve(type_, named) for name, type_ in node.entries})
    if isinstance(node, ast.FunctionTypeNode):
        parameters = tuple(resolve(parameter, named) for parameter in node.parameters)
        return FunctionOf(parameters, resolve(node.result, named))
    return ANY
