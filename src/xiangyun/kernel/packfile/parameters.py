"""Figures of a service (parameters.yaml): every value with its first day in force and its law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.laws import no_basis
from xiangyun.kernel.packfile.yamltext import Node, Report

FILE = "parameters.yaml"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a parameter, in force from a day until the next one."""

    value: Decimal | str | bool | date
    in_force_from: date
    basis: str
    verified: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law through time, oldest first."""

    key: str
    name: Text
    figures: tuple[Figure, ...]

    def on(self, day: date) -> Figure | None:
        """The figure in force on a day; None before the first."""
        return next((f for f in reversed(self.figures) if f.in_force_from <= day), None)


@dataclass(frozen=True, slots=True)
class Parameters:
    """All figures of a service, by key."""

    all: tuple[Parameter, ...]

    def on(self, day: date) -> dict[str, Value]:
        """The values in force on a day, null where there is none yet: the variable `parameters`."""
        found: dict[str, Value] = {}
        for parameter in self.all:
            figure = parameter.on(day)
            found[parameter.key] = figure.value if figure else None
        return found

    def with_others(self, others: Parameters | None) -> Parameters:
        """Together with others; of one key the other's figure stands."""
        if others is None:
            return self
        known = others.keys()
        return Parameters((*(p for p in self.all if p.key not in known), *others.all))

    def keys(self) -> frozenset[str]:
        return frozenset(parameter.key for parameter in self.all)


def read_parameters(root: Node, report: Report) -> Parameters:
    """The figures; a figure without a basis or a day is reported."""
    found = []
    for key, node in root.items():
        p = Fields(node, report, key)
        name = p.words("name")
        figures = tuple(_figure(key, item, report) for item in p.each("values"))
        p.done()
        days = [figure.in_force_from for figure in figures]
        if days != sorted(set(days)):
            message = Text(
                "“{key}”的生效日期要从早到晚，不能重复。",
                "The days of “{key}” run from early to late, each once.",
                key=key,
            )
            report(fault("pack.E006", message, node.place))
        found.append(Parameter(key, name, figures))
    return Parameters(tuple(found))


def _figure(key: str, node: Node, report: Report) -> Figure:
    f = Fields(node, report, key)
    value = f.take("value")
    since = f.day("in_force_from") or date.min
    f.taken.add("basis")
    basis = node.get("basis")
    written = basis.value.strip() if basis and isinstance(basis.value, str) else ""
    if not written:
        report(no_basis(key, basis.place if basis else node.place))
    verified = f.boolean("verified")
    f.done()
    amount = value.value if value else Decimal(0)
    if amount is None or isinstance(amount, dict | list):
        report(
            fault(
                "pack.E006",
                Text("数字只能是一个值。", "A figure is a single value."),
                node.place,
            )
        )
        amount = Decimal(0)
    return Figure(amount, since, written, verified, node.place)
