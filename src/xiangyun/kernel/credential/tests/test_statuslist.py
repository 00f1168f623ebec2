"""A status is read from a list that is the right one, signed by the right one, and new enough."""

import zlib

import cbor2
import pytest

from xiangyun.kernel.credential import cbor, cwtlist, statuslist
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


# As CWT -----------------------------------------------------------------------------------------

CWT_HEADER = {1: -8, 16: "application/statuslist+cwt"}
EXAMPLE = bytes.fromhex(
    "d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b637774a1044231325850a5"
    "02782168747470733a2f2f6578616d706c652e636f6d2f7374617475736c697374732f31061a648c5bea041a"
    "8898dfea19fffe19a8c019fffda2646269747301636c73744a78dadbb918000217015d"
) + cbor.written(bytes(64))
"""The example of the draft (section 5.2), with a signature of zeros."""


def cwt(header=None, claims=None, kid=b"k", key=KEY, tag=18):
    """By another library than ours."""
    packed = zlib.compress(statuslist.packed({7: 1, 8: 2}, 100, 2).data)
    said = {2: URI, 6: 1000, 4: 2000, 65534: 60, 65533: {"bits": 2, "lst": packed}}
    payload = cbor2.dumps({**said, **(claims or {})})
    protected = cbor2.dumps({**CWT_HEADER, **(header or {})})
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    signature = b"by " + key["x"].encode() + bytes([len(signed) % 251])
    return cbor2.dumps(cbor2.CBORTag(tag, [protected, {4: kid}, payload, signature]))


def test_a_list_as_cwt_is_read_like_one_as_jwt():
    found = opened(cwt())
    assert [found[at] for at in (0, 6, 7, 8, 9)] == [0, 0, 1, 2, 0]
    assert cwtlist.address_of(cwt()) == URI


def test_the_example_of_the_specification_is_read():
    key = {"kty": "EC", "crv": "P-256", "x": "issuer"}
    uri = "https://example.com/statuslists/1"
    found = statuslist.opened(EXAMPLE, uri, {"12": key}, lambda *_: True, Term(0x648C5BEA))
    # 0xb9 and 0xa3, the least significant bit first
    assert [found[at] for at in range(16)] == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (cwt(header={16: "application/cwt"}), "E004"),
        (cwt(header={1: -37}), "E003"),
        (cwt(header={1: None}), "E003"),
        (cwt(header={2: [16]}), "E035"),
        (cwt(kid=b"other"), "E032"),
        (cwt(key={"x": "another"}), "E032"),
        (cwt(claims={2: "https://gov.example/statuslists/2"}), "E031"),
        (cwt(claims={4: 1400}), "E034"),
        (cwt(claims={6: 1600}), "E022"),
        (cwt(claims={6: "now"}), "E024"),
        (cwt(claims={65533: {"bits": 3, "lst": b"x"}}), "E035"),
        (cwt(claims={65533: {"bits": 1, "lst": b"x"}}), "E035"),
        (cwt(tag=17), "E035"),
        (cwt() + b"0", "E035"),
        (cwt()[:-1], "E035"),
        (b"", "E035"),
        (b"\x9f\xff", "E035"),  # a length told piece by piece
        (b"\x18\x01", "E035"),  # 1, not in its shortest spelling
        (b"\xa2\x01\x01\x01\x02", "E035"),  # a key twice
        (b"\xfb" + bytes(8), "E035"),
        (b"\x81" * 100 + b"\x01", "E035"),
        (b"\x61\xff", "E035"),
    ],
)
def test_a_cwt_that_is_not_right_is_refused(data, why):
    assert reason(opened, data) == f"credential.{why}"


def test_what_is_written_another_library_reads_alike():
    value = {1: [0, 23, 24, 255, 256, 65536, 1 << 40, -1, -500], "x": [b"\0", "水", None, True]}
    assert cbor2.loads(cbor.written(value)) == cbor.read(cbor2.dumps(value)) == value
