"""What every page of a draft has: the draft, the ways to its parts, what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from xiangyun.domain.studio import access
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import NotFound, Refused


def draft_for(request: ActorRequest, id: UUID) -> Draft:
    """The draft of an address. Raises Http404, also for who may not see it."""
    try:
        return studio.draft(id, request.actor)
    except NotFound:
        raise Http404 from None


def authors_only(request: ActorRequest) -> None:
    """Raises Http404 for an official who writes no packs."""
    if not access.writes(request.actor):
        raise Http404


def draft_page(
    request: ActorRequest,
    template: str,
    draft: Draft,
    context: Mapping[str, Any],
    refused: Refused | None = None,
) -> HttpResponse:
    """A page of a draft in the officials' frame; what was refused stands on top of it."""
    frame = {
        "draft": draft,
        "id": draft.pk,
        "state": studio.state_words(draft.state),
        "is_open": draft.state == studio.OPEN,
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, template, {**frame, **context}, status=status)


def number_in(request: ActorRequest, name: str) -> int:
    """A number that was sent; 0 for none."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
