"""Cases that only their handlers may know: taken over, handed on, looked at for a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import access, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text

_LONGEST = 500


@officials_only
@action("workbench:queue")
def take(request: ActorRequest, item: int) -> HttpResponse:
    """Take open work over; its case opens. Work that somebody else has taken is told so."""
    try:
        case = secrecy.take_over(item, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
        return HttpResponseRedirect(reverse("workbench:queue"))
    return HttpResponseRedirect(reverse("workbench:case", args=[case.pk]))


@require_http_methods(["GET", "POST"])
@officials_only
def look(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Ask why somebody wants to look at a case; with a reason it opens for the day."""
    line = next((row for row in cases.overseen() if row.case_id == case_id), None)
    known = access.cases_of(request.actor).filter(pk=case_id, need__gt=0).first()
    if line is None and known is None:
        raise Http404
    fault: Finding | None = None
    typed = request.POST.get("why", "")[:_LONGEST]
    if request.method == "POST":
        try:
            secrecy.look(case_id, why=typed, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            fault = refusal.findings[0]
        else:
            return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))
    field = Field(
        "why",
        "text",
        Text("查看的理由", "Reason for looking"),
        hint=Text(
            "当日有效。查看和理由都会记入日志，当事人可以看到。",
            "It holds for today. The look and its reason go into the journal, where whom it is "
            "about sees them.",
        ),
        typed=typed,
        error=fault,
    )
    context = {
        "number": known.number if known else "",
        "service": cases.pack_of(known).service.name if known else line.service if line else "",
        "field": field,
        "errors": errors([field]),
    }
    return office_page(
        request, "workbench/look.html", context, status=STATUS["invalid"] if fault else 200
    )


@officials_only
@action("workbench:case", "case_id")
def hand_over(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Hand a case on to another official, or name another beside oneself."""
    instead = request.POST.get("how") != "beside"
    try:
        to = UUID(request.POST.get("to", ""))
    except ValueError:
        to = UUID(int=0)
    why, now = request.POST.get("why", "")[:_LONGEST], timezone.now()
    verb = secrecy.hand_over if instead else secrecy.name_handler
    try:
        verb(case_id, to, why=why, actor=request.actor, at=now)
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
        return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))
    messages.success(
        request,
        words(
            Text("已移交。", "Handed on.")
            if instead
            else Text("已增加经办人。", "Another handler was named.")
        ),
    )
    still = access.cases_of(request.actor).filter(pk=case_id).exists()
    onward = reverse("workbench:case", args=[case_id]) if still else reverse("workbench:queue")
    return HttpResponseRedirect(onward)


def fields_to_hand_over(request: ActorRequest, case: cases.Case) -> list[Field]:
    """What handing a case on asks; nothing where there is nobody to hand it to."""
    me = request.actor.account
    if not case.need or case.ended_at is not None or me not in secrecy.handling(case):
        return []
    others = [each for each in secrecy.may_be_named(case) if each.account != me]
    if not others:
        return []
    people = [
        Choice(str(each.account), Text.given(f"{each.name} · {each.desk}", each.name))
        for each in others
    ]
    ways = [
        Choice("instead", Text("移交给此人，由其接着办", "Hand it on to this person"), chosen=True),
        Choice("beside", Text("增加为经办人，一起办", "Name this person beside me")),
    ]
    return [
        Field("to", "select", Text("交给谁", "To whom"), choices=people),
        Field("how", "radio", Text("怎样交", "How"), choices=ways),
        Field("why", "text", Text("理由", "Reason"), anchor="hand-why"),
    ]
