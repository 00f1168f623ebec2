"""The applicant says where to be reached about a case from now on."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.contact import actions, queries
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text

_ASKED = {
    "telephone": ("tel", Text("电话", "Telephone")),
    "email": ("email", Text("电子邮件", "E-mail")),
    "address": ("street-address", Text("通信地址", "Postal address")),
}


@logged_in
@require_http_methods(["GET", "POST"])
def contact(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show what holds for this case; POST changes it."""
    case = case_access.case_for(request.actor, case_id)
    if not case_access.is_applicant(request.actor, case):
        raise Http404
    if request.method == "GET":
        held = queries.of_case(case_id)
        return _page(request, case, {key: getattr(held, key, "") for key in _ASKED})
    typed = {key: request.POST.get(key, "")[:1000] for key in _ASKED}
    try:
        actions.change(case_id, actor=request.actor, at=timezone.now(), **typed)
    except Refused as refusal:
        return _page(request, case, typed, refusal)
    messages.success(request, words(Text("联系方式已经改好。", "Changed.")))
    return HttpResponseRedirect(reverse("portal:case", args=[case_id]))


def _page(
    request: ActorRequest,
    case: cases.Case,
    typed: Mapping[str, str],
    refusal: Refused | None = None,
) -> HttpResponse:
    wrong: dict[str, Finding] = {}
    for found in refusal.findings if refusal else ():
        wrong.setdefault(found.place.question if found.place else "", found)
    fields = [
        Field(
            key,
            "text",
            label,
            required=False,
            typed=typed[key],
            error=wrong.get(key),
            autocomplete=known_as,
        )
        for key, (known_as, label) in _ASKED.items()
    ]
    whole = [("", found) for place, found in wrong.items() if place not in _ASKED]
    context = {
        "case": case,
        "fields": fields,
        "errors": [*whole, *errors(fields)],
        "may_change": queries.may_change(request.actor, case),
    }
    status = STATUS[refusal.kind] if refusal else 200
    return public_page(request, "contact/case.html", context, status=status)
