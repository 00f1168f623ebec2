"""Certificates into wallets (OpenID4VCI) and out of them again (OpenID4VP), and shown for a minute.

Offers, tokens and nonces are signed by the platform and carry what they mean; that each is used
once is remembered until it would have ended.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, Actor, acting_as
from xiangyun.domain.journal import algorithms
from xiangyun.kernel.credential import openid4vc, sdjwt, statuslist
from xiangyun.kernel.credential.encodings import to_base64url
from xiangyun.kernel.credential.jws import Jwk, spelled
from xiangyun.kernel.credential.openid4vc import Fault, Query
from xiangyun.kernel.credential.sdjwt import Binding, Term
from xiangyun.kernel.findings import Refused, Text

from . import access, copies, queries, responses
from .models import OneTime
from .ports import keyring, others, signer

GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
OFFER_TERM, TOKEN_TERM, NONCE_TERM, SHOWN_TERM, ASKED_TERM = 600, 600, 300, 60, 600
"""Seconds for which an offer, a token, a nonce, a code on a screen, a request are good."""
BATCH = 10


def spend(what: str, at: datetime, seconds: int) -> bool:
    """Whether something is used for the first time; every later time is none."""
    key = hashlib.sha256(what.encode()).hexdigest()
    try:
        with transaction.atomic():
            OneTime(id=key, until=at + timedelta(seconds=seconds)).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def forget(at: datetime) -> int:
    """Delete what would have ended anyway; how many."""
    return int(OneTime.objects.filter(until__lt=at).delete()[0])


# Shown on a screen ------------------------------------------------------------------------------


def show(identifier: str, *, actor: Actor, at: datetime) -> str:
    """A token that shows a certificate of the actor's for one minute (亮证); it is written down."""
    copies.note_showing(copies.own(identifier, actor), actor=actor, at=at)
    return signing.dumps(identifier, salt="certificates.shown")


def shown(token: str) -> str | None:
    """The identifier behind a token; None for one that is none, or older than a minute."""
    try:
        return str(signing.loads(token, salt="certificates.shown", max_age=SHOWN_TERM))
    except signing.BadSignature:
        return None


# Issuing ----------------------------------------------------------------------------------------


class Offered(NamedTuple):
    """An offer for a wallet: its link for a QR code, and the code that its holder types there."""

    reference: str
    link: str
    code: str


def offer(identifier: str, *, actor: Actor, at: datetime) -> Offered:
    """Offer a certificate of the actor's to a wallet, good for ten minutes and once."""
    certificate = copies.own(identifier, actor)
    copies.check_stands(certificate, at)
    code = f"{secrets.randbelow(10**6):06}"
    told = {
        "id": identifier,
        "kind": certificate.kind,
        "tx": _hashed(code),
        "n": secrets.token_hex(8),
    }
    reference = signing.dumps(told, salt="openid4vci.offer")
    copies.note_offer(certificate, actor=actor, at=at)
    address = f"{settings.PUBLIC_URL}/openid4vci/offer/{reference}"
    link = f"openid-credential-offer://?credential_offer_uri={address}"
    return Offered(reference, link, code)


def offered(reference: str) -> dict[str, Any] | None:
    """The credential offer behind a reference (OpenID4VCI section 4.1); None for none."""
    told = _loaded(reference, "openid4vci.offer", OFFER_TERM)
    if told is None:
        return None
    return {
        "credential_issuer": settings.PUBLIC_URL,
        "credential_configuration_ids": [told["kind"]],
        "grants": {
            GRANT: {
                "pre-authorized_code": reference,
                "tx_code": {"input_mode": "numeric", "length": 6},
            }
        },
    }


def issuer_metadata() -> dict[str, Any]:
    """What this issuer can do (section 12.2)."""
    base = settings.PUBLIC_URL
    return {
        "credential_issuer": base,
        "credential_endpoint": f"{base}/openid4vci/credential",
        "nonce_endpoint": f"{base}/openid4vci/nonce",
        "batch_credential_issuance": {"batch_size": BATCH},
        "credential_configurations_supported": {
            kind: _configuration(kind, name) for kind, name in queries.kinds().items()
        },
    }


def _configuration(kind: str, name: Text) -> dict[str, Any]:
    proof = {"proof_signing_alg_values_supported": ["ES256", "EdDSA"]}
    shown = [{"name": name.zh, "locale": "zh-CN"}, {"name": name.en, "locale": "en"}]
    return {
        "format": "dc+sd-jwt",
        "vct": copies.vct_of(kind),
        "scope": kind,
        "cryptographic_binding_methods_supported": ["jwk"],
        "credential_signing_alg_values_supported": ["ES256"],
        "proof_types_supported": {"jwt": proof},
        "credential_metadata": {"display": shown},
    }


def server_metadata() -> dict[str, Any]:
    """The authorization server, which is the issuer itself (RFC 8414)."""
    base = settings.PUBLIC_URL
    return {
        "issuer": base,
        "token_endpoint": f"{base}/openid4vci/token",
        "grant_types_supported": [GRANT],
        "pre-authorized_grant_anonymous_access_supported": not _providers(),
        "token_endpoint_auth_methods_supported": ["attest_jwt_client_auth", "none"],
        "client_attestation_signing_alg_values_supported": ["ES256", "EdDSA"],
        "client_attestation_pop_signing_alg_values_supported": ["ES256", "EdDSA"],
        "dpop_signing_alg_values_supported": ["ES256", "EdDSA"],
        "response_types_supported": [],
    }


def token(form: Mapping[str, str], headers: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """An access token for an offer (section 6).

    Where the trust list names wallet providers, the wallet must be attested by one of them; an
    attestation that is there and bad is refused always. Raises Fault.
    """
    now = int(at.timestamp())
    if form.get("grant_type") != GRANT:
        raise Fault("unsupported_grant_type")
    _check_client(headers, now, at)
    bound = ""
    if proof := headers.get("DPoP"):
        address = f"{settings.PUBLIC_URL}/openid4vci/token"
        bound, jti = openid4vc.check_dpop(
            proof, method="POST", address=address, at=now, by=algorithms.holds
        )
        if not spend(f"dpop {bound} {jti}", at, 2 * openid4vc.PROOF_TERM):
            raise Fault("invalid_dpop_proof", "jti was used before")
    reference = form.get("pre-authorized_code", "")
    told = _loaded(reference, "openid4vci.offer", OFFER_TERM)
    if told is None:
        raise Fault("invalid_grant", "the offer is none, or has ended")
    # A guess at the code of the holder uses the offer up as well.
    if not spend(f"offer {reference}", at, OFFER_TERM):
        raise Fault("invalid_grant", "the offer was used before")
    if not secrets.compare_digest(_hashed(form.get("tx_code", "")), told["tx"]):
        raise Fault("invalid_grant", "tx_code")
    kept = {"id": told["id"], "kind": told["kind"], "key": bound, "n": secrets.token_hex(8)}
    return {
        "access_token": signing.dumps(kept, salt="openid4vci.token"),
        "token_type": "DPoP" if bound else "Bearer",
        "expires_in": TOKEN_TERM,
    }


def _check_client(headers: Mapping[str, str], now: int, at: datetime) -> None:
    attestation = headers.get("OAuth-Client-Attestation")
    pop = headers.get("OAuth-Client-Attestation-PoP")
    providers = _providers()
    if attestation is None and pop is None and not providers:
        return
    client, jti = openid4vc.check_client(
        attestation or "",
        pop or "",
        server=settings.PUBLIC_URL,
        at=now,
        by=algorithms.holds,
        providers=providers,
    )
    if not spend(f"client {client} {jti}", at, 2 * openid4vc.POP_TERM):
        raise Fault("invalid_client", "jti was used before")


def _providers() -> dict[str | None, Jwk]:
    """The keys of wallet providers: organisations of the trust list that name themselves so."""
    return others().keys_of("wallet-provider")


def nonce() -> str:
    """A fresh nonce for a key proof (section 7)."""
    return signing.dumps(secrets.token_urlsafe(16), salt="openid4vci.nonce")


def credentials(
    request: Mapping[str, Any], authorization: str, dpop: str | None, at: datetime
) -> dict[str, Any]:
    """The credentials of a request (section 8), one for each key that it proves.

    Raises Fault: `invalid_token`, `invalid_credential_request`, `unknown_credential_configuration`,
    `unknown_credential_identifier`, `invalid_encryption_parameters`, `invalid_proof`,
    `invalid_nonce`, and `credential_request_denied` where the certificate has ended.
    """
    told = _authorized(authorization, dpop, at)
    _check_request(request, told["kind"])
    found = openid4vc.check_proofs(
        request, issuer=settings.PUBLIC_URL, at=int(at.timestamp()), by=algorithms.holds
    )
    if len(found.keys) > BATCH:
        raise Fault("invalid_proof", f"at most {BATCH} keys")
    for each in found.nonces:
        _spend_nonce(each, at)
    with acting_as(ANONYMOUS.presenting(told["id"])):
        certificate = access.readable().filter(pk=told["id"]).first()
        if certificate is None:
            raise Fault("credential_request_denied")
        try:
            made = [copies.for_wallet(certificate, key, at=at) for key in found.keys]
            copies.note_collecting(certificate, at=at)
        except Refused as problem:
            raise Fault("credential_request_denied", problem.findings[0].message.en) from None
    return {"credentials": [{"credential": text} for text in made]}


def _authorized(authorization: str, dpop: str | None, at: datetime) -> dict[str, Any]:
    kind, _, text = authorization.partition(" ")
    told = _loaded(text.strip(), "openid4vci.token", TOKEN_TERM)
    if told is None or kind.lower() not in ("bearer", "dpop"):
        raise Fault("invalid_token")
    if bool(told["key"]) != (kind.lower() == "dpop"):
        raise Fault("invalid_token", "the token is bound to a key")
    if told["key"]:
        address = f"{settings.PUBLIC_URL}/openid4vci/credential"
        key, jti = openid4vc.check_dpop(
            dpop or "",
            method="POST",
            address=address,
            at=int(at.timestamp()),
            by=algorithms.holds,
            token=text.strip(),
        )
        if key != told["key"] or not spend(f"dpop {key} {jti}", at, 2 * openid4vc.PROOF_TERM):
            raise Fault("invalid_dpop_proof")
    return told


def _check_request(request: Mapping[str, Any], kind: str) -> None:
    named = {"credential_configuration_id", "credential_identifier"} & request.keys()
    if len(named) != 1:
        raise Fault("invalid_credential_request", "one of the two ways to name a credential")
    if "credential_identifier" in request:
        # Tokens of this issuer carry no authorization details: no identifier was ever handed out.
        raise Fault("unknown_credential_identifier")
    if request["credential_configuration_id"] != kind:
        raise Fault("unknown_credential_configuration")
    if "credential_response_encryption" in request:
        raise Fault("invalid_encryption_parameters", "responses are not encrypted")


def _spend_nonce(text: str, at: datetime) -> None:
    try:
        signing.loads(text, salt="openid4vci.nonce", max_age=NONCE_TERM)
    except signing.BadSignature:
        raise Fault("invalid_nonce") from None
    if not spend(f"nonce {text}", at, NONCE_TERM):
        raise Fault("invalid_nonce", "it was used before")


# Verifying --------------------------------------------------------------------------------------


def client_id() -> str:
    """What this verifier is called: by the digest of its certificate (OpenID4VP section 5.9.3)."""
    return f"x509_hash:{to_base64url(hashlib.sha256(keyring().chain()[0]).digest())}"


def ask(kind: str, paths: list[tuple[str | int | None, ...]], at: datetime) -> str:
    """Begin to ask a wallet for a kind of certificate and some of its facts; the state's name."""
    state = secrets.token_urlsafe(24)
    asked = {
        "kind": kind,
        "paths": paths,
        "nonce": secrets.token_urlsafe(24),
        "key": responses.new_key(secrets.token_urlsafe(8)),
    }
    until = at + timedelta(seconds=ASKED_TERM)
    OneTime(id=state, until=until, value=asked).save(force_insert=True)
    return state


def request_object(state: str, at: datetime) -> str | None:
    """The signed request that a wallet fetches (RFC 9101); None for a state that is none."""
    asked = _state(state, at)
    if asked is None:
        return None
    key, chain = signer("ES256"), keyring().chain()
    header = {
        "alg": key.algorithm,
        "typ": "oauth-authz-req+jwt",
        "x5c": [base64.b64encode(each).decode() for each in chain[:-1]],
    }
    claims = {
        "client_id": client_id(),
        "aud": "https://self-issued.me/v2",
        "iat": int(at.timestamp()),
        "exp": int(at.timestamp()) + ASKED_TERM,
        "response_type": "vp_token",
        "response_mode": responses.MODE,
        "response_uri": f"{settings.PUBLIC_URL}/openid4vp/response/{state}",
        "nonce": asked["nonce"],
        "state": state,
        "dcql_query": {"credentials": [_query(asked).as_json()]},
        "client_metadata": {
            "jwks": {"keys": [responses.public(asked["key"])]},
            "encrypted_response_enc_values_supported": list(responses.CONTENT),
            "vp_formats_supported": {
                "dc+sd-jwt": {
                    "sd-jwt_alg_values": ["ES256"],
                    "kb-jwt_alg_values": ["ES256", "EdDSA"],
                }
            },
        },
    }
    return spelled(header, claims, key.sign)


def opened(state: str, response: str, at: datetime) -> dict[str, Any]:
    """The parameters of an encrypted response to what was asked. Raises Fault `invalid_request`."""
    asked = _state(state, at)
    if asked is None or "key" not in asked:
        raise Fault("invalid_request", "state")
    return responses.opened(response, asked["key"])


def answered(state: str, vp_token: object, given_state: str, at: datetime) -> None:
    """Check what a wallet presents, and keep what it shows for whoever asked, once.

    Raises Fault `invalid_request`, and Refused with the reason why it is not believed.
    """
    asked = _state(state, at)
    if asked is None or given_state != state or "shown" in asked:
        raise Fault("invalid_request", "state")
    query = _query(asked)
    text = openid4vc.presented(vp_token, [query])[query.id]
    credential = sdjwt.read(text)
    trust = queries.own_trust()
    issuer = credential.jws.payload.get("iss")
    keys = trust.keys_of(issuer if isinstance(issuer, str) else "")
    now = int(at.timestamp())
    claims = sdjwt.verified(
        credential,
        keys,
        algorithms.holds,
        term=Term(now, 60),
        binding=Binding(client_id(), asked["nonce"], now - ASKED_TERM, now + 60),
    )
    sdjwt.check_vc(credential, claims)
    openid4vc.check_answer(query, claims)
    reference = statuslist.reference(claims)
    listed = statuslist.opened(
        queries.published_list(reference.uri), reference.uri, keys, algorithms.holds, Term(now, 60)
    )
    statuslist.check_status(listed[reference.index])
    shown = {path[-1]: openid4vc.selected(claims, path) for path in query.paths}
    kept = {name: value for name, value in asked.items() if name != "key"}
    OneTime.objects.filter(pk=state).update(
        value={**kept, "shown": {str(name): value for name, value in shown.items()}}
    )


def result(state: str, at: datetime) -> dict[str, Any] | None:
    """What was asked, with `shown` once it was answered; None for a state that is none."""
    return _state(state, at)


def _state(state: str, at: datetime) -> dict[str, Any] | None:
    found = OneTime.objects.filter(pk=state, until__gt=at).exclude(value=None).first()
    return dict(found.value) if found and found.value else None


def _query(asked: Mapping[str, Any]) -> Query:
    paths = tuple(tuple(path) for path in asked["paths"])
    return Query("certificate", (copies.vct_of(asked["kind"]),), paths)


def _loaded(text: str, salt: str, seconds: int) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(text, salt=salt, max_age=seconds)
    except signing.BadSignature:
        return None
    return found


def _hashed(code: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}{code}".encode()).hexdigest()
