"""“Which case is mine?”: a few questions cut materials, fee and days, without a log-in.

The answers stand in the address: the page can be sent on, needs no script and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue import sheets
from xiangyun.faces.look import limits
from xiangyun.faces.look.asking import Asking
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Page
from xiangyun.kernel.pack.whichcase import Sorted, asked
from xiangyun.kernel.service.model import Material, ServiceItem


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee of this case; None where the answers do not say."""

    name: Text
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers come to, as the page sets it."""

    days: Text
    fees: Sequence[FeeLine]
    needed: Sequence[Material]
    perhaps: Sequence[Material]
    spared: Sequence[Material]


@require_safe
def which(request: ActorRequest, code: str) -> HttpResponse:
    """The questions, and what the answers come to once there are any."""
    version = catalogue.current_version(code)
    now = timezone.now()
    pack = sheets.offered(version, region_of(request), timezone.localdate(now))
    questions = asked(pack)
    if not questions:
        raise Http404
    raw = {name: request.GET.getlist(name) for name in request.GET}
    page = Page(KEY, _TITLE, questions)
    reading, result = None, None
    if raw:
        reading = pack.form.read(page, raw, {}, on=timezone.localdate(now))
        if not reading.errors:
            result = _result(cases.sorting(pack, reading.answers, now), pack.service)
    asking = Asking(questions, {}, reading, raw=raw if reading and reading.errors else {})
    context = {
        "service": pack.service.name,
        "asked": asking.as_asked(pack.form, folded=True),
        "errors": asking.errors if reading else [],
        "result": result,
        "free": not pack.service.fee.charged,
        "guide_url": reverse("portal:guide", args=[code]),
        "start_url": reverse("portal:start", args=[code]),
    }
    status = 422 if reading and reading.errors else 200
    return public_page(request, "portal/which.html", context, status=status)


def _result(found: Sorted, item: ServiceItem) -> Result:
    papers = {need: [m for m, n in found.materials if n is need] for need in (True, None, False)}
    return Result(
        days=limits.in_words(found.promised, item.promised)
        if found.promised.most
        else limits.AT_ONCE,
        fees=[FeeLine(fee.name, amount) for fee, amount in found.fees],
        needed=papers[True],
        perhaps=papers[None],
        spared=papers[False],
    )


KEY = "which"
_TITLE = Text("我属于哪种情形？", "Which case is mine?")
