"""A signature by a passkey as a journal entry holds it: checked without us, and without Django.

An assertion of W3C Web Authentication 2, section 7.2: the authenticator signed its own data and the
SHA-256 of what the browser said it was asked. What it was asked, the challenge, is the SHA-256 of
the document that was signed. The entry's public data, all texts:

    way                 "passkey"
    challenge           SHA-256 of the document, base64url
    origin, host        where the browser stood, and whose passkey it was asked for
    credential          the id of the passkey, base64url
    algorithm           its algorithm by its COSE number: -7, -8, -35, -36, -257
    public_key          SubjectPublicKeyInfo in PEM
    client_data         what the browser signed for (base64url of JSON), `authenticator_data` and
    signature           what the authenticator added, and the signature

The document itself stands in the entry's private part as `document`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from xiangyun.kernel.credential.encodings import from_base64url
from xiangyun.kernel.findings import Refused

from .verdict import read_json

VERB, WAY, DOCUMENT = "signature.given", "passkey", "document"
_KIND = "webauthn.get"
_HASHES: Mapping[str, HashAlgorithm] = {
    "-7": SHA256(),
    "-35": SHA384(),
    "-36": SHA512(),
    "-257": SHA256(),
}
_PRESENT = 0x01


def is_one(data: Mapping[str, object]) -> bool:
    """Whether an entry's data is a signature by passkey, and not one on paper."""
    return data.get("way") == WAY


def holds(data: Mapping[str, object], document: str | None = None) -> bool:
    """Whether the key in an entry signed its challenge there, and the challenge is the document's.

    Without a document only that the key signed the challenge. Never raises for the input.
    """
    try:
        return _holds({name: str(value) for name, value in data.items()}, document)
    except (Refused, ValueError, KeyError, InvalidSignature, UnsupportedAlgorithm, IndexError):
        return False


def _holds(data: Mapping[str, str], document: str | None) -> bool:
    client, authenticator = (
        from_base64url(data[name]) for name in ("client_data", "authenticator_data")
    )
    said = read_json(client.decode())
    if not isinstance(said, dict):
        return False
    asked = (said.get("type"), said.get("challenge"), said.get("origin"))
    if asked != (_KIND, data["challenge"], data["origin"]):
        return False
    host = hashlib.sha256(data["host"].encode()).digest()
    if len(authenticator) < 37 or authenticator[:32] != host or not authenticator[32] & _PRESENT:
        return False
    _verify(data, authenticator + hashlib.sha256(client).digest())
    if document is None:
        return True
    digest = hashlib.sha256(document.encode()).digest()
    return hmac.compare_digest(digest, from_base64url(data["challenge"]))


def _verify(data: Mapping[str, str], message: bytes) -> None:
    key, signature = load_pem_public_key(data["public_key"].encode()), data["signature"]
    raw, algorithm = from_base64url(signature), data["algorithm"]
    if isinstance(key, Ed25519PublicKey) and algorithm == "-8":
        key.verify(raw, message)
    elif isinstance(key, EllipticCurvePublicKey) and algorithm in ("-7", "-35", "-36"):
        key.verify(raw, message, ECDSA(_HASHES[algorithm]))
    elif isinstance(key, RSAPublicKey) and algorithm == "-257":
        key.verify(raw, message, PKCS1v15(), _HASHES[algorithm])
    else:
        raise ValueError("another kind of key")
