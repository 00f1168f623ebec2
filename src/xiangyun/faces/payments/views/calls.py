"""Where a provider calls: what it has signed is taken once, and answered in JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone

from xiangyun.domain.payments import ports, receiving
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import by_program
from xiangyun.kernel.findings import Refused

_RETRY_SECONDS = "30"


@by_program
def call(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what a provider says. 404 with Retry-After: an order that is not known (yet)."""
    if provider != ports.provider().name:
        raise Http404
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        reply = receiving.receive(headers, _body(request), at=timezone.now())
    except Refused as refused:
        return _problem(refused)
    if not reply.done:
        answer = JsonResponse({"became": reply.became}, status=404)
        answer["Retry-After"] = _RETRY_SECONDS
        return answer
    return JsonResponse({"became": reply.became})


def _body(request: HttpRequest) -> bytes:
    """The body; nothing where it is a form, which was read before: no call is one."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def _problem(refused: Refused) -> HttpResponse:
    """A refusal as a problem of RFC 9457."""
    status = STATUS[refused.kind]
    said = {
        "type": "about:blank",
        "title": refused.findings[0].message.en,
        "status": status,
        "findings": [{"id": each.id, **each.message.to_json()} for each in refused.findings],
    }
    return JsonResponse(said, status=status, content_type="application/problem+json")
