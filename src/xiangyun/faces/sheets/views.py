"""What a keeper of sheets sees: the items of the place, one sheet with its versions and states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue import sheets as kept
from xiangyun.domain.catalogue.sheets import SheetVersion
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.fields import Field
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text

_PAGE = 100
_MOST = 100_000


@require_safe
@officials_only
def sheets(request: ActorRequest) -> HttpResponse:
    """What is under way at the places that the official keeps, and the items to begin with."""
    places = kept.places_of(request.actor)
    if not places:
        raise Http404
    text = request.GET.get("text", "")[:100]
    found = (catalogue.search(text) if text else catalogue.current_services())[: _PAGE + 1]
    names = {each.code: each.name_zh for each in found}
    under_way = kept.open_sheets()
    lines = [
        Line(
            reverse("sheets:sheet", args=[row.division, row.item]),
            str(words(catalogue_name(row.item, names))),
            (
                str(words(divisions.path_words(row.division))),
                str(words(kept.state_words(row.state))),
                row.author_name,
            ),
        )
        for row in under_way
    ]
    columns = (
        Column(Text("地方", "Place")),
        Column(Text("状态", "State")),
        Column(Text("起草人", "Author")),
    )
    items = [
        Line(
            reverse("sheets:sheet", args=[places[0], each.code]),
            str(words(Text.given(each.name_zh, each.name_en))),
            (each.code,),
        )
        for each in found[:_PAGE]
    ]
    context = {
        "under_way": Listing(Text("事项", "Item"), columns, lines),
        "items": Listing(Text("事项", "Item"), (Column(Text("代码", "Code")),), items),
        "text": text,
        "more": len(found) > _PAGE,
        "place": divisions.path_words(places[0]),
    }
    return office_page(request, "sheets/sheets.html", context)


def catalogue_name(item: str, names: dict[str, str]) -> Text:
    """The name of an item, or its code where it is not among those that were read."""
    said = names.get(item, item)
    return Text.given(said, said)


@require_safe
@officials_only
def sheet(request: ActorRequest, division: int, item: str) -> HttpResponse:
    """The sheet of one place: its draft to write, its versions with what each changed."""
    return _page(request, division, item)


@officials_only
@action("sheets:sheet", "division", "item")
def save(request: ActorRequest, division: int, item: str) -> HttpResponse:
    """Keep the draft as it was typed."""
    typed = request.POST.get("text", "")[:_MOST].replace("\r\n", "\n")
    return _done(request, division, item, typed, lambda revision: kept.save(
        typed, revision=revision, actor=request.actor, at=timezone.now()))  # fmt: skip


@officials_only
@action("sheets:sheet", "division", "item")
def submit(request: ActorRequest, division: int, item: str) -> HttpResponse:
    """Hand the draft in."""
    return _done(request, division, item, None, lambda revision: kept.submit(
        kept.open_sheet(item, division).pk, revision=revision, actor=request.actor,
        at=timezone.now()))  # fmt: skip


@officials_only
@action("sheets:sheet", "division", "item")
def approve(request: ActorRequest, division: int, item: str) -> HttpResponse:
    """Put what was handed in into force from a day on."""
    try:
        day = date.fromisoformat(request.POST.get("from_on", ""))
    except ValueError:
        day = timezone.localdate()
    return _done(request, division, item, None, lambda revision: kept.approve(
        kept.open_sheet(item, division).pk, revision=revision, from_on=day, actor=request.actor,
        at=timezone.now()))  # fmt: skip


@officials_only
@action("sheets:sheet", "division", "item")
def return_to_author(request: ActorRequest, division: int, item: str) -> HttpResponse:
    """Give what was handed in back to its author, with a reason."""
    why = request.POST.get("why", "")[:500]
    return _done(request, division, item, None, lambda revision: kept.return_to_author(
        kept.open_sheet(item, division).pk, why, revision=revision, actor=request.actor,
        at=timezone.now()))  # fmt: skip


def _done(
    request: ActorRequest,
    division: int,
    item: str,
    typed: str | None,
    verb: Callable[[int], SheetVersion],
) -> HttpResponse:
    """Do it by the revision that was looked at; what was refused stands on the page again."""
    given = request.POST.get("revision", "")
    try:
        verb(int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0)
    except Refused as refused:
        return _page(request, division, item, refused, typed)
    return HttpResponseRedirect(reverse("sheets:sheet", args=[division, item]))


def _page(
    request: ActorRequest,
    division: int,
    item: str,
    refused: Refused | None = None,
    typed: str | None = None,
) -> HttpResponse:
    version = catalogue.offered(item)
    if version is None or not kept.may_keep(request.actor, division):
        raise Http404
    if not divisions.is_there(division):
        raise Http404
    versions = kept.sheets_of(item, division)
    draft = next((each for each in versions if each.state in kept.OPEN), None)
    newest = draft or next(iter(versions), None)
    text = typed if typed is not None else newest.text if newest else _begin(item, division)
    context = {
        "name": Text.given(version.name_zh, version.name_en),
        "place": divisions.path_words(division),
        "draft": draft,
        "writes": draft is None or draft.state == kept.DRAFT,
        "own": draft is not None and draft.author == request.actor.account,
        "revision": draft.revision if draft else 0,
        "field": Field(
            "text",
            "textarea",
            Text("实施清单", "Sheet"),
            hint=Text(
                "只写与事项不同的；只能比事项对群众更有利。",
                "Only what differs from the item, and only ever better for the citizen.",
            ),
            typed=text,
        ),
        "why": Field("why", "text", Text("退回理由", "Reason"), required=False),
        "today": timezone.localdate().isoformat(),
        "versions": [(each, kept.state_words(each.state)) for each in versions],
        "changes": _changes(versions),
        "errors": [("", each) for each in refused.findings] if refused else [],
        "args": (division, item),
        "division": division,
        "item": item,
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "sheets/sheet.html", context, status=status)


def _changes(versions: list[SheetVersion]) -> list[tuple[str, str, str]]:
    """What the newest version says differently from the one before."""
    if len(versions) < 2:
        return []
    return list(kept.differences(versions[1].text, versions[0].text))


def _begin(item: str, division: int) -> str:
    return (
        f'item: {item}\ndivision: "{division:012}"\n'
        "# telephone: {zh-Hans: …, en: …}\n"
        "# promised: {days: 3, unit: working_day}\n"
        "# waived: []\n"
    )
