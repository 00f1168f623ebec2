"""The periods that figures are computed for: days, months, quarters, years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from xiangyun.kernel.findings import Text

Length = Literal["day", "month", "quarter", "year"]
LENGTHS: Final[tuple[Length, ...]] = ("day", "month", "quarter", "year")
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period by its first day; `last` is the last day that belongs to it."""

    first: date
    length: Length

    @property
    def last(self) -> date:
        return self.later(1).first - timedelta(days=1)

    def later(self, steps: int) -> Period:
        """The one that comes so many periods later; earlier for a negative number."""
        if self.length == "day":
            return Period(self.first + timedelta(days=steps), "day")
        months = self.first.year * 12 + self.first.month - 1 + steps * _MONTHS[self.length]
        return Period(date(months // 12, months % 12 + 1, 1), self.length)

    @property
    def year_before(self) -> Period:
        """The same period a year earlier; for 29 February, 28 February."""
        if self.length != "day":
            return self.later(-12 // _MONTHS[self.length])
        year = self.first.year - 1
        leap = (self.first.month, self.first.day) == (2, 29)
        return Period(date(year, 2, 28) if leap else self.first.replace(year=year), "day")

    @property
    def code(self) -> str:
        """`2026-03-31`, `2026-03`, `2026-Q1`, `2026`."""
        if self.length == "day":
            return self.first.isoformat()
        if self.length == "month":
            return f"{self.first:%Y-%m}"
        if self.length == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return str(self.first.year)

    @property
    def words(self) -> Text:
        """The period as people say it."""
        year, month, quarter = self.first.year, self.first.month, (self.first.month + 2) // 3
        if self.length == "day":
            return Text("{on}", "{on}", on=self.first)
        if self.length == "month":
            return Text("{year}年{month}月", "{code}", year=str(year), month=month, code=self.code)
        if self.length == "quarter":
            return Text("{year}年第{quarter}季度", "{code}", year=str(year), quarter=quarter,
                        code=self.code)  # fmt: skip
        return Text("{year}年", "{year}", year=str(year))


def period_of(day: date, length: Length) -> Period:
    """The period that a day belongs to."""
    if length == "day":
        return Period(day, "day")
    months = _MONTHS[length]
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), length)


def read_period(code: str, length: Length) -> Period | None:
    """The period with a code, as `Period.code` writes it; None for anything else."""
    try:
        if length == "day":
            found = Period(date.fromisoformat(code), "day")
        elif length == "month":
            found = Period(date.fromisoformat(f"{code}-01"), "month")
        elif length == "quarter":
            year, _, number = code.partition("-Q")
            found = Period(date(int(year), int(number) * 3 - 2, 1), "quarter")
        else:
            found = Period(date(int(code), 1, 1), "year")
    except ValueError:
        return None
    return found if found.code == code else None


def last_complete(day: date, length: Length) -> Period:
    """The last period that is over on a day: it ended the day before or earlier."""
    return period_of(day, length).later(-1)


def between(first: Period, last: Period) -> Iterator[Period]:
    """The periods from one to another, both with them."""
    while first <= last:
        yield first
        first = first.later(1)
