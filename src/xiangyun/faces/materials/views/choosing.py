"""Another way than a file: a certificate, a promise, the paper later, a file of before."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.materials import actions, queries
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Refused


@require_safe
@logged_in
def choose(request: ActorRequest, draft_id: UUID, key: str) -> HttpResponse:
    """What may stand for the file that a question asks for."""
    return _page(request, draft_id, key)


@logged_in
@action("materials:choose", "draft_id", "key")
def take(request: ActorRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Choose one of the ways, and go back to the page of the form."""
    way, _, which = request.POST.get("take", "").partition(":")
    try:
        actions.choose(draft_id, key, way, which[:100], actor=request.actor, at=timezone.now())
    except Refused as refusal:
        return _page(request, draft_id, key, refusal)
    return HttpResponseRedirect(_back(draft_id, key, _offer(request, draft_id, key)))


def _offer(request: ActorRequest, draft_id: UUID, key: str) -> queries.Offer:
    found = queries.offer(request.actor, draft_id, key, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _back(draft_id: UUID, key: str, found: queries.Offer) -> str:
    """The page of the form that asks for the file."""
    page = next(p.key for p in found.pack.form.pages if any(q.key == key for q in p.questions))
    return f"{reverse('portal:apply', args=[draft_id, page])}#f-{key}"


def _page(
    request: ActorRequest, draft_id: UUID, key: str, refusal: Refused | None = None
) -> HttpResponse:
    found = _offer(request, draft_id, key)
    context = {
        "offer": found,
        "service": found.pack.service.name,
        "take_url": reverse("materials:take", args=[draft_id, key]),
        "back": _back(draft_id, key, found),
        "basis": found.pack.law(found.instead.promise.basis) if found.instead.promise else None,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return public_page(request, "materials/choose.html", context, status=status)
