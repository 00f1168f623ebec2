"""Signatures of HTTP messages: the text that is signed, as RFC 9421 has it."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiangyun.kernel.connector.httpsignature import (
    Component,
    Signable,
    content_digest,
    digest_holds,
    read_inputs,
    read_signatures,
    signature_base,
    write_input,
)

# RFC 9421, appendix B.1.4 and B.2.6
_KEY = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU="
_INPUT = (
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)
_REQUEST = Signable(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    headers={
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    },
)


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    said = read_inputs(_INPUT)["sig-b26"]
    key = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(_KEY))
    signed = key.sign(signature_base(said, _REQUEST))
    assert base64.b64encode(signed).decode() == _SIGNATURE
    assert read_signatures(f"sig-b26=:{_SIGNATURE}:") == {"sig-b26": signed}


def test_what_is_written_is_read_as_it_was() -> None:
    components = [Component("@status"), Component("signature", of_request=True)]
    text = write_input(components, {"created": 5, "keyid": 'a"\\b', "tag": "x"})
    [(label, said)] = read_inputs(f"one={text}").items()
    assert (label, list(said.components), said.text) == ("one", components, text)
    assert dict(said.parameters) == {"created": 5, "keyid": 'a"\\b', "tag": "x"}


@pytest.mark.parametrize(
    "header",
    [
        'a=("@method"',
        'a=("@method");created=x y',
        'a=("@method"), b',
        'a=("@path"), a=("@path")',
        'a=("x";sf)',
        "a=(" + '"x" ' * 5000 + ")",
        'é=("@path")',
    ],
)
def test_a_header_that_is_no_dictionary_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_inputs(header)


def test_a_part_that_is_absent_or_named_twice_has_no_text() -> None:
    absent = read_inputs('a=("x-missing")')["a"]
    with pytest.raises(KeyError):
        signature_base(absent, _REQUEST)
    twice = read_inputs('a=("@path" "@path")')["a"]
    with pytest.raises(ValueError, match="twice"):
        signature_base(twice, _REQUEST)


def test_a_digest_is_that_of_the_body_alone() -> None:
    header = content_digest(b'{"hello": "world"}')
    assert header == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"  # RFC 9530, B.2
    assert digest_holds(header, b'{"hello": "world"}')
    assert not digest_holds(header, b'{"hello": "World"}')
    assert not digest_holds("md5=:AAAA:", b"")
    assert not digest_holds(f"{header}, sha-512=:AAAA:", b'{"hello": "world"}')
