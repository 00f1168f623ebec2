"""The Action API over HTTP: GET with parameters, POST with JSON or a form; never a session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from xiangyun.faces.look.languages import reader
from xiangyun.faces.open import actions, packages
from xiangyun.kernel.findings import Finding, NotFound, Refused


@require_http_methods(["GET"])
def version(request: HttpRequest) -> HttpResponse:
    """Which version of the interface this is."""
    return JsonResponse({"version": 3})


@csrf_exempt
@require_http_methods(["GET", "POST", "OPTIONS"])
def action(request: HttpRequest, name: str) -> HttpResponse:
    """One action; errors are told in CKAN's own form."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    help_ = packages.absolute(f"/api/3/action/help_show?name={name}")
    do = actions.ACTIONS.get(name)
    if do is None:
        answer = JsonResponse(
            f"Bad request - Action name not known: {name}", safe=False, status=400
        )
        return _open(answer)
    try:
        given = _given(request)
        told = {"help": help_, "success": True, "result": do(given)}
        return _open(JsonResponse(told, json_dumps_params={"ensure_ascii": False}))
    except NotFound as refused:
        return _failed(help_, 404, "Not Found Error", refused)
    except Refused as refused:
        return _failed(help_, 409, "Validation Error", refused)


def _given(request: HttpRequest) -> Mapping[str, Any]:
    if request.method == "GET":
        return request.GET.dict()
    kind = request.content_type or ""
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data") and request.POST:
        return request.POST.dict()
    body = request.body
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except ValueError:
        raise Refused([actions.wrong("JSON")]) from None
    if not isinstance(found, dict):
        raise Refused([actions.wrong("JSON")])
    return found


def _failed(help_: str, status: int, kind: str, refused: Refused) -> HttpResponse:
    said = [_said(finding) for finding in refused.findings]
    error = {"__type": kind, "message": said[0], "ids": [f.id for f in refused.findings]}
    if kind == "Validation Error":
        error["query"] = said
    told = {"help": help_, "success": False, "error": error}
    answer = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    return _open(answer)


def _said(finding: Finding) -> str:
    language = reader()
    said = finding.message.pick(language)
    return f"{said} {finding.hint.pick(language)}" if finding.hint else said


def _open(answer: HttpResponse) -> HttpResponse:
    """Programs of any page may read; what went wrong is told in these words and no others."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
    answer.in_own_words = True  # type: ignore[attr-defined]
    return answer
