"""JSON Web Signatures in the compact form (RFC 7515), read strictly, checked by a port.

No algorithm is computed here: `Check` is passed in, so that a software key, a card or a recorded
answer may stand behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .encodings import from_base64url, read_json, to_base64url, to_json
from .faults import refused

Jwk = Mapping[str, object]
"""A public key as JSON (RFC 7517)."""

Check = Callable[[Jwk, str, bytes, bytes], bool]
"""Whether a key made this signature: (key, algorithm, message, signature)."""

Sign = Callable[[bytes], bytes]
"""The signature of a message by the key of whoever passes this."""

ALGORITHMS: Mapping[str, tuple[str, str]] = {
    "EdDSA": ("OKP", "Ed25519"),
    "Ed25519": ("OKP", "Ed25519"),
    "ES256": ("EC", "P-256"),
    "SM2SM3": ("EC", "SM2"),
}
"""What is believed at all, with the kind and curve of its keys: never `none`, never a secret."""


@dataclass(frozen=True, slots=True)
class Jws:
    """A token taken apart, with nothing checked but its spelling."""

    header: Mapping[str, object]
    payload: Mapping[str, object]
    signed: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """The algorithm that the header names."""
        return str(self.header.get("alg"))


def take_apart(token: str) -> Jws:
    """A compact token. Raises Refused `credential.E001`, `E002`, `E003` or `E005`."""
    parts = token.split(".")
    if len(parts) != 3:
        raise refused("E001")
    return joined(parts[0], parts[1], parts[2])


def joined(protected: str, payload: str, signature: str) -> Jws:
    """The same from the three members of a JSON serialization."""
    header, claims = read_json(from_base64url(protected)), read_json(from_base64url(payload))
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise refused("E002")
    if header.get("alg") not in ALGORITHMS:
        raise refused("E003", header.get("alg"))
    # An extension that the header demands is never passed over; b64 is one of them (RFC 7797).
    if "crit" in header or "b64" in header:
        raise refused("E005")
    return Jws(header, claims, f"{protected}.{payload}".encode(), from_base64url(signature))


def check(jws: Jws, key: Jwk, by: Check) -> None:
    """Raises Refused `credential.E003` for an algorithm that is not the key's, `E006` otherwise."""
    if (key.get("kty"), key.get("crv")) != ALGORITHMS[jws.algorithm]:
        raise refused("E003", jws.algorithm)
    if "alg" in key and key["alg"] not in (jws.algorithm, "EdDSA", "Ed25519"):
        raise refused("E003", jws.algorithm)
    if not by(key, jws.algorithm, jws.signed, jws.signature):
        raise refused("E006")


def spelled(header: Mapping[str, object], claims: Mapping[str, object], sign: Sign) -> str:
    """The compact token of a header and claims."""
    body = f"{_part(header)}.{_part(claims)}"
    return f"{body}.{to_base64url(sign(body.encode()))}"


def _part(value: Mapping[str, object]) -> str:
    return to_base64url(to_json(value).encode())
