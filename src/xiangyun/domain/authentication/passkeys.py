"""Passkeys: what a browser is asked for and what its answer proves (W3C Web Authentication 2).

A passkey belongs to a host name: `Site` says which, and where pages come from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from uuid import UUID

import webauthn
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webauthn.helpers import (
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xiangyun.kernel.findings import Conflict, Forbidden, Refused

from . import checks
from .checks import NO_PASSKEY
from .models import Passkey


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser stands: `host` without a port, and `origin` as `https://host:port`."""

    host: str
    origin: str

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers make passkeys here: for names alone, not for an IP address."""
        try:
            ip_address(self.host.strip("[]"))
        except ValueError:
            return bool(self.host)
        return False


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser is asked: its options as JSON, and the challenge that its answer signs."""

    options: str
    value: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser made: the credential, its public key and where its counter stands."""

    credential: bytes
    public_key: bytes
    sign_count: int


def to_make(
    site: Site, account: UUID, login: str, name: str, known: Sequence[Passkey]
) -> Challenge:
    """Ask a browser for a new passkey, on none of the devices that have one already."""
    made = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Xiangyun 祥云",
        user_id=account.bytes,
        user_name=login,
        user_display_name=name,
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Challenge(webauthn.options_to_json(made), bytes_to_base64url(made.challenge))


def made(site: Site, challenge: str, answer: str) -> NewPasskey:
    """What the browser made.

    Raises Refused `authentication.E004` where its answer proves nothing.
    """
    try:
        proved = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError):
        raise Refused([NO_PASSKEY]) from None
    return NewPasskey(proved.credential_id, proved.credential_public_key, proved.sign_count)


def to_use(site: Site, known: Sequence[Passkey]) -> Challenge:
    """Ask a browser to sign with one of these passkeys."""
    made = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Challenge(webauthn.options_to_json(made), bytes_to_base64url(made.challenge))


def used(site: Site, challenge: str, answer: str, known: Sequence[Passkey]) -> tuple[Passkey, int]:
    """Which passkey signed, and where its counter stands now.

    Raises Refused `authentication.E004` where the answer proves nothing: another challenge, site
    or account, a wrong signature, or a counter that has not moved, as that of a copied key.
    """
    try:
        identifier = webauthn.base64url_to_bytes(json.loads(answer)["id"])
        passkey = next(one for one in known if bytes(one.credential) == identifier)
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        raise Refused([NO_PASSKEY]) from None
    return passkey, proved.new_sign_count


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator signed, all texts: as `journal.passkeysigned` checks it later."""

    credential: str
    algorithm: str
    public_key: str
    client_data: str
    authenticator_data: str
    signature: str


def to_sign(site: Site, known: Sequence[Passkey], challenge: bytes) -> str:
    """Ask a browser to sign a challenge with one of these passkeys: its options as JSON."""
    made = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(made)


def signed(
    site: Site, challenge: bytes, answer: str, known: Sequence[Passkey]
) -> tuple[Passkey, int, Assertion]:
    """Which passkey signed a challenge, where its counter stands now, and the proof of it.

    Raises Refused by name: `signature.E005` for a passkey that is not or no more the account's,
    `signature.E002` for another challenge, `signature.E003` for another site, and `signature.E009`
    for whatever else proves nothing.
    """
    try:
        told = json.loads(answer)
        identifier = webauthn.base64url_to_bytes(told["id"])
        response = {name: str(told["response"][name]) for name in _SIGNED}
        client = json.loads(webauthn.base64url_to_bytes(response["clientDataJSON"]))
        asked, origin = str(client["challenge"]), str(client["origin"])
        host = webauthn.base64url_to_bytes(response["authenticatorData"])[:32]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Conflict([checks.PROVES_NOTHING]) from None
    passkey = next((one for one in known if bytes(one.credential) == identifier), None)
    if passkey is None:
        raise Forbidden([checks.KEY_REMOVED])
    if origin != site.origin or host != sha256(site.host.encode()).digest():
        raise Conflict([checks.OTHER_SITE])
    if asked != bytes_to_base64url(challenge):
        raise Conflict([checks.OTHER_CONTENT])
    try:
        _, count = used(site, asked, answer, [passkey])
    except Refused:
        raise Conflict([checks.PROVES_NOTHING]) from None
    key = decode_credential_public_key(bytes(passkey.public_key))
    public = decoded_public_key_to_cryptography(key).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    return (
        passkey,
        count,
        Assertion(
            bytes_to_base64url(identifier),
            str(int(key.alg)),
            public.decode(),
            response["clientDataJSON"],
            response["authenticatorData"],
            response["signature"],
        ),
    )


_SIGNED = ("clientDataJSON", "authenticatorData", "signature")


def _described(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(one.credential)) for one in known]
