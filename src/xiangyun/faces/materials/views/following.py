"""A paper that was to follow is handed in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.materials import actions, queries
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text


@require_http_methods(["GET", "POST"])
@logged_in
def supply(request: ActorRequest, substitute_id: UUID) -> HttpResponse:
    """The form for the file, and back to the case once it is there."""
    row = queries.Substitute.objects.select_related("case").filter(pk=substitute_id).first()
    due = queries.to_follow(row.case) if row else []
    found = next((each for each in due if row and each.row.pk == row.pk), None)
    if row is None or found is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            actions.supply(
                substitute_id,
                name=(sent.name or "") if sent else "",
                media_type=(sent.content_type or "") if sent else "",
                content=sent.read() if sent else b"",
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refused:
            refusal = refused
        else:
            said = Text("“{name}”已经补交。", "“{name}” is handed in.", name=found.name)
            messages.success(request, words(said))
            return HttpResponseRedirect(reverse("portal:case", args=[row.case_id]))
    context = {
        "one": found,
        "case": row.case,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return public_page(request, "materials/supply.html", context, status=status)
