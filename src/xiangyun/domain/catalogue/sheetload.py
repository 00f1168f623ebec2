"""Sheets that places had in force before, put into force many at a time.

Each is proved like any other, against its item and the sheets above it, among them those that are
loaded with it. Only the platform does it, once for a place and an item: where a sheet was ever
kept, its keepers go on by four eyes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.domain.collector import without_collector
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text
from xiangyun.kernel.pack.reader import read_held
from xiangyun.kernel.sheet import Base, Sheet, parse_sheet, prove

from . import bulk, sheets
from .models import ServiceVersion, SheetVersion

AT_A_TIME = 500


def load(
    texts: Mapping[str, str], *, from_on: date, actor: Actor, at: datetime
) -> tuple[int, dict[str, Refused]]:
    """Put sheets into force from a day on; `texts` by any name, such as that of their file.

    Answers with how many there are now, and why by its name for each that was refused; those are
    not kept, and those below them are proved without them. Raises Forbidden for anybody but the
    platform.
    """
    if actor.kind != "system":
        raise Forbidden([without_role("publisher")])
    refused: dict[str, Refused] = {}
    named = {name: _named(text) for name, text in texts.items()}
    done = 0
    with acting_as(SYSTEM), without_collector():
        known = divisions.known(place for _, place in named.values())
        waiting: list[SheetVersion] = []
        for some in _by_items(sorted(texts, key=lambda name: _order(*named[name])), named):
            items = _held({named[name][0] for name in some})
            for name, sheet in _read(some, texts, refused):
                item = items.get(sheet.item)
                if why := _wrong(sheet, item, known):
                    refused[name] = Refused(why)
                elif item is not None:
                    item.add(sheet)
                    waiting.append(_row(sheet, texts[name], item, actor, from_on, at))
            done += _keep(waiting, at)
            waiting.clear()
    return done, refused


class _Item:
    """An item in force, and the sheets that stand for it by now."""

    def __init__(self, version: ServiceVersion) -> None:
        self.number = version.number
        self.held = Base(*read_held(version.files))
        self.places: set[int] = set()
        self._sheets: dict[int, Sheet] = {}

    def add(self, sheet: Sheet, *, in_force: bool = True) -> None:
        """A sheet that a place has; the wider places first."""
        self.places.add(int(sheet.division))
        if in_force:
            self._sheets[int(sheet.division)] = sheet

    def held_to(self, place: int) -> Base:
        """What a place is held to: the item with the sheets above it."""
        line = (each for each in sheets.line(place) if each != place)
        above = [self._sheets[each] for each in line if each in self._sheets]
        return sheets.with_sheets(self.held, above) if above else self.held


def _held(codes: Collection[str]) -> dict[str, _Item]:
    found = ServiceVersion.objects.filter(code__in=codes, current=True).defer("found_by")
    items = {row.code: _Item(row) for row in found}
    for row in SheetVersion.objects.filter(item__in=codes).order_by("division", "number"):
        if row.item in items:
            items[row.item].add(parse_sheet(row.text), in_force=row.state == sheets.APPROVED)
    return items


_ITEM = re.compile(r"^item: *[\"']?([^\s\"'#]+)", re.MULTILINE)
_PLACE = re.compile(r"^division: *[\"']?([0-9]+)", re.MULTILINE)


def _named(text: str) -> tuple[str, int]:
    """The item and the place of a sheet, without reading it: only few are held at a time.

    A sheet that says it in another spelling is read; one that cannot be read is of nothing.
    """
    item, place = _ITEM.search(text), _PLACE.search(text)
    if item and place:
        return item[1], int(place[1])
    try:
        found = parse_sheet(text)
    except Refused:
        return "", 0
    return found.item, int(found.division)


def _read(
    names: Iterable[str], texts: Mapping[str, str], refused: dict[str, Refused]
) -> Iterator[tuple[str, Sheet]]:
    for name in names:
        try:
            yield name, parse_sheet(texts[name], name)
        except Refused as why:
            refused[name] = why


def _order(item: str, place: int) -> tuple[str, int, int]:
    """Those of one item together, the widest place first."""
    return item, len(str(place).rstrip("0")), place


def _by_items(names: Iterable[str], named: Mapping[str, tuple[str, int]]) -> Iterator[list[str]]:
    """Names, some hundreds at a time, those of one item always together."""
    some: list[str] = []
    for _, of_item in groupby(names, key=lambda name: named[name][0]):
        some += of_item
        if len(some) >= AT_A_TIME:
            yield some
            some = []
    if some:
        yield some


def _wrong(sheet: Sheet, item: _Item | None, known: Collection[int]) -> list[Finding]:
    """Why a sheet is refused: it is worse, of nothing, or of a place that keeps one already."""
    place = int(sheet.division)
    if item is None:
        return [sheets.no_item(sheet)]
    if place not in known:
        return [sheets.no_place(sheet)]
    if place in item.places:
        return [_kept_already(sheet)]
    return prove(sheet, item.held_to(place))


def _row(
    sheet: Sheet, text: str, item: _Item, actor: Actor, from_on: date, at: datetime
) -> SheetVersion:
    return SheetVersion(
        item=sheet.item,
        division=int(sheet.division),
        number=1,
        text=text,
        state=sheets.APPROVED,
        against=item.number,
        author_name=actor.name,
        approver_name=actor.name,
        from_on=from_on,
        changed_at=at,
    )


def _keep(rows: Sequence[SheetVersion], at: datetime) -> int:
    with transaction.atomic():
        bulk.insert(rows)
        journal.record_all(
            journal.entry_of(
                verb="sheet.loaded",
                subject=f"sheet/{row.item}@{row.division:012}",
                division=row.division,
                owner=None,
                actor=None,
                actor_name=row.author_name,
                desk="",
                at=at,
                data={
                    "version": row.number,
                    "item": row.item,
                    "from_on": row.from_on.isoformat() if row.from_on else "",
                },
            )
            for row in rows
        )
    return len(rows)


def _kept_already(sheet: Sheet) -> Finding:
    return Finding(
        "sheet.E027",
        "error",
        Text(
            "{place} 已有 {item} 的实施清单。",
            "{place} keeps a sheet of {item} already.",
            place=sheet.division,
            item=sheet.item,
        ),
        sheet.at("division"),
        Text(
            "请由当地起草新版（xiangyun sheet save）。",
            "Let the place draft a new version (xiangyun sheet save).",
        ),
    )
