"""Keys of three kinds sign and are checked alike; SM2 agrees with another implementation."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xiangyun.domain.journal import algorithms, libcrypto
from xiangyun.kernel.credential.encodings import from_base64url
from xiangyun.kernel.findings import Conflict

needs_sm2 = pytest.mark.skipif(not libcrypto.is_there(), reason="libcrypto here has no SM2")


def test_es256_holds_in_the_spelling_of_jose():
    private = ec.generate_private_key(ec.SECP256R1())
    spelt = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = algorithms.jwk_of(spelt.decode())
    signature = algorithms.from_der(private.sign(b"message", ec.ECDSA(SHA256())))
    assert algorithms.holds(key, "ES256", b"message", signature)
    assert not algorithms.holds(key, "ES256", b"another", signature)
    assert not algorithms.holds(key, "ES256", b"message", signature + b"\0")
    assert algorithms.pem_of(key) == spelt.decode()


@needs_sm2
def test_sm2_signs_and_refuses_what_was_changed():
    private = libcrypto.generate()
    public = libcrypto.public_of(private)
    signature = libcrypto.sign(private, b"message")
    assert libcrypto.verifies(public, signature, b"message")
    assert not libcrypto.verifies(public, signature, b"another")
    assert not libcrypto.verifies(public, signature, b"message", b"another identity")
    assert not libcrypto.verifies(public, b"", b"message")
    key = algorithms.jwk_of(public)
    assert algorithms.holds(key, "SM2SM3", b"message", algorithms.from_der(signature))
    assert not algorithms.holds(key, "ES256", b"message", algorithms.from_der(signature))


@needs_sm2
def test_sm2_agrees_with_another_implementation():
    gmssl = pytest.importorskip("gmssl.sm2")
    point = b"\x04"
    # gmssl takes a first byte 04 of a point for the mark of its spelling: no key to it.
    while point.startswith(b"\x04"):
        private = libcrypto.generate()
        key = algorithms.jwk_of(libcrypto.public_of(private))
        point = b"".join(from_base64url(key[name]) for name in ("x", "y"))
    other = gmssl.CryptSM2(private_key="", public_key=point.hex())
    signature = algorithms.from_der(libcrypto.sign(private, b"message"))
    assert other.verify_with_sm3(signature.hex(), b"message")
    assert not other.verify_with_sm3(signature.hex(), b"another")


def test_sm3_gives_the_digest_of_the_standard():
    # GB/T 32905, example 1.
    wanted = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == wanted


def test_a_machine_without_sm2_says_so(monkeypatch):
    monkeypatch.setattr(libcrypto.ctypes.util, "find_library", lambda name: None)
    libcrypto._library.cache_clear()
    try:
        with pytest.raises(Conflict) as refused:
            libcrypto.generate()
        assert refused.value.findings[0].id == "keys.E010"
    finally:
        monkeypatch.undo()
        libcrypto._library.cache_clear()
