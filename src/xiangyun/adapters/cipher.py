"""What the database may keep only encrypted: AES-256-GCM (NIST SP 800-38D), keys in a folder.

    keys/data/0001.key     32 random bytes as hex, readable by its owner only
    keys/data/0002.key     a newer one: the highest number encrypts, all of them decrypt
    keys/data/lookup.key   for keyed hashes (HMAC-SHA-256), by which something is found again

An encrypted value says which key made it (`_HEAD`), so that keys may change while old values stay
readable. Without these files it cannot be read by anybody: back them up, apart from the data.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiangyun.kernel.findings import Finding, Place, Refused, Text

from .keys import instance_folder, put_once, refuse_new

_HEAD = struct.Struct(">BI12s")
"""Before the ciphertext: the form (1), the number of the key, the nonce."""
_FORM = 1
_BYTES, _NONCE = 32, 12


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One data key in memory; a `vault.ports.Envelope`. What it encrypts begins with the nonce."""

    key: bytes

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Encrypt; the value is readable by this key and beside `about` alone."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, plain, about.encode())

    def decrypt(self, sealed: bytes, *, about: str) -> bytes:
        """What was encrypted. Raises Refused `cipher.E001` when changed or moved."""
        try:
            nonce, body = sealed[:_NONCE], sealed[_NONCE:]
            return AESGCM(self.key).decrypt(nonce, body, about.encode())
        except (InvalidTag, ValueError):
            raise Refused([_UNREADABLE]) from None


@dataclass(frozen=True, slots=True, repr=False)
class DataCipher:
    """The keys in memory; a `vault.ports.Cipher`. Its repr never shows one."""

    keys: Mapping[int, bytes]
    lookup: bytes

    @property
    def newest(self) -> int:
        """The number of the key that encrypts."""
        return max(self.keys)

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Encrypt; `about` says whose value it is, and the value is readable beside it alone."""
        number, nonce = self.newest, secrets.token_bytes(12)
        head = _HEAD.pack(_FORM, number, nonce)
        return head + AESGCM(self.keys[number]).encrypt(nonce, plain, head + about.encode())

    def decrypt(self, sealed: bytes, *, about: str) -> bytes:
        """What was encrypted. Raises Refused `cipher.E001` without its key or when changed."""
        try:
            form, number, nonce = _HEAD.unpack_from(sealed)
            if form != _FORM:
                raise KeyError(form)
            head, body = sealed[: _HEAD.size], sealed[_HEAD.size :]
            return AESGCM(self.keys[number]).decrypt(nonce, body, head + about.encode())
        except (struct.error, KeyError, InvalidTag):
            raise Refused([_UNREADABLE]) from None

    def new_envelope(self, *, about: str) -> bytes:
        """A new data key, wrapped by the newest key; `about` says of what it is the key."""
        return self.encrypt(secrets.token_bytes(_BYTES), about=f"key/{about}")

    def envelope(self, wrapped: bytes, *, about: str) -> DataKey:
        """A data key unwrapped. Raises Refused `cipher.E001` as `decrypt`."""
        return DataKey(self.decrypt(wrapped, about=f"key/{about}"))

    def wrapped_anew(self, wrapped: bytes, *, about: str) -> bytes:
        """The same data key, wrapped by the newest key."""
        return self.encrypt(self.decrypt(wrapped, about=f"key/{about}"), about=f"key/{about}")

    def key_number(self, sealed: bytes) -> int:
        """Which key made a value: for a rotation that encrypts anew what older keys made."""
        return int(_HEAD.unpack_from(sealed)[1])

    def fingerprint(self, value: str, *, about: str) -> bytes:
        """A keyed hash of 32 bytes: the same for the same value, and a guess needs the key."""
        return hmac.digest(self.lookup, f"{about}\0{value}".encode(), hashlib.sha256)


def cipher() -> DataCipher:
    """The cipher of this instance; what `settings.XIANGYUN_CIPHER` names."""
    folder = instance_folder() / "data"
    return data_cipher(folder, _stamp(folder))


def _stamp(folder: Path) -> int:
    """What changes when a key is added, so that a running process takes the new one."""
    return folder.stat().st_mtime_ns if folder.exists() else 0


@lru_cache(maxsize=4)
def data_cipher(folder: Path, stamp: int = 0) -> DataCipher:
    """The keys of this folder, made when there are none; two processes get the same ones.

    Raises Refused `cipher.E002` when others can read a key, `cipher.E003` when one is no key or
    missing beside others, `keys.E004` when all of a restored instance are to be put back.
    """
    if not any(folder.glob("[0-9]*.key")):
        refuse_new(folder.parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("lookup.key", "0001.key"):  # whoever finds the second finds the first
            if not (folder / name).exists():
                put_once(folder / name, secrets.token_hex(_BYTES).encode())
    numbered = sorted(folder.glob("[0-9]*.key"))
    return DataCipher({int(f.stem): _key(f) for f in numbered}, _key(folder / "lookup.key"))


def add_key(folder: Path) -> int:
    """A new key, which encrypts from now on; its number."""
    number = data_cipher(folder, _stamp(folder)).newest + 1
    put_once(folder / f"{number:04d}.key", secrets.token_hex(_BYTES).encode())
    return number


def _key(file: Path) -> bytes:
    if os.name == "posix" and file.exists() and file.stat().st_mode & 0o077:
        raise Refused([Finding("cipher.E002", "error", _OPEN, Place(str(file)), _CHMOD)])
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (ValueError, FileNotFoundError):
        key = b""
    if len(key) != _BYTES:
        raise Refused([Finding("cipher.E003", "error", _NO_KEY, Place(str(file)), _RESTORE)])
    return key


_OPEN = Text("数据密钥可被其他用户读取。", "Others can read a key of the data.")
_CHMOD = Text("请执行：chmod 600 该文件。", "Do this: chmod 600 the file.")
_NO_KEY = Text("文件不是数据密钥，或者不见了。", "The file holds no key of the data, or is gone.")
_RESTORE = Text(
    "请从密钥备份恢复；没有它，加密的数据无法读取。",
    "Restore it from the backup of the keys: without it the encrypted data cannot be read.",
)
_UNREADABLE = Finding(
    "cipher.E001",
    "error",
    Text(
        "加密的数据无法读取：缺少密钥，或数据已被改动。",
        "Something encrypted cannot be read: its key is missing, or it was changed.",
    ),
    hint=Text("请从密钥备份恢复 keys/data。", "Restore keys/data from the backup of the keys."),
)
