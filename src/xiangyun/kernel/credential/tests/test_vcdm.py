"""The data model of W3C VC 2.0: each rule has a case that breaks it."""

import copy

import pytest

from xiangyun.kernel.credential import integrity, vcdm
from xiangyun.kernel.findings import Refused

GOOD = {
    "@context": [vcdm.BASE, {"Licence": "https://gov.example/#Licence"}],
    "id": "https://gov.example/credentials/1",
    "type": ["VerifiableCredential", "Licence"],
    "issuer": "https://gov.example",
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-01-01T00:00:00+08:00",
    "credentialSubject": {"id": "did:example:subject"},
}
LIST = {"id": "did:example:status", "type": "https://gov.example/#Status"}


def reason(value, check=vcdm.check_credential):
    with pytest.raises(Refused) as refused:
        check(value)
    return refused.value.findings[0].id.removeprefix("credential.")


def test_a_credential_as_the_standard_has_it_is_accepted():
    vcdm.check_credential(GOOD)
    vcdm.check_credential({**GOOD, "credentialStatus": [LIST, LIST], "name": "营业执照"})


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("@context", None, "E050"),
        ("@context", [], "E050"),
        ("@context", ["https://www.w3.org/2018/credentials/v1"], "E050"),
        ("@context", [vcdm.EXAMPLES, vcdm.BASE], "E050"),
        ("@context", [vcdm.BASE, "https ://no/url"], "E050"),
        ("@context", [vcdm.BASE, "https://example.com/unknown"], "E050"),
        ("@context", [vcdm.BASE, 5], "E050"),
        ("@context", [vcdm.BASE, {"VerifiableCredential": "https://bad.example/"}], "E058"),
        ("@context", [vcdm.BASE, {"issuer": "https://bad.example/"}], "E058"),
        (
            "@context",
            [
                vcdm.BASE,
                {"@protected": True, "A": "https://a.example/"},
                {"A": "https://b.example"},
            ],
            "E058",
        ),
        ("type", None, "E051"),
        ("type", [], "E051"),
        ("type", ["Licence"], "E051"),
        ("type", ["VerifiableCredential", "Unmapped"], "E051"),
        ("type", ["VerifiableCredential", 5], "E051"),
        ("id", None, "E054"),
        ("id", "not a url", "E054"),
        ("id", ["https://a.example", "https://b.example"], "E054"),
        ("issuer", None, "E052"),
        ("issuer", "fake-issuer", "E052"),
        ("issuer", {}, "E052"),
        ("issuer", {"id": None}, "E052"),
        ("issuer", {"id": "https://a.example", "name": {"@value": "A", "extra": 1}}, "E057"),
        ("credentialSubject", None, "E053"),
        ("credentialSubject", {}, "E053"),
        ("credentialSubject", [], "E053"),
        ("credentialSubject", "did:example:subject", "E053"),
        ("credentialSubject", [{"id": "did:example:subject"}, {}], "E053"),
        ("credentialSubject", {"id": ["did:example:a", "did:example:b"]}, "E054"),
        ("validFrom", "2026-01-01", "E055"),
        ("validFrom", "2026-01-01T00:00:00", "E055"),
        ("validFrom", "2026-02-30T00:00:00Z", "E055"),
        ("validFrom", 5, "E055"),
        ("validUntil", "2025-12-31T23:59:59Z", "E055"),
        ("credentialStatus", {"id": "did:example:status"}, "E056"),
        ("credentialStatus", {**LIST, "id": "no url"}, "E054"),
        ("credentialStatus", {**LIST, "id": ["did:a:b", "did:a:c"]}, "E054"),
        ("credentialStatus", {**LIST, "type": 2}, "E051"),
        ("credentialStatus", "did:example:status", "E056"),
        ("credentialSchema", {"type": "JsonSchema"}, "E054"),
        ("credentialSchema", {"id": "did:example:schema"}, "E056"),
        ("termsOfUse", {"id": "did:example:terms"}, "E056"),
        ("evidence", [{"id": "did:example:evidence"}], "E056"),
        ("refreshService", {"id": "did:example:refresh"}, "E056"),
        ("name", 5, "E057"),
        ("name", {"@value": "A", "@language": "en", "extra": 1}, "E057"),
        ("description", [{"@value": "A", "@direction": "up"}], "E057"),
        ("relatedResource", ["https://a.example"], "E059"),
        ("relatedResource", [{"id": "https://a.example"}], "E059"),
        ("relatedResource", [{"digestSRI": "sha256-AAAA"}], "E059"),
        ("proof", {"created": "2026-01-01T00:00:00Z"}, "E040"),
    ],
)
def test_each_rule_of_the_data_model_is_held(member, value, why):
    assert reason({**GOOD, member: value}) == why


def test_a_related_resource_is_compared_with_what_is_at_hand():
    content = b"{}"
    digest = "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="
    resource = {"id": "https://a.example/x", "digestSRI": digest}
    known = vcdm.Known(resources={"https://a.example/x": content})
    vcdm.check_credential({**GOOD, "relatedResource": [resource]}, known)
    assert reason({**GOOD, "relatedResource": [resource]}) == "E059"
    typed = {**resource, "mediaType": "application/json"}
    vcdm.check_credential({**GOOD, "relatedResource": typed}, known)
    for media in (5, "json", ""):
        wrong = {**GOOD, "relatedResource": {**resource, "mediaType": media}}
        assert reason(wrong, lambda value: vcdm.check_credential(value, known)) == "E059"
    twice = {**GOOD, "relatedResource": [resource, resource]}
    assert reason(twice, lambda value: vcdm.check_credential(value, known)) == "E059"


SHOWN = {
    "@context": [vcdm.BASE],
    "type": ["VerifiablePresentation"],
    "verifiableCredential": [GOOD],
}


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("@context", [{"A": "https://a.example/"}, vcdm.BASE], "E050"),
        ("type", ["Presentation"], "E051"),
        ("holder", {"id": "zNoUrl"}, "E060"),
        ("holder", {}, "E060"),
        ("verifiableCredential", ["https://gov.example/credentials/1"], "E060"),
        ("verifiableCredential", [5], "E060"),
        ("verifiableCredential", [{**GOOD, "type": ["Licence"]}], "E051"),
        ("verifiableCredential", [{**GOOD, "issuer": "did:key:z6Mk"}], "E060"),
    ],
)
def test_each_rule_of_a_presentation_is_held(member, value, why):
    vcdm.check_presentation(SHOWN)
    assert reason({**SHOWN, member: value}, vcdm.check_presentation) == why


@pytest.mark.parametrize(
    "change",
    [
        {"@context": []},
        {"@context": vcdm.EXAMPLES},
        {"id": "eyJhbGciOiJFUzI1NiJ9.e30.AA"},
        {"type": ["EnvelopedVerifiableCredential", "More"]},
    ],
)
def test_an_envelope_is_held_to_its_form(change):
    envelope = {
        "@context": vcdm.BASE,
        "type": "EnvelopedVerifiableCredential",
        "id": "data:application/vc+jwt,eyJhbGciOiJFUzI1NiJ9.e30.AA",
    }
    vcdm.check_credential(envelope)
    assert reason({**envelope, **change}) in ("E050", "E051", "E054")


# Proofs

KEY = integrity.did_key(bytes(32))
OPTIONS = {
    "created": "2026-01-01T00:00:00Z",
    "verificationMethod": f"{KEY}#{KEY.removeprefix('did:key:')}",
    "proofPurpose": "assertionMethod",
}


def sign(message):
    return bytes(60) + len(message).to_bytes(4, "big")


def check(key, algorithm, message, signature):
    return signature == sign(message) and key["crv"] == "Ed25519"


def verified(document, issuer=KEY):
    return integrity.check_proof(
        document, issuer=issuer, resolve=integrity.own_did_key, by=check, at=None
    )


def test_a_proof_comes_off_as_it_was_put_on():
    assert verified(integrity.secured(GOOD, OPTIONS, sign)) == GOOD


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "Ed25519Signature2020"}, "E041"),
        ({"cryptosuite": "eddsa-rdfc-2022"}, "E041"),
        ({"proofPurpose": "authentication"}, "E042"),
        ({"verificationMethod": "did:example:other#key"}, "E043"),
        ({"proofValue": "u" + "A" * 86}, "E040"),
        ({"proofValue": "z2"}, "E040"),
        ({"proofValue": None}, "E040"),
        ({"@context": ["https://other.example"]}, "E044"),
        ({"created": "yesterday"}, "E055"),
    ],
)
def test_a_proof_that_is_not_for_this_is_refused(change, why):
    document = copy.deepcopy(integrity.secured(GOOD, OPTIONS, sign))
    document["proof"].update(change)
    assert reason(document, verified) == why


@pytest.mark.parametrize("value", [1e400, float("nan"), 2**60])
def test_a_number_without_one_spelling_is_refused(value):
    assert reason(value, integrity.canonical) == "E002"
