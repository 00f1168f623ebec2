"""A list as a file: what a page lists, by its own query under the reader's row-level security.

A list declares what stands in its columns once, as a `Table`. Its view asks `wanted` first and
answers with `answer`; its page says `{% downloads %}`, which leads to the same address, with the
same filters, and `as=csv` or `as=xlsx`. Days and numbers keep their types, and no text becomes a
formula in a spreadsheet program (OWASP, CSV injection). A list of personal details that leaves as a
file is written into the journal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Final, Generic, TypeVar

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone

from xiangyun.adapters.bookwriting import write
from xiangyun.domain.journal import actions as journal
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.cells import harmless
from xiangyun.kernel.findings import Text

Row = TypeVar("Row")
Cell = str | Text | int | Decimal | date | datetime | None
Fetch = Callable[[str], tuple[Sequence[Row], str]]
"""A piece of the rows behind a key, `""` at first, and the key of those behind it, `""` at last."""
MOST: Final = 10_000
"""Rows of a file: said beside the link, in the workbook, and in the name of a file cut short."""
PIECE: Final = 500
"""Rows to ask for at once."""
FORMS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TURNING: Final = ("as", "after", "before", "skip")
"""What an address says of the page that is shown, and a whole list does without."""
_ASKED: Final = 100
"""Pieces: a search that finds little ends somewhere, and says that it did."""


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A list as a table: `name` for its file and in the journal, and its columns with their values.

    `personal`: whether it tells of people, as nearly every list does; then it is journalled.
    """

    name: str
    title: Text
    columns: Sequence[tuple[Text, Callable[[Row], Cell]]]
    personal: bool = True


def wanted(request: ActorRequest) -> str:
    """The form in which the list is asked for; empty where its page is. Http404 for another."""
    form = request.GET.get("as", "")
    if form and form not in FORMS:
        raise Http404
    return form


def whole(rows: Iterable[Row]) -> Fetch[Row]:
    """Rows that are asked for at once; give at most one more than `MOST`."""
    return lambda _: (list(rows), "")


def answer(request: ActorRequest, table: Table[Row], fetch: Fetch[Row]) -> HttpResponse:
    """The list as the file that is `wanted`, whatever page of it was looked at.

    Raises ValueError as `fetch` does.
    """
    rows, cut = _rows(fetch)
    now = timezone.localtime()
    if table.personal:
        _note(request, table.name, len(rows), now)
    head = [words(name) for name, _ in table.columns]
    lines = ([_plain(value(row)) for _, value in table.columns] for row in rows)
    form, out = wanted(request), io.BytesIO()
    if form == "csv":
        text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
        csv.writer(text).writerows(chain([head], ([_harmless(c) for c in line] for line in lines)))
        text.detach()
    else:
        write(out, chain([head], lines), _about(request, table.title, len(rows), cut, now))
    name = f"{table.name}-first-{MOST}" if cut else table.name
    sent = HttpResponse(out.getvalue(), content_type=FORMS[form])
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


def _rows(fetch: Fetch[Row]) -> tuple[list[Row], bool]:
    """At most `MOST` rows, and whether there are more."""
    rows: list[Row] = []
    after = ""
    for _ in range(_ASKED):
        some, after = fetch(after)
        rows += some
        if len(rows) > MOST or not after:
            break
    return rows[:MOST], len(rows) > MOST or bool(after)


def _plain(value: Cell) -> Any:
    """A value as a sheet holds it: words in the reader's language, moments in the office's time."""
    if isinstance(value, Text):
        return words(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _harmless(value: Any) -> Any:
    """A value as CSV holds it; no text becomes a formula."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value


def _about(
    request: ActorRequest, title: Text, rows: int, cut: bool, now: datetime
) -> Mapping[str, str]:
    asked = {k: v for k, v in request.GET.items() if k not in TURNING and v}
    more = Text("只有前 {n} 行，后面还有。", "The first {n} rows; there are more.", n=rows)
    return {
        words(Text("列表", "List")): words(title),
        words(Text("筛选", "Filter")): "; ".join(f"{k} = {v}" for k, v in asked.items()) or "—",
        words(Text("行数", "Rows")): words(more) if cut else str(rows),
        words(Text("导出时间", "Made at")): now.strftime("%Y-%m-%d %H:%M"),
        words(Text("导出人", "By")): request.actor.name,
    }


def _note(request: ActorRequest, name: str, rows: int, at: datetime) -> None:
    """The journal keeps who took which list away, how many rows, and what was asked for."""
    actor = request.actor
    widest = max(actor.mandates, key=lambda held: held.high - held.low, default=None)
    asked = {k: v[:200] for k, v in request.GET.items() if k not in TURNING and v}
    with transaction.atomic():
        journal.record(
            journal.entry_of(
                verb="list.exported",
                subject=f"list:{name}",
                division=widest.division if widest else 0,
                owner=None,
                actor=actor.account,
                actor_name=actor.name,
                desk=widest.desk if widest else "",
                at=at,
                data={"list": name, "rows": rows, "form": wanted(request)},
                private={"asked": asked} if asked else None,
            )
        )
