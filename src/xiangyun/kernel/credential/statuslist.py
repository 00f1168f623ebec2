"""Token Status List (draft-ietf-oauth-status-list): many statuses in one compressed, signed list.

A status has 1, 2, 4 or 8 bits; the first lies in the least significant bits of the first byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from . import cwtlist
from .encodings import from_base64url, to_base64url
from .faults import refused
from .jws import Check, Jwk, Jws, Sign, check, spelled, take_apart
from .sdjwt import Term, is_number

VALID, INVALID, SUSPENDED = 0, 1, 2
"""Status types of the registry (section 7.1)."""
BITS = (1, 2, 4, 8)
TYPE = "statuslist+jwt"
_MOST_BYTES = 1 << 27
"""A list that grows beyond this when it is opened is a bomb: 2^30 statuses of one bit."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """An opened list: `data` as in section 4.1."""

    bits: int
    data: bytes

    def __len__(self) -> int:
        return len(self.data) * 8 // self.bits

    def __getitem__(self, index: int) -> int:
        """The status at an index. Raises Refused `credential.E033` outside the list."""
        if not 0 <= index < len(self):
            raise refused("E033", index)
        place = index * self.bits
        return self.data[place >> 3] >> (place & 7) & ((1 << self.bits) - 1)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a credential's status stands: which list, which index (section 6.2)."""

    uri: str
    index: int


def packed(statuses: Mapping[int, int], size: int, bits: int) -> StatusList:
    """A list of `size` statuses, all valid but those given."""
    if bits not in BITS:
        raise refused("E035", bits)
    data = bytearray((size * bits + 7) // 8)
    for index, status in statuses.items():
        if not 0 <= index < size or not 0 <= status < 1 << bits:
            raise refused("E033", index)
        place = index * bits
        data[place >> 3] |= status << (place & 7)
    return StatusList(bits, bytes(data))


def to_claim(of: StatusList) -> dict[str, object]:
    """The claim `status_list`: ZLIB (RFC 1950) at the highest level, in base64url."""
    return {"bits": of.bits, "lst": to_base64url(zlib.compress(of.data, 9))}


def from_claim(claim: object) -> StatusList:
    """An opened list. Raises Refused `credential.E035` for anything that is none."""
    if not isinstance(claim, Mapping):
        raise refused("E035")
    bits, text = claim.get("bits"), claim.get("lst")
    if isinstance(bits, bool) or bits not in BITS or not isinstance(text, str):
        raise refused("E035")
    return StatusList(int(bits), inflated(from_base64url(text)))


def inflated(data: bytes) -> bytes:
    """What ZLIB packed. Raises Refused `credential.E035`: broken, cut, followed, or a bomb."""
    opener = zlib.decompressobj()
    try:
        opened = opener.decompress(data, _MOST_BYTES)
    except zlib.error:
        raise refused("E035") from None
    if not opener.eof or opener.unused_data or opener.unconsumed_tail:
        raise refused("E035")
    return opened


def token(
    of: StatusList,
    *,
    uri: str,
    at: int,
    until: int,
    every: int,
    header: Mapping[str, object],
    sign: Sign,
) -> str:
    """The signed list as a JWT (section 5.1); `until` and `every` (seconds) say when it is old."""
    claims = {"sub": uri, "iat": at, "exp": until, "ttl": every, "status_list": to_claim(of)}
    return spelled({**header, "typ": TYPE}, claims, sign)


def reference(claims: Mapping[str, object]) -> Reference:
    """Where a credential says its status stands.

    Raises Refused `credential.E039` for none, `E024` for one that is malformed.
    """
    status = claims.get("status")
    if status is None:
        raise refused("E039")
    entry = status.get("status_list") if isinstance(status, dict) else None
    if not isinstance(entry, dict):
        raise refused("E024", "status")
    index, uri = entry.get("idx"), entry.get("uri")
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise refused("E024", "idx")
    if not isinstance(uri, str) or not uri:
        raise refused("E024", "uri")
    return Reference(uri, index)


def opened(
    text: str | bytes | None, uri: str, keys: Mapping[str | None, Jwk], by: Check, term: Term
) -> StatusList:
    """The list of a token, all of it checked, for the credential that refers to `uri`.

    A text is a JWT, bytes are a CWT (`cwtlist`).

    `keys`: those of the issuer by their ids. Raises Refused: `credential.E030` no list, `E004` no
    such token, `E032` another signer, `E031` the list of another address, `E034` too old, `E022`
    from the future, `E035` broken.
    """
    if text is None:
        raise refused("E030", uri)
    if isinstance(text, bytes):
        return checked(cwtlist.claims_of(text, keys, by), uri, term)
    jws = take_apart(text.strip())
    if jws.header.get("typ") != TYPE:
        raise refused("E004", jws.header.get("typ"))
    _check_signer(jws, keys, by)
    return checked(jws.payload, uri, term)


def _check_signer(jws: Jws, keys: Mapping[str | None, Jwk], by: Check) -> None:
    key = keys.get(str(jws.header["kid"]) if "kid" in jws.header else None)
    if key is None:
        raise refused("E032")
    try:
        check(jws, key, by)
    except Exception:
        raise refused("E032") from None


def checked(claims: Mapping[str, object], uri: str, term: Term) -> StatusList:
    """The list of a token's claims; as `opened`, without the signature."""
    if claims.get("sub") != uri:
        raise refused("E031", claims.get("sub"))
    made, until, every = claims.get("iat"), claims.get("exp"), claims.get("ttl")
    if not is_number(made):
        raise refused("E024", "iat")
    if float(made) > term.at + term.slack:  # type: ignore[arg-type]
        raise refused("E022")
    if until is not None and (not is_number(until) or float(until) <= term.at - term.slack):  # type: ignore[arg-type]
        raise refused("E034" if is_number(until) else "E024", "exp")
    if every is not None:
        if not is_number(every) or float(every) <= 0:  # type: ignore[arg-type]
            raise refused("E024", "ttl")
        if until is None and float(made) + float(every) <= term.at - term.slack:  # type: ignore[arg-type]
            raise refused("E034", "ttl")
    return from_claim(claims.get("status_list"))


def check_status(status: int) -> None:
    """Raises Refused `credential.E036` revoked, `E037` suspended, `E038` any other but valid."""
    if status != VALID:
        raise refused({INVALID: "E036", SUSPENDED: "E037"}.get(status, "E038"))
