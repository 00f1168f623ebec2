"""The files of an application, for those who may see it: looked at, or taken away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import access, actions
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import viewing
from xiangyun.faces.look.requests import ActorRequest, logged_in


@require_safe
@logged_in
def view(request: ActorRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """A file of a draft or a case as it looks: images and PDF in the browser, others taken away.

    The answer is of the kind that its content shows, whatever its name or its sender say, and it
    may load and run nothing.
    """
    found = _found(request, case_id, material_id)
    shown = viewing.shown(found.content)
    return _file(found) if shown is None else viewing.inline(shown, found.name, found.content)


@require_safe
@logged_in
def download(request: ActorRequest, case_id: UUID, material_id: UUID) -> HttpResponse:
    """A file handed in, to those who may see the case; always as a download."""
    return _file(_found(request, case_id, material_id))


def _found(request: ActorRequest, case_id: UUID, material_id: UUID) -> cases.FileContent:
    """The file with its content; that somebody looked into a case is written down."""
    found = cases.material_content(request.actor, case_id, material_id)
    case = access.cases_of(request.actor).filter(pk=case_id).first()
    if case is not None:
        now = timezone.now()
        for verb in ("case.read", "file.read"):
            actions.note_reading(case, actor=request.actor, at=now, verb=verb)
    return found


def _file(found: cases.FileContent) -> HttpResponse:
    answer = HttpResponse(found.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    return answer
