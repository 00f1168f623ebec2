"""Keys in a PKCS#11 token: the private key never leaves it. Needs the extra `pkcs11`.

`XIANGYUN_PKCS11` names the library and the token, `library token`; `XIANGYUN_PKCS11_PIN` its PIN.
Keys are labelled `signing-Ed25519` and `signing-ES256`, made when they are first asked for. SM2 is
left to files: tokens that know the curve sign on it by plain ECDSA, which is no SM2 signature.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xiangyun.domain.certificates.ports import KeyRing
from xiangyun.domain.journal.signatures import Signer, key_id
from xiangyun.kernel.findings import Conflict, Finding, Text

from .keyring import FileKeys
from .keys import instance_folder, publish, trusted_keys

_CURVES = {"ES256": "06082a8648ce3d030107", "Ed25519": "130c656477617264733235353139"}
"""EC_PARAMS: the object identifier of P-256, and the name of the Edwards curve."""


@dataclass(frozen=True, slots=True, repr=False)
class TokenSigner:
    """A key in a token; sessions are no matter of threads, so one signs at a time."""

    algorithm: str
    public_key_pem: str
    trusted: Mapping[str, str]
    _private: Any
    _mechanism: Any
    _lock: Lock = field(default_factory=Lock)

    @property
    def key_id(self) -> str:
        return key_id(self.public_key_pem)

    def sign(self, message: bytes) -> bytes:
        content = sha256(message).digest() if self.algorithm == "ES256" else message
        with self._lock:
            signature: bytes = self._private.sign(content, mechanism=self._mechanism)
        return signature


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The keys of a token, and those in files that it cannot hold."""

    folder: Path
    library: str
    token: str
    pin: str

    def signer(self, algorithm: str) -> Signer:
        """Raises Conflict `keys.E011` where the token cannot be used."""
        if algorithm not in _CURVES:
            return FileKeys(self.folder).signer(algorithm)
        private, public, mechanism = _in_token(self.library, self.token, self.pin, algorithm)
        pem = _pem(algorithm, public)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = "public.pem" if algorithm == "Ed25519" else f"public-{algorithm}.pem"
        publish(self.folder / name, pem)
        return TokenSigner(algorithm, pem, trusted_keys(self.folder), private, mechanism)

    def chain(self) -> Sequence[bytes]:
        """The certificates of the token's P-256 key; the root's own key stays in a file."""
        return FileKeys(self.folder).chain_of(self.signer("ES256").public_key_pem)


def keyring() -> KeyRing:
    """The keys of this instance; what `settings.XIANGYUN_KEYRING` names."""
    folder = instance_folder()
    return from_environment(folder) or FileKeys(folder)


def signer() -> Signer:
    """The Ed25519 key of this instance; what `settings.XIANGYUN_SIGNER` names."""
    return keyring().signer("Ed25519")


def from_environment(folder: Path) -> TokenKeys | None:
    """The token that the environment names, None for none."""
    named = os.environ.get("XIANGYUN_PKCS11", "")
    if not named:
        return None
    library, _, token = named.partition(" ")
    return TokenKeys(folder, library, token, os.environ.get("XIANGYUN_PKCS11_PIN", ""))


@cache
def _in_token(library: str, token: str, pin: str, algorithm: str) -> tuple[Any, bytes, Any]:
    """The private key, the point of the public one, and how to sign."""
    try:
        import pkcs11  # noqa: PLC0415  an extra
    except ImportError:
        raise Conflict([_unusable("python-pkcs11")]) from None
    kind = pkcs11.KeyType.EC if algorithm == "ES256" else pkcs11.KeyType.EC_EDWARDS
    mechanism = pkcs11.Mechanism.ECDSA if algorithm == "ES256" else pkcs11.Mechanism.EDDSA
    label = f"signing-{algorithm}"
    try:
        session = _session(library, token, pin)
        try:
            found = {"label": label, "object_class": pkcs11.ObjectClass.PRIVATE_KEY}
            private = session.get_key(**found)
            public = session.get_key(label=label, object_class=pkcs11.ObjectClass.PUBLIC_KEY)
        except pkcs11.NoSuchKey:
            curve = {pkcs11.Attribute.EC_PARAMS: bytes.fromhex(_CURVES[algorithm])}
            parameters = session.create_domain_parameters(kind, curve, local=True)
            how = (
                {}
                if algorithm == "ES256"
                else {"mechanism": pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN}
            )
            public, private = parameters.generate_keypair(store=True, label=label, **how)
        point: bytes = public[pkcs11.Attribute.EC_POINT]
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as problem:
        raise Conflict([_unusable(type(problem).__name__)]) from None
    return private, point, mechanism


@cache
def _session(library: str, token: str, pin: str) -> Any:
    """One session a process: who is logged in is logged in for all sessions of a token."""
    import pkcs11  # noqa: PLC0415  an extra

    return pkcs11.lib(library).get_token(token_label=token).open(rw=True, user_pin=pin)


def _pem(algorithm: str, point: bytes) -> str:
    """The public key of a DER OCTET STRING with its point."""
    if algorithm == "Ed25519":
        key: Any = Ed25519PublicKey.from_public_bytes(point[-32:])
    else:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point[-65:])
    pem: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def _unusable(why: str) -> Finding:
    return Finding(
        "keys.E011",
        "error",
        Text(
            "PKCS#11 令牌不能使用：{why}。",
            "The PKCS#11 token cannot be used: {why}.",
            why=why,
        ),
        hint=Text(
            "请检查 XIANGYUN_PKCS11（库 令牌名）、XIANGYUN_PKCS11_PIN，并安装 xiangyun[pkcs11]。",
            "Look at XIANGYUN_PKCS11 (library token) and XIANGYUN_PKCS11_PIN, and install "
            "xiangyun[pkcs11].",
        ),
    )
