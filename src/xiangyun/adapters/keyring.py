"""All keys that the instance signs with, by algorithm, in the folder of `keys`.

    keys/signing.pem         Ed25519: pages, W3C credentials, the journal
    keys/signing-ES256.pem   P-256: SD-JWT and PDF, whose readers know no Ed25519
    keys/signing-SM2SM3.pem  SM2: OFD
    keys/chain-ES256.pem     the certificates of the second: its own, then the root to hand out
    keys/root-ES256.pem      the key of that root, used at rotations alone
    keys/trusted/*.pem       public keys of earlier years, still trusted

Keys in files are for development. In production a token keeps them: see `token`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

from xiangyun.domain.certificates.trust import Trust, read_trust
from xiangyun.domain.journal import libcrypto
from xiangyun.domain.journal.algorithms import from_der
from xiangyun.domain.journal.signatures import Signer, key_id
from xiangyun.kernel.findings import Text

from .keys import (
    instance_folder,
    private_text,
    publish,
    put_once,
    refused,
    signing_key,
    trusted_keys,
)

ALGORITHMS = ("Ed25519", "ES256", "SM2SM3")
_TERM = timedelta(days=3 * 366)
_ROOT_TERM = timedelta(days=10 * 366)
_ROOT = "Xiangyun root"


@dataclass(frozen=True, slots=True, repr=False)
class Es256Signer:
    """A P-256 key in memory; signatures are 64 bytes, as JOSE has them."""

    key: ec.EllipticCurvePrivateKey
    public_key_pem: str
    trusted: Mapping[str, str]
    algorithm: str = "ES256"

    @property
    def key_id(self) -> str:
        return key_id(self.public_key_pem)

    def sign(self, message: bytes) -> bytes:
        return from_der(self.key.sign(message, ec.ECDSA(SHA256())))


@dataclass(frozen=True, slots=True, repr=False)
class Sm2Signer:
    """An SM2 key in libcrypto; signatures are 64 bytes, the two numbers side by side."""

    key: libcrypto.SigningKey
    public_key_pem: str
    trusted: Mapping[str, str]
    algorithm: str = "SM2SM3"

    @property
    def key_id(self) -> str:
        return key_id(self.public_key_pem)

    def sign(self, message: bytes) -> bytes:
        return from_der(self.key.sign(message))


@dataclass(frozen=True, slots=True)
class FileKeys:
    """The keys of a folder; each is made when it is first asked for."""

    folder: Path

    def signer(self, algorithm: str) -> Signer:
        """Raises Refused `keys.E001`, `E002`, `E010`; KeyError for another algorithm."""
        if algorithm == "Ed25519":
            return signing_key(self.folder)
        made: Mapping[str, Callable[[], Signer]] = {"ES256": self._es256, "SM2SM3": self._sm2}
        return made[algorithm]()

    def chain(self) -> list[bytes]:
        """The X.509 certificates of the P-256 key in DER: its own, then the root."""
        return self.chain_of(self._es256().public_key_pem)

    def chain_of(self, public_pem: str) -> list[bytes]:
        """The same for a P-256 key that lies elsewhere, such as in a token."""
        file = self.folder / "chain-ES256.pem"
        if not file.exists() or not _fits(file, public_pem):
            self._certify(public_pem, file)
        return [each.public_bytes(Encoding.DER) for each in certificates_in(file)]

    def expiries(self) -> list[tuple[str, datetime]]:
        """Which certificates of keys end when; for whoever runs the instance."""
        file = self.folder / "chain-ES256.pem"
        found = certificates_in(file)
        return [(each.subject.rfc4514_string(), each.not_valid_after_utc) for each in found]

    def _es256(self) -> Es256Signer:
        file = self.folder / "signing-ES256.pem"
        key = _p256(private_text(file, _new_p256), file)
        public = _public(key)
        publish(self.folder / "public-ES256.pem", public)
        return Es256Signer(key, public, trusted_keys(self.folder))

    def _sm2(self) -> Sm2Signer:
        file = self.folder / "signing-SM2SM3.pem"
        text = private_text(file, libcrypto.generate)
        try:
            public, key = libcrypto.public_of(text), libcrypto.SigningKey(text)
        except ValueError:
            raise refused("keys.E002", file) from None
        publish(self.folder / "public-SM2SM3.pem", public)
        return Sm2Signer(key, public, trusted_keys(self.folder))

    def _certify(self, public_pem: str, file: Path) -> None:
        root_file = self.folder / "root-ES256.pem"
        root = _p256(private_text(root_file, _new_p256), root_file)
        now = datetime.now(UTC)
        named = _name(_ROOT)
        above = _certificate(named, root.public_key(), root, now + _ROOT_TERM, authority=True)
        key = load_pem_public_key(public_pem.encode())
        assert isinstance(key, ec.EllipticCurvePublicKey)
        own = _certificate(_name("Xiangyun issuer"), key, root, now + _TERM, authority=False)
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in (own, above))
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_bytes(pem)
        draft.replace(file)


def trusted_organisations() -> Trust:
    """The organisations of the instance's trust list; what `settings.XIANGYUN_TRUST` names.

    Raises Refused `trust.E001` for a list that cannot be read.
    """
    file = instance_folder() / "trust.json"
    return read_trust(file.read_text(encoding="utf-8")) if file.exists() else Trust()


def rotate(folder: Path, algorithm: str) -> str:
    """Take a new key for an algorithm and keep the public one of before as trusted; its id.

    The earlier private key is deleted: what it signed stays valid, and it signs no more.
    """
    before = FileKeys(folder).signer(algorithm)
    kept = folder / "trusted" / f"{before.key_id}.pem"
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    put_once(kept, before.public_key_pem.encode())
    name = "signing.pem" if algorithm == "Ed25519" else f"signing-{algorithm}.pem"
    (folder / name).unlink()
    return FileKeys(folder).signer(algorithm).key_id


def _new_p256() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _p256(text: str, file: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise refused("keys.E002", file)
    return key


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def _name(name: str) -> x509.Name:
    # Common names hold 64 bytes, that is 21 Chinese characters: the words stay in the document.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    by: ec.EllipticCurvePrivateKey,
    until: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    usage = {
        "content_commitment": not authority,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_name(_ROOT))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(minutes=5))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .sign(by, SHA256())
    )


def certificates_in(file: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file; none where there is no file."""
    return x509.load_pem_x509_certificates(file.read_bytes()) if file.exists() else []


def _fits(file: Path, public_pem: str) -> bool:
    own = certificates_in(file)[0]
    return own.public_key() == load_pem_public_key(public_pem.encode())


DEVELOPMENT = Text(
    "私钥存放在文件中，只适合开发。生产环境请使用 PKCS#11 令牌（XIANGYUN_PKCS11）。",
    "Private keys lie in files: for development only. Use a PKCS#11 token (XIANGYUN_PKCS11).",
)
"""Said aloud wherever files sign for a real instance."""
