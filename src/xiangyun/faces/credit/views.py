"""What is public about a company: nobody logs in for it, and nobody sees more here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.cases import objecting
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look import records
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes import uscc
from xiangyun.kernel.findings import NotFound, Text

_FOUND = 20
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Fact:
    """What a register says of the company: its values, and whether its subject objects."""

    state: registers.State
    values: list[records.Value]
    objected: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The facts of one register, the latest first."""

    name: Text
    facts: list[Fact]


@require_safe
def find(request: ActorRequest) -> HttpResponse:
    """Find a company by its code, or by its name among those that are registered."""
    text = request.GET.get("text", "").strip()[:_LONGEST]
    if uscc.is_possible(text.upper()):
        return HttpResponseRedirect(reverse("credit:public-file", args=[text.upper()]))
    context = {"text": text, "found": _named(text) if text else []}
    return public_page(request, "credit/find.html", context)


@require_safe
def public_file(request: ActorRequest, company: str) -> HttpResponse:
    """What public registers say of a company today: each fact with source, date and end."""
    with acting_as(SYSTEM):
        possible = uscc.is_possible(company)
        party = parties.by_code(parties.Kind.ORGANISATION, company) if possible else None
    if party is None:
        raise Http404
    today = timezone.localdate()
    with acting_as(ANONYMOUS):  # whoever looks sees here what everybody sees
        about = [each for each in registers.records_about(party.pk) if is_shown(each.data, today)]
    context = {
        "name": party.name,
        "code": company,
        "sections": sections(about),
        "today": today,
    }
    return public_page(request, "credit/public.html", context)


def is_shown(data: Any, today: date) -> bool:
    """Whether a fact of a public register is not past its end; what is kept back is not in one."""
    fields = data or {}
    until = fields.get("until") or fields.get("published_until")
    return not until or date.fromisoformat(str(until)) >= today


def sections(states: Iterable[registers.State]) -> list[Section]:
    """Facts by their registers, each marked where its subject objects to it."""
    about = list(states)
    used = {one.code: one for one in registers.all_used()}
    marked = objecting.under_way(about)
    found: dict[str, list[Fact]] = {}
    for state in reversed(about):
        one = used[state.register]
        objected = tuple(_words(one, marked.get(state.record, ())))
        fact = Fact(state, records.values_of(one, state.data or {}), objected)
        found.setdefault(state.register, []).append(fact)
    return [Section(used[code].name, facts) for code, facts in found.items()]


def _words(one: registers.Used, fields: Iterable[str]) -> Iterator[Text]:
    declared = one.declaration.by_name if one.declaration else {}
    for name in fields:
        yield declared[name].words if name in declared else Text.given(name, name)


def _named(text: str) -> list[tuple[str, str]]:
    """Companies whose name answers, as (code, name)."""
    with acting_as(ANONYMOUS):
        try:
            page = registers.search("company", text, limit=_FOUND)
        except NotFound:
            return []
    return [(each.key, str((each.data or {}).get("name", each.key))) for each in page.states]
