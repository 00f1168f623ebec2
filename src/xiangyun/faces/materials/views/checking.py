"""Promises of ended cases are checked; papers that are to follow are seen."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.materials import actions, queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import CASE, NUMBER
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Refused, Text

_LISTED = 100


@require_safe
@officials_only
def promises(request: ActorRequest) -> HttpResponse:
    """What waits to be checked, and what has not come yet."""
    if downloads.wanted(request):
        both = (queries.to_check(request.actor), queries.outstanding(request.actor))
        rows = [row for some in both for row in some[: downloads.MOST]]
        return downloads.answer(request, _TABLE, downloads.whole(queries.standing(rows)))
    return _page(request)


@officials_only
@action("promises:list")
def check(request: ActorRequest, substitute_id: UUID) -> HttpResponse:
    """Say whether a promise held."""
    note = request.POST.get("note", "")[:2000]
    try:
        actions.check(
            substitute_id,
            kept=request.POST.get("do") == "kept",
            note=note,
            actor=request.actor,
            at=timezone.now(),
        )
    except queries.Substitute.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _page(request, refusal, substitute_id, note)
    return HttpResponseRedirect(reverse("promises:list"))


def _page(
    request: ActorRequest,
    refusal: Refused | None = None,
    which: UUID | None = None,
    typed: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    waiting = queries.standing(queries.to_check(request.actor)[:_LISTED])
    outstanding = queries.standing(queries.outstanding(request.actor)[:_LISTED])
    context = {
        "waiting": [
            (one, bool(one.due and one.due < today), typed if one.row.pk == which else "")
            for one in waiting
        ],
        "outstanding": [(one, bool(one.due and one.due < today)) for one in outstanding],
        "most": actions.LONGEST,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return office_page(request, "materials/promises.html", context, status=status)


_TABLE: downloads.Table[queries.Standing] = downloads.Table(
    "promises",
    Text("承诺核查和容缺后补", "Promises to check and papers to follow"),
    (
        (CASE, lambda one: one.row.case.subject),
        (NUMBER, lambda one: one.row.case.number),
        (Text("材料", "Material"), lambda one: one.name),
        (Text("方式", "Way"), lambda one: one.way),
        (Text("承诺内容", "What was promised"), lambda one: one.row.said),
        (Text("期限", "Due"), lambda one: one.due),
    ),
)
