"""SD-JWT: what a holder keeps closed stays closed, and nothing false is believed."""

import hashlib
import hmac
import itertools
import json

import pytest

from xiangyun.kernel.credential import sdjwt
from xiangyun.kernel.credential.encodings import from_base64url, to_base64url
from xiangyun.kernel.credential.sdjwt import Binding, Hidden, Term
from xiangyun.kernel.findings import Refused

ISSUER = {"kty": "OKP", "crv": "Ed25519", "x": "issuer"}
HOLDER = {"kty": "OKP", "crv": "Ed25519", "x": "holder"}
HEADER = {"alg": "EdDSA", "typ": "dc+sd-jwt"}
CLAIMS = {
    "iss": "https://gov.example",
    "vct": "https://gov.example/licence",
    "exp": 2000,
    "cnf": {"jwk": HOLDER},
    "name": Hidden("王洋云"),
    "address": Hidden({"city": Hidden("珲春"), "street": Hidden("口岸路")}),
    "scope": [Hidden("木材"), "海产", Hidden("汽车")],
}
WANTED = Binding("https://bank.example", "n-1", 900, 1100)


def sign(key, message):
    return hmac.digest(key["x"].encode(), message, "sha512")


def check(key, algorithm, message, signature):
    return algorithm == "EdDSA" and hmac.compare_digest(sign(key, message), signature)


def salts():
    return (to_base64url(hashlib.md5(str(n).encode()).digest()) for n in itertools.count())


def issued(claims=CLAIMS, header=HEADER):
    return sdjwt.issued(claims, salts(), header, lambda message: sign(ISSUER, message))


def shown(text, *paths):
    credential = sdjwt.read(text)
    return sdjwt.presentation_of(credential.issued, sdjwt.chosen(credential, sdjwt.all_of(paths)))


def bound(text, key=HOLDER, **changes):
    terms = {"audience": "https://bank.example", "nonce": "n-1", "at": 1000, **changes}
    return sdjwt.bound(text, algorithm="EdDSA", sign=lambda message: sign(key, message), **terms)


def verified(text, binding=WANTED, at=1000):
    credential = sdjwt.read(text)
    return sdjwt.verified(credential, [ISSUER], check, term=Term(at), binding=binding)


def reason(text, **how):
    with pytest.raises(Refused) as refused:
        verified(text, **how)
    return refused.value.findings[0].id


def test_a_verifier_sees_what_was_chosen_and_nothing_else():
    claims = verified(bound(shown(issued(), ("address", "city"), ("scope", 2))))
    assert claims["address"] == {"city": "珲春"}
    assert claims["scope"] == ["海产", "汽车"]
    assert "name" not in claims


def test_a_digest_says_neither_the_order_nor_the_number_of_claims():
    payload, disclosures = sdjwt.conceal(CLAIMS, salts(), decoys=3)
    assert payload["_sd"] == sorted(payload["_sd"])
    assert len(payload["_sd"]) == 5
    assert len(disclosures) == 6


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"key": ISSUER}, "E017"),
        ({"audience": "https://other.example"}, "E018"),
        ({"nonce": "n-0"}, "E019"),
        ({"at": 899}, "E021"),
        ({"at": 1101}, "E021"),
    ],
)
def test_a_binding_for_something_else_is_refused(changes, why):
    assert reason(bound(shown(issued()), **changes)) == f"credential.{why}"


def test_a_presentation_without_its_binding_is_refused():
    assert reason(shown(issued(), ("name",))) == "credential.E016"


def test_a_disclosure_added_after_binding_is_refused():
    text = bound(shown(issued()))
    name = next(each for each in issued().split("~")[1:] if "name" in opened(each))
    token, rest = text.split("~", 1)
    assert reason(f"{token}~{name}~{rest}") == "credential.E020"


def opened(disclosure):
    return from_base64url(disclosure).decode() if disclosure else ""


def test_the_second_of_expiry_is_too_late():
    text = bound(shown(issued()))
    assert verified(text, at=1999)
    assert reason(text, at=2000) == "credential.E023"


def test_a_change_of_any_letter_is_found():
    text = bound(shown(issued(), ("name",)))
    for at in range(0, len(text), 7):
        letter = "A" if text[at] != "A" else "B"
        assert reason(text[:at] + letter + text[at + 1 :]).startswith("credential.E")


@pytest.mark.parametrize(
    ("extra", "payload", "why"),
    [
        (["salt", "a", 1], {}, "E011"),
        (["salt", "_sd", 1], {"_sd": [0]}, "E013"),
        (["salt", "...", 1], {"_sd": [0]}, "E013"),
        (["salt", "iss", 1], {"_sd": [0]}, "E013"),
        (["salt", "a", 1], {"_sd": [0, 0]}, "E012"),
        (["salt", 1], {"_sd": [0]}, "E010"),
        (["salt", "a", 1], {"list": [{"...": 0}]}, "E010"),
        ([1, "a", 1], {"_sd": [0]}, "E010"),
        (["salt"], {"_sd": [0]}, "E010"),
        (["salt", "a", 1], {"_sd": "no list"}, "E015"),
        (["salt", 1], {"list": [{"...": 0, "more": 1}]}, "E015"),
        (["salt", "a", 1], {"_sd": [0], "_sd_alg": "md5"}, "E014"),
        (["salt", "a", {"_sd_alg": "sha-256"}], {"_sd": [0]}, "E015"),
    ],
)
def test_a_payload_made_to_deceive_is_refused(extra, payload, why):
    disclosure = to_base64url(json.dumps(extra).encode())
    digest = sdjwt.digest_of(disclosure)
    spelt = json.loads(json.dumps({"iss": "x"} | payload).replace(": 0", f': "{digest}"'))
    if isinstance(spelt.get("_sd"), list):
        spelt["_sd"] = [digest if each == 0 else each for each in spelt["_sd"]]
    token = sdjwt.spelled(HEADER, spelt, lambda message: sign(ISSUER, message))
    assert reason(f"{token}~{disclosure}~", binding=None) == f"credential.{why}"


def test_a_json_serialization_says_the_same_as_the_compact_one():
    text = shown(issued(), ("name",))
    token, *disclosures, _ = text.split("~")
    protected, payload, signature = token.split(".")
    header = {"disclosures": disclosures, "kb_jwt": bound(text).rpartition("~")[2]}
    flat = {"payload": payload, "protected": protected, "signature": signature, "header": header}
    assert verified(json.dumps(flat)) == verified(bound(text))
    both = json.dumps({**flat, "signatures": [flat]})
    assert reason(both) == "credential.E001"


@pytest.mark.parametrize("name", ["iss", "vct", "exp", "cnf", "status"])
def test_what_a_verifier_must_see_cannot_be_hidden(name):
    claims = {**CLAIMS, name: Hidden(CLAIMS.get(name, {"status_list": {}}))}
    credential = sdjwt.read(issued(claims))
    with pytest.raises(Refused) as refused:
        sdjwt.check_vc(credential, sdjwt.disclosed(credential))
    assert refused.value.findings[0].id in ("credential.E025", "credential.E024")


@pytest.mark.parametrize("alg", ["none", "HS256", "RS256", None, 1])
def test_an_algorithm_that_is_not_listed_is_refused(alg):
    assert reason(issued(header={**HEADER, "alg": alg})) == "credential.E003"


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q+8", "Q", "Q\n", "QUI ", "é", "QUJ"], ids=repr)
def test_bytes_have_one_spelling_in_base64url(text):
    with pytest.raises(Refused):
        from_base64url(text)


def test_bytes_come_back_from_base64url():
    for length in range(70):
        data = bytes(range(length))
        assert from_base64url(to_base64url(data)) == data
