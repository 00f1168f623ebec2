"""People and mandates as CSV: each line is tried, and all of them are done or none.

    people.csv      login,name,division,department,office,mobile,password
    mandates.csv    login,role,department,division,office,from,to

A line is an account to open, or a mandate to give; a mandate that is there already has the days of
the line afterwards. Columns may stand in any order, and what may be empty may be absent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import department_of, general
from xiangyun.kernel.cells import as_typed, table
from xiangyun.kernel.findings import Finding, Place, Refused

from . import checks, mandates, people, queries
from .people import Opened

PEOPLE = ("login", "name", "division", "department", "office", "mobile", "password")
MANDATES = ("login", "role", "department", "division", "office", "from", "to")
_NEEDED: Mapping[tuple[str, ...], tuple[str, ...]] = {
    PEOPLE: ("login", "name", "division", "office"),
    MANDATES: ("login", "role", "division"),
}
MOST = 5_000
"""Lines of one file."""
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """How many lines were done, and the accounts that were opened with their passwords."""

    lines: int
    opened: tuple[Opened, ...] = ()


def open_accounts(by: Actor, text: str, *, at: datetime, name: str = "people.csv") -> Done:
    """Open an account for each line. Raises Refused with a finding for each line that is wrong."""
    opened: list[Opened] = []

    def one(line: Line) -> None:
        opened.append(
            people.open_account(
                by,
                login=line["login"],
                name=line["name"],
                division=line["division"],
                department=line.get("department", ""),
                office=line["office"],
                mobile=line.get("mobile", ""),
                password=line.get("password", ""),
                at=at,
            )
        )

    return Done(_each(text, PEOPLE, one, name), tuple(opened))


def give_mandates(by: Actor, text: str, *, at: datetime, name: str = "mandates.csv") -> Done:
    """Give a mandate for each line. Raises Refused with a finding for each line that is wrong."""

    def one(line: Line) -> None:
        mandates.give(
            by,
            queries.by_login(by, line["login"]).account,
            role=line["role"],
            department=line.get("department", ""),
            division=line["division"],
            office=line.get("office", ""),
            from_on=_day(line.get("from", "")),
            to_on=_day(line.get("to", "")),
            at=at,
        )

    return Done(_each(text, MANDATES, one, name))


def people_out(by: Actor) -> str:
    """The people within an actor's reach, as `open_accounts` reads them; without passwords."""
    return _written(
        PEOPLE[:5],
        (
            (one.staffer.login, one.staffer.name, one.division or "", one.department, one.office)
            for one in queries.people(by)
        ),
    )


def mandates_out(by: Actor) -> str:
    """Their mandates that have not ended, as `give_mandates` reads them."""
    return _written(
        MANDATES,
        (
            (
                one.staffer.login,
                general(each.role),
                department_of(each.role),
                each.division_id,
                each.desk,
                each.from_on or "",
                each.to_on or "",
            )
            for one in queries.people(by)
            for each in one.staffer.mandates
            if not each.has_ended(queries.today())
        ),
    )


def _each(text: str, columns: tuple[str, ...], one: Callable[[Line], None], name: str) -> int:
    """Do every line in one transaction; refused as a whole, with what is wrong in which line."""
    lines, wrong = _lines(text, columns, name), list[Finding]()
    with transaction.atomic():
        for number, line in lines:
            try:
                with transaction.atomic():  # what a line wrote before it was refused goes at once
                    one(line)
            except Refused as refused:
                wrong += [replace(each, place=Place(name, number)) for each in refused.findings]
        if wrong:
            raise Refused(wrong)
    return len(lines)


def _lines(text: str, columns: tuple[str, ...], name: str) -> list[tuple[int, Line]]:
    """The lines with their numbers; empty ones are left out. Raises Refused for no such table."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    head = [cell.strip().lower() for cell in next(reader, [])]
    needed = [column for column in _NEEDED[columns] if column not in head]
    unknown = [column for column in head if column not in columns]
    if needed or unknown or len(set(head)) < len(head):
        found = checks.unreadable(_NEEDED[columns], unknown)
        raise Refused([replace(found, place=Place(name, 1))])
    lines: list[tuple[int, Line]] = []
    for row in reader:
        cells = [as_typed(cell.strip()) for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(head):
            raise Refused([replace(checks.SHORT_LINE, place=Place(name, reader.line_num))])
        lines.append((reader.line_num, dict(zip(head, cells, strict=True))))
        if len(lines) > MOST:
            raise Refused([replace(checks.TOO_LONG, place=Place(name, reader.line_num))])
    return lines


def _day(typed: str) -> date | None:
    """A day as 2026-12-31; None for nothing. Raises Refused `staff.E005`."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused([checks.DAYS]) from None


def _written(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return table([columns, *rows])
