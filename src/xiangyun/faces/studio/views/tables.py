"""The decision tables of a draft as grids to be typed into, with gaps and overlaps as one edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.studio import actions
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.studio import said
from xiangyun.faces.studio.frame import draft_for, draft_page, number_in
from xiangyun.kernel.dmn.grid import Grid, Row, grids, with_rows
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack.reader import RULES

_MOST_ROWS = 500


@require_safe
@officials_only
def tables(request: ActorRequest, id: UUID) -> HttpResponse:
    """The tables there are."""
    found = draft_for(request, id)
    text = studio.files(found, request.actor).get(RULES, "")
    refused = None
    listed: tuple[Grid, ...] = ()
    try:
        listed = grids(text) if text else ()
    except Refused as why:
        refused = why
    return draft_page(request, "studio/tables.html", found,
                      {"name": RULES, "tables": listed}, refused)  # fmt: skip


@require_safe
@officials_only
def table(request: ActorRequest, id: UUID, decision: str) -> HttpResponse:
    """One table as a grid."""
    found = draft_for(request, id)
    return _page(request, found, _grid(found, decision, request))


@officials_only
@action("studio:table", "id", "decision")
def check(request: ActorRequest, id: UUID, decision: str) -> HttpResponse:
    """What is said of the table as it is typed, gaps and overlaps among it; nothing is saved."""
    found = draft_for(request, id)
    grid = _grid(found, decision, request)
    rows = _typed(request, grid)
    files = studio.files(found, request.actor)
    try:
        files[RULES] = with_rows(files[RULES], decision, rows)
    except Refused as refused:
        above = said.of(refused.findings)
        context = {"rows": [], "above": above, "count": said.count(above), "wrong": True}
        return render(request, "studio/tablesaid.html", {"id": id, **context})
    return render(request, "studio/tablesaid.html", {"id": id, **_said(found, files, decision)})


@officials_only
@action("studio:table", "id", "decision")
def save(request: ActorRequest, id: UUID, decision: str) -> HttpResponse:
    """Save the grid as it was typed; a row is added, moved or taken out by its button."""
    found = draft_for(request, id)
    grid = _grid(found, decision, request)
    rows = _typed(request, grid)
    pressed = request.POST.get("do", "")
    if pressed:  # the grid grows on the page; it is saved by its own button
        return _page(request, found, replace(grid, rows=tuple(_rearranged(rows, grid, pressed))))
    try:
        text = studio.revision(found, RULES, number_in(request, "seen"), request.actor).text
        new = with_rows(text, decision, rows)
        actions.save(id, RULES, new, seen=number_in(request, "seen"), actor=request.actor,
                     at=timezone.now())  # fmt: skip
    except Refused as refused:
        return _page(request, found, replace(grid, rows=tuple(rows)), refused)
    return HttpResponseRedirect(reverse("studio:table", args=[id, decision]))


def _grid(found: Draft, decision: str, request: ActorRequest) -> Grid:
    text = studio.files(found, request.actor).get(RULES, "")
    try:
        return next(each for each in grids(text or "<a/>") if each.decision == decision)
    except (Refused, StopIteration):
        raise Http404 from None


def _typed(request: ActorRequest, grid: Grid) -> list[Row]:
    """The rows as they were typed; a row without a name is none."""
    ids = request.POST.getlist("row")[:_MOST_ROWS]
    cells = [request.POST.getlist(f"c{number}") for number in range(len(grid.columns))]
    return [
        Row(id.strip(), tuple(column[place] if place < len(column) else "" for column in cells))
        for place, id in enumerate(ids)
        if id.strip()
    ]


def _rearranged(rows: Sequence[Row], grid: Grid, pressed: str) -> list[Row]:
    """The rows after a button: `add`, `out-2`, `up-2`, `down-2`."""
    verb, _, place = pressed.partition("-")
    at, new = int(place) if place.isascii() and place.isdigit() else 0, list(rows)
    if verb == "add":
        taken, number = {row.id for row in rows}, len(rows) + 1
        while f"{grid.decision}.row{number}" in taken:
            number += 1
        empty = tuple("-" if column.kind == "input" else "" for column in grid.columns)
        new.append(Row(f"{grid.decision}.row{number}", empty))
    elif at < len(new) and verb == "out":
        del new[at]
    elif verb == "up" and 0 < at < len(new):
        new[at - 1], new[at] = new[at], new[at - 1]
    elif verb == "down" and at + 1 < len(new):
        new[at + 1], new[at] = new[at], new[at + 1]
    return new


def _page(
    request: ActorRequest, found: Draft, grid: Grid, refused: Refused | None = None
) -> HttpResponse:
    files = studio.files(found, request.actor)
    last = studio.newest(found, RULES, request.actor)
    try:
        files[RULES] = with_rows(files[RULES], grid.decision, grid.rows)
        told = _said(found, files, grid.decision)
    except Refused as why:
        refused, told = refused or why, {"rows": [], "above": []}
    context = {
        "name": RULES,
        "grid": grid,
        "typed": [(row, list(zip(grid.columns, row.cells, strict=True))) for row in grid.rows],
        "seen": last.number if last else 0,
        "tight": len(grid.columns) > 8,
        **told,
    }
    return draft_page(request, "studio/table.html", found, context, refused)


def _said(found: Draft, files: dict[str, str], decision: str) -> dict[str, object]:
    """What the check says of a table: by row, and of the whole (gaps, overlaps)."""
    grid = next(each for each in grids(files[RULES]) if each.decision == decision)
    here = [
        each
        for each in said.in_file(
            studio.findings(found.code, files, rehearse=False)[1], RULES)
        if grid.line <= each.line <= grid.last_line or not each.line
    ]  # fmt: skip
    by_row = [
        (row, [each for each in here if row.line <= each.line <= row.last_line])
        for row in grid.rows
    ]
    of_rows = {id(each) for _, found_here in by_row for each in found_here}
    return {
        "rows": [(row, found_here) for row, found_here in by_row if found_here],
        "above": [each for each in here if id(each) not in of_rows],
        "count": said.count(here),
        "wrong": said.is_wrong(here),
    }
