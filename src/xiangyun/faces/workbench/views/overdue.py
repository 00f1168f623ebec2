"""Overdue work, as whoever oversees it sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import CASE, NUMBER, SERVICE, STEP, Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.templatetags.look import until, words
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import count_words


@require_safe
@officials_only
def overdue(request: ActorRequest) -> HttpResponse:
    """The longest overdue first; for officials who oversee nothing the page does not exist."""
    if not cases.oversees(request.actor):
        raise Http404
    if downloads.wanted(request):
        return downloads.answer(request, _TABLE, partial(_piece, request.actor))
    after = request.GET.get("after", "")
    try:
        found = cases.overdue_work(request.actor, today=timezone.localdate(), after=after)
    except ValueError:  # a key that no page has given out
        raise Http404 from None
    here = reverse("workbench:overdue")
    context = {
        "listing": Listing(CASE, _COLUMNS, [_line(row) for row in found.rows]),
        "next_url": f"{here}?after={found.next}" if found.next else None,
        "first_url": here if after else None,
    }
    return office_page(request, "workbench/overdue.html", context)


_COLUMNS = (
    Column(NUMBER, "wide soft small"),
    Column(SERVICE),
    Column(STEP),
    Column(Text("由谁办理", "Who has it"), "step office"),
    Column(Text("期限", "Due"), "wide num soft"),
    Column(Text("超期", "Over"), "num", "red"),
)

_TABLE: downloads.Table[cases.OverdueRow] = downloads.Table(
    "overdue",
    Text("超期未办", "Overdue work"),
    (
        (CASE, lambda row: row.subject),
        (NUMBER, lambda row: row.number),
        (SERVICE, lambda row: row.service),
        (STEP, lambda row: row.step),
        (Text("单位", "Office"), lambda row: row.office),
        (Text("岗位", "Role"), lambda row: row.role),
        (Text("由谁办理", "Who has it"), lambda row: row.holder),
        (Text("期限", "Due"), lambda row: row.hours.at if row.hours else row.due_on),
        (Text("超期工作日", "Working days over"), lambda row: row.days_over),
    ),
)


def _piece(actor: Actor, after: str) -> tuple[Sequence[cases.OverdueRow], str]:
    found = cases.overdue_work(
        actor, today=timezone.localdate(), after=after, limit=downloads.PIECE
    )
    return found.rows, found.next


def _line(row: cases.OverdueRow) -> Line:
    held = (row.office, words(row.role), row.holder)
    cells = (
        row.number,
        words(row.service),
        words(row.step),
        " · ".join(filter(None, held)),
        until(row.hours.at if row.hours else row.due_on),
        words(_over(row)),
    )
    return Line(reverse("workbench:case", args=[row.case_id]), row.subject, cells, "red")


def in_words(rows: Iterable[cases.OverdueRow]) -> list[tuple[cases.OverdueRow, Text]]:
    """Overdue work, each with the words for how late it is."""
    return [(row, _over(row)) for row in rows]


def _over(row: cases.OverdueRow) -> Text:
    """By how much something is late; over a weekend no working day has passed yet."""
    if row.hours is not None and row.hours.left < 0:
        hours = count_words(-row.hours.left, row.hours.unit)
        return Text("超期 {hours}", "{hours} over", hours=hours)
    days = row.days_over
    if days <= 0:
        return Text("已过期限", "past its day")
    return Text("超期 {days} 个工作日", "{days} working {days|day|days} over", days=days)
