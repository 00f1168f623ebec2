"""A message with its signature: header fields of HTTP (RFC 9421), by Ed25519.

What is signed of a request: method, authority, path, digest and type of the body, the idempotency
key, and its place in a series. Of an answer: status, digest, and the signature of the request that
it answers, so that no answer can be passed off as one to another question.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from xiangyun.domain.journal.ports import Signer
from xiangyun.kernel.connector.httpsignature import (
    LABEL,
    Component,
    Parameter,
    Signable,
    SignatureInput,
    content_digest,
    digest_holds,
    read_inputs,
    read_signatures,
    signature_base,
    write_input,
)
from xiangyun.kernel.findings import Finding, Forbidden, Text

TAG = "xiangyun-exchange"
LATEST = timedelta(minutes=15)
"""So far a clock may be from ours, before or behind: offices ten minutes apart still meet."""
ID, SERIES, SERIAL, FOLLOWS, LEAF, BUNDLE = (
    "idempotency-key",
    "exchange-series",
    "exchange-number",
    "exchange-after",
    "exchange-leaf",
    "exchange-bundle",
)
_LONGEST_LEAF = 64
_REQUEST = ("@method", "@authority", "@path", "content-digest", "content-type", ID)
_ANSWER = ("@status", "content-digest")
_WHERE_SAID = (SERIES, SERIAL, FOLLOWS, LEAF, BUNDLE)


@dataclass(frozen=True, slots=True)
class Genuine:
    """A message whose signature holds: by which key, when it was signed, and what was signed.

    `base` (RFC 9421, 2.5) and `signature` prove it to anybody who has the public key; `leaf` is the
    leaf of the other side's journal that says so, where it names one. `part`: of a message that
    came in a bundle, the proof that the bundle holds it; see `bundles`.
    """

    key_id: str
    at: datetime
    covered: frozenset[str]
    base: bytes = b""
    signature: bytes = b""
    leaf: str = ""
    part: Mapping[str, object] | None = None

    def evidence(self) -> dict[str, object]:
        """What the journal keeps, so that the other side cannot deny the message."""
        return {
            "key": self.key_id,
            "base": self.base.decode(),
            "signature": base64.b64encode(self.signature).decode(),
            **({"part": self.part} if self.part is not None else {}),
        }


def request_headers(
    method: str, url: str, body: bytes, given: Mapping[str, str], signer: Signer, at: datetime
) -> dict[str, str]:
    """The header fields of a signed request; `given` are signed, too."""
    headers = {"content-type": "application/json", "content-digest": content_digest(body), **given}
    parts = (*_REQUEST, *(name for name in _WHERE_SAID if name in given))
    signable = Signable(method, url, headers=headers)
    return {**headers, **_signed(parts, signable, None, signer, at)}


def answer_headers(
    status: int,
    body: bytes,
    request: Signable,
    signer: Signer,
    at: datetime,
    leaf: str = "",
    bundle: str = "",
) -> dict[str, str]:
    """The header fields of a signed answer to a signed request; `bundle`: of many answers."""
    headers = {"content-type": "application/json", "content-digest": content_digest(body)}
    if leaf:
        headers[LEAF] = f'"{leaf}"'
    if bundle:
        headers[BUNDLE] = bundle
    signable = Signable(status=status, headers=headers)
    parts = (*_ANSWER, *(name for name in (LEAF, BUNDLE) if name in headers))
    return {**headers, **_signed(parts, signable, request, signer, at)}


def _signed(
    parts: Sequence[str], message: Signable, request: Signable | None, signer: Signer, at: datetime
) -> dict[str, str]:
    components = [Component(name) for name in parts]
    if request is not None and "signature" in request.headers:
        components.append(Component("signature", of_request=True))
    parameters: dict[str, Parameter] = {
        "created": int(at.timestamp()),
        "keyid": signer.key_id,
        "alg": "ed25519",
        "tag": TAG,
    }
    text = write_input(components, parameters)
    base = signature_base(SignatureInput(tuple(components), parameters, text), message, request)
    value = base64.b64encode(signer.sign(base)).decode()
    return {"signature-input": f"{LABEL}={text}", "signature": f"{LABEL}=:{value}:"}


def verify_request(
    message: Signable, body: bytes, keys: Mapping[str, str], now: datetime
) -> Genuine:
    """Who signed a request. Raises Forbidden, with the reason, where nobody did rightly."""
    needed = {*_REQUEST, *(name for name in _WHERE_SAID if name in message.headers)}
    return _verify(message, None, body, keys, now, needed)


def verify_answer(
    message: Signable, request: Signable, body: bytes, keys: Mapping[str, str], now: datetime
) -> Genuine:
    """The same of an answer."""
    needed = {*_ANSWER, "signature;req", *({LEAF, BUNDLE} & message.headers.keys())}
    return _verify(message, request, body, keys, now, needed)


def _verify(
    message: Signable,
    request: Signable | None,
    body: bytes,
    keys: Mapping[str, str],
    now: datetime,
    needed: set[str],
) -> Genuine:
    said, value = _one_of(message.headers)
    covered = {f"{c.name};req" if c.of_request else c.name for c in said.components}
    if needed - covered:
        raise Forbidden([_NOT_COVERED.about(names=sorted(needed - covered))])
    key_id, created = said.parameters.get("keyid"), said.parameters.get("created")
    if said.parameters.get("alg", "ed25519") != "ed25519" or said.parameters.get("tag") != TAG:
        raise Forbidden([_OTHER_KIND.about()])
    if not isinstance(created, int) or isinstance(created, bool) or not isinstance(key_id, str):
        raise Forbidden([_UNREADABLE.about()])
    at = _moment(created)
    expires = said.parameters.get("expires")
    if abs(now - at) > LATEST or (isinstance(expires, int) and _moment(expires) < now):
        raise Forbidden([_LATE.about(at=at.isoformat())])
    pem = keys.get(key_id)
    if pem is None:
        raise Forbidden([UNKNOWN_KEY.about(key=key_id)])
    try:
        base = signature_base(said, message, request)
    except (KeyError, ValueError):
        raise Forbidden([_UNREADABLE.about()]) from None
    if not holds(pem, value, base):
        raise Forbidden([_ALTERED.about(key=key_id)])
    if not digest_holds(message.headers.get("content-digest", ""), body):
        raise Forbidden([_OTHER_BODY.about()])
    leaf = message.headers.get(LEAF, "").strip().strip('"')[:_LONGEST_LEAF]
    return Genuine(key_id, at, frozenset(covered), base, value, leaf)


def holds(pem: str, signature: bytes, signed: bytes) -> bool:
    """Whether an Ed25519 signature is that of a key over some bytes."""
    key = _public(pem)
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=512)
def _public(pem: str) -> object:
    """A key that was read once is not read again: that takes longer than a signature."""
    return load_pem_public_key(pem.encode())


def _one_of(headers: Mapping[str, str]) -> tuple[SignatureInput, bytes]:
    """The one signature of ours among those that there are."""
    try:
        inputs = read_inputs(headers.get("signature-input", ""))
        values = read_signatures(headers.get("signature", ""))
    except ValueError:
        raise Forbidden([_UNREADABLE.about()]) from None
    ours = [label for label, each in inputs.items() if each.parameters.get("tag") == TAG]
    label = next((each for each in (*ours, *inputs) if each in values), None)
    if label is None:
        raise Forbidden([_UNSIGNED.about()])
    return inputs[label], values[label]


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Forbidden([_UNREADABLE.about()]) from None


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a message is not believed."""

    id: str
    message: Text
    hint: Text

    def about(self, **values: object) -> Finding:
        message = self.message.filled(values) if values else self.message
        return Finding(self.id, "error", message, hint=self.hint)


_RESIGN = Text("请按 RFC 9421 重新签名后再发。", "Sign it anew by RFC 9421 and send it again.")
_UNSIGNED = _Reason("exchange.E001", Text("报文没有签名。", "The message is not signed."), _RESIGN)
_UNREADABLE = _Reason(
    "exchange.E002",
    Text("读不懂签名的首部。", "The header fields of the signature cannot be read."),
    _RESIGN,
)
_NOT_COVERED = _Reason(
    "exchange.E003",
    Text("签名没有包括：{names}。", "The signature leaves out: {names}."),
    _RESIGN,
)
_OTHER_KIND = _Reason(
    "exchange.E004",
    Text("签名的算法或用途不对。", "The signature is of another algorithm, or for another use."),
    Text(
        "算法为 ed25519，tag 为 xiangyun-exchange。", "`alg` is ed25519, `tag` xiangyun-exchange."
    ),
)
_LATE = _Reason(
    "exchange.E005",
    Text(
        "签名的时间是 {at}，与现在相差超过 15 分钟，或已过期。",
        "It was signed at {at}: more than 15 minutes from now, or it has expired.",
    ),
    Text("请校准时钟，重新签名后再发。", "Set the clock right, sign it anew and send it again."),
)
UNKNOWN_KEY = _Reason(
    "exchange.E006",
    Text("不认识密钥 {key}。", "The key {key} is not known."),
    Text("请对方运维登记这个公钥。", "Have the other side’s operator enter this public key."),
)
_ALTERED = _Reason(
    "exchange.E007",
    Text(
        "签名与密钥 {key} 不符：报文被改动过，或由别的密钥签名。",
        "The signature is not that of the key {key}: it was altered, or signed by another.",
    ),
    _RESIGN,
)
_OTHER_BODY = _Reason(
    "exchange.E008",
    Text(
        "正文与 Content-Digest 不符：被改动过。",
        "The body is not that of Content-Digest: it was altered.",
    ),
    _RESIGN,
)
