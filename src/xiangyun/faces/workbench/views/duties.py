"""Duties by place: what waits, what is under way, what is late."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties import queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.templatetags.look import few
from xiangyun.faces.look.within import asked_place
from xiangyun.kernel.findings import Text


@require_safe
@officials_only
def duties(request: ActorRequest) -> HttpResponse:
    """The duties of a place and those below it; the official's own unless another is chosen."""
    place, own = asked_place(request)
    boards = queries.board(request.actor, place, timezone.localdate())
    if downloads.wanted(request):
        rows = [(board, one) for board in boards for one in board.places]
        return downloads.answer(request, _TABLE, downloads.whole(rows))
    context = {
        "boards": boards,
        "place": divisions.division(f"{place:012}"),
        "up": own if place != own else None,
    }
    return office_page(request, "workbench/duties.html", context)


def _count(
    of: Callable[[queries.PlaceCount], int],
) -> Callable[[tuple[queries.DutyBoard, queries.PlaceCount]], downloads.Cell]:
    """A number as the board shows it; of coarse ones 0 says that there are few."""

    def value(row: tuple[queries.DutyBoard, queries.PlaceCount]) -> downloads.Cell:
        number = of(row[1])
        return few(number, row[0].coarse) if row[0].coarse and not number else number

    return value


_TABLE: downloads.Table[tuple[queries.DutyBoard, queries.PlaceCount]] = downloads.Table(
    "duties",
    Text("职责", "Duties"),
    (
        (Text("职责", "Duty"), lambda row: row[0].name),
        (Text("地方", "Place"), lambda row: row[1].name),
        (Text("超期", "Late"), _count(lambda one: one.late)),
        (Text("在办", "Open"), _count(lambda one: one.open)),
        (Text("待立", "Due"), _count(lambda one: one.due)),
        (Text("立不成", "Failed"), _count(lambda one: one.problems)),
        (Text("两周内", "Soon"), _count(lambda one: one.soon)),
        (Text("近 30 天办结", "Done in 30 days"), _count(lambda one: one.done)),
    ),
    personal=False,
)
