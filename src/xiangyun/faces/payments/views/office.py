"""What officials see: the day of fees with its reconciliation, and one order with its refunds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.payments import access, actions, queries
from xiangyun.domain.payments.queries import Order, Standing, Unmatched
from xiangyun.faces.look import downloads
from xiangyun.faces.look.fields import Field
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.payments import STANDINGS, order_shown, refund_shown
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.payment import shown_amount
from xiangyun.kernel.payment.money import typed
from xiangyun.kernel.payment.reconciliation import WORDS

_NOTHING = Decimal("0.00")


@require_safe
@officials_only
def today(request: ActorRequest) -> HttpResponse:
    """The fees of a day: asked for, paid, refunded; and how the books agree."""
    if not access.keeps_fees(request.actor):
        raise Http404
    day = _day(request.GET.get("day", ""))
    if downloads.wanted(request):
        rows = queries.of_day(request.actor, day, downloads.MOST + 1)
        return downloads.answer(request, _TABLE, downloads.whole(rows))
    found = queries.of_day(request.actor, day)
    made = queries.reconciliation(request.actor, day)
    context = {
        "day": day,
        "listing": _listing(found),
        "more": len(found) == queries.LISTED and queries.LISTED,
        "paid": shown_amount(queries.sums(found)),
        "made": made,
        "sums": _sums(made),
        "unmatched": [
            _unmatched(row) for row in queries.unmatched(request.actor, made, queries.LISTED)
        ]
        if made
        else [],
        "differing": queries.differing(request.actor, made) if made else 0,
        "declined": [refund_shown(row) for row in queries.declined(request.actor)],
    }
    return office_page(request, "payments/day.html", context)


@require_safe
@officials_only
def order(request: ActorRequest, number: str) -> HttpResponse:
    """One order: what came, what goes back, and the form that refunds, for whoever may."""
    return _order(request, _seen(request, number))


def _order(request: ActorRequest, row: Order, refused: Refused | None = None) -> HttpResponse:
    who = request.actor
    may = access.may_refund(who, row)
    left = queries.refundable(who, row)
    typed_in = request.POST if refused else {}
    fault = refused.findings[0] if refused else None
    context = {
        "order": order_shown(row),
        "case_url": reverse("workbench:case", args=[row.case_id]) if row.case_id else "",
        "payments": [
            (each, shown_amount(each.amount), STANDINGS[Standing(each.standing)])
            for each in queries.payments_of(who, row)
        ],
        "refunds": [refund_shown(each) for each in queries.refunds_of(who, row)],
        "may": may,
        "left": shown_amount(left) if left else "",
        "strays": [
            (each, shown_amount(rest), _why("", f"why-{each.pk}"))
            for each, rest in queries.strays(who, row)
        ],
        "fields": [
            Field(
                "amount",
                "text",
                Text("退多少元", "How much, in yuan"),
                typed=typed_in.get("amount", f"{left:.2f}"),
                inputmode="decimal",
                error=fault,
            ),
            _why(typed_in.get("why", "")),
        ],
        "errors": [("f-amount", fault)] if fault else [],
        "days": access.keeps_fees(who),
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "payments/order.html", context, status=status)


@officials_only
@action("fees:order", "number")
def refund(request: ActorRequest, number: str) -> HttpResponse:
    """Give back what was typed, or what a payment that settled nothing has left."""
    row, now = _seen(request, number), timezone.now()
    stray = request.POST.get("payment", "")
    amount = typed(request.POST.get("amount", "")[:20])
    payment = int(stray) if stray.isascii() and stray.isdigit() and len(stray) < 18 else 0
    try:
        actions.refund(
            row.number,
            _NOTHING if amount is None else amount,
            request.POST.get("why", ""),
            actor=request.actor,
            at=now,
            payment=payment,
            seen=typed(request.POST.get("seen", "")[:20]),
        )
    except Refused as refused:
        return _order(request, row, refused)
    return HttpResponseRedirect(reverse("fees:order", args=[row.number]))


@officials_only
@action("fees:today")
def again(request: ActorRequest, number: str) -> HttpResponse:
    """Have a refund tried again that the provider declined."""
    actions.again(number, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("fees:today"))


def _why(typed_in: str, anchor: str = "why") -> Field:
    """The reason of a refund, which the history of the case shows."""
    return Field("why", "text", Text("退费理由", "Why"), typed=typed_in, anchor=anchor)


def _seen(request: ActorRequest, number: str) -> Order:
    found = queries.order(request.actor, number)
    if found is None or access.pays(request.actor, found):
        raise Http404
    return found


def _listing(found: list[Order]) -> Listing:
    columns = (
        Column(Text("收费项目", "Fee")),
        Column(Text("办件", "Case")),
        Column(Text("金额（元）", "Yuan"), "num"),
        Column(Text("状态", "State"), ""),
    )
    lines = []
    for row in found:
        shown = order_shown(row)
        cells = (words(shown.name), row.case_number, shown.amount, words(shown.state))
        lines.append(Line(reverse("fees:order", args=[row.number]), row.number, cells))
    return Listing(Text("缴费单", "Order"), columns, lines)


def _sums(made: queries.Reconciliation | None) -> list[tuple[Text, str, str]]:
    if made is None:
        return []
    return [
        (Text("缴费", "Paid"), shown_amount(made.paid_here), shown_amount(made.paid_there)),
        (
            Text("退费", "Refunded"),
            shown_amount(made.refunded_here),
            shown_amount(made.refunded_there),
        ),
    ]


def _unmatched(row: Unmatched) -> dict[str, Any]:
    return {
        "row": row,
        "what": WORDS[row.what],
        "url": reverse("fees:order", args=[row.order.number]) if row.order else "",
        "ours": "—" if row.our_amount is None else shown_amount(row.our_amount),
        "theirs": "—" if row.their_amount is None else shown_amount(row.their_amount),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


_TABLE: downloads.Table[Order] = downloads.Table(
    "fees",
    Text("缴费单", "Orders of fees"),
    (
        (Text("缴费单", "Order"), lambda row: row.number),
        (Text("收费项目", "Fee"), lambda row: order_shown(row).name),
        (Text("办件", "Case"), lambda row: row.case_number),
        (Text("金额（元）", "Yuan"), lambda row: row.amount),
        (Text("状态", "State"), lambda row: order_shown(row).state),
        (Text("开单时间", "Asked"), lambda row: row.asked_at),
        (Text("结清时间", "Settled"), lambda row: row.settled_at),
    ),
)
