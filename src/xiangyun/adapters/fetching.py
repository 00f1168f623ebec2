"""Fetching what a stranger's server offers: one address, one answer, whole or not at all.

Whoever types an address must not reach through this server what only this server reaches: every
address that a host has must lie in the open network, the connection goes to the one that was
looked at (a name that changes meanwhile changes nothing), nothing is followed elsewhere, and an
answer that is shorter or longer than it says, too large or too slow is none (RFC 9110, 8.6; RFC
9112, 6.3).
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from xiangyun.kernel.findings import Finding, Refused, Text

SECONDS: Final = 60.0
"""So long an answer may take as a whole."""
_PAUSE: Final = 15.0
_AFTER: Final = 0.2
"""So long it is looked whether more comes than was said."""
_PIECE: Final = 1 << 16
_MOVED: Final = (301, 302, 303, 307, 308)
_TAG: Final = re.compile(r'(?:W/)?"[!#-~]{0,200}"')
"""An entity tag (RFC 9110, 8.8.3) that can be kept and sent back: short, and in ASCII."""
_AGENT: Final = "Xiangyun-harvest/1"
_POSTER: Final = "Xiangyun-webhook/1"


@dataclass(frozen=True, slots=True)
class Got:
    """An answer: its body, its type of media, its tag; `same` where nothing changed (304)."""

    body: bytes
    media: str
    tag: str
    same: bool = False


def fetch(address: str, *, accept: str, most: int, tag: str = "") -> Got:
    """The answer of an address to GET.

    Raises Refused: `dataset.E030` for an address that may not be asked, `dataset.E031` where nobody
    answers or the answer breaks off, `dataset.E032` where its length is another than it says,
    `dataset.E033` where it leads elsewhere, `dataset.E034` for any other status than 200,
    `dataset.E037` where it is too large.
    """
    host, port, path, secure = _parts(address)
    places = _places(address, host, port)
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    headers |= {"User-Agent": _AGENT} | ({"If-None-Match": tag} if tag else {})
    connection = http.client.HTTPConnection(host, port, timeout=_PAUSE)
    try:
        plain = _connected(places)
        with _in_time(plain):
            connection.sock = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host)
                if secure
                else plain
            )
            connection.request("GET", path, headers=headers)
            return _answered(address, connection, most, tag)
    except (OSError, http.client.HTTPException) as problem:
        raise Refused([broken(address, type(problem).__name__)]) from problem
    finally:
        connection.close()


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status with which an address answers what is posted to it; its answer is not read.

    Raises Refused as `fetch` does, for an address that may not be asked and where nobody answers.
    """
    host, port, path, secure = _parts(address)
    places = _places(address, host, port)
    connection = http.client.HTTPConnection(host, port, timeout=_PAUSE)
    try:
        plain = _connected(places)
        with _in_time(plain):
            connection.sock = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host)
                if secure
                else plain
            )
            connection.request("POST", path, body, {**headers, "User-Agent": _POSTER})
            return connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        raise Refused([broken(address, type(problem).__name__)]) from problem
    finally:
        connection.close()


def _parts(address: str) -> tuple[str, int, str, bool]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused([_not_asked(address)]) from None
    secure = parts.scheme == "https"
    plain = all("!" <= char <= "~" for char in address)
    if not plain or parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Refused([_not_asked(address)])
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return parts.hostname, port or (443 if secure else 80), path, secure


def _places(address: str, host: str, port: int) -> list[tuple[str, int]]:
    """The addresses of a host, all of them in the open network unless the settings name it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Refused([broken(address, type(problem).__name__)]) from problem
    places = list(dict.fromkeys((str(each[4][0]), port) for each in found))
    inside = f"{host}:{port}" in settings.HARVEST_INSIDE or host in settings.HARVEST_INSIDE
    if not inside and not all(_is_open(ip) for ip, _ in places):
        raise Refused([_not_asked(address)])
    return places


def _is_open(written: str) -> bool:
    place = ipaddress.ip_address(written.partition("%")[0])
    if isinstance(place, ipaddress.IPv6Address):
        # What is carried inside of another address is looked at as itself.
        carried = place.ipv4_mapped or place.sixtofour or (place.teredo or (None, None))[1]
        if carried is not None or place in _NAT64:
            return carried is not None and carried.is_global and not carried.is_multicast
    return place.is_global and not place.is_multicast and not place.is_reserved


_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def _connected(places: list[tuple[str, int]]) -> socket.socket:
    problem: OSError | None = None
    for place in places[:4]:
        try:
            return socket.create_connection(place, timeout=_PAUSE)
        except OSError as failed:
            problem = failed
    raise problem or OSError


@contextmanager
def _in_time(plain: socket.socket) -> Iterator[None]:
    """End a connection that takes longer than an answer may.

    By a handle of its own: TLS takes the socket's away, and hides what is read behind it.
    """
    with plain.dup() as handle:
        stop = Timer(SECONDS, _ended, [handle])
        stop.daemon = True
        stop.start()
        try:
            yield
        finally:
            stop.cancel()


def _ended(handle: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        handle.shutdown(socket.SHUT_RDWR)


def _answered(address: str, connection: http.client.HTTPConnection, most: int, asked: str) -> Got:
    response = connection.getresponse()
    if response.status in _MOVED:
        raise Refused([_elsewhere(address, response.headers.get("Location", ""))])
    tag = response.headers.get("ETag", "")
    tag = tag if _TAG.fullmatch(tag) else ""
    media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status == 304 and asked:
        return Got(b"", media, tag, same=True)
    if response.status != 200:
        raise Refused([_status(address, response.status)])
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused([_length(address, "compressed", "not")])
    if response.chunked:
        return Got(_to_the_end(address, response, most), media, tag)
    said = set(response.headers.get_all("Content-Length") or ())
    if not said:
        return Got(_to_the_end(address, response, most), media, tag)
    (first, *others) = sorted(said)
    if others or not first.isascii() or not first.isdigit():
        raise Refused([_length(address, ", ".join(sorted(said)), "?")])
    if int(first) > most:
        raise Refused([large(address, most)])
    return Got(_as_said(address, connection, response, int(first)), media, tag)


def _to_the_end(address: str, response: http.client.HTTPResponse, most: int) -> bytes:
    pieces, size = list[bytes](), 0
    while piece := response.read(_PIECE):
        size += len(piece)
        if size > most:
            raise Refused([large(address, most)])
        pieces.append(piece)
    return b"".join(pieces)


def _as_said(
    address: str,
    connection: http.client.HTTPConnection,
    response: http.client.HTTPResponse,
    said: int,
) -> bytes:
    """The body of a length that was said: not a byte less, and not one more behind it."""
    stream, plain = response.fp, connection.sock
    body = stream.read(said)
    if len(body) < said:
        raise Refused([_length(address, f"{said:,}", f"{len(body):,}")])
    try:
        if plain is not None:
            plain.settimeout(_AFTER)
        more = stream.read(1)
    except (OSError, ValueError):
        more = b""
    if more:
        raise Refused([_length(address, f"{said:,}", f"> {said:,}")])
    return body


NOTHING: Final = Text("什么都没有改动。", "Nothing was changed.")


def fault(id_: str, message: Text, hint: Text = NOTHING) -> Finding:
    """What is wrong with somebody else's server; whatever it is, nothing was changed."""
    return Finding(id_, "error", message, None, hint)


def _not_asked(address: str) -> Finding:
    return fault(
        "dataset.E030",
        Text("不能访问这个地址：{address}。", "This address is not asked: {address}.",
             address=address[:300]),
        Text(
            "只访问公网上的 http 和 https 地址；内网的主机由管理员写进 XIANGYUN_HARVEST_INSIDE。",
            "Only http and https in the open network are; the operator names a host inside in "
            "XIANGYUN_HARVEST_INSIDE.",
        ),
    )  # fmt: skip


def broken(address: str, why: str) -> Finding:
    """Nobody answers, or not to the end, or not in time."""
    return fault(
        "dataset.E031",
        Text("{address} 没有完整答复：{why}。", "{address} gave no whole answer: {why}.",
             address=address[:300], why=why),
    )  # fmt: skip


def _length(address: str, said: str, came: str) -> Finding:
    return fault(
        "dataset.E032",
        Text("{address} 说的长度是 {said}，实际是 {came}。",
             "{address} says its answer is {said} long, and it is {came}.",
             address=address[:300], said=said, came=came),
    )  # fmt: skip


def _elsewhere(address: str, to: str) -> Finding:
    return fault(
        "dataset.E033",
        Text("{address} 转向 {to}。", "{address} leads to {to}.", address=address[:300],
             to=to[:300] or "?"),
        Text("转向不跟随；信得过的话，请直接登记新地址。",
             "Nothing is followed elsewhere; if you trust it, enter the new address itself."),
    )  # fmt: skip


def _status(address: str, status: int) -> Finding:
    return fault(
        "dataset.E034",
        Text("{address} 答复了 {status}。", "{address} answers {status}.", address=address[:300],
             status=status),
    )  # fmt: skip


def large(address: str, most: int) -> Finding:
    """More comes than is taken."""
    return fault(
        "dataset.E037",
        Text("{address} 的答复超过 {most:,} 字节。",
             "The answer of {address} has over {most:,} bytes.", address=address[:300], most=most),
    )  # fmt: skip
