"""Signatures by their algorithms, without Django: what `kernel.credential` asks of a port.

Keys come as JWK (RFC 7517) or as SubjectPublicKeyInfo in PEM; the same key in either spelling.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from xiangyun.kernel.credential.encodings import from_base64url, to_base64url
from xiangyun.kernel.credential.jws import ALGORITHMS, Jwk
from xiangyun.kernel.findings import Refused

from . import libcrypto

_SHA256 = ec.ECDSA(SHA256())
_SM2_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""SubjectPublicKeyInfo of a point on SM2, up to its two coordinates."""


def holds(key: Jwk, algorithm: str, message: bytes, signature: bytes) -> bool:
    """Whether a key signed a message; a `kernel.credential.jws.Check`. Never raises for the input.

    Signatures are as JOSE spells them: 64 bytes, for ES256 and SM2SM3 the two numbers side by side.
    """
    public = _public(str(key.get("kty")), str(key.get("crv")), str(key.get("x")), str(key.get("y")))
    if ALGORITHMS.get(algorithm) != (key.get("kty"), key.get("crv")):
        return False
    if public is None or len(signature) != 64:
        return False
    try:
        if isinstance(public, Ed25519PublicKey):
            public.verify(signature, message)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(to_der(signature), message, _SHA256)
        else:
            return libcrypto.verifies(public, to_der(signature), message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def _public(
    kind: str, curve: str, x: str, y: str
) -> Ed25519PublicKey | ec.EllipticCurvePublicKey | str | None:
    try:
        if (kind, curve) == ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(from_base64url(x))
        if (kind, curve) not in (("EC", "P-256"), ("EC", "SM2")):
            return None
        point = [from_base64url(each) for each in (x, y)]
        if any(len(each) != 32 for each in point):
            return None
        if curve == "SM2":
            return libcrypto.public_pem(_SM2_HEAD + b"".join(point))
        across, up = (int.from_bytes(each, "big") for each in point)
        return ec.EllipticCurvePublicNumbers(across, up, ec.SECP256R1()).public_key()
    except (ValueError, Refused):
        return None


def jwk_of(public_pem: str) -> dict[str, str]:
    """The JWK of a public key in PEM. Raises ValueError for a key of another kind."""
    if libcrypto.is_sm2(public_pem):
        point = libcrypto.der_of(public_pem)[-64:]
        return _ec_jwk("SM2", point)
    key = load_pem_public_key(public_pem.encode())
    if isinstance(key, Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(raw)}
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return _ec_jwk("P-256", key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:])
    raise ValueError("no key of Ed25519, P-256 or SM2")


def _ec_jwk(curve: str, point: bytes) -> dict[str, str]:
    x, y = to_base64url(point[:32]), to_base64url(point[32:])
    return {"kty": "EC", "crv": curve, "x": x, "y": y}


def pem_of(key: Jwk) -> str:
    """The PEM of a public JWK. Raises ValueError for a key that is none, or of another kind."""
    public = _public(str(key.get("kty")), str(key.get("crv")), str(key.get("x")), str(key.get("y")))
    if public is None:
        raise ValueError("no key of Ed25519, P-256 or SM2")
    if isinstance(public, str):
        return public
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def ed25519_of(public_pem: str) -> bytes | None:
    """The 32 bytes of an Ed25519 public key; None for a key of another kind."""
    try:
        key = jwk_of(public_pem)
    except ValueError:
        return None
    return from_base64url(key["x"]) if key["kty"] == "OKP" else None


def note_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 32 bytes of an Ed25519 key signed; a `kernel.ledger.note.Checks`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def to_der(signature: bytes) -> bytes:
    """Two numbers side by side as DER."""
    return encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )


def from_der(signature: bytes) -> bytes:
    """DER as two numbers of 32 bytes side by side."""
    return b"".join(each.to_bytes(32, "big") for each in decode_dss_signature(signature))


def thumbprint_input(key: Jwk) -> Mapping[str, object]:
    """The members of a JWK that name it (RFC 7638, section 3.2)."""
    names = ("crv", "kty", "x", "y") if key.get("kty") == "EC" else ("crv", "kty", "x")
    return {name: key[name] for name in names}


def base64_of(data: bytes) -> str:
    """Standard base64, as C2SP and PEM spell it."""
    return base64.b64encode(data).decode()
