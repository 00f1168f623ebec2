"""What a version says differently from the one before, in the words of an office."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import drafts as submissions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.studio import queries as studio
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.studio.frame import draft_for, draft_page
from xiangyun.kernel.findings import NotFound, Text
from xiangyun.kernel.pack.changes import told

_MOST = 500


@require_safe
@officials_only
def of_draft(request: ActorRequest, id: UUID) -> HttpResponse:
    """Every change, part by part."""
    found = draft_for(request, id)
    changes = told(studio.published(found.code), studio.files(found, request.actor))
    context = {"name": "1", "changes": changes[:_MOST], "more": len(changes) > _MOST}
    return draft_page(request, "studio/difference.html", found, context)


@require_safe
def versions(request: ActorRequest, code: str) -> HttpResponse:
    """Every version of a service, for everybody."""
    found = catalogue.versions(code)
    if not found:
        raise Http404
    newest = found[0]
    context = {
        "code": code,
        "service": Text.given(newest.name_zh, newest.name_en),
        "versions": found,
        "offered": any(each.current for each in found),
    }
    return public_page(request, "studio/versions.html", context)


@require_safe
def version(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """What one version changed against the one before it, for everybody.

    Of its files one is shown as it is, where it is asked for: all of them weigh too much.
    """
    found = catalogue.version(code, number)
    if found is None:
        raise Http404
    files, asked = submissions.files_of(code, number), request.GET.get("file", "")
    if asked and asked not in files:
        raise Http404
    try:
        before = submissions.files_of(code, number - 1)
    except NotFound:
        before = {}
    changes = told(before, files) if before else []
    context = {
        "code": code,
        "service": Text.given(found.name_zh, found.name_en),
        "version": found,
        "first": not before,
        "changes": changes[:_MOST],
        "more": len(changes) > _MOST,
        "files": files,
        "asked": asked,
        "text": files.get(asked, ""),
    }
    return public_page(request, "studio/version.html", context)
