"""Data Integrity proofs with the cryptosuite eddsa-jcs-2022 (W3C VC-DI-EDDSA, section 3.3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import rfc8785

from .encodings import from_base58, from_multibase, to_base58, to_base64url
from .faults import refused
from .jws import Check, Jwk, Sign

SUITE = "eddsa-jcs-2022"
_ED25519_PUBLIC = b"\xed\x01"  # multicodec, as a varint
_STAMP = re.compile(
    r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T(?:([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)
"""An XML Schema 1.1 dateTimeStamp: the time zone is a must."""

Resolve = Callable[[str, str], Jwk | None]
"""The key of a verification method, where it is the given issuer's: (method, issuer)."""


def canonical(value: object) -> bytes:
    """The canonical JSON of RFC 8785, also of numbers that are not whole.

    Raises Refused `credential.E002` for what has none.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError):
        raise refused("E002") from None


def digest(document: Mapping[str, object], options: Mapping[str, object]) -> bytes:
    """What is signed: the hash of the proof's options, then that of the document (3.3.4)."""
    return (
        hashlib.sha256(canonical(options)).digest() + hashlib.sha256(canonical(document)).digest()
    )


def secured(
    document: Mapping[str, object], options: Mapping[str, object], sign: Sign
) -> dict[str, object]:
    """The document with its proof; `options` say created, verificationMethod, proofPurpose.

    Raises Refused `credential.E040` where the document has a proof already.
    """
    if "proof" in document:
        raise refused("E040")
    proof = {"type": "DataIntegrityProof", "cryptosuite": SUITE, **options}
    if "@context" in document:
        proof["@context"] = document["@context"]
    signature = sign(digest(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + to_base58(signature)}}


def check_proof(
    document: Mapping[str, object],
    *,
    issuer: str,
    resolve: Resolve,
    by: Check,
    at: datetime | None,
    purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
) -> Mapping[str, object]:
    """Check every proof of a document and return the document without them.

    `at` None leaves `created` and `expires` unchecked against the clock. Raises Refused:
    `credential.E040` no proof or a malformed one, `E041` another suite, `E042` another purpose,
    `E043` a key that is not the issuer's, `E044` another context, `E045` dates, `E006` signature.
    """
    proofs = document.get("proof")
    many = proofs if isinstance(proofs, list) else [proofs]
    if not many:
        raise refused("E040")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    for proof in many:
        if not isinstance(proof, dict):
            raise refused("E040")
        _check_one(unsecured, proof, issuer, resolve, by, purpose, at)
        for name, wanted in (("domain", domain), ("challenge", challenge)):
            if wanted is not None and proof.get(name) != wanted:
                raise refused({"domain": "E018", "challenge": "E019"}[name])
    return unsecured


def _check_one(
    unsecured: Mapping[str, object],
    proof: Mapping[str, object],
    issuer: str,
    resolve: Resolve,
    by: Check,
    purpose: str,
    at: datetime | None,
) -> None:
    if proof.get("type") != "DataIntegrityProof":
        raise refused("E041", proof.get("type"))
    if proof.get("cryptosuite") != SUITE:
        raise refused("E041", proof.get("cryptosuite"))
    if proof.get("proofPurpose") != purpose:
        raise refused("E042", proof.get("proofPurpose"))
    if "previousProof" in proof:
        raise refused("E040", "previousProof")
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str) or value[:1] != "z":
        raise refused("E040")
    if "@context" in proof:
        _check_context(unsecured.get("@context"), proof["@context"])
    _check_dates(proof, at)
    signature = from_base58(value[1:])
    if len(signature) != 64:
        raise refused("E040", "proofValue")
    key = resolve(method, issuer)
    if key is None or (key.get("kty"), key.get("crv")) != ("OKP", "Ed25519"):
        raise refused("E043", method)
    options = {name: each for name, each in proof.items() if name != "proofValue"}
    if not by(key, "EdDSA", digest(unsecured, options), signature):
        raise refused("E006")


def _check_context(whole: object, begun: object) -> None:
    """The document's contexts begin with those of the proof (3.3.2, step 4)."""
    first, all_of = (each if isinstance(each, list) else [each] for each in (begun, whole))
    if all_of[: len(first)] != first:
        raise refused("E044")


def _check_dates(proof: Mapping[str, object], at: datetime | None) -> None:
    for name in ("created", "expires"):
        if name in proof:
            stamp = moment(proof[name], f"proof.{name}")
            if at is None or stamp is None:
                continue
            if name == "expires" and stamp <= at:
                raise refused("E023", "proof.expires")
            if name == "created" and stamp > at:
                raise refused("E022", "proof.created")


def moment(value: object, about: str) -> datetime | None:
    """The moment of a dateTimeStamp, None where it lies outside the years that Python counts.

    Raises Refused `credential.E055` for anything else.
    """
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        raise refused("E055", about)
    day_after = "T24:" in value
    text = re.sub(r"T24:", "T00:", value)
    text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)
    if not re.match(r"[0-9]{4}-", text) or text[:4] == "0000":
        return None
    try:
        stamp = datetime.fromisoformat(text)
        return stamp + timedelta(days=1) if day_after else stamp
    except ValueError:
        raise refused("E055", about) from None
    except OverflowError:
        return None


def did_key(public: bytes) -> str:
    """The did:key of the 32 bytes of an Ed25519 public key."""
    return "did:key:z" + to_base58(_ED25519_PUBLIC + public)


def key_of_did(method: str) -> Jwk | None:
    """The key that a did:key method itself spells, with or without a fragment; None for others."""
    did, _, fragment = method.partition("#")
    name = did.removeprefix("did:key:")
    if name == did or (fragment and fragment != name):
        return None
    return key_of_multikey(name)


def key_of_multikey(text: str) -> Jwk | None:
    """The key of `publicKeyMultibase`; None where it is no Ed25519 public key in base58."""
    data = from_multibase(text) if text[:1] == "z" else b""
    if len(data) != 34 or data[:2] != _ED25519_PUBLIC:
        return None
    return {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(data[2:])}


def own_did_key(method: str, issuer: str) -> Jwk | None:
    """A `Resolve` for issuers that are did:key: their only method is themselves."""
    return key_of_did(method) if method.partition("#")[0] == issuer else None
