"""The way `http` to another system: one signed request (RFC 9421), and its signed answer.

Many messages to one partner may go in one request, and requests of one address share connections.
Nothing is followed elsewhere: an answer of 3xx is a refusal, so that no other host is ever given
what was meant for this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import urllib3

from xiangyun.domain.exchange import bundles, envelopes
from xiangyun.domain.exchange.ports import Outbound, Replied, Signer, Together, Unreachable
from xiangyun.kernel.connector.httpsignature import Signable
from xiangyun.kernel.findings import Refused, Text

_SAID = 500
_LONGEST_WAIT = 3600


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=200, maxsize=8, retries=False)


class HttpTransport:
    """The transport `http` of `exchange.ports`."""

    def send(self, message: Outbound, signer: Signer) -> Replied | None:
        url = f"{message.address.rstrip('/')}/{message.path}"
        given = {envelopes.ID: f'"{message.id}"'}
        if message.series:
            given |= {
                envelopes.SERIES: f'"{message.series}"',
                envelopes.SERIAL: str(message.serial),
                envelopes.FOLLOWS: str(message.follows),
            }
        if message.leaf:
            given[envelopes.LEAF] = f'"{message.leaf}"'
        headers = envelopes.request_headers("POST", url, message.body, given, signer, message.at)
        status, answered, body = _asked(url, headers, message.body, message)
        leaf, signed = "", dict[str, object]()
        if message.keys:
            request = Signable("POST", url, headers=headers)
            genuine = _genuine(status, answered, body, request, message)
            leaf, signed = genuine.leaf, genuine.evidence()
        return _replied(status, answered, body, leaf, signed)

    def send_together(self, together: Together, signer: Signer) -> dict[str, Replied]:
        """The transport of `exchange.ports` for many messages in one request.

        A refusal of the whole is the answer to each of them.
        """
        url = f"{together.address.rstrip('/')}/{bundles.PATH}"
        given = {envelopes.ID: f'"{together.id}"', envelopes.BUNDLE: together.bundle.header}
        content = together.bundle.written()
        headers = envelopes.request_headers("POST", url, content, given, signer, together.at)
        status, answered, body = _asked(url, headers, content, together)
        genuine = None
        if together.keys:
            request = Signable("POST", url, headers=headers)
            genuine = _genuine(status, answered, body, request, together)
        if status != 200:
            refused = _replied(status, answered, body)
            return {each.id: refused for each in together.bundle.members}
        try:
            found = bundles.read_bundle(body, answered.get(envelopes.BUNDLE, ""))
        except Refused as problem:
            raise Unreachable(_not_believed(together.address, status, problem)) from problem
        replies = {}
        for index, each in enumerate(found.members):
            signed = found.part(index, genuine).evidence() if genuine is not None else {}
            wait = timedelta(seconds=min(each.wait, _LONGEST_WAIT)) if each.wait else None
            said = "" if 200 <= each.status < 300 else each.body.decode()[:_SAID]
            replies[each.id] = Replied(each.status, each.body, wait, said, each.leaf, signed)
        return replies


def _replied(
    status: int,
    answered: Mapping[str, str],
    body: bytes,
    leaf: str = "",
    signed: Mapping[str, object] | None = None,
) -> Replied:
    wait = _wait(answered.get("retry-after", ""))
    said = "" if 200 <= status < 300 else body[:_SAID].decode("utf-8", "replace")
    return Replied(status, body, wait, said, leaf, signed or {})


def _asked(
    url: str, headers: Mapping[str, str], said: bytes, message: Outbound | Together
) -> tuple[int, dict[str, str], bytes]:
    seconds = message.timeout.total_seconds()
    try:
        answer: Any = _pool().request(
            "POST",
            url,
            body=said,
            headers=dict(headers),
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=seconds),
        )
        try:
            body: bytes = answer.read(message.most_bytes + 1, decode_content=True)
        finally:
            answer.drain_conn()
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as problem:
        raise Unreachable(_no_answer(message.address, problem)) from problem
    if len(body) > message.most_bytes:
        raise Unreachable(
            Text(
                "{address} 的答复超过 {most:,} 字节。",
                "The answer of {address} has more than {most:,} bytes.",
                address=message.address,
                most=message.most_bytes,
            )
        )
    return answer.status, {k.lower(): v for k, v in answer.headers.items()}, body


def _genuine(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    request: Signable,
    message: Outbound | Together,
) -> envelopes.Genuine:
    """What the partner has signed. Raises Unreachable for an answer that is not signed as one
    to this request."""
    signable = Signable(status=status, headers=headers)
    try:
        return envelopes.verify_answer(signable, request, body, message.keys, message.at)
    except Refused as refused:
        raise Unreachable(_not_believed(message.address, status, refused)) from refused


def _not_believed(address: str, status: int, refused: Refused) -> Text:
    return Text(
        "{address} 的答复（{status}）不可信：{why}",
        "The answer of {address} ({status}) is not to be believed: {why}",
        address=address,
        status=status,
        why=refused.findings[0].message,
    )


def _no_answer(address: str, problem: Exception) -> Text:
    return Text(
        "{address} 没有答复：{problem}",
        "{address} does not answer: {problem}",
        address=address,
        problem=type(problem).__name__,
    )


def _wait(header: str) -> timedelta | None:
    if not header.isdigit():
        return None
    return timedelta(seconds=min(int(header), _LONGEST_WAIT))
