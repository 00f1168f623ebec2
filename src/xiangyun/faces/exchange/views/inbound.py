"""Where messages of other systems come in: signed by RFC 9421, answered signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone

from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.exchange import (
    bundlereceiving,
    enclosures,
    envelopes,
    partners,
    receiving,
)
from xiangyun.domain.exchange.ports import signer
from xiangyun.domain.exchange.receiving import Letter
from xiangyun.faces.look.requests import by_program
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.connector.httpsignature import Signable
from xiangyun.kernel.findings import Finding, Refused, Text


@by_program
def receive(request: HttpRequest, connector: str, name: str) -> HttpResponse:
    """Take a message, once; whoever sends it again gets the same answer."""
    now = timezone.now()
    headers = {key.lower(): value for key, value in request.headers.items()}
    url = f"{request.scheme}://{request.get_host()}{request.path}"
    signable = Signable("POST", url, headers=headers)
    letter = _letter(request, headers, connector, name)
    return _answered(receiving.receive_signed(signable, letter, now), signable)


@by_program
def bundle(request: HttpRequest) -> HttpResponse:
    """Take many messages of one sender, each once; the answer has one for each."""
    headers = {key.lower(): value for key, value in request.headers.items()}
    url = f"{request.scheme}://{request.get_host()}{request.path}"
    signable = Signable("POST", url, headers=headers)
    reply, answers = bundlereceiving.receive_signed(signable, _body(request), timezone.now())
    return _answered(reply, signable, answers.header if answers is not None else "")


@by_program
def piece(request: HttpRequest) -> HttpResponse:
    """Give a part of a file that a message to the asking organisation has named."""
    return _asked(request, enclosures.PATH, enclosures.give)


@by_program
def standing(request: HttpRequest) -> HttpResponse:
    """Say whether a certificate of this platform stands, to a partner who was shown it."""
    return _asked(request, "certificates/standing", _standing)


def _standing(body: bytes, organisation: str, at: datetime) -> dict[str, Any]:
    try:
        identifier = str(read_body(body)["identifier"])
    except (ValueError, KeyError, TypeError):
        raise Refused([_NO_IDENTIFIER]) from None
    found = certificates.standing(identifier)
    partners.note_asked(organisation, identifier, at)
    return {"known": found.known, "in_force": found.in_force, **found.text.to_json()}


def _asked(
    request: HttpRequest, path: str, give: Callable[[bytes, str, datetime], dict[str, Any]]
) -> HttpResponse:
    """Answer a partner's question that is no message: signed by him, and the answer by us."""
    now = timezone.now()
    headers = {key.lower(): value for key, value in request.headers.items()}
    url = f"{request.scheme}://{request.get_host()}{request.path}"
    signable = Signable("POST", url, headers=headers)
    connector, _, name = path.partition("/")
    letter = _letter(request, headers, connector, name)
    try:
        known, _ = receiving.proven(signable, letter, now)
        reply = receiving.Reply(200, write_body(give(letter.body, known.organisation, now)))
    except Refused as refused:
        reply = receiving.refusal(refused)
    return _answered(reply, signable)


_NO_IDENTIFIER = Finding(
    "exchange.E076",
    "error",
    Text("没有写证照标识。", "No certificate is named."),
    hint=Text("写 {identifier}。", "Write {identifier}."),
)


def _answered(reply: receiving.Reply, signable: Signable, root: str = "") -> HttpResponse:
    signed = envelopes.answer_headers(
        reply.status, reply.body, signable, signer(), timezone.now(), reply.leaf, root
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
