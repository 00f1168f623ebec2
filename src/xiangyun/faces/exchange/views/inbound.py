"""Where messages of other systems come in: signed by RFC 9421, answered signed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone

from xiangyun.domain.exchange import envelopes, receiving
from xiangyun.domain.exchange.ports import signer
from xiangyun.domain.exchange.receiving import Letter
from xiangyun.faces.look.requests import by_program
from xiangyun.kernel.connector.httpsignature import Signable


@by_program
def receive(request: HttpRequest, connector: str, name: str) -> HttpResponse:
    """Take a message, once; whoever sends it again gets the same answer."""
    now = timezone.now()
    headers = {key.lower(): value for key, value in request.headers.items()}
    url = f"{request.scheme}://{request.get_host()}{request.path}"
    signable = Signable("POST", url, headers=headers)
    reply = receiving.receive_signed(signable, _letter(request, headers, connector, name), now)
    signed = envelopes.answer_headers(
        reply.status, reply.body, signable, signer(), timezone.now(), reply.leaf
    )
    answer = HttpResponse(reply.body, status=reply.status)
    for field, value in signed.items():
        answer[field] = value
    if reply.status >= 400:
        answer["content-type"] = "application/problem+json"
    if reply.wait is not None:
        answer["retry-after"] = str(max(1, round(reply.wait.total_seconds())))
    return answer


def _body(request: HttpRequest) -> bytes:
    """The body; nothing where it is a form, which was read before: no message is one."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def _letter(request: HttpRequest, headers: dict[str, str], connector: str, name: str) -> Letter:
    def number(field: str) -> int:
        said = headers.get(field, "0")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0

    return Letter(
        connector,
        name,
        headers.get(envelopes.ID, "").strip().strip('"'),
        _body(request),
        headers.get(envelopes.SERIES, "").strip('"')[:100],
        number(envelopes.SERIAL),
        number(envelopes.FOLLOWS),
    )
