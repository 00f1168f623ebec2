"""What travels between wallets, issuers and verifiers: OpenID4VCI 1.0, OpenID4VP 1.0, HAIP.

Pure: proofs and attestations are read and checked here; what was used up before, and when, is said
by the caller. A refusal is a `Fault` with the error code that the protocol answers with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xiangyun.kernel.findings import Refused

from .encodings import to_base64url
from .jws import Check, Jwk, Jws, check, take_apart
from .sdjwt import Term, check_term, is_number

PROOF_TYPE = "openid4vci-proof+jwt"
ATTESTATION_TYPE = "key-attestation+jwt"
CLIENT_TYPE, CLIENT_POP_TYPE = (
    "oauth-client-attestation+jwt",
    "oauth-client-attestation-pop+jwt",
)
DPOP_TYPE = "dpop+jwt"
PROOF_TERM, POP_TERM = 300, 300
"""Seconds for which a proof may be presented."""
MOST_PROOFS = 20


class Fault(Exception):
    """A refusal of the protocol: its error code, and words for whoever writes the other side."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}")
        self.code = code
        self.about = about


# Issuing ----------------------------------------------------------------------------------------


class Proofs(NamedTuple):
    """Keys to which credentials are to be bound, each proven, and the nonces that were used."""

    keys: tuple[Jwk, ...]
    nonces: frozenset[str]


def check_proofs(
    request: Mapping[str, Any],
    *,
    issuer: str,
    at: int,
    by: Check,
    attesters: Mapping[str | None, Jwk] | None = None,
) -> Proofs:
    """The keys of a credential request (OpenID4VCI section 8.2 and appendix F).

    `attesters`: keys of those whose key attestations one believes; None demands none, and still
    refuses one that is there and bad. Raises Fault `invalid_proof`. Whether the nonces are fresh is
    for the caller, who alone knows what was handed out.
    """
    proofs = request.get("proofs")
    if not isinstance(proofs, dict) or len(proofs) != 1:
        raise Fault("invalid_proof", "proofs: one kind of proof is required")
    ((kind, listed),) = proofs.items()
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_PROOFS:
        raise Fault("invalid_proof", f"proofs.{kind}: one to {MOST_PROOFS} of them")
    keys: list[Jwk] = []
    nonces: set[str] = set()
    for text in listed:
        if kind == "jwt":
            key, nonce = _key_proof(text, issuer, at, by, attesters)
            keys.append(key)
        elif kind == "attestation":
            attested, nonce = _attestation(text, at, by, attesters or {}, needs_nonce=True)
            keys += attested
        else:
            raise Fault("invalid_proof", f"proofs.{kind}: not supported")
        nonces.add(nonce)
    prints = [thumbprint(key) for key in keys]
    if len(set(prints)) != len(prints):
        raise Fault("invalid_proof", "each credential is bound to a key of its own")
    if not keys or len(keys) > MOST_PROOFS:
        raise Fault("invalid_proof", "too many keys")
    return Proofs(tuple(keys), frozenset(nonces))


def _key_proof(
    text: object,
    issuer: str,
    at: int,
    by: Check,
    attesters: Mapping[str | None, Jwk] | None,
) -> tuple[Jwk, str]:
    jws = _token(text, PROOF_TYPE, "invalid_proof")
    named = [name for name in ("jwk", "kid", "x5c") if name in jws.header]
    key = jws.header.get("jwk")
    if named != ["jwk"] or not _is_public(key):
        raise Fault("invalid_proof", "the proof carries its public key in jwk")
    _signed(jws, key, by, "invalid_proof")  # type: ignore[arg-type]
    claims = jws.payload
    if claims.get("aud") != issuer:
        raise Fault("invalid_proof", "aud is the credential issuer")
    _fresh(claims, at, PROOF_TERM, "invalid_proof")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str):
        raise Fault("invalid_nonce", "a nonce is required")
    if "key_attestation" in jws.header:
        attested, _ = _attestation(
            jws.header["key_attestation"], at, by, attesters or {}, needs_nonce=False
        )
        if thumbprint(key) not in map(thumbprint, attested):  # type: ignore[arg-type]
            raise Fault("invalid_proof", "the attestation is of another key")
    elif attesters is not None:
        raise Fault("invalid_proof", "a key attestation is required")
    return key, nonce  # type: ignore[return-value]


def _attestation(
    text: object,
    at: int,
    by: Check,
    attesters: Mapping[str | None, Jwk],
    *,
    needs_nonce: bool,
) -> tuple[list[Jwk], str]:
    jws = _token(text, ATTESTATION_TYPE, "invalid_proof")
    key = attesters.get(_kid(jws))
    if key is None:
        raise Fault("invalid_proof", "the key attestation is by nobody whom one believes")
    _signed(jws, key, by, "invalid_proof")
    claims = jws.payload
    _fresh(claims, at, None, "invalid_proof")
    attested = claims.get("attested_keys")
    if not isinstance(attested, list) or not attested or not all(map(_is_public, attested)):
        raise Fault("invalid_proof", "attested_keys")
    nonce = claims.get("nonce")
    if needs_nonce and not isinstance(nonce, str):
        raise Fault("invalid_nonce", "a nonce is required")
    return attested, str(nonce or "")


def check_client(
    attestation: str,
    pop: str,
    *,
    server: str,
    at: int,
    by: Check,
    providers: Mapping[str | None, Jwk],
) -> tuple[str, str]:
    """A wallet that its provider attests (attestation-based client authentication).

    The client's id, and the `jti` of its proof, which the caller lets pass once. Raises Fault
    `invalid_client`.
    """
    jws = _token(attestation, CLIENT_TYPE, "invalid_client")
    key = providers.get(_kid(jws))
    if key is None:
        raise Fault("invalid_client", "the attestation is by nobody whom one believes")
    _signed(jws, key, by, "invalid_client")
    claims = jws.payload
    if not is_number(claims.get("exp")):
        raise Fault("invalid_client", "exp is required")
    _fresh(claims, at, None, "invalid_client")
    client = claims.get("sub")
    if not isinstance(client, str) or not client:
        raise Fault("invalid_client", "sub is required")
    confirmation = claims.get("cnf")
    own = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not _is_public(own):
        raise Fault("invalid_client", "cnf.jwk is required")
    proof = _token(pop, CLIENT_POP_TYPE, "invalid_client")
    _signed(proof, own, by, "invalid_client")  # type: ignore[arg-type]
    audience = proof.payload.get("aud")
    if server not in (audience if isinstance(audience, list) else [audience]):
        raise Fault("invalid_client", "aud is the authorization server")
    if proof.payload.get("iss", client) != client:
        raise Fault("invalid_client", "iss is the client")
    _fresh(proof.payload, at, POP_TERM, "invalid_client")
    jti = proof.payload.get("jti")
    if not isinstance(jti, str) or not jti:
        raise Fault("invalid_client", "jti is required")
    return client, jti


def check_dpop(
    text: str, *, method: str, address: str, at: int, by: Check, token: str | None = None
) -> tuple[str, str]:
    """A proof of possession for one request (RFC 9449): the key's thumbprint, and its `jti`.

    `token`: the access token that comes with it. Raises Fault `invalid_dpop_proof`.
    """
    jws = _token(text, DPOP_TYPE, "invalid_dpop_proof")
    key = jws.header.get("jwk")
    if not _is_public(key):
        raise Fault("invalid_dpop_proof", "jwk")
    _signed(jws, key, by, "invalid_dpop_proof")  # type: ignore[arg-type]
    claims = jws.payload
    if claims.get("htm") != method or claims.get("htu") != address:
        raise Fault("invalid_dpop_proof", "htm and htu are this request's")
    _fresh(claims, at, PROOF_TERM, "invalid_dpop_proof")
    if token is not None and claims.get("ath") != _digest(token):
        raise Fault("invalid_dpop_proof", "ath")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise Fault("invalid_dpop_proof", "jti")
    return thumbprint(key), jti  # type: ignore[arg-type]


def thumbprint(key: Jwk) -> str:
    """The name of a key (RFC 7638)."""
    names = ("crv", "kty", "x", "y") if key.get("kty") == "EC" else ("crv", "kty", "x")
    text = ",".join(f'"{name}":"{key.get(name)}"' for name in names)
    return _digest(f"{{{text}}}")


def _digest(text: str) -> str:
    return to_base64url(hashlib.sha256(text.encode()).digest())


def _token(text: object, kind: str, code: str) -> Jws:
    try:
        jws = take_apart(text if isinstance(text, str) else "")
    except Refused as problem:
        raise Fault(code, problem.findings[0].message.en) from None
    if jws.header.get("typ") != kind:
        raise Fault(code, f"typ is {kind}")
    return jws


def _signed(jws: Jws, key: Jwk, by: Check, code: str) -> None:
    try:
        check(jws, key, by)
    except Refused as problem:
        raise Fault(code, problem.findings[0].message.en) from None


def _fresh(claims: Mapping[str, Any], at: int, term: int | None, code: str) -> None:
    """Made not long ago and not in the future; a minute of two clocks' difference passes."""
    made = claims.get("iat")
    if not isinstance(made, int | float) or not is_number(made):
        raise Fault(code, "iat is required")
    if made > at + 60 or (term is not None and made < at - term):
        raise Fault(code, "iat lies too far away")
    try:
        check_term(claims, Term(at, 60 if "exp" not in claims else 0))
    except Refused as problem:
        raise Fault(code, problem.findings[0].message.en) from None


def _is_public(key: object) -> bool:
    return isinstance(key, dict) and "kty" in key and not {"d", "k", "p", "q"} & key.keys()


def _kid(jws: Jws) -> str | None:
    return str(jws.header["kid"]) if "kid" in jws.header else None


# Verifying --------------------------------------------------------------------------------------


class Query(NamedTuple):
    """One credential that a verifier asks for (DCQL, OpenID4VP section 6)."""

    id: str
    vcts: tuple[str, ...]
    paths: tuple[tuple[str | int | None, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """As it stands in `dcql_query.credentials`."""
        return {
            "id": self.id,
            "format": "dc+sd-jwt",
            "meta": {"vct_values": list(self.vcts)},
            "claims": [{"path": list(path)} for path in self.paths],
        }


def presented(vp_token: object, queries: Sequence[Query]) -> dict[str, str]:
    """The presentation for each query of a response. Raises Fault `invalid_request`.

    One presentation a query; what was not asked for is refused as what is missing.
    """
    if not isinstance(vp_token, dict) or vp_token.keys() != {each.id for each in queries}:
        raise Fault("invalid_request", "vp_token answers every query, and no other")
    found = {}
    for name, listed in vp_token.items():
        if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], str):
            raise Fault("invalid_request", f"vp_token.{name}: one presentation")
        found[name] = listed[0]
    return found


def check_answer(query: Query, claims: Mapping[str, Any]) -> None:
    """That verified claims are of the kind asked for and hold all that was asked.

    Raises Fault `invalid_request`.
    """
    if claims.get("vct") not in query.vcts:
        raise Fault("invalid_request", "vct")
    for path in query.paths:
        if not selected(claims, path):
            raise Fault("invalid_request", ".".join(map(str, path)))


def selected(value: Any, path: Sequence[str | int | None]) -> list[Any]:
    """The values at a claims path (OpenID4VP section 7): a name, a position, null for all."""
    found = [value]
    for step in path:
        following: list[Any] = []
        for each in found:
            if isinstance(each, dict):
                following += [each[step]] if isinstance(step, str) and step in each else []
            elif isinstance(each, list) and step is None:
                following += each
            elif isinstance(each, list) and isinstance(step, int) and step >= 0:
                following += each[step : step + 1]
        found = following
    return found
