"""Have a result sent, follow it, and send what waits."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.contact import queries as contact
from xiangyun.domain.post import actions, queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import CASE, NUMBER
from xiangyun.faces.look.page import office_page, public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in, officials_only
from xiangyun.kernel.findings import Refused, Text

_LISTED = 100
STATES = {
    queries.State.ASKED: Text("待交寄", "to be posted"),
    queries.State.SENT: Text("运输中", "on its way"),
    queries.State.ARRIVED: Text("已签收", "delivered"),
    queries.State.RETURNED: Text("已退回", "came back"),
}
_FIELDS = {
    "recipient": (Text("收件人", "Recipient"), "name"),
    "phone": (Text("电话", "Telephone"), "tel"),
    "address": (Text("地址", "Address"), "street-address"),
}


@require_http_methods(["GET", "POST"])
@logged_in
def parcel(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Where the parcels of a case are, and the form for an address."""
    case = case_access.case_for(request.actor, case_id)
    if not case_access.is_applicant(request.actor, case):
        raise Http404
    known = {} if request.method == "POST" else _known(case)
    typed = {name: request.POST.get(name, known.get(name, ""))[:400] for name in _FIELDS}
    refusal = None
    if request.method == "POST":
        try:
            actions.ask(case_id, **typed, actor=request.actor, at=timezone.now())
        except Refused as refused:
            refusal = refused
        else:
            return HttpResponseRedirect(reverse("post:case", args=[case_id]))
    context = {
        "case": case,
        "parcels": [
            (each, STATES[queries.State(each.state)], _events(each))
            for each in queries.of_case(case_id)
        ],
        "may_ask": queries.may_ask(request.actor, case),
        "fields": [(name, words, hint, typed[name]) for name, (words, hint) in _FIELDS.items()],
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return public_page(request, "post/case.html", context, status=status)


def _known(case: cases.Case) -> dict[str, str]:
    """What the case knows of the applicant already: nobody types it again."""
    said = contact.of_case(case.pk)
    return {
        "recipient": case.applicant_name,
        "phone": said.telephone if said else "",
        "address": said.address if said else "",
    }


def _events(each: queries.Parcel) -> list[tuple[str, Text]]:
    """What happened to a parcel, the latest first."""
    told = ((event["at"], Text.given(event["zh"], event["en"])) for event in each.events)
    return list(told)[::-1]


@require_safe
@officials_only
def parcels(request: ActorRequest) -> HttpResponse:
    """What waits to be posted."""
    if downloads.wanted(request):
        rows = queries.to_send(request.actor)[: downloads.MOST + 1]
        return downloads.answer(request, _TABLE, downloads.whole(rows))
    return _list(request)


@officials_only
@action("parcels:list")
def send(request: ActorRequest, parcel_id: UUID) -> HttpResponse:
    """Hand one to the carrier."""
    try:
        actions.send(parcel_id, actor=request.actor, at=timezone.now())
    except queries.Parcel.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _list(request, refusal)
    return HttpResponseRedirect(reverse("parcels:list"))


def _list(request: ActorRequest, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "waiting": queries.to_send(request.actor)[:_LISTED],
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return office_page(request, "post/list.html", context, status=status)


_TABLE: downloads.Table[queries.Parcel] = downloads.Table(
    "parcels",
    Text("待交寄", "To be posted"),
    (
        (CASE, lambda row: row.case.subject),
        (NUMBER, lambda row: row.case.number),
        (Text("收件人", "Recipient"), lambda row: row.recipient),
        (Text("电话", "Telephone"), lambda row: row.phone),
        (Text("地址", "Address"), lambda row: row.address),
        (Text("申请时间", "Asked"), lambda row: row.asked_at),
    ),
)
