"""What registers know of the one who asks: own records, their history, and the way to object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import drafts, objecting
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries
from xiangyun.faces.look import objections, records
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack.reader import PROCESS
from xiangyun.kernel.service.tasks import register_correct


@dataclass(frozen=True, slots=True)
class Own:
    """A record about the one who asks, as a page shows it."""

    register: queries.Used
    state: queries.State
    values: list[records.Value]
    objected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """A service by which a value is objected to: a case that may correct it."""

    code: str
    name: Text


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """All records about the party acted for, readable whole, each with source and date."""
    return public_page(request, "portal/records.html", {"records": list(_own(request))})


@require_safe
@logged_in
def mine_in(request: ActorRequest, code: str, fact: int) -> HttpResponse:
    """One own record with its history, and how to object to a value of it."""
    own = _found(request, code, fact)
    return _page(request, own, _Asked())


@action("portal:record", "code", "fact")
@logged_in
def object_to(request: ActorRequest, code: str, fact: int) -> HttpResponse:
    """Begin an objection to a value of an own record: its form knows to what."""
    own = _found(request, code, fact)
    name = request.POST.get("field", "")[:200]
    try:
        to = objecting.objected(own.state.register, own.state.record, name, actor=request.actor)
        draft = drafts.start_draft(to.service, actor=request.actor, at=timezone.now(), objected=to)
    except Refused as refused:
        return _page(request, own, _Asked(name, refused.findings[0]), status=422)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.pk]))


def _found(request: ActorRequest, code: str, fact: int) -> Own:
    """The own record that has a fact, the one that counts or one of before."""
    for own in _own(request):
        if own.register.code == code and any(
            each.fact == fact for each in queries.history([own.state.record])
        ):
            return own
    raise Http404


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody wanted to object to, and why that cannot be."""

    name: str = ""
    fault: Finding | None = None


def _page(request: ActorRequest, own: Own, asked: _Asked, *, status: int = 200) -> HttpResponse:
    code, record = own.register.code, own.state.record
    declared = own.register.declaration
    assert declared is not None
    fields = [
        (field.name, field.words, field.name == asked.name)
        for field in declared.fields
        if objecting.may_object(own.register, field.name)
    ]
    field = Field("field", "select", Text("对哪一项", "To which value"), error=asked.fault)
    context = {
        "own": own,
        "values": own.values,
        "steps": records.steps_of(own.register, queries.own_facts(own.register, own.state)),
        "objected": list(objections.of_record(own.register, record, request.actor)),
        "fields": fields,
        "field": field,
        "errors": errors([field]),
        "objections": [] if fields else list(_objections(code)),
    }
    return public_page(request, "portal/record.html", context, status=status)


def _own(request: ActorRequest) -> Iterator[Own]:
    registers = {one.code: one for one in queries.all_used()}
    assert request.actor.subject is not None
    about = queries.records_about(request.actor.subject, opened=True)
    marked = objecting.under_way(about)
    for state in about:
        one = registers.get(state.register)
        if one is not None and one.declaration is not None:
            values = records.values_of(one, state.data or {})
            yield Own(one, state, values, marked.get(state.record, ()))


def _objections(code: str) -> Iterator[Objection]:
    """Published services whose process corrects this register."""
    # Items of a standard way, which are most of many, have no process of their own.
    for pack in catalogue.packs_with(PROCESS):
        for process in pack.processes:
            if any(
                element.type is not None
                and element.type.text == register_correct.TYPE.name
                and element.headers.get("register") == code
                for element in process.elements.values()
            ):
                yield Objection(pack.code, pack.service.name)
                break
