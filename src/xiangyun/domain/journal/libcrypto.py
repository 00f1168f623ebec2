"""SM2 with SM3 (GM/T 0003, GM/T 0009) by the system's OpenSSL, bound by ctypes.

`cryptography` refuses the curve. OpenSSL has it since 1.1.1, unless it was built without; what
lacks it says so, once, and everything else goes on. This is no certified module (密码模块).
"""

from __future__ import annotations

import base64
import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from xiangyun.kernel.findings import Conflict, Finding, Text

IDENTITY = b"1234567812345678"
"""The identity that a signature names where nothing else is agreed (GM/T 0009, section 10)."""

_NID_SM2 = 1172
_PRIVATE = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")
_PUBLIC = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")


@cache
def _library() -> ctypes.CDLL:
    """libcrypto with the functions declared that are called.

    Raises Conflict `keys.E010` where there is none, or one without SM2.
    """
    name = ctypes.util.find_library("crypto")
    try:
        found = ctypes.CDLL(name) if name else None
        if found is None:
            raise OSError("libcrypto")
        for function, result, *arguments in _FUNCTIONS:
            declared = getattr(found, function)
            declared.restype, declared.argtypes = result, arguments
        context = found.EVP_PKEY_CTX_new_id(_NID_SM2, None)
        if not context:
            raise OSError("SM2")
        found.EVP_PKEY_CTX_free(context)
    except (OSError, AttributeError) as lacking:
        raise Conflict([_lacks(str(lacking))]) from None
    return found


def is_there() -> bool:
    """Whether this machine can compute SM2."""
    try:
        _library()
    except Conflict:
        return False
    return True


def generate() -> str:
    """A new private key, PKCS #8 in PEM."""
    library = _library()
    context = library.EVP_PKEY_CTX_new_id(_NID_SM2, None)
    key = ctypes.c_void_p()
    try:
        if library.EVP_PKEY_keygen_init(context) <= 0:
            raise ValueError("no key was made")
        if library.EVP_PKEY_keygen(context, ctypes.byref(key)) <= 0:
            raise ValueError("no key was made")
        info = library.EVP_PKEY2PKCS8(key)
        try:
            der = _spelled(library.i2d_PKCS8_PRIV_KEY_INFO, info)
        finally:
            library.PKCS8_PRIV_KEY_INFO_free(info)
    finally:
        library.EVP_PKEY_free(key)
        library.EVP_PKEY_CTX_free(context)
    return _pem(der, _PRIVATE)


def public_of(private_pem: str) -> str:
    """The public key of a private one, SubjectPublicKeyInfo in PEM. Raises ValueError for none."""
    with _key(der_of(private_pem), private=True) as key:
        return _pem(_spelled(_library().i2d_PUBKEY, key), _PUBLIC)


def sign(private_pem: str, message: bytes, identity: bytes = IDENTITY) -> bytes:
    """A signature of a message, in DER. Raises ValueError for a key that is none."""
    return SigningKey(private_pem).sign(message, identity)


class SigningKey:
    """A private key read once; to sign does not read it again. For any thread."""

    def __init__(self, private_pem: str) -> None:
        self._library = _library()
        self._key = _read_key(der_of(private_pem), private=True)

    def __del__(self) -> None:
        if key := getattr(self, "_key", None):
            self._library.EVP_PKEY_free(key)

    def sign(self, message: bytes, identity: bytes = IDENTITY) -> bytes:
        """A signature in DER."""
        with _digesting(self._key, identity) as context:
            library = self._library
            if library.EVP_DigestSignInit(context, None, library.EVP_sm3(), None, self._key) <= 0:
                raise ValueError("the key signs nothing")
            length = ctypes.c_size_t(128)
            made = ctypes.create_string_buffer(128)
            done = library.EVP_DigestSign(
                context, made, ctypes.byref(length), message, len(message)
            )
            if done <= 0:
                raise ValueError("the key signs nothing")
            return made.raw[: length.value]


def verifies(public_pem: str, signature: bytes, message: bytes, identity: bytes = IDENTITY) -> bool:
    """Whether a key signed a message; False also for a key or signature that is none."""
    library = _library()
    try:
        with _key(der_of(public_pem)) as key, _digesting(key, identity) as context:
            if library.EVP_DigestVerifyInit(context, None, library.EVP_sm3(), None, key) <= 0:
                return False
            return bool(
                library.EVP_DigestVerify(context, signature, len(signature), message, len(message))
                == 1
            )
    except ValueError:
        return False
    finally:
        library.ERR_clear_error()


def verifies_digest(public_pem: str, signature: bytes, digest: bytes) -> bool:
    """Whether a key signed these 32 bytes themselves, with no identity mixed in."""
    library = _library()
    try:
        with _key(der_of(public_pem)) as key, _using(key) as context:
            if library.EVP_PKEY_verify_init(context) <= 0:
                return False
            return bool(
                library.EVP_PKEY_verify(context, signature, len(signature), digest, len(digest))
                == 1
            )
    except ValueError:
        return False
    finally:
        library.ERR_clear_error()


def decrypted(private_pem: str, ciphertext: bytes) -> bytes:
    """What was encrypted to a key (GM/T 0009, in DER). Raises ValueError where it was not."""
    library = _library()
    with _key(der_of(private_pem), private=True) as key, _using(key) as context:
        try:
            if library.EVP_PKEY_decrypt_init(context) <= 0:
                raise ValueError("the key decrypts nothing")
            length = ctypes.c_size_t(len(ciphertext))
            opened = ctypes.create_string_buffer(len(ciphertext) + 1)
            done = library.EVP_PKEY_decrypt(
                context, opened, ctypes.byref(length), ciphertext, len(ciphertext)
            )
            if done <= 0:
                raise ValueError("it was not encrypted to this key")
            return opened.raw[: length.value]
        finally:
            library.ERR_clear_error()


def der_of(pem: str) -> bytes:
    """The DER in a PEM. Raises ValueError."""
    lines = pem.strip().splitlines()
    if len(lines) < 3 or not lines[0].startswith("-----BEGIN"):
        raise ValueError("no PEM")
    return base64.b64decode("".join(lines[1:-1]), validate=True)


def is_sm2(pem: str) -> bool:
    """Whether a PEM holds a key on the curve SM2, by its object identifier 1.2.156.10197.1.301."""
    try:
        return bytes.fromhex("06082a811ccf5501822d") in der_of(pem)
    except ValueError:
        return False


def public_pem(der: bytes) -> str:
    """SubjectPublicKeyInfo as PEM."""
    return _pem(der, _PUBLIC)


def _pem(der: bytes, marks: tuple[str, str]) -> str:
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join((marks[0], *lines, marks[1], ""))


@contextmanager
def _key(der: bytes, private: bool = False) -> Iterator[ctypes.c_void_p]:
    key = _read_key(der, private)
    try:
        yield key
    finally:
        _library().EVP_PKEY_free(key)


def _read_key(der: bytes, private: bool = False) -> ctypes.c_void_p:
    library = _library()
    at = ctypes.c_char_p(der)
    read = library.d2i_AutoPrivateKey if private else library.d2i_PUBKEY
    key = ctypes.c_void_p(read(None, ctypes.byref(at), len(der)))
    library.ERR_clear_error()
    if not key:
        raise ValueError("no key")
    return key


@contextmanager
def _using(key: ctypes.c_void_p) -> Iterator[ctypes.c_void_p]:
    library = _library()
    context = ctypes.c_void_p(library.EVP_PKEY_CTX_new(key, None))
    try:
        yield context
    finally:
        library.EVP_PKEY_CTX_free(context)


@contextmanager
def _digesting(key: ctypes.c_void_p, identity: bytes) -> Iterator[ctypes.c_void_p]:
    library = _library()
    with _using(key) as inner:
        context = ctypes.c_void_p(library.EVP_MD_CTX_new())
        try:
            if library.EVP_PKEY_CTX_set1_id(inner, identity, len(identity)) <= 0:
                raise ValueError("no identity can be named")
            library.EVP_MD_CTX_set_pkey_ctx(context, inner)
            yield context
        finally:
            library.EVP_MD_CTX_free(context)


def _spelled(spell: object, value: object) -> bytes:
    length = spell(value, None)  # type: ignore[operator]
    if length <= 0:
        raise ValueError("no key")
    buffer = ctypes.create_string_buffer(length)
    at = ctypes.c_char_p(ctypes.addressof(buffer))
    spell(value, ctypes.byref(at))  # type: ignore[operator]
    return buffer.raw[:length]


_P, _N, _B = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
_FUNCTIONS = (
    ("EVP_PKEY_CTX_new_id", _P, ctypes.c_int, _P),
    ("EVP_PKEY_CTX_new", _P, _P, _P),
    ("EVP_PKEY_CTX_free", None, _P),
    ("EVP_PKEY_CTX_set1_id", ctypes.c_int, _P, _B, ctypes.c_int),
    ("EVP_PKEY_keygen_init", ctypes.c_int, _P),
    ("EVP_PKEY_keygen", ctypes.c_int, _P, _P),
    ("EVP_PKEY_free", None, _P),
    ("EVP_PKEY_verify_init", ctypes.c_int, _P),
    ("EVP_PKEY_verify", ctypes.c_int, _P, _B, _N, _B, _N),
    ("EVP_PKEY_decrypt_init", ctypes.c_int, _P),
    ("EVP_PKEY_decrypt", ctypes.c_int, _P, _B, _P, _B, _N),
    ("EVP_PKEY2PKCS8", _P, _P),
    ("i2d_PKCS8_PRIV_KEY_INFO", ctypes.c_int, _P, _P),
    ("PKCS8_PRIV_KEY_INFO_free", None, _P),
    ("i2d_PUBKEY", ctypes.c_int, _P, _P),
    ("d2i_PUBKEY", _P, _P, _P, ctypes.c_long),
    ("d2i_AutoPrivateKey", _P, _P, _P, ctypes.c_long),
    ("EVP_MD_CTX_new", _P),
    ("EVP_MD_CTX_free", None, _P),
    ("EVP_MD_CTX_set_pkey_ctx", None, _P, _P),
    ("EVP_sm3", _P),
    ("EVP_DigestSignInit", ctypes.c_int, _P, _P, _P, _P, _P),
    ("EVP_DigestSign", ctypes.c_int, _P, _B, _P, _B, _N),
    ("EVP_DigestVerifyInit", ctypes.c_int, _P, _P, _P, _P, _P),
    ("EVP_DigestVerify", ctypes.c_int, _P, _B, _N, _B, _N),
    ("ERR_clear_error", None),
)


def _lacks(what: str) -> Finding:
    return Finding(
        "keys.E010",
        "error",
        Text(
            "这台机器的 libcrypto 不支持国密 SM2（{what}）。",
            "The libcrypto of this machine has no SM2 ({what}).",
            what=what,
        ),
        hint=Text(
            "请安装 OpenSSL 1.1.1 或更新版本（Debian：libssl3），或改用 Ed25519、ES256 密钥。",
            "Install OpenSSL 1.1.1 or newer (Debian: libssl3), or use keys of Ed25519 or ES256.",
        ),
    )
