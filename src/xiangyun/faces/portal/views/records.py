"""What registers know of the one who asks: own records, their history, and the way to object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries
from xiangyun.faces.look import records
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.tasks import register_correct


@dataclass(frozen=True, slots=True)
class Own:
    """A record about the one who asks, as a page shows it."""

    register: queries.Used
    state: queries.State
    values: list[records.Value]


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
    """One own record with its history, and the services by which to object."""
    own = next(
        (one for one in _own(request) if (one.register.code, one.state.fact) == (code, fact)), None
    )
    if own is None:
        raise Http404
    context = {
        "own": own,
        "values": own.values,
        "steps": records.steps_of(own.register, queries.history([own.state.record])),
        "objections": list(_objections(code)),
    }
    return public_page(request, "portal/record.html", context)


def _own(request: ActorRequest) -> Iterator[Own]:
    registers = {one.code: one for one in queries.all_used()}
    assert request.actor.subject is not None
    for state in queries.records_about(request.actor.subject, opened=True):
        one = registers.get(state.register)
        if one is not None and one.declaration is not None:
            yield Own(one, state, records.values_of(one, state.data or {}))


def _objections(code: str) -> Iterator[Objection]:
    """Published services whose process corrects this register."""
    for version in catalogue.current_services():
        pack = catalogue.pack(version.pk)
        for process in pack.processes:
            if any(
                element.type is not None
                and element.type.text == register_correct.TYPE.name
                and element.headers.get("register") == code
                for element in process.elements.values()
            ):
                yield Objection(version.code, pack.service.name)
                break
