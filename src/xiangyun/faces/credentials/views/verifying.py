"""Asking a wallet for facts: the verifier of OpenID4VP 1.0, and its pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.certificates import queries, wallets
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, by_program
from xiangyun.kernel.credential.openid4vc import Fault
from xiangyun.kernel.findings import Finding, Refused, Text

_FACTS = {
    "holder": (("holder",), Text("持证主体", "Holder")),
    "number": (("number",), Text("证照编号", "Number")),
    "identifier": (("identifier",), Text("证照标识", "Identifier")),
    "valid_until": (("valid_until",), Text("有效期至", "Valid until")),
    "authority": (("authority",), Text("颁发机构", "Authority")),
}
_NONE = Finding("credentials.E001", "error", Text("请至少选择一项。", "Choose at least one fact."))


@require_http_methods(["GET", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """Choose a kind of certificate and the facts that one needs, no more."""
    kinds = queries.kinds()
    fault = None
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        wanted = [name for name in request.POST.getlist("facts") if name in _FACTS]
        if kind in kinds and wanted:
            paths: list[Any] = [_FACTS[name][0] for name in wanted]
            state = wallets.ask(kind, paths, timezone.now())
            return HttpResponseRedirect(reverse("credentials:presented", args=[state]))
        fault = _NONE
    context = {
        "kinds": list(kinds.items()),
        "facts": [(name, said) for name, (_, said) in _FACTS.items()],
        "kind": request.POST.get("kind", next(iter(kinds), "")),
        "wanted": request.POST.getlist("facts"),
        "fault": fault,
    }
    return public_page(request, "credentials/ask.html", context, status=422 if fault else 200)


@require_safe
def answer(request: ActorRequest, state: str) -> HttpResponse:
    """The code that a wallet scans; then what it showed."""
    found = wallets.result(state, timezone.now())
    if found is None:
        raise Http404
    address = f"{settings.PUBLIC_URL}{reverse('credentials:request', args=[state])}"
    asked = {"client_id": wallets.client_id(), "request_uri": address}
    link = f"openid4vp://?{urlencode(asked)}"
    rows = [
        (_FACTS[name][1], ", ".join(map(str, values)))
        for name, values in found.get("shown", {}).items()
        if name in _FACTS
    ]
    context = {
        "shown": "shown" in found,
        "rows": rows,
        "link": link,
        "code": segno.make(link, error="m").svg_data_uri(border=2),
    }
    return public_page(request, "credentials/presented.html", context)


@require_safe
def request_object(request: HttpRequest, state: str) -> HttpResponse:
    """The signed request."""
    made = wallets.request_object(state, timezone.now())
    if made is None:
        raise Http404
    return HttpResponse(made, content_type="application/oauth-authz-req+jwt")


@by_program
def response(request: HttpRequest, state: str) -> HttpResponse:
    """What a wallet presents, encrypted (direct_post.jwt); in the open it is refused."""
    now = timezone.now()
    try:
        told = wallets.opened(state, request.POST.get("response", ""), now)
        wallets.answered(state, told.get("vp_token"), str(told.get("state")), now)
    except Fault as fault:
        said = {"error": fault.code, "error_description": fault.about}
        return JsonResponse(said, status=400)
    except Refused as problem:
        finding = problem.findings[0]
        said = {
            "error": "invalid_request",
            "error_description": f"{finding.id} {finding.message.en}",
        }
        return JsonResponse(said, status=400)
    return JsonResponse({})
