"""What stands on a guide, part by part, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the three figures on top: working days, fee, trips."""

    label: Text
    value: Text
    unit: Text


@dataclass(frozen=True, slots=True)
class GuideStep:
    """What happens in a stage, and when."""

    text: Text
    when: Text | None


@dataclass(frozen=True, slots=True)
class ByLaw:
    """A sentence with the law that it rests on; not `verified`: to be checked before real use."""

    text: Text
    basis: Text
    verified: bool


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material: where it comes from, in which form, whether it is needed; what else does."""

    name: Text
    note: Text | None
    source: Text
    form: Text
    need: Text
    ways: tuple[Text, ...] = ()
    sample: str = ""
    """Where it is shown filled in; empty for nowhere."""
    blank: str = ""
    """Where its blank form is."""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A service that a theme applies for along with others; `sometimes`: not everybody needs it."""

    name: Text
    url: str
    sometimes: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A row of a table of rules in words, by its number, with its law."""

    number: int
    text: Text
    basis: Text


@dataclass(frozen=True, slots=True)
class RuleTable:
    """A table of rules that speaks to people."""

    name: Text
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class FigureInForce:
    """A figure in force today, with its law."""

    name: Text
    value: object
    basis: Text
    verified: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that people ask, and its answer."""

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class LawLine:
    """A law on which the service rests, and the article."""

    law: Text
    verified: bool


@dataclass(frozen=True, slots=True)
class AsidePart:
    """A part beside the guide: where to go, whom to ask."""

    title: Text
    lines: Sequence[Text]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One of the codes of a service item."""

    name: Text
    value: str
