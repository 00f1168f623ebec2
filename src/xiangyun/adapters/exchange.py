"""The way `http` to another system: one signed request (RFC 9421), and its signed answer.

Requests of one address share connections. Nothing is followed elsewhere: an answer of 3xx is a
refusal, so that no other host is ever given what was meant for this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import urllib3

from xiangyun.domain.exchange import envelopes
from xiangyun.domain.exchange.ports import Outbound, Replied, Signer, Unreachable
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
        status, answered, body = _asked(url, headers, message)
        leaf, signed = "", {}
        if message.keys:
            request = Signable("POST", url, headers=headers)
            genuine = _genuine(status, answered, body, request, message)
            leaf, signed = genuine.leaf, genuine.evidence()
        wait = _wait(answered.get("retry-after", ""))
        said = "" if 200 <= status < 300 else body[:_SAID].decode("utf-8", "replace")
        return Replied(status, body, wait, said, leaf, signed)


def _asked(
    url: str, headers: Mapping[str, str], message: Outbound
) -> tuple[int, dict[str, str], bytes]:
    seconds = message.timeout.total_seconds()
    try:
        answer: Any = _pool().request(
            "POST",
            url,
            body=message.body,
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
    status: int, headers: Mapping[str, str], body: bytes, request: Signable, message: Outbound
) -> envelopes.Genuine:
    """What the partner has signed. Raises Unreachable for an answer that is not signed as one
    to this request."""
    signable = Signable(status=status, headers=headers)
    try:
        return envelopes.verify_answer(signable, request, body, message.keys, message.at)
    except Refused as refused:
        why = refused.findings[0].message
        raise Unreachable(
            Text(
                "{address} 的答复（{status}）不可信：{why}",
                "The answer of {address} ({status}) is not to be believed: {why}",
                address=message.address,
                status=status,
                why=why,
            )
        ) from refused


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
