"""Certificates into wallets: the addresses of OpenID4VCI 1.0."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.certificates import wallets
from xiangyun.faces.look.requests import by_program
from xiangyun.kernel.credential.openid4vc import Fault

_STATUS = {"invalid_token": 401, "invalid_client": 401, "credential_request_denied": 400}


def _answer(value: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = JsonResponse(value, status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _fault(fault: Fault) -> HttpResponse:
    said = {"error": fault.code}
    if fault.about:
        said["error_description"] = fault.about
    answer = _answer(said, _STATUS.get(fault.code, 400))
    if fault.code == "invalid_token":
        answer.headers["WWW-Authenticate"] = 'DPoP error="invalid_token"'
    return answer


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """What this issuer can do."""
    return _answer(wallets.issuer_metadata())


@require_safe
def server_metadata(request: HttpRequest) -> HttpResponse:
    """The authorization server of this issuer."""
    return _answer(wallets.server_metadata())


@require_safe
def offered(request: HttpRequest, reference: str) -> HttpResponse:
    """The offer that a wallet scanned."""
    found = wallets.offered(reference)
    if found is None:
        raise Http404
    return _answer(found)


@by_program
def token(request: HttpRequest) -> HttpResponse:
    """An access token for an offer."""
    form = {name: str(value) for name, value in request.POST.items()}
    try:
        return _answer(wallets.token(form, request.headers, timezone.now()))
    except Fault as fault:
        return _fault(fault)


@by_program
def nonce(request: HttpRequest) -> HttpResponse:
    """A fresh nonce."""
    return _answer({"c_nonce": wallets.nonce()})


@by_program
def credential(request: HttpRequest) -> HttpResponse:
    """The credentials asked for; the token comes in a header and never in the address."""
    try:
        if "access_token" in request.GET or "access_token" in request.POST:
            raise Fault("invalid_token", "the token belongs into the header")
        if request.content_type != "application/json":  # a form was read already
            raise Fault("invalid_credential_request", "JSON")
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            raise Fault("invalid_credential_request", "JSON")
        authorization = request.headers.get("Authorization", "")
        made = wallets.credentials(
            asked, authorization, request.headers.get("DPoP"), timezone.now()
        )
        return _answer(made)
    except Fault as fault:
        return _fault(fault)
