"""A status list as CWT (Token Status List, section 5.2): COSE_Sign1 (RFC 9052) around its claims.

Only read: this platform publishes its own as JWT. Checked like one, by the same reasons.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import cbor
from .encodings import to_base64url
from .faults import refused
from .jws import Check, Jwk

TYPE = "application/statuslist+cwt"
SIGN1, CWT = 18, 61
ALG, KID, TYP = 1, 4, 16
"""Labels of COSE headers (RFC 9052 section 3.1, RFC 9596)."""
_CLAIMS = {2: "sub", 4: "exp", 6: "iat", 65534: "ttl", 65533: "status_list"}
_ALGORITHMS = {-7: "ES256", -9: "ES256", -8: "EdDSA", -19: "EdDSA"}


def claims_of(data: bytes, keys: Mapping[str | None, Jwk], by: Check) -> dict[str, object]:
    """The claims by their names in a JWT, once the signature is checked.

    Raises Refused: `credential.E035` for what is none, `E004` another type, `E003` an algorithm
    that is not allowed, `E032` another signer.
    """
    protected, header, payload, signature = _parts(cbor.read(data))
    if header.get(TYP) not in (TYPE, "statuslist+cwt"):
        raise refused("E004", header.get(TYP))
    number = header.get(ALG)
    algorithm = _ALGORITHMS.get(number) if isinstance(number, int) else None
    if algorithm is None:
        raise refused("E003", number)
    key = keys.get(_name(header.get(KID)))
    signed = cbor.written(["Signature1", protected, b"", payload])
    if key is None or not by(key, algorithm, signed, signature):
        raise refused("E032")
    claims = cbor.read(payload)
    if not isinstance(claims, dict):
        raise refused("E035")
    found = {name: claims[label] for label, name in _CLAIMS.items() if label in claims}
    listed = found.get("status_list")
    if isinstance(listed, dict) and isinstance(listed.get("lst"), bytes):
        found["status_list"] = {**listed, "lst": to_base64url(listed["lst"])}
    return found


def address_of(data: bytes) -> str:
    """The address that a list names, unchecked: to find it again by. Refused `credential.E035`."""
    claims = cbor.read(_parts(cbor.read(data))[2])
    return str(claims.get(2)) if isinstance(claims, dict) else ""


def _parts(value: object) -> tuple[bytes, dict[object, object], bytes, bytes]:
    for tag in (CWT, SIGN1):
        if isinstance(value, cbor.Tagged) and value[0] == tag:
            value = value[1]
    if not isinstance(value, list) or len(value) != 4:
        raise refused("E035")
    protected, open_, payload, signature = value
    if not all(isinstance(each, bytes) for each in (protected, payload, signature)):
        raise refused("E035")
    header = cbor.read(protected)
    if not isinstance(header, dict) or not isinstance(open_, dict) or 2 in header or 2 in open_:
        raise refused("E035")  # `crit` demands what nobody here understands
    # The key alone may be named outside of what is signed.
    return protected, {KID: open_.get(KID), **header}, payload, signature


def _name(kid: object) -> str | None:
    return kid.decode("utf-8", "replace") if isinstance(kid, bytes) else None
