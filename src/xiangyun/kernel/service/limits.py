"""Limits of time (时限): a number of days, or a FEEL formula over what is known of the case.

A formula depends on the kind of case, so the service lists the kinds (`time_limit.kinds`) and what
the formula is given for each. From that one list the guide prints its table, the checker knows that
every kind has its days, and a case counts with the longest until its own kind is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, Place, Text
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.worktime import Unit

MOST_DAYS = 3660
"""Ten years: what is longer is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case with a time of its own: in words, and the variables that make it that kind."""

    name: Text
    given: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How many days, and the law that says so; `unit` is working_day or natural_day."""

    days: int | Formula
    unit: str
    basis: str
    verified: bool
    explained: Text | None = None

    def value(self, context: Mapping[str, Value]) -> int | None:
        """The days for a case of these variables; None while the formula has no whole number."""
        if isinstance(self.days, int):
            return self.days
        found = self.days.value(context)
        if not isinstance(found, Decimal) or found != int(found) or not 0 <= found <= MOST_DAYS:
            return None
        return int(found)

    @property
    def counts(self) -> Unit:
        """The unit as clocks have it."""
        return "natural" if self.unit == "natural_day" else "working"


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
    """By how many days a case may be extended once, and the role that approves it (延期审批)."""

    days: int
    unit: str
    role: str
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The fewest and the most days that a limit comes to, and those of each kind."""

    least: int
    most: int
    kinds: tuple[tuple[Text, int], ...] = ()


def span(limit: TimeLimit, kinds: tuple[Kind, ...], parameters: Mapping[str, Value]) -> Span:
    """What a limit comes to by the figures in force; kinds without a value are left out.

    Raises Refused where no kind has one.
    """
    if isinstance(limit.days, int):
        return Span(limit.days, limit.days)
    found = [
        (kind.name, days)
        for kind in kinds
        if (days := limit.value({"parameters": dict(parameters), **kind.given})) is not None
    ]
    if not found:
        raise Conflict([_no_days(limit.days)])
    numbers = [days for _, days in found]
    return Span(min(numbers), max(numbers), tuple(found))


def days_for(limit: TimeLimit, kinds: tuple[Kind, ...], context: Mapping[str, Value]) -> int:
    """The days for a case: those of its kind, or the longest while its kind is not known yet.

    Raises Refused when the figures in force on the day of filing give none at all.
    """
    days = limit.value(context)
    if days is not None:
        return days
    parameters = context.get("parameters")
    return span(limit, kinds, parameters if isinstance(parameters, dict) else {}).most


def _no_days(formula: Formula) -> Finding:
    return Finding(
        "work.E003",
        "error",
        Text(
            "时限公式“{source}”算不出天数。",
            "The time limit “{source}” comes to no number of days.",
            source=formula.expression.source,
        ),
        formula.place,
        Text(
            "请在 parameters.yaml 里补上当时有效的数字。",
            "Add the figures in force on that day to parameters.yaml.",
        ),
    )
