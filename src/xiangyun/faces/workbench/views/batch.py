"""One action on several tasks: choose them in the queue, choose the action, see how far it is."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.batches import actions
from xiangyun.domain.batches import queries as batches
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Refused


@require_safe
@officials_only
def choose(request: ActorRequest) -> HttpResponse:
    """The actions that the chosen tasks allow, each with how many of them do."""
    return _choose(request, _items(request.GET))


@officials_only
@action("workbench:queue")
def begin(request: ActorRequest) -> HttpResponse:
    """Begin the batch; sent twice it is one."""
    items, typed = _items(request.POST), request.POST.get("note", "")[:4000]
    try:
        drawn = UUID(request.POST.get("batch", ""))
    except ValueError:
        raise Http404 from None
    try:
        begun = actions.begin(
            request.actor,
            items,
            request.POST.get("do", ""),
            note=typed,
            at=timezone.now(),
            batch=drawn,
        )
    except Refused as refusal:
        return _choose(request, items, refusal, typed, request.POST.get("do", ""))
    return HttpResponseRedirect(reverse("workbench:batch", args=[begun.pk]))


@require_safe
@officials_only
def batch(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """How far a batch is, with a result for each case; one's own alone."""
    found = batches.progress(request.actor, batch_id)
    context = {"batch": found, "here": request.path, "over": not found.waiting}
    return office_page(request, "workbench/batch.html", context)


def _choose(
    request: ActorRequest,
    items: list[int],
    refusal: Refused | None = None,
    typed: str = "",
    picked: str = "",
) -> HttpResponse:
    offers = batches.offers(request.actor, items)
    context = {
        "items": items,
        "offers": offers,
        "picked": picked or (offers[0].key if offers else ""),
        "most": batches.MOST,
        "drawn": uuid4(),
        "typed": typed,
        "fault": refusal.findings[0] if refusal else None,
    }
    return office_page(
        request,
        "workbench/batch_choose.html",
        context,
        status=STATUS[refusal.kind] if refusal else 200,
    )


def _items(given: QueryDict) -> list[int]:
    """The numbers of lines that were chosen, at most as many as a batch takes."""
    told = given.getlist("item")[: batches.MOST]
    return [int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 19]
