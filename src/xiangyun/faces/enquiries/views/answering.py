"""Questions that wait for an official, and the answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.enquiries import actions, queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import CASE, NUMBER
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Refused, Text

_LISTED = 100


@require_safe
@officials_only
def waiting(request: ActorRequest) -> HttpResponse:
    """Questions to answer, the soonest due first."""
    if downloads.wanted(request):
        rows = queries.to_answer(request.actor)[: downloads.MOST + 1]
        return downloads.answer(request, _TABLE, downloads.whole(rows))
    return _page(request)


@officials_only
@action("answers:waiting")
def answer(request: ActorRequest, enquiry_id: UUID) -> HttpResponse:
    """Answer one."""
    said = request.POST.get("answer", "")[:4000]
    try:
        actions.answer(enquiry_id, said, actor=request.actor, at=timezone.now())
    except queries.Enquiry.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _page(request, refusal, enquiry_id, said)
    return HttpResponseRedirect(reverse("answers:waiting"))


def _page(
    request: ActorRequest,
    refusal: Refused | None = None,
    which: UUID | None = None,
    typed: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "waiting": [
            (each, each.due_on < today, typed if each.pk == which else "")
            for each in queries.to_answer(request.actor)[:_LISTED]
        ],
        "most": actions.LONGEST,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return office_page(request, "enquiries/waiting.html", context, status=status)


_TABLE: downloads.Table[queries.Enquiry] = downloads.Table(
    "enquiries",
    Text("申请人的提问", "Questions of applicants"),
    (
        (CASE, lambda row: row.case.subject),
        (NUMBER, lambda row: row.case.number),
        (Text("谁提问", "Asked by"), lambda row: row.by_name),
        (Text("提问时间", "Asked"), lambda row: row.at),
        (Text("问题", "Question"), lambda row: row.question),
        (Text("答复期限", "Answer due"), lambda row: row.due_on),
    ),
)
