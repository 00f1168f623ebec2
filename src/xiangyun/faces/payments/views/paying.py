"""What the payer sees: the fee, the way to the provider, the receipt."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access as cases_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.payments import access, actions, queries
from xiangyun.domain.payments.queries import Order, Standing, State
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.payments import order_shown, refund_shown
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.payment import shown_amount


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """The fees of the party acted for, also of cases that others opened."""
    found = [order_shown(row) for row in queries.mine(request.actor)]
    return public_page(request, "payments/mine.html", {"orders": found})


@require_safe
@logged_in
def pay(request: ActorRequest, number: str) -> HttpResponse:
    """One fee: how much, to whom, until when; and the button that leads to the provider."""
    return _page(request, _own(request, number))


def _page(request: ActorRequest, row: Order, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    to_pay = row.state == State.WAITING and row.due_at > now and queries.is_awaited(row)
    context = _facts(request, row) | {
        "to_pay": to_pay,
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "payments/pay.html", context, status=status)


@logged_in
@action("payments:pay", "number")
def go(request: ActorRequest, number: str) -> HttpResponse:
    """Lead the payer to the provider's page, which leads back here."""
    row, now = _own(request, number), timezone.now()
    back = reverse("payments:pay", args=[number])
    payee = _payee(row)
    try:
        address = actions.begin(number, actor=request.actor, back=back, payee=words(payee), at=now)
    except Refused as refused:
        return _page(request, row, refused)
    return HttpResponseRedirect(address)


@require_safe
@logged_in
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """What was paid, when and by which transaction, and what has gone back: to keep or to print."""
    row = _own(request, number)
    taken = [
        each for each in queries.payments_of(request.actor, row) if each.standing == Standing.TAKEN
    ]
    if not taken:
        raise Http404
    context = _facts(request, row) | {"payment": taken[0]}
    return public_page(request, "payments/receipt.html", context)


def _facts(request: ActorRequest, row: Order) -> dict[str, Any]:
    found = queries.refunds_of(request.actor, row)
    strays = queries.strays(request.actor, row)
    return {
        "order": order_shown(row),
        "payee": _payee(row),
        "case_url": _case_url(request, row),
        "refunds": [refund_shown(each) for each in found],
        "strays": [shown_amount(rest) for _, rest in strays],
    }


def _payee(row: Order) -> Text:
    """The body that the fee is paid to; whoever pays need not see the case."""
    if row.case_id is None:
        return Text("原收费单位（办件已归档）", "The body that asked for it; its case is archived")
    with acting_as(SYSTEM):
        found = cases_access.case_for(SYSTEM, row.at_case)
        return authority(cases.pack_of(found).service, found.division)


def _case_url(request: ActorRequest, row: Order) -> str:
    """The page of the case, for whoever applied."""
    try:
        found = cases_access.case_for(request.actor, row.at_case)
    except Refused:
        return ""
    applied = cases_access.is_applicant(request.actor, found)
    return reverse("portal:case", args=[row.at_case]) if applied else ""


def _own(request: ActorRequest, number: str) -> Order:
    found = queries.order(request.actor, number)
    if found is None or not access.pays(request.actor, found):
        raise Http404
    return found
