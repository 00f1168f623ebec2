"""Signing and checking signatures, without Django and without a database.

A key is named by its fingerprint, and a message says for what it was signed: a signature under a
tree head can never be passed off as one under a certificate.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from xiangyun.kernel.ledger import canonical

from . import algorithms, libcrypto

TrustedKeys = Mapping[str, str]
"""Public keys in PEM by their key id."""


class Signer(Protocol):
    """A private key that never leaves its holder.

    `algorithm` is one that `signatures` can check: `Ed25519`, `ES256`, or `SM2SM3` (GM/T 0003).
    A signature of the last two is two numbers of 32 bytes side by side.
    """

    @property
    def algorithm(self) -> str: ...

    @property
    def key_id(self) -> str:
        """The fingerprint of the public key, as `signatures.key_id` computes it."""

    @property
    def public_key_pem(self) -> str:
        """The public key as SubjectPublicKeyInfo in PEM (RFC 5280, RFC 7468)."""

    @property
    def trusted(self) -> Mapping[str, str]:
        """The public keys that this instance trusts, PEM by key id: its own and earlier ones."""

    def sign(self, message: bytes) -> bytes: ...


def key_id(public_key_pem: str) -> str:
    """The name of a key: the first 128 bits, in hex, of SHA-256 over its DER form.

    Raises ValueError when the text is no public key.
    """
    if libcrypto.is_sm2(public_key_pem):  # a curve that `cryptography` does not read
        der = libcrypto.der_of(public_key_pem)
    else:
        key = load_pem_public_key(public_key_pem.encode())
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:32]


def message(purpose: str, value: object) -> bytes:
    """The bytes to sign: the purpose, a line feed, and the value as canonical JSON."""
    return purpose.encode() + b"\n" + canonical(value)


def sign(signer: Signer, purpose: str, value: object) -> dict[str, str]:
    """A signature with all that a reader needs to find the key and check it; `value` in base64."""
    signature = signer.sign(message(purpose, value))
    return {
        "algorithm": signer.algorithm,
        "key_id": signer.key_id,
        "value": base64.b64encode(signature).decode(),
    }


def holds(signature: Mapping[str, str], trusted: TrustedKeys, purpose: str, value: object) -> bool:
    """Whether a trusted key signed this value for this purpose."""
    check = _CHECKS.get(signature["algorithm"])
    public_key = trusted.get(signature["key_id"])
    if check is None or public_key is None:
        return False
    try:
        given = base64.b64decode(signature["value"], validate=True)
    except ValueError:  # no base64, or characters that it never has
        return False
    return check(public_key, given, message(purpose, value))


def _ed25519(public_key_pem: str, signature: bytes, signed: bytes) -> bool:
    key = load_pem_public_key(public_key_pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _by_jwk(algorithm: str) -> Callable[[str, bytes, bytes], bool]:
    def check(public_key_pem: str, signature: bytes, signed: bytes) -> bool:
        try:
            key = algorithms.jwk_of(public_key_pem)
        except ValueError:
            return False
        return algorithms.holds(key, algorithm, signed, signature)

    return check


_CHECKS: Mapping[str, Callable[[str, bytes, bytes], bool]] = {
    "Ed25519": _ed25519,
    "ES256": _by_jwk("ES256"),
    "SM2SM3": _by_jwk("SM2SM3"),
}
