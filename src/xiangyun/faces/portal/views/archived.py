"""The cases of a person that have moved to the archive: named, and given out as copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyun.domain.archive import queries as archive
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.evidence import archive as zipped
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.secrecy import SEALED


@dataclass(frozen=True, slots=True)
class ArchivedLine:
    """An archived case as a line of a list; `url` is empty for a sealed one: no copy is given."""

    number: str
    service: Text
    ended_on: date
    url: str


def archived_lines(request: ActorRequest) -> list[ArchivedLine]:
    """The archived cases of the party acted for, the newest first."""
    found = archive.own(request.actor)
    names = catalogue.names_of(("service", each.service) for each in found)
    return [
        ArchivedLine(
            each.number,
            names.get(("service", each.service), Text.given(each.service, each.service)),
            each.ended_on,
            reverse("portal:archived", args=[each.case]) if each.need < SEALED else "",
        )
        for each in found
    ]


@require_safe
@logged_in
def archived(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """What an archived case says to whoever applied, as a ZIP."""
    volume = archive.own_one(request.actor, case_id)
    parts = archive.own_parts(volume) if volume else None
    if volume is None or not parts:
        raise Http404
    answer = HttpResponse(zipped.written(parts), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{volume.number}.zip"'
    return answer


def moved(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """For an address of a case that is online no more: to where it is listed, or 404."""
    if archive.own_one(request.actor, case_id) is None:
        raise Http404
    return HttpResponseRedirect(reverse("portal:cases") + "#archived")
