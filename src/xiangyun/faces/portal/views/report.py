"""Report without saying who one is: begin, get the receipt code, come back by it, leave."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.accounts import sessions
from xiangyun.domain.cases import access, reports
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action
from xiangyun.kernel.findings import Finding, NotFound, Text


@action("portal:guide", "code")
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Begin a report: from here on the browser is that of somebody unknown, whoever it was."""
    draft = reports.start_report(code, at=timezone.now())
    sessions.begin_report(request.session, draft.owner)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.pk]))


@require_safe
def sent(request: ActorRequest) -> HttpResponse:
    """The receipt code, to be written down: it is the only way back."""
    if not request.actor.is_reporter:
        return HttpResponseRedirect(reverse("portal:report"))
    case = access.cases_of(request.actor).first()
    if case is None:
        raise Http404
    context = {
        "case": case,
        "code": reports.code_of(case, actor=request.actor),
        "case_url": reverse("portal:case", args=[case.pk]),
    }
    return public_page(request, "portal/report_sent.html", context)


@require_http_methods(["GET", "POST"])
def follow(request: ActorRequest) -> HttpResponse:
    """Come back to a report by its receipt code."""
    fault: Finding | None = None
    if request.method == "POST":
        try:
            party, case_id = reports.case_by_code(request.POST.get("code", "")[:100])
        except NotFound as refused:
            fault = refused.findings[0]
        else:
            sessions.begin_report(request.session, party)
            return HttpResponseRedirect(reverse("portal:case", args=[case_id]))
    fields = [
        Field(
            "code",
            "text",
            Text("回执码", "Receipt code"),
            hint=Text(
                "20 位，大小写、短横线都不要紧。", "20 signs; case and dashes do not matter."
            ),
            error=fault,
            width="medium",
        )
    ]
    context = {"fields": fields, "errors": errors(fields)}
    return public_page(request, "portal/report.html", context, status=404 if fault else 200)


@action("portal:report")
def leave(request: ActorRequest) -> HttpResponse:
    """Leave the report: nothing in this browser leads to it any more."""
    request.session.flush()
    return HttpResponseRedirect(reverse("portal:home"))
