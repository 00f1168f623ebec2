"""How far a case is, without a log-in: by its number and four signs of the applicant's code."""

from __future__ import annotations

import math

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiangyun.adapters import attempts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.queries.progress import DIGITS, case_by_digits
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, address_of
from xiangyun.faces.portal import standing
from xiangyun.kernel.findings import Finding, Text

UNKNOWN = Finding(
    "portal.E012",
    "error",
    Text(
        "没有这样的办件，或者后四位不对。",
        "There is no such case, or the last four signs are not those of its applicant.",
    ),
    hint=Text(
        "编号在收件凭证上；后四位是申请人身份证号码或者统一社会信用代码的最后四位。",
        "The number stands on the receipt; the four signs end the applicant’s identity number or "
        "credit code.",
    ),
)


@never_cache
@require_http_methods(["GET", "POST"])
def progress(request: ActorRequest) -> HttpResponse:
    """The stage, what comes next and by when; nothing of who it is or what it says."""
    number = request.POST.get("number", "").strip()[:60]
    fault: Finding | None = None
    told = None
    status = 200
    if request.method == "POST":
        address = address_of(request)
        if wait := attempts.wait_for_number(number, address):
            fault, status = _too_often(wait), 429
        elif case := case_by_digits(number, request.POST.get("digits", "")):
            with acting_as(SYSTEM):
                told = {
                    "line": standing.line(case),
                    "next": standing.what_next(case),
                }
        else:
            attempts.failed_number(number, address)
            fault, status = UNKNOWN, 404
    fields = [
        Field(
            "number",
            "text",
            Text("办件编号", "Number of the case"),
            typed=number,
            hint=Text("在收件凭证和短信里。", "On the receipt and in messages."),
            error=fault,
            width="medium",
        ),
        Field(
            "digits",
            "text",
            Text("申请人证件的后四位", "Last four signs of the applicant’s code"),
            hint=Text("身份证或者统一社会信用代码。", "Of the identity number or credit code."),
            width="short",
        ),
    ]
    context = {"fields": fields, "errors": errors(fields), "told": told, "digits": DIGITS}
    return public_page(request, "portal/progress.html", context, status=status)


def _too_often(wait: float) -> Finding:
    minutes = max(1, math.ceil(wait / 60))
    return Finding(
        "portal.E013",
        "error",
        Text(
            "试得太多了，请在 {n} 分钟后再试。",
            "Too many tries: try again in {n} {n|minute|minutes}.",
            n=minutes,
        ),
        hint=Text("登录后随时可以看自己的办件。", "Logged in you see your own cases at any time."),
    )
