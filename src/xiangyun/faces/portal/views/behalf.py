"""For whom somebody acts (代理): the choice, who acts for the own party, and how that ends."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts import representing, sessions
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.proofs import PROOFS
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in, onward
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text

_PAGE = "portal:behalf"


@logged_in
@require_safe
def behalf(request: ActorRequest) -> HttpResponse:
    """For whom one may act, and who may act for the party that one acts for now."""
    return _page(request)


@logged_in
@action(_PAGE)
def act(request: ActorRequest) -> HttpResponse:
    """Act for a party from now on, or for oneself again. Whoever may not is told so."""
    actor, given = request.actor, request.POST.get("party", "")
    if given == "":
        request.session.pop(sessions.SUBJECT, None)
        return HttpResponseRedirect(onward(request, reverse("portal:home")))
    try:
        party = UUID(given)
    except ValueError:
        raise Http404 from None
    found = representing.for_party(actor, party)
    if found is None:
        return _page(request, representing.NOT_REPRESENTED, status=403)
    request.session[sessions.SUBJECT] = str(party)
    return HttpResponseRedirect(onward(request, reverse("portal:home")))


@logged_in
@action(_PAGE)
def consent(request: ActorRequest) -> HttpResponse:
    """Let another person act for the party that one acts for now."""
    try:
        until = _day(request.POST.get("to_on", ""))
        representing.consent(
            request.actor,
            id_number=request.POST.get("id_number", ""),
            name=request.POST.get("name", ""),
            to_on=until,
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, refused.findings[0], status=422)
    messages.success(request, words(Text("已登记。", "Entered.")))
    return HttpResponseRedirect(reverse(_PAGE))


@logged_in
@action(_PAGE)
def end(request: ActorRequest, representation: int) -> HttpResponse:
    """End a representation, from the next request on."""
    try:
        representing.end(request.actor, representation, reason="", at=timezone.now())
    except Refused as refused:
        return _page(request, refused.findings[0], status=STATUS[refused.kind])
    messages.success(request, words(Text("代理已终止。", "The representation has ended.")))
    return HttpResponseRedirect(reverse(_PAGE))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Refused([NO_DAY]) from None


def _page(request: ActorRequest, fault: Finding | None = None, status: int = 200) -> HttpResponse:
    fields = _fields(request, fault)
    context = {
        "choices": [(each, PROOFS[each.proof]) for each in representing.choices(request.actor)],
        "representatives": [
            (each, PROOFS[each.proof]) for each in representing.representatives(request.actor)
        ],
        "fields": fields,
        "errors": errors(fields),
        "fault": fault,
        "next": onward(request, ""),
    }
    return public_page(request, "portal/behalf.html", context, status=status)


def _fields(request: ActorRequest, fault: Finding | None) -> list[Field]:
    wrong = fault if fault and fault.id == "party.E005" else None
    late = fault if fault and fault.id in ("party.E003", NO_DAY.id) else None
    post = request.POST
    return [
        Field(
            "name",
            "text",
            Text("代理人姓名", "The representative's name"),
            typed=post.get("name", ""),
            width="medium",
        ),
        Field(
            "id_number",
            "text",
            Text("代理人身份号码", "The representative's identity number"),
            typed=post.get("id_number", ""),
            error=wrong,
            width="medium",
        ),
        Field(
            "to_on",
            "date",
            Text("最后一天（不填则至终止为止）", "The last day (none: until it is ended)"),
            typed=post.get("to_on", ""),
            error=late,
            width="medium",
        ),
    ]


NO_DAY = Finding(
    "party.E012",
    "error",
    Text("这不是一个日期。", "This is no day."),
    hint=Text("例如 2026-12-31。", "Such as 2026-12-31."),
)
