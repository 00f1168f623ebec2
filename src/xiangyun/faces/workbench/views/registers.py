"""Registers at the workbench: which there are, search, and one record with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun import manifest
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import access, looking, queries
from xiangyun.domain.registers.queries import State, Used
from xiangyun.domain.registers.sealing import MASK
from xiangyun.faces.look import downloads, objections, records
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.templatetags.look import shown
from xiangyun.kernel.findings import Finding, Refused, Text

_PAGE = 50
_SHOWN = 4
"""Columns of a list besides the name."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked, or something was written: when, who and what."""

    at: Any
    who: str
    desk: str
    what: Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice by which a list may be narrowed."""

    name: str
    label: Text
    options: list[tuple[str, Text, bool]]


@require_safe
@officials_only
def registers(request: ActorRequest) -> HttpResponse:
    """The registers that the official may look into."""
    writable = [one for one in queries.all_used() if access.may_write_somewhere(one, request.actor)]
    return office_page(
        request, "workbench/registers.html", {"registers": queries.readable(), "writable": writable}
    )


@require_safe
@officials_only
def register(request: ActorRequest, code: str) -> HttpResponse:
    """Search in a register; a page of what is found."""
    one = _readable(code)
    text, after = request.GET.get("text", "")[:200], request.GET.get("after", "")[:500]
    filters = {
        name: value for name in one.numbers if (value := request.GET.get(name, "")[:200].strip())
    }
    faults: list[Finding] = []
    page = queries.Page((), None)

    def piece(after: str) -> tuple[Sequence[State], str]:
        some = queries.search(
            code, text, filters=filters, after=after or None, limit=downloads.PIECE
        )
        return some.states, some.after or ""

    try:
        if downloads.wanted(request):
            return downloads.answer(request, records.table_of(one), piece)
        page = queries.search(code, text, filters=filters, after=after or None, limit=_PAGE)
    except Refused as refused:
        faults = list(refused.findings)
    asked = {"text": text, **filters}
    here = reverse("workbench:register", args=[code])
    context = {
        "register": one,
        "writes": access.may_write_somewhere(one, request.actor),
        "text": text,
        "choices": _choices(one, filters),
        "listing": _listing(one, page.states),
        "errors": [("search", fault) for fault in faults],
        "next_url": f"{here}?{urlencode({**asked, 'after': page.after})}" if page.after else None,
        "first_url": f"{here}?{urlencode(asked)}" if after else None,
    }
    return office_page(request, "workbench/register.html", context)


@require_http_methods(["GET", "POST"])
@officials_only
def record(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """One record: what is true, its history, and who looked; sensitive values for a reason."""
    one = _readable(code)
    found = queries.record_with(code, key)
    facts = queries.facts_of(found) if found else []
    if not facts:
        raise Http404
    at = timezone.now()
    faults: list[Finding] = []
    opened: Mapping[str, Any] = {}
    if request.method == "POST":
        why = request.POST.get("why", "")[:500]
        try:
            opened = looking.unmask(code, key, why=why, actor=request.actor, at=at)
        except Refused as refused:
            faults = list(refused.findings)
    looking.note_look(facts[-1], actor=request.actor, at=at)
    now = queries.state(code, key)
    data = {**(now.data or {}), **opened} if now else {}
    fault = faults[0] if faults else None
    field = Field("why", "text", Text("查看理由", "Reason for looking"), error=fault)
    context = {
        "register": one,
        "title": records.title_of(one, now or facts[-1]),
        "key": MASK if one.hides_key else key,
        "ended": now is None,
        "values": records.values_of(one, data),
        "steps": records.steps_of(one, facts),
        "objected": list(objections.of_record(one, facts[-1].record, request.actor)),
        "looks": _looks(one, facts[-1]),
        "masked": now is not None
        and not opened
        and any(value.masked for value in records.values_of(one, data)),
        "field": field,
        "errors": errors([field]),
    }
    return office_page(request, "workbench/record.html", context)


def _readable(code: str) -> Used:
    """The register, where the asker may look into it somewhere; else there is none."""
    found = next((one for one in queries.readable() if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _listing(one: Used, states: Sequence[State]) -> Listing:
    """Records with their names, keys and the first of the fields by which they are found."""
    fields = [
        f for f in (one.declaration.fields if one.declaration else ())
        if f.searched and f.searched != "name" and f.name != one.key_field
    ][:_SHOWN]  # fmt: skip
    names = [field.name for field in fields]
    lines = []
    for state in states:
        found = records.values_of(one, state.data or {}, names) if names else []
        by_name = {value.name: str(shown(value.shown)) for value in found}
        cells = (state.key, *(by_name.get(name, "") for name in names))
        url = reverse("workbench:record", args=[one.code, state.key])
        lines.append(Line(url, records.title_of(one, state), cells))
    columns = (_CODE, *(Column(field.words) for field in fields))
    return Listing(_NAME, columns, lines)


_NAME, _CODE = Text("名称", "Name"), Column(Text("代码", "Code"), "step soft small")


def _choices(one: Used, chosen: Mapping[str, str]) -> list[Choice]:
    return [
        Choice(
            field.name,
            field.words,
            [(o.value, o.words, chosen.get(field.name) == o.value) for o in field.options],
        )
        for field in (one.declaration.fields if one.declaration else ())
        if field.type == "choice" and field.name in one.numbers
    ]


def _looks(one: Used, state: State) -> list[Look]:
    """What the journal has of the record, the latest first."""
    verbs = manifest.verbs()
    entries = journal.history(looking.subject_of(one.code, state.record))
    return [
        Look(entry.at, entry.actor_name, entry.desk, verbs[entry.verb].say(entry.data))
        for entry in reversed(entries)
    ][:_PAGE]
