"""Spans of months as people write them: 2021.09–2025.06, Sep 2021 to present, 2019–2021."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_POINT = (
    rf"(?:(?P<y{{0}}>{_YEAR})\s*(?:年|[./\-](?=\s*\d))\s*(?P<m{{0}}>1[0-2]|0?[1-9])(?!\d)\s*月?"
    rf"(?:\s*[./\-]?\s*(?:[0-2]\d|3[01])\s*日?(?!\d))?"
    rf"|(?P<n{{0}}>{_MONTH_NAME}),?\s*(?P<ny{{0}}>{_YEAR}|['’‘]\d\d(?!\d))"
    rf"|(?P<sm{{0}}>0?[1-9]|1[0-2])\s*[/.\-]\s*(?P<sy{{0}}>{_YEAR})"
    rf"|(?P<cy{{0}}>{_YEAR})(?P<cm{{0}}>0[1-9]|1[0-2])(?!\d)"
    rf"|(?P<yo{{0}}>{_YEAR})(?!\d)\s*年?)"
)
_NOW = r"(?P<now>至今|目前|现在|今(?![年天日])|present|current|now|today|ongoing|date)"
_DASH = (
    r"\s*(?:-{1,2}|[\u2010-\u2015]{1,2}|−|－|~|～|至|到|to\b|until\b|till\b|through\b|thru\b)\s*"
)
_SPAN = re.compile(
    rf"(?<!\d){_POINT.format('a')}(?:{_DASH}(?:{_POINT.format('b')}|{_NOW})|(?P<bare>至今|起至今|起(?=[\s，,。；;）)|｜]|$)))",
    re.I,
)
_LONE = re.compile(rf"(?<!\d){_POINT.format('a')}", re.I)


@dataclass(frozen=True, slots=True)
class Span:
    """From a month to a month, counted since year 0, each as early and as late as it may be meant.

    A year alone may mean any of its months. `until_now`: it has not ended.
    """

    text: str
    offset: int
    first: tuple[int, int]
    last: tuple[int, int]
    until_now: bool = False

    @property
    def reversed(self) -> bool:
        """Whether it ends before it begins, however it is read."""
        return self.last[1] < self.first[0]

    @property
    def turned(self) -> Span:
        """The same from its end to its beginning, as one that runs backwards is meant."""
        return replace(self, first=self.last, last=self.first)


def spans(text: str, now: int) -> list[Span]:
    """Every span in a text; `now` is the month of today."""
    found = []
    for match in _SPAN.finditer(text):
        groups = match.groupdict()
        until_now = bool(groups["now"] or groups["bare"])
        last = (now, now) if until_now else _point(groups, "b")
        found.append(Span(match[0], match.start(), _point(groups, "a"), last, until_now))
    return found


def month(text: str) -> tuple[int, int] | None:
    """The single month that a text names first, as early and late as it may be meant."""
    match = _LONE.search(text)
    return _point(match.groupdict(), "a") if match else None


def spelled(number: int) -> str:
    """A month as 2021-09."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def numbered(year: int, of_year: int) -> int:
    """The number of a month, counted since year 0."""
    return year * 12 + of_year - 1


def _point(groups: dict[str, str | None], which: str) -> tuple[int, int]:
    year = next((y for k in ("y", "ny", "sy", "cy") if (y := groups[k + which])), None)
    if year is None:
        whole = int(groups["yo" + which] or 0)
        return numbered(whole, 1), numbered(whole, 12)
    if name := groups["n" + which]:
        exact = numbered(_in_full(year), _NAMES.index(name.casefold()[:3]) + 1)
    else:
        said = groups["m" + which] or groups["sm" + which] or groups["cm" + which]
        exact = numbered(int(year), int(said or 1))
    return exact, exact


def _in_full(year: str) -> int:
    """The year of ’18 or ’97: nobody tells of work before 1950 or after 2049."""
    if year.isdigit():
        return int(year)
    short = int(year[1:])
    return short + (1900 if short >= 50 else 2000)
