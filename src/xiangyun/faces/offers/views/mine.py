"""One's own: records entered by hand or from a table, who fits them, searches and contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.adapters.tables import columns_of
from xiangyun.domain.offers import actions, checks, loading, meeting, own, partners, watching
from xiangyun.domain.offers.watching import Asked
from xiangyun.domain.registers import queries
from xiangyun.domain.registers.queries import State, Used
from xiangyun.faces.look import records
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.tables import TAKEN, sent_table
from xiangyun.faces.offers import asking
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.record.model import Entered, Register

LARGEST = 10_000_000
"""Bytes of one file."""


def too_large(name: str) -> Finding:
    """A file that is too large to be taken."""
    return Finding(
        "offer.E012",
        "error",
        Text("文件超过 10 MB。", "The file is larger than 10 MB."),
        Place(question=name),
        Text("请压缩，或者分成几个。", "Compress it, or divide it."),
    )


def declared_of(code: str) -> tuple[Used, Register, Entered]:
    """A register into which parties enter records; else there is none."""
    used = next((one for one in own.enterable() if one.code == code), None)
    found = own.entered_in(used) if used else None
    if used is None or found is None:
        raise Http404
    return used, *found


def handed_in(request: ActorRequest, entered: Entered) -> dict[str, bytes]:
    """The files that a form sends, by their fields. Raises Refused for one that is too large."""
    found = {}
    for name in entered.files:
        file = request.FILES.get(name)
        if file is not None:
            content = file.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise Refused([too_large(name)])
            found[name] = content
    return found


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """What one has entered, by registers; searches, and whom one met."""
    actor = request.actor
    entered = [
        (used, [(each.key, records.title_of(used, each)) for each in own.records_of(actor, used)])
        for used in own.enterable()
        if own.kept_for(actor, used)
    ]
    context = {
        "entered": entered,
        "searches": [
            (each, queries.used(each.register).name) for each in watching.searches_of(actor)
        ],
        "contacts": meeting.contacts_of(actor),
    }
    return public_page(request, "offers/mine.html", context)


@logged_in
@action("offers:mine")
def drop(request: ActorRequest, number: int) -> HttpResponse:
    """Keep a search no longer."""
    watching.drop(request.actor, number)
    return HttpResponseRedirect(reverse("offers:mine"))


@require_safe
@logged_in
def entering(request: ActorRequest, code: str) -> HttpResponse:
    """The form of a new record, with what the address knows, and where a table is sent."""
    _, declared, entered = declared_of(code)
    return _entering(request, code, asking.sent(own.asked(declared, entered), request.GET))


@logged_in
@action("offers:entering", "code")
def enter(request: ActorRequest, code: str) -> HttpResponse:
    """Enter a record; what is wrong stands at its field."""
    _, declared, entered = declared_of(code)
    cells = asking.sent(own.asked(declared, entered), request.POST)
    try:
        sent = handed_in(request, entered)
        key = actions.enter(request.actor, code, cells, at=timezone.now(), files=sent)
    except Refused as refused:
        return _entering(request, code, cells, refused)
    return HttpResponseRedirect(reverse("offers:own", args=[code, key]))


@logged_in
@action("offers:entering", "code")
def load(request: ActorRequest, code: str) -> HttpResponse:
    """Enter the rows of a table: right ones are taken, wrong lines are named."""
    _, declared, _ = declared_of(code)
    sent = request.FILES.get("table")
    try:
        own_columns = {
            written: name
            for written, name in columns_of(declared).items()
            if name in declared.by_name  # since when a record is true is not for its party to say
        }
        with sent_table(sent, own_columns, loading.LARGEST, checks.table(_NO_TABLE)) as table:
            loaded = loading.load(request.actor, code, table, at=timezone.now())
    except Refused as refused:
        return _entering(request, code, {}, refused)
    return _entering(request, code, {}, loaded=loaded)


@require_safe
@logged_in
def record(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """An own record: what it says, who fits it and why, who nearly does."""
    return _record(request, code, key)


@logged_in
@action("offers:own", "code", "key")
def change(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Change an own record from today on."""
    _, declared, entered = declared_of(code)
    before = _own(request, code, key)
    cells = asking.sent(own.asked(declared, entered), request.POST)
    if entered.through:
        cells[entered.through] = str((before.data or {}).get(entered.through, ""))
    try:
        sent = handed_in(request, entered)
        actions.enter(request.actor, code, cells, at=timezone.now(), key=key, files=sent)
    except Refused as refused:
        return _record(request, code, key, cells, refused)
    return HttpResponseRedirect(reverse("offers:own", args=[code, key]))


@logged_in
@action("offers:own", "code", "key")
def take_back(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """End an own record."""
    why = request.POST.get("why", "")[:200]
    try:
        actions.take_back(request.actor, code, key, why=why, at=timezone.now())
    except Refused as refused:
        if refused.kind == "not found":
            raise Http404 from None
        return _record(request, code, key, refused=refused)
    return HttpResponseRedirect(reverse("offers:mine"))


@require_safe
@logged_in
def file_of(request: ActorRequest, code: str, key: str, name: str) -> HttpResponse:
    """The file of an own record, to take away."""
    used, _, _ = declared_of(code)
    return asking.taken_away(used, _own(request, code, key), name)


@logged_in
@action("offers:own", "code", "key")
def watch(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Be told of whatever comes to fit an own record."""
    state = _own(request, code, key)
    used, _, _ = declared_of(code)
    title = records.title_of(used, state)
    try:
        for found in partners.partners_of(request.actor, code, key, most=1):
            if own.is_public(found.other):
                asked = Asked(fits=f"{code}/{key}")
                name = f"{title} {key}"
                watching.save(request.actor, found.other.code, name, asked, at=timezone.now())
    except Refused as refused:
        return _record(request, code, key, refused=refused)
    return HttpResponseRedirect(reverse("offers:mine"))


def _own(request: ActorRequest, code: str, key: str) -> State:
    declared_of(code)
    state = own.own_state(request.actor, code, key)
    if state is None:
        raise Http404
    return state


def _entering(
    request: ActorRequest,
    code: str,
    cells: Mapping[str, str],
    refused: Refused | None = None,
    loaded: loading.Loaded | None = None,
) -> HttpResponse:
    used, declared, entered = declared_of(code)
    faults = list(refused.findings) if refused else []
    fields = asking.filled(own.asked(declared, entered), cells, faults, entered.files)
    context = {
        "register": used,
        "by_table": loading.by_table(declared),
        "may": own.kept_for(request.actor, used),
        "above": queries.used(entered.register) if entered.through else None,
        "fields": fields,
        "errors": _faults(fields, faults),
        "loaded": loaded,
        "head": ",".join(each.key for each in fields if each.key not in entered.files),
        "table": Field("table", "file", _TABLE, required=False, accept=",".join(TAKEN)),
        "most": loading.MOST_ROWS,
    }
    return public_page(
        request, "offers/entering.html", context, status=STATUS[refused.kind] if refused else 200
    )


def _record(
    request: ActorRequest,
    code: str,
    key: str,
    cells: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    state = _own(request, code, key)
    used, declared, entered = declared_of(code)
    data: Mapping[str, Any] = state.data or {}
    asked = list(own.asked(declared, entered))
    faults = list(refused.findings) if refused else []
    fields = asking.filled(
        asked, asking.written(asked, data) if cells is None else cells, faults, entered.files
    )
    matched = partners.partners_of(request.actor, code, key)
    context = {
        "register": used,
        "title": records.title_of(used, state),
        "key": key,
        "values": asking.told(used, data),
        "files": asking.files_in(used, data),
        "fields": fields,
        "errors": _faults(fields, faults),
        "open": bool(faults),
        "may_watch": any(own.is_public(each.other) for each in matched),
        "matched": [
            (
                each,
                [
                    (one, records.title_of(each.other, one.state) if one.state else one.key)
                    for one in each.partners
                ],
            )
            for each in matched
        ],
    }
    return public_page(
        request, "offers/own.html", context, status=STATUS[refused.kind] if refused else 200
    )


def _faults(fields: Sequence[Field], faults: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """What is wrong: at its field where it has one, else on top."""
    placed = errors(fields)
    told = {id(finding) for _, finding in placed}
    return [*placed, *(("", each) for each in faults if id(each) not in told)]


_TABLE = Text("表格文件", "File of the table")
_NO_TABLE = Text("没有收到可以读的表格。", "No table that can be read came.")
