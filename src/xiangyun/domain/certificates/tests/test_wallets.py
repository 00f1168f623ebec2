"""OpenID4VCI and OpenID4VP: what a wallet gets and shows, and every way in which it is refused.

The negative cases are those of the issuer plan of the OpenID conformance suite (HAIP).
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwe
from joserfc.jwk import ECKey

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.certificates import actions, statuses, wallets
from xiangyun.domain.certificates import ports as of_certificates
from xiangyun.domain.certificates.ports import signer as key_of
from xiangyun.domain.certificates.trust import Organisation, Trust
from xiangyun.domain.journal import algorithms
from xiangyun.kernel.credential import openid4vc, sdjwt
from xiangyun.kernel.credential.jws import spelled
from xiangyun.kernel.credential.openid4vc import Fault
from xiangyun.kernel.findings import Refused, Text

from .conftest import APPROVER, LI, WANG

NOW = timezone.now().replace(microsecond=0)
"""The moment of a test; a page that it asks looks at the clock itself, so each test has its own."""
ISSUER = settings.PUBLIC_URL


@pytest.fixture(autouse=True)
def _moment(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "NOW", timezone.now().replace(microsecond=0))


class Key:
    """A P-256 key of a wallet, or of its provider."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        public = self.private.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.jwk = algorithms.jwk_of(pem.decode())

    def sign(self, message: bytes) -> bytes:
        return algorithms.from_der(self.private.sign(message, ec.ECDSA(SHA256())))

    def token(self, kind: str, claims: dict, **header: object) -> str:
        return spelled({"alg": "ES256", "typ": kind, **header}, claims, self.sign)


WALLET, PROVIDER, STRANGER = Key(), Key(), Key()


@pytest.fixture
def offer(issued):
    with acting_as(SYSTEM):
        statuses.publish(NOW, key_of("ES256"))
    with acting_as(WANG):
        return wallets.offer(issued.identifier, actor=WANG, at=NOW)


def form(offer, **changes):
    return {
        "grant_type": wallets.GRANT,
        "pre-authorized_code": offer.reference,
        "tx_code": offer.code,
        **changes,
    }


@pytest.fixture
def access(offer):
    return "Bearer " + wallets.token(form(offer), {}, NOW)["access_token"]


def proof(key=WALLET, *, nonce=None, signed_by=None, kind=openid4vc.PROOF_TYPE, **changes):
    claims = {
        "aud": ISSUER,
        "iat": int(NOW.timestamp()),
        "nonce": wallets.nonce() if nonce is None else nonce,
        **changes,
    }
    return (signed_by or key).token(kind, claims, jwk=key.jwk)


def asked(*proofs, **changes):
    return {
        "credential_configuration_id": "business-licence",
        "proofs": {"jwt": list(proofs)},
        **changes,
    }


def code_of(call, *arguments):
    # What is refused is answered, and its transaction kept: a guess uses an offer up.
    with acting_as(ANONYMOUS), pytest.raises(Fault) as fault:
        call(*arguments)
    return fault.value.code


def test_a_wallet_gets_a_credential_that_only_it_can_present(access, issued):
    with acting_as(ANONYMOUS):
        made = wallets.credentials(asked(proof()), access, None, NOW)
    credential = sdjwt.read(made["credentials"][0]["credential"])
    assert credential.jws.payload["cnf"]["jwk"] == WALLET.jwk
    assert credential.jws.payload["vct"] == f"{ISSUER}/credentials/business-licence"
    assert sdjwt.disclosed(credential)["identifier"] == issued.identifier
    assert len(credential.jws.header["x5c"]) == 1


def test_a_batch_cannot_be_told_to_be_of_one_person(access):
    keys = [Key() for _ in range(5)]
    one = wallets.nonce()
    with acting_as(ANONYMOUS):
        made = wallets.credentials(
            asked(*(proof(key, nonce=one) for key in keys)), access, None, NOW
        )
    found = [sdjwt.read(each["credential"]) for each in made["credentials"]]
    bound = {json.dumps(each.jws.payload["cnf"]) for each in found}
    indices = [each.jws.payload["status"]["status_list"]["idx"] for each in found]
    assert len(bound) == len(set(indices)) == 5
    assert len({later - earlier for earlier, later in pairwise(indices)}) > 1
    salts = [part for each in found for part in each.disclosures]
    assert len(set(salts)) == len(salts)
    digests = [digest for each in found for digest in each.jws.payload["_sd"]]
    assert len(set(digests)) == len(digests)
    # The times are those of days: all the same, and none the moment of this issuance.
    assert len({each.jws.payload["iat"] for each in found}) == 1
    assert found[0].jws.payload["iat"] % 3600 == 0


def claims_of_keys():
    return {"iat": int(NOW.timestamp()), "attested_keys": [WALLET.jwk]}


NEGATIVES = {
    "invalid nonce": ("invalid_nonce", lambda: asked(proof(nonce="made-up"))),
    "no nonce": ("invalid_nonce", lambda: asked(proof(nonce=5))),
    "missing proofs": (
        "invalid_proof",
        lambda: {"credential_configuration_id": "business-licence"},
    ),
    "no proof": ("invalid_proof", lambda: asked()),
    "proof of another kind": (
        "invalid_proof",
        lambda: asked() | {"proofs": {"ldp_vp": [{}]}},
    ),
    "bad proof signature": ("invalid_proof", lambda: asked(proof(signed_by=STRANGER))),
    "proof for another": ("invalid_proof", lambda: asked(proof(aud="https://other.example"))),
    "old proof": (
        "invalid_proof",
        lambda: asked(proof(iat=int((NOW - timedelta(hours=1)).timestamp()))),
    ),
    "proof of tomorrow": (
        "invalid_proof",
        lambda: asked(proof(iat=int((NOW + timedelta(hours=1)).timestamp()))),
    ),
    "proof of another type": ("invalid_proof", lambda: asked(proof(kind="JWT"))),
    "one key twice": ("invalid_proof", lambda: asked(proof(), proof())),
    "bad key attestation": (
        "invalid_proof",
        lambda: asked(
            WALLET.token(
                openid4vc.PROOF_TYPE,
                {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": wallets.nonce()},
                jwk=WALLET.jwk,
                key_attestation=STRANGER.token(openid4vc.ATTESTATION_TYPE, claims_of_keys()),
            )
        ),
    ),
    "attestation by a stranger": (
        "invalid_proof",
        lambda: (
            asked()
            | {
                "proofs": {
                    "attestation": [STRANGER.token(openid4vc.ATTESTATION_TYPE, claims_of_keys())]
                }
            }
        ),
    ),
    "unknown configuration id": (
        "unknown_credential_configuration",
        lambda: asked(proof(), credential_configuration_id="passport"),
    ),
    "unknown credential identifier": (
        "unknown_credential_identifier",
        lambda: {"credential_identifier": "x", "proofs": {"jwt": [proof()]}},
    ),
    "neither of both": ("invalid_credential_request", lambda: {"proofs": {"jwt": [proof()]}}),
    "both": (
        "invalid_credential_request",
        lambda: asked(proof(), credential_identifier="business-licence"),
    ),
    "unsupported encryption": (
        "invalid_encryption_parameters",
        lambda: asked(proof(), credential_response_encryption={"enc": "A1"}),
    ),
}


@pytest.mark.parametrize("name", NEGATIVES)
def test_a_request_that_is_not_right_is_refused(access, name):
    code, request = NEGATIVES[name]
    assert code_of(wallets.credentials, request(), access, None, NOW) == code


def test_a_nonce_is_good_once(access):
    nonce = wallets.nonce()
    with acting_as(ANONYMOUS):
        wallets.credentials(asked(proof(nonce=nonce)), access, None, NOW)
    again = asked(proof(Key(), nonce=nonce))
    assert code_of(wallets.credentials, again, access, None, NOW) == "invalid_nonce"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer made-up", "Basic x"])
def test_a_request_without_a_token_is_refused(offer, header):
    assert code_of(wallets.credentials, asked(proof()), header, None, NOW) == "invalid_token"


@pytest.mark.django_db
def test_a_token_in_the_address_is_refused(access):
    client, text = Client(), access.partition(" ")[2]
    address = reverse("credentials:credential")
    answer = client.post(
        f"{address}?access_token={text}", asked(proof()), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    answer = client.post(
        address, asked(proof()), content_type="application/json", headers={"Authorization": access}
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"pre-authorized_code": "made-up"}, "invalid_grant"),
        ({"tx_code": "000"}, "invalid_grant"),
    ],
)
def test_an_offer_that_is_not_right_gives_no_token(offer, changes, code):
    assert code_of(wallets.token, form(offer, **changes), {}, NOW) == code


def test_an_offer_is_good_once_also_for_who_guesses(offer):
    wrong = "000000" if offer.code != "000000" else "000001"
    assert code_of(wallets.token, form(offer, tx_code=wrong), {}, NOW) == "invalid_grant"
    assert code_of(wallets.token, form(offer), {}, NOW) == "invalid_grant"


def test_nobody_offers_the_certificate_of_another(issued):
    for actor in (LI, APPROVER):
        with acting_as(actor), pytest.raises(type(issued).DoesNotExist):
            wallets.offer(issued.identifier, actor=actor, at=NOW)


def test_a_certificate_that_has_ended_is_not_issued(access, issued):
    with acting_as(APPROVER):
        actions.revoke(issued.identifier, reason="05", actor=APPROVER, at=NOW)
    code = code_of(wallets.credentials, asked(proof()), access, None, NOW)
    assert code == "credential_request_denied"


# Wallets attested by their providers


@pytest.fixture
def providers(monkeypatch):
    own = Organisation(
        Text("钱包提供者", "Provider"), ("wallet-provider",), {"provider-1": PROVIDER.jwk}
    )
    monkeypatch.setattr(wallets, "others", lambda: Trust((own,)))
    assert of_certificates.others is not wallets.others


def attested(attestation=None, pop=None, by=PROVIDER, pop_by=WALLET, kid="provider-1"):
    now = int(NOW.timestamp())
    claims = {"sub": "wallet.example", "iat": now, "exp": now + 600, "cnf": {"jwk": WALLET.jwk}}
    proof = {"aud": ISSUER, "iat": now, "jti": secrets.token_hex(8), "iss": "wallet.example"}
    claims.update(attestation or {})
    proof.update(pop or {})
    claims = {name: value for name, value in claims.items() if value is not None}
    return {
        "OAuth-Client-Attestation": by.token(openid4vc.CLIENT_TYPE, claims, kid=kid),
        "OAuth-Client-Attestation-PoP": pop_by.token(openid4vc.CLIENT_POP_TYPE, proof),
    }


def test_an_attested_wallet_gets_a_token(offer, providers):
    assert wallets.token(form(offer), attested(), NOW)["token_type"] == "Bearer"


@pytest.mark.parametrize(
    "how",
    [
        {"by": STRANGER},
        {"kid": "another"},
        {"attestation": {"exp": int(NOW.timestamp())}},
        {"attestation": {"sub": None}},
        {"attestation": {"exp": None}},
        {"attestation": {"cnf": None}},
        {"pop": {"aud": "https://other.example"}},
        {"pop": {"iss": "another.example"}},
        {"pop": {"jti": None}},
        {"pop": {"iat": int((NOW - timedelta(hours=1)).timestamp())}},
        {"pop_by": STRANGER},
    ],
)
def test_a_wallet_with_a_bad_attestation_is_refused(offer, providers, how):
    assert code_of(wallets.token, form(offer), attested(**how), NOW) == "invalid_client"
    assert code_of(wallets.token, form(offer), {}, NOW) == "invalid_client"


def test_an_attestation_is_presented_once(offer, providers, issued):
    headers = attested()
    wallets.token(form(offer), headers, NOW)
    with acting_as(WANG):
        other = wallets.offer(issued.identifier, actor=WANG, at=NOW)
    assert code_of(wallets.token, form(other), headers, NOW) == "invalid_client"


# Tokens bound to a key (DPoP)


def dpop(address, token=None, key=WALLET, **changes):
    claims = {
        "htm": "POST",
        "htu": f"{ISSUER}{address}",
        "iat": int(NOW.timestamp()),
        "jti": secrets.token_hex(8),
        **({"ath": openid4vc._digest(token)} if token else {}),
        **changes,
    }
    return key.token(openid4vc.DPOP_TYPE, claims, jwk=key.jwk)


def test_a_token_bound_to_a_key_is_of_no_use_without_it(offer):
    headers = {"DPoP": dpop("/openid4vci/token")}
    given = wallets.token(form(offer), headers, NOW)
    assert given["token_type"] == "DPoP"
    text, at = given["access_token"], "/openid4vci/credential"
    for kind, sent in (
        ("Bearer", None),
        ("DPoP", None),
        ("DPoP", dpop(at, text, STRANGER)),
        ("DPoP", dpop("/openid4vci/token", text)),
        ("DPoP", dpop(at, "another")),
        ("DPoP", dpop(at, text, htm="GET")),
    ):
        code = code_of(wallets.credentials, asked(proof()), f"{kind} {text}", sent, NOW)
        assert code in ("invalid_token", "invalid_dpop_proof")
    good = dpop(at, text)
    with acting_as(ANONYMOUS):
        assert wallets.credentials(asked(proof()), f"DPoP {text}", good, NOW)["credentials"]
    code = code_of(wallets.credentials, asked(proof()), f"DPoP {text}", good, NOW)
    assert code == "invalid_dpop_proof"


# Presenting


@pytest.fixture
def held(access):
    with acting_as(ANONYMOUS):
        made = wallets.credentials(asked(proof()), access, None, NOW)
    return made["credentials"][0]["credential"]


def presented(held, asked_for, *paths, key=WALLET, **changes):
    credential = sdjwt.read(held)
    chosen = sdjwt.chosen(credential, sdjwt.all_of(paths or [("holder",)]))
    terms = {
        "audience": wallets.client_id(),
        "nonce": asked_for["nonce"],
        "at": int(NOW.timestamp()),
        **changes,
    }
    text = sdjwt.presentation_of(credential.issued, chosen)
    return sdjwt.bound(text, algorithm="ES256", sign=key.sign, **terms)


@pytest.fixture
def state(held):
    return wallets.ask("business-licence", [("holder",)], NOW)


def test_a_verifier_sees_what_it_asked_for_and_no_more(held, state):
    text = presented(held, wallets.result(state, NOW))
    wallets.answered(state, {"certificate": [text]}, state, NOW)
    assert wallets.result(state, NOW)["shown"] == {"holder": ["长春市云帆虚构科技有限公司"]}
    with pytest.raises(Fault):
        wallets.answered(state, {"certificate": [text]}, state, NOW)
    assert wallets.result(state, NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"key": STRANGER}, "credential.E017"),
        ({"audience": "x509_hash:other"}, "credential.E018"),
        ({"nonce": "another"}, "credential.E019"),
        ({"at": int((NOW - timedelta(days=1)).timestamp())}, "credential.E021"),
    ],
)
def test_a_presentation_for_something_else_is_refused(held, state, how, why):
    text = presented(held, wallets.result(state, NOW), **how)
    with pytest.raises(Refused) as refused:
        wallets.answered(state, {"certificate": [text]}, state, NOW)
    assert refused.value.findings[0].id == why


def test_a_presentation_without_the_fact_asked_for_is_refused(held, state):
    text = presented(held, wallets.result(state, NOW), ("number",))
    with pytest.raises(Fault, match="holder"):
        wallets.answered(state, {"certificate": [text]}, state, NOW)


@pytest.mark.parametrize("token", [None, [], {}, {"other": ["x"]}, {"certificate": ["a", "b"]}])
def test_an_answer_that_is_no_answer_is_refused(state, token):
    with pytest.raises(Fault):
        wallets.answered(state, token, state, NOW)


def test_a_revoked_certificate_is_not_accepted(held, state, issued):
    with acting_as(APPROVER):
        actions.revoke(issued.identifier, reason="05", actor=APPROVER, at=NOW)
    with acting_as(SYSTEM):
        statuses.publish(NOW + timedelta(seconds=30), key_of("ES256"))
    text = presented(held, wallets.result(state, NOW))
    with pytest.raises(Refused, match=r"credential\.E036"):
        wallets.answered(state, {"certificate": [text]}, state, NOW + timedelta(seconds=31))


def encrypted(parameters, key, enc="A128GCM", **header):
    """As a wallet does it: to the key of the request."""
    told = {"alg": "ECDH-ES", "enc": enc, "kid": key["kid"], **header}
    content = json.dumps(parameters)
    bare = ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")})
    allowed = ["ECDH-ES", "ECDH-ES+A128KW", enc, "DEF"]
    return jwe.encrypt_compact(told, content, bare, algorithms=allowed)


def test_a_presentation_comes_encrypted_to_a_key_of_its_request(held, state):
    request = sdjwt.take_apart(wallets.request_object(state, NOW)).payload
    assert request["response_mode"] == "direct_post.jwt"
    (key,) = request["client_metadata"]["jwks"]["keys"]
    assert "d" not in key
    token = {"certificate": [presented(held, wallets.result(state, NOW))]}
    address = reverse("credentials:response", args=[state])
    client = Client()

    def answer(**form):
        return client.post(address, form).status_code

    assert answer(vp_token=json.dumps(token), state=state) == 400  # in the open
    other = ECKey.generate_key("P-256", {"kid": "x"}).as_dict(private=False)
    told = {"vp_token": token, "state": state}
    assert answer(response=encrypted(told, other)) == 400
    assert answer(response=encrypted(told, key, alg="ECDH-ES+A128KW")) == 400
    assert answer(response=encrypted(told, key, zip="DEF")) == 400
    assert answer(response=encrypted({"vp_token": token, "state": "x"}, key)) == 400
    assert answer(response=encrypted([], key)) == 400
    assert answer(response=encrypted(told, key, enc="A256GCM")) == 200
    assert wallets.result(state, NOW)["shown"] == {"holder": ["长春市云帆虚构科技有限公司"]}
    assert "key" not in wallets.result(state, NOW)  # nobody opens it again
    assert answer(response=encrypted(told, key)) == 400


def test_the_request_is_signed_and_asks_by_dcql(state):
    text = wallets.request_object(state, NOW)
    jws = sdjwt.take_apart(text)
    assert jws.header["typ"] == "oauth-authz-req+jwt"
    assert algorithms.holds(
        algorithms.jwk_of(key_of("ES256").public_key_pem), "ES256", jws.signed, jws.signature
    )
    (query,) = jws.payload["dcql_query"]["credentials"]
    assert query["claims"] == [{"path": ["holder"]}]
    assert query["meta"] == {"vct_values": [f"{ISSUER}/credentials/business-licence"]}


# A code for one minute


def test_a_code_on_a_screen_is_good_for_one_minute(issued, monkeypatch):
    with acting_as(WANG):
        token = wallets.show(issued.identifier, actor=WANG, at=NOW)
    assert wallets.shown(token) == issued.identifier
    monkeypatch.setattr(wallets, "SHOWN_TERM", -1)
    assert wallets.shown(token) is None
    assert wallets.shown("made-up") is None


def test_what_was_used_is_forgotten_when_it_would_have_ended(db):
    assert wallets.spend("a", NOW, 60)
    assert not wallets.spend("a", NOW, 60)
    assert wallets.forget(NOW + timedelta(seconds=30)) == 0
    assert wallets.forget(NOW + timedelta(seconds=61)) == 1
