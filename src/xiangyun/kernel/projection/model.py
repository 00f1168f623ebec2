"""Indicators and data sets as values: what is computed of what is kept, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.laws import Basis
from xiangyun.kernel.projection.periods import Length
from xiangyun.kernel.projection.population import LEVELS

INDICATORS: Final = "indicators.yaml"
DATASETS: Final = "datasets/*.yaml"
ON: Final = "on"
"""In every formula over rows without a field of that name: the last day of the period."""
PERIOD: Final = "period"
"""In every formula over rows that have one: the first day of the period."""
DIVISION: Final = "division"
ALL_CASES: Final = "all"
BEFORE: Final = "_before"
YEAR_BEFORE: Final = "_year_before"

CASE_FIELDS: Final[Mapping[str, str]] = {
    "number": "text",
    "service": "text",
    "department": "text",
    "desk": "text",
    "submitted": "date",
    "ended": "date",
    "due": "date",
    "statutory": "date",
    "outcome": "text",
    "on_time": "boolean",
    "days": "integer",
    "pauses": "integer",
    "stars": "integer",
}
"""What is known of a case: nothing of whom it is about. `days` are calendar days from sending to
the end, `pauses` how often its clock stood still, `stars` what the applicant gave."""
CASE_DATES: Final = ("submitted", "ended", "due")
BOOKING_FIELDS: Final[Mapping[str, str]] = {
    "resource": "text",
    "lane": "text",
    "state": "text",
    "units": "integer",
    "day": "date",
    "made": "date",
    "ahead": "integer",
}
"""What is known of a booking: the `day` it is for, when it was `made`, the days between."""
BOOKING_DATES: Final = ("day", "made")
FIGURE_FIELDS: Final[Mapping[str, str]] = {"level": "text", "part": "text"}
"""What a row of figures has besides a period, a division and the figures."""

Measured = Literal["count", "sum", "average", "median", "share", "most", "least", "distinct"]
MEASURES: Final[tuple[Measured, ...]] = (
    *("count", "sum", "average", "median"),
    *("share", "most", "least", "distinct"),
)
Better = Literal["more", "less", ""]
OverKind = Literal["register", "cases", "bookings", "indicators", "file"]
ColumnType = Literal["text", "integer", "number", "boolean", "date", "division"]
COLUMN_TYPES: Final[tuple[ColumnType, ...]] = (
    *("text", "integer", "number"),
    *("boolean", "date", "division"),
)
Sharing = Literal["unconditional", "conditional", "none"]
SHARING: Final[tuple[Sharing, ...]] = ("unconditional", "conditional", "none")
CLASSES: Final = ("basic", "thematic", "departmental")
"""基础、主题、部门: the three catalogues of GB/T 21063."""
UPDATES: Final[Mapping[str, Length | None]] = {
    "daily": "day",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "irregular": None,
}


@dataclass(frozen=True, slots=True)
class Over:
    """The rows that something is computed over.

    `code`: of the register, of the service or the resource (or `ALL_CASES`), of the file. `at`: the
    date of a row that decides its period; without one the rows count that are there on its last
    day: records in force, cases that are open. `answers`: questions of the service whose answers
    are fields, too; `findings`: fields that say how many decisions of a case told one of these
    findings, by their ids; `secret`: cases above ordinary need count, too.
    """

    kind: OverKind
    code: str
    at: str = ""
    place: Place = Place()  # noqa: RUF009  a frozen value, the same for all
    answers: tuple[str, ...] = ()
    secret: bool = False
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed of the rows of a group; a count needs no formula.

    `share` is the percentage of the rows for which the formula is true.
    """

    kind: Measured
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a scheme of points: made of parts, of a share of 0 to 1, or without a source.

    - `id`: of the indicator that holds its points;
    - `share`: the formula of a leaf; None where there is no source, which `missing` then names.
    """

    id: str
    name: Text
    points: Decimal
    share: Formula | None
    missing: Text | None
    parts: tuple[Part, ...]
    place: Place

    @property
    def leaves(self) -> tuple[Part, ...]:
        """The parts below that are made of no parts."""
        return tuple(leaf for part in self.parts for leaf in part.leaves) if self.parts else (self,)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure by period and division: measured over rows, or made of other figures (`of`).

    - `level`: the finest division that it is computed for; all above it come along;
    - `part`: a field by whose values it is split besides;
    - `better`: which direction is the good one, where there is one;
    - `few`: cases above ordinary need count, as multiples of it, and none where there are fewer;
    - `open`: everybody sees it, on the page of public figures;
    - `scheme`: the parts of a scheme of points, of which this is the sum; `edition` says which;
    - `under`: the id of the scheme that this is a part of.
    """

    id: str
    name: Text
    summary: Text
    unit: Text
    department: str
    over: Over | None
    when: Formula | None
    measure: Measure | None
    of: Formula | None
    period: Length
    level: str
    part: str
    decimals: int
    better: Better
    place: Place
    few: int = 0
    open: bool = False
    scheme: tuple[Part, ...] = ()
    edition: str = ""
    under: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of divisions that it is computed for, the widest first."""
        return tuple(level for level, digits in LEVELS.items() if digits <= LEVELS[self.level])


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data set: a value of each row (`of`), or measured over those of a group.

    `total`: besides each value there is a row for all of them together, as `TOTAL`.
    """

    name: str
    type: ColumnType
    words: Text
    describe: Text | None
    unit: Text | None
    of: Formula | None
    measure: Measure | None
    decimals: int
    total: bool
    place: Place


TOTAL: Final = "*"
"""In a column of codes: all values together."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a table must not let anybody work out of a single one.

    - `threshold`: a cell of fewer contributors is not shown (0: any may be shown);
    - `largest`, `share`: nor one to which so many of the largest give more than so many percent;
    - `protect`: of a hidden value nobody may find an interval narrower than this percentage of it;
    - `round`: what is shown is rounded to a multiple of this, 0 for not at all;
    - `group`: tables of one group are looked at together, since one may give another away.
    """

    threshold: int = 0
    largest: int = 0
    share: int = 0
    protect: int = 20
    round: int = 0
    group: str = ""


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set as it is declared: what it holds, who owns it, how open it is, by GB/T 21063.

    A table whose columns have measures is grouped by its other columns; one without shows rows.
    `forgets`: what has ended in its register is given out no more, by no earlier release either.
    """

    code: str
    name: Text
    summary: Text
    department: str
    group: str
    group_name: Text
    keywords: tuple[str, ...]
    licence: str
    catalogue: str
    catalogue_code: str
    sharing: Sharing
    opening: Sharing
    condition: Text | None
    laws: tuple[Basis, ...]
    update: str
    within: int
    series: str
    over: Over
    indicators: tuple[str, ...]
    levels: tuple[str, ...]
    period: Length
    when: Formula | None
    columns: tuple[Column, ...]
    disclosure: Disclosure | None
    place: Place
    forgets: bool = False

    @cached_property
    def measured(self) -> tuple[Column, ...]:
        """The columns that are computed over groups."""
        return tuple(column for column in self.columns if column.measure is not None)

    @cached_property
    def is_over_time(self) -> bool:
        """Whether its rows are figures of periods, and no things with a date of their own."""
        return bool(self.indicators) or bool(self.measured)

    @cached_property
    def population(self) -> tuple[object, ...]:
        """Which rows it is of: tables of other rows give nothing away about these."""
        over = self.over
        when = self.when.expression.source.strip() if self.when is not None else ""
        return (over.kind, over.code, over.at, over.secret, when, self.indicators)

    @cached_property
    def dimensions(self) -> tuple[Column, ...]:
        """The columns that a table with measures is grouped by."""
        return tuple(column for column in self.columns if column.measure is None)
