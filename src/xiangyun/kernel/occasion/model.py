"""A duty as a value: for whom, how often, which service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.formulas import Formula

FILE: Final = "duties.yaml"
ON: Final = "on"
"""The day that is asked about, in every formula of a duty."""
MOST: Final = 5_000
"""So many cases a duty opens in one run where it does not say less."""


@dataclass(frozen=True, slots=True)
class Every:
    """How often: as it is written, by a formula over the row, or by a decision of rules.dmn."""

    written: str = ""
    formula: Formula | None = None
    decision: str = ""
    place: Place = Place()  # noqa: RUF009  a frozen value, the same for all


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: for each row of a register that a condition selects, a service opens.

    - `when`: the condition over the fields of the row and `on`; None selects every row;
    - `division`: the field with the place, empty for that of the register;
    - `role`: whose duty it is, at the row's place;
    - `answers`: of the new case, by the keys of its form;
    - `at_most`: so many cases in one run; what is left is opened by the next ones, oldest first;
    - `beside`: whether another case opens while the one before is still under way.
    """

    id: str
    name: Text
    register: str
    when: Formula | None
    division: str
    service: str
    role: str
    every: Every
    answers: Mapping[str, Formula]
    at_most: int
    beside: bool
    place: Place
