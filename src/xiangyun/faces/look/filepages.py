"""Pages of a file that somebody handed in: looked at in the browser, or taken away.

An app says how a file is found, and for whom; everything else is here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access, actions
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import viewing
from xiangyun.faces.look.requests import ActorRequest, logged_in

Find = Callable[[Actor, UUID, UUID], cases.FileContent]
"""A file of a case, by the ids of both, for whoever may see it."""
FilePage = Callable[..., HttpResponse]


def file_pages(find: Find, name: str) -> tuple[FilePage, FilePage]:
    """Two pages of a file, whose id an address calls `name`: as it looks, and as a download.

    The first answers with the kind that its content shows, whatever its name or its sender say, and
    the file may load and run nothing; what no browser shows safely is handed out.
    """

    @require_safe
    @logged_in
    def view(request: ActorRequest, /, case_id: UUID, **ids: UUID) -> HttpResponse:
        found = _found(request, find, case_id, ids[name])
        shown = viewing.shown(found.content)
        return _file(found) if shown is None else viewing.inline(shown, found.name, found.content)

    @require_safe
    @logged_in
    def download(request: ActorRequest, /, case_id: UUID, **ids: UUID) -> HttpResponse:
        return _file(_found(request, find, case_id, ids[name]))

    return view, download


def _found(request: ActorRequest, find: Find, case_id: UUID, file: UUID) -> cases.FileContent:
    """The file with its content; that somebody looked into a case is written down."""
    found = find(request.actor, case_id, file)
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
