"""Limits of time (时限): so many days or hours, or a FEEL formula over what is known of the case.

A formula depends on the kind of case, so the service lists the kinds (`time_limit.kinds`) and what
the formula is given for each. From that one list the guide prints its table, the checker knows that
every kind has its time, and a case counts with the longest until its own kind is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, Place, Text
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.worktime import Unit

MOST = 3660
"""Ten years of days: what is longer is a slip of the pen."""

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "working_day": "working",
        "natural_day": "natural",
        "working_hour": "working_hour",
        "hour": "hour",
    }
)
"""The units of limits as they are written, and as clocks have them."""
HOURS = ("working_hour", "hour")
"""The units that are hours, as both have them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case with a time of its own: in words, and the variables that make it that kind."""

    name: Text
    given: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How many days or hours, and the law that says so; `unit` is one of `UNITS`."""

    number: int | Formula
    unit: str
    basis: str
    verified: bool
    explained: Text | None = None

    def value(self, context: Mapping[str, Value]) -> int | None:
        """The number for a case of these variables; None while the formula has no whole one."""
        if isinstance(self.number, int):
            return self.number
        found = self.number.value(context)
        if not isinstance(found, Decimal) or found != int(found) or not 0 <= found <= MOST:
            return None
        return int(found)

    @property
    def counts(self) -> Unit:
        """The unit as clocks have it."""
        return UNITS.get(self.unit, "working")

    @property
    def in_hours(self) -> bool:
        """Whether it is a number of hours."""
        return self.unit in HOURS


@dataclass(frozen=True, slots=True)
class StageLimit:
    """A stage with a clock of its own (阶段时限), and the department that leads it."""

    stage: str
    lead: Text
    limit: TimeLimit
    approver: str
    """The role that approves an extension in this stage; empty: that of the extension's rule."""
    place: Place


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """By how much a case may be extended once, and the role that approves it (延期审批)."""

    number: int
    unit: str
    role: str
    basis: str
    verified: bool

    @property
    def counts(self) -> Unit:
        """The unit as clocks have it."""
        return UNITS.get(self.unit, "working")

    def lengthens(self, limit: TimeLimit) -> bool:
        """Whether it is of the same kind as a limit: hours lengthen hours, and days days."""
        return (self.unit in HOURS) == limit.in_hours


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that a limit comes to, in its unit, and that of each kind."""

    least: int
    most: int
    kinds: tuple[tuple[Text, int], ...] = ()


def span(limit: TimeLimit, kinds: tuple[Kind, ...], parameters: Mapping[str, Value]) -> Span:
    """What a limit comes to by the figures in force; kinds without a value are left out.

    Raises Refused where no kind has one.
    """
    if isinstance(limit.number, int):
        return Span(limit.number, limit.number)
    found = [
        (kind.name, number)
        for kind in kinds
        if (number := limit.value({"parameters": dict(parameters), **kind.given})) is not None
    ]
    if not found:
        raise Conflict([_no_number(limit.number)])
    numbers = [number for _, number in found]
    return Span(min(numbers), max(numbers), tuple(found))


def number_for(limit: TimeLimit, kinds: tuple[Kind, ...], context: Mapping[str, Value]) -> int:
    """The days or hours for a case: of its kind, or the longest while its kind is not known yet.

    Raises Refused when the figures in force on the day of filing give none at all.
    """
    number = limit.value(context)
    if number is not None:
        return number
    parameters = context.get("parameters")
    return span(limit, kinds, parameters if isinstance(parameters, dict) else {}).most


def _no_number(formula: Formula) -> Finding:
    return Finding(
        "work.E003",
        "error",
        Text(
            "时限公式“{source}”算不出整数。",
            "The time limit “{source}” comes to no whole number.",
            source=formula.expression.source,
        ),
        formula.place,
        Text(
            "请在 parameters.yaml 里补上当时有效的数字。",
            "Add the figures in force on that day to parameters.yaml.",
        ),
    )
