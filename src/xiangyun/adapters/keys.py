"""The instance's signing key: Ed25519 (RFC 8032), made on first use, kept in a folder.

    keys/signing.pem       the private key, readable by its owner only
    keys/public.pem        its public key, to hand out; public-*.pem those of other algorithms
    keys/trusted/*.pem     public keys of earlier years, still trusted

`xiangyun keys rotate` takes a new one: the public key of before moves into trusted/, and what it
signed stays valid. Keys of other algorithms lie beside it: see `keyring`. This is no certified
cryptographic module (密码模块).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from xiangyun.domain.journal.signatures import key_id
from xiangyun.kernel.findings import Finding, Place, Refused, Text


@dataclass(frozen=True, slots=True, repr=False)
class Ed25519Signer:
    """A private key in memory; a `journal.ports.Signer`. Its repr never shows the key."""

    _key: Ed25519PrivateKey
    trusted: Mapping[str, str]
    algorithm: str = "Ed25519"

    @property
    def public_key_pem(self) -> str:
        return _public_pem(self._key)

    @property
    def key_id(self) -> str:
        return key_id(self.public_key_pem)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def signer() -> Ed25519Signer:
    """The signer of this instance; what `settings.XIANGYUN_SIGNER` names."""
    return signing_key(instance_folder())


def instance_folder() -> Path:
    """Where this instance keeps its keys; needs no settings, so that a check needs no Django."""
    home = os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun")
    return Path(home) / "keys"


def signing_key(folder: Path) -> Ed25519Signer:
    """The key of this folder, made when there is none; two processes get the same one.

    Raises Refused `keys.E001` when others can read the key, `keys.E002` when it is no Ed25519 key,
    `keys.E004` when it is that of a restored instance and is to be put back.
    """
    file = folder / "signing.pem"
    text = private_text(file, _new_key)
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise refused("E002", file)
    publish(folder / "public.pem", _public_pem(key))
    return Ed25519Signer(key, trusted_keys(folder))


WANTED = "WANTED"
"""This file among the keys says that a restored instance has had others, which are not here yet."""


def refuse_new(folder: Path) -> None:
    """Raise Refused `keys.E004` where a key would be made in place of one that is elsewhere."""
    if (folder / WANTED).exists():
        raise refused("E004", folder / WANTED)


def private_text(file: Path, made: Callable[[], str]) -> str:
    """The private key in a file, made when there is none; two processes get the same one.

    Raises Refused `keys.E001` when others can read it, `keys.E004` when it is to be put back.
    """
    if not file.exists():
        refuse_new(file.parent)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_once(file, made().encode())
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise refused("E001", file)
    return file.read_text(encoding="ascii", errors="replace")


def _new_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def trusted_keys(folder: Path) -> dict[str, str]:
    """The public keys that this instance trusts, PEM by key id; empty before the first signature.

    Never reads the private key. Raises Refused `keys.E003` for a file that is no public key.
    """
    own = [folder / "public.pem", *sorted(folder.glob("public-*.pem"))]
    files = [*own, *sorted((folder / "trusted").glob("*.pem"))]
    return {key: pem for file in files if file.exists() for key, pem in [public_key(file)]}


def public_key(file: Path) -> tuple[str, str]:
    """Key id and PEM of a public key file. Raises Refused `keys.E003`, or OSError."""
    try:
        pem = file.read_text(encoding="ascii")
        return key_id(pem), pem
    except ValueError:
        raise refused("E003", file) from None


def _public_pem(key: Ed25519PrivateKey) -> str:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def put_once(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; when another process was first, its file stays."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def publish(file: Path, pem: str) -> None:
    """Keep the public key beside the private one, also when that was replaced."""
    if file.exists() and file.read_text(encoding="ascii", errors="replace") == pem:
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    draft.write_text(pem, encoding="ascii")
    draft.replace(file)


def refused(number: str, file: Path) -> Refused:
    """The refusal of a file of keys: E001 open to others, E002 no private key, E003 no public.

    Other modules name the reason by its whole id, `keys.E002`.
    """
    number = number.removeprefix("keys.")
    message, hint = _SAID[number]
    return Refused([Finding(f"keys.{number}", "error", message, Place(str(file)), hint)])


_ELSEWHERE = Text(
    "这个实例是不带密钥恢复的，它的密钥还没有放回来。",
    "This instance was restored without its keys, and they are not here yet.",
)
_PUT_BACK = Text(
    "请把密钥备份放进 keys/；确已遗失的，删去这个文件会生成新密钥，原来加密的内容不再可读。",
    "Put the backup of the keys into keys/. If they are lost, remove this file: new ones are made, "
    "and what was encrypted with the old ones stays unreadable.",
)
_READABLE = Text("签名私钥可被其他用户读取。", "Others can read the private signing key.")
_NO_KEY = Text("文件不是所需的私钥。", "The file holds no private key of the kind needed.")
_RESTORE = Text(
    "请从备份恢复；若无备份，移走该文件后会生成新密钥。",
    "Restore it from a backup; without one, move the file away and a new key is made.",
)
_NO_PUBLIC_KEY = Text("文件不是 PEM 格式的公钥。", "The file holds no public key in PEM.")
_PEM = Text(
    "应以 -----BEGIN PUBLIC KEY----- 开头。", "It should begin with -----BEGIN PUBLIC KEY-----."
)
_SAID = {
    "E001": (
        _READABLE,
        Text("请执行：chmod 600 该文件", "Do this: chmod 600 the file"),
    ),
    "E002": (_NO_KEY, _RESTORE),
    "E003": (_NO_PUBLIC_KEY, _PEM),
    "E004": (_ELSEWHERE, _PUT_BACK),
}
