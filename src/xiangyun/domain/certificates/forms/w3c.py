"""A certificate as W3C Verifiable Credential 2.0, secured by eddsa-jcs-2022."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.credential import integrity, vcdm
from xiangyun.kernel.credential.statuslist import Reference

from .metadata import content_of, metadata

STATUS_TYPE = "TokenStatusListEntry"


def did_of(public_pem: str) -> str | None:
    """The did:key of an Ed25519 public key; None for a key of another kind."""
    try:
        key = load_pem_public_key(public_pem.encode())
    except (ValueError, TypeError):
        return None
    except Exception:  # a curve that `cryptography` does not know has an error of its own
        return None
    if not isinstance(key, Ed25519PublicKey):
        return None
    return integrity.did_key(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def issued(
    content: Mapping[str, Any],
    *,
    vocabulary: str,
    status: tuple[str, int],
    signer: Signer,
    at: datetime,
) -> dict[str, Any]:
    """The signed credential. `vocabulary`: the address that gives its words their meaning."""
    did = did_of(signer.public_key_pem)
    uri, index = status
    document: dict[str, Any] = {
        "@context": [vcdm.BASE, {"@vocab": vocabulary}],
        "id": content["verify_at"],
        "type": ["VerifiableCredential", "GovernmentCertificate"],
        "issuer": {"id": did, "name": content["authority"]["name"]},
        "name": content["type"]["name"]["zh"],
        "validFrom": f"{content['valid_from'] or content['issued_on']}T00:00:00+08:00",
        "credentialStatus": {
            "id": f"{uri}#{index}",
            "type": STATUS_TYPE,
            "statusListIndex": str(index),
            "statusListCredential": uri,
        },
        "credentialSubject": metadata(content),
    }
    if content["valid_until"]:
        document["validUntil"] = f"{content['valid_until']}T23:59:59+08:00"
    options = {
        "created": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": f"{did}#{str(did).removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    vcdm.check_credential(document)
    return integrity.secured(document, options, signer.sign)


def reference(document: Mapping[str, Any]) -> Reference | None:
    """Where the status of a credential stands, where it says so in our way; None otherwise."""
    status = document.get("credentialStatus")
    if not isinstance(status, dict) or status.get("type") != STATUS_TYPE:
        return None
    uri, index = status.get("statusListCredential"), status.get("statusListIndex")
    if not isinstance(uri, str) or not isinstance(index, str) or not index.isdecimal():
        return None
    return Reference(uri, int(index))


def shown(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a credential says, as the content of a certificate."""
    subject = document.get("credentialSubject")
    return content_of(subject) if isinstance(subject, dict) else {}
