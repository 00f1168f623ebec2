"""The page of the simulated provider: another house's counter, shown by this instance.

What it says of a payment goes the way that a real provider's call goes: signed, and verified.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.payments import ports, receiving
from xiangyun.domain.payments.ports import Asked, Counter
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action
from xiangyun.kernel.payment import shown_amount


@require_safe
def page(request: ActorRequest, secret: str) -> HttpResponse:
    """What is to be paid, to whom; whoever has the address may pay."""
    counter, asked = _of(secret)
    context = {
        "asked": asked,
        "amount": shown_amount(asked.amount),
        "secret": secret,
        "standing": counter.standing(secret),
    }
    return public_page(request, "payments/provider.html", context)


@action("payments:provider", "secret")
def pay(request: ActorRequest, secret: str) -> HttpResponse:
    """Pay, and be led back. Pressed twice, it is paid once."""
    counter, asked = _of(secret)
    now = timezone.now()
    call = counter.pay(secret, now)
    if call is not None:
        headers, body = call
        receiving.receive(headers, body, at=now)
    return HttpResponseRedirect(asked.back)


def _of(secret: str) -> tuple[Counter, Asked]:
    counter = ports.counter()
    asked = counter.shown(secret) if counter is not None else None
    if counter is None or asked is None:
        raise Http404
    return counter, asked
