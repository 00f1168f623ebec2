"""A status is read from a list that is the right one, signed by the right one, and new enough."""

import zlib

import pytest

from xiangyun.kernel.credential import statuslist
from xiangyun.kernel.credential.encodings import to_base64url
from xiangyun.kernel.credential.sdjwt import Term
from xiangyun.kernel.findings import Refused

URI = "https://gov.example/statuslists/1"
KEY = {"kty": "OKP", "crv": "Ed25519", "x": "issuer"}
HEADER = {"alg": "EdDSA", "kid": "k"}


def check(key, algorithm, message, signature):
    return signature == b"by " + key["x"].encode() + bytes([len(message) % 251])


def token(key=KEY, header=HEADER, statuses=None, **changes):
    of = statuslist.packed(statuses or {7: 1, 8: 2}, 100, 2)
    terms = {"uri": URI, "at": 1000, "until": 2000, "every": 60, **changes}
    made = statuslist.token(
        of,
        header=header,
        sign=lambda m: b"by " + key["x"].encode() + bytes([len(m) % 251]),
        **terms,
    )
    return made


def opened(text, uri=URI, at=1500):
    return statuslist.opened(text, uri, {"k": KEY}, check, Term(at))


def reason(call, *arguments, **named):
    with pytest.raises(Refused) as refused:
        call(*arguments, **named)
    return refused.value.findings[0].id


def test_a_status_lies_where_the_specification_puts_it():
    found = opened(token())
    assert [found[at] for at in (0, 6, 7, 8, 9, 99)] == [0, 0, 1, 2, 0, 0]


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_statuses_of_every_width_come_back(bits):
    statuses = {at: at % (1 << bits) for at in range(37)}
    packed = statuslist.packed(statuses, 37, bits)
    again = statuslist.from_claim(statuslist.to_claim(packed))
    assert [again[at] for at in range(37)] == list(statuses.values())


@pytest.mark.parametrize(
    ("text", "how", "why"),
    [
        (None, {}, "E030"),
        (token(), {"uri": "https://gov.example/statuslists/2"}, "E031"),
        (token({"x": "other"}), {}, "E032"),
        (token(header={"alg": "EdDSA", "kid": "other"}), {}, "E032"),
        (token(header={"alg": "EdDSA"}), {}, "E032"),
        (token(), {"at": 2000}, "E034"),
        (token(until=None), {"at": 1061}, "E034"),
        (token(), {"at": 999}, "E022"),
        (token(every=0), {}, "E024"),
        (token(at=True), {}, "E024"),
    ],
)
def test_a_list_that_cannot_be_relied_on_says_why(text, how, why):
    assert reason(opened, text, **how) == f"credential.{why}"


def test_an_index_outside_the_list_is_no_valid_status():
    assert reason(opened(token()).__getitem__, 100) == "credential.E033"
    assert reason(opened(token()).__getitem__, -1) == "credential.E033"


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {"bits": 3, "lst": "eNrbuRgAAhcBXQ"},
        {"bits": True, "lst": "eNrbuRgAAhcBXQ"},
        {"bits": 1},
        {"bits": 1, "lst": to_base64url(zlib.compress(b"abc")[:-2])},
        {"bits": 1, "lst": to_base64url(zlib.compress(b"abc") + b"more")},
        {"bits": 1, "lst": to_base64url(b"no zlib")},
    ],
)
def test_a_broken_list_is_refused(claim):
    assert reason(statuslist.from_claim, claim) == "credential.E035"


def test_a_list_that_grows_without_end_is_refused():
    bomb = to_base64url(zlib.compress(bytes((1 << 27) + 1), 1))
    assert reason(statuslist.from_claim, {"bits": 1, "lst": bomb}) == "credential.E035"


@pytest.mark.parametrize(("status", "why"), [(1, "E036"), (2, "E037"), (3, "E038"), (15, "E038")])
def test_every_status_but_valid_is_refused(status, why):
    statuslist.check_status(0)
    assert reason(statuslist.check_status, status) == f"credential.{why}"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({}, "E039"),
        ({"status": {}}, "E024"),
        ({"status": {"status_list": {"idx": -1, "uri": URI}}}, "E024"),
        ({"status": {"status_list": {"idx": "1", "uri": URI}}}, "E024"),
        ({"status": {"status_list": {"idx": True, "uri": URI}}}, "E024"),
        ({"status": {"status_list": {"idx": 1}}}, "E024"),
    ],
)
def test_a_credential_that_names_no_status_is_not_valid(claims, why):
    assert reason(statuslist.reference, claims) == f"credential.{why}"
