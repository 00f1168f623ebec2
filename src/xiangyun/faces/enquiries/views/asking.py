"""The applicant asks about a case, and reads what was answered."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.enquiries import actions, queries
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Refused


@require_safe
@logged_in
def questions(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """What was asked about a case and answered, and the form to ask."""
    return _page(request, _own(request, case_id))


@logged_in
@action("enquiries:case", "case_id")
def ask(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Ask a question."""
    found, typed = _own(request, case_id), request.POST.get("question", "")[:4000]
    try:
        actions.ask(case_id, typed, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        return _page(request, found, refusal, typed)
    return HttpResponseRedirect(reverse("enquiries:case", args=[case_id]))


def _own(request: ActorRequest, case_id: UUID) -> cases.Case:
    """A case of this applicant: officials read questions at the workbench."""
    found = case_access.case_for(request.actor, case_id)
    if not case_access.is_applicant(request.actor, found):
        raise Http404
    return found


def _page(
    request: ActorRequest, case: cases.Case, refusal: Refused | None = None, typed: str = ""
) -> HttpResponse:
    context = {
        "case": case,
        "may_ask": queries.may_ask(request.actor, case),
        "rule": queries.rule_of(case),
        "asked": queries.of_case(case.pk),
        "most": actions.LONGEST,
        "typed": typed,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return public_page(request, "enquiries/case.html", context, status=status)
