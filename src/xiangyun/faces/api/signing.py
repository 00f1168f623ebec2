"""Signing over the interface: what is to be signed, and what a passkey answered.

A program shows a person what is signed and has an authenticator of the person sign it (W3C Web
Authentication 2). What it asks to be signed is exactly what it sends afterwards.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from xiangyun.domain.cases import actions, signing
from xiangyun.faces.look.signing import site_of

from .asking import actor_of

router = Router(tags=["signatures"])


class SignatureIn(Schema):
    """A passkey's answer: `asked_at` as it was given, the credential as the authenticator gave it.

    `credential` has `id`, `type` and `response` with everything binary in base64url, as
    `PublicKeyCredential.toJSON()` spells it.
    """

    asked_at: str = Field(max_length=40)
    credential: dict[str, Any]


class ToSign(Schema):
    """What is to be signed: a document, its SHA-256 in hex, and what an authenticator is asked.

    `options` are those of `navigator.credentials.get`; their challenge is the SHA-256. What is
    asked for may be answered within ten minutes.
    """

    document: str
    sha256: str
    asked_at: str
    options: dict[str, Any]


class SendIn(Schema):
    """With the signature that the start asks for, or offers."""

    signature: SignatureIn | None = None


def given(request: HttpRequest, signature: SignatureIn | None) -> signing.Signing | None:
    """A signature as the verbs take it; None for none."""
    if signature is None:
        return None
    answer = json.dumps(signature.credential, ensure_ascii=False)
    return signing.Signing(site_of(request), signature.asked_at, answer)


def out(asked: signing.Asked) -> ToSign:
    """What is asked."""
    return ToSign(
        document=asked.document,
        sha256=asked.digest,
        asked_at=asked.asked_at,
        options=json.loads(asked.options),
    )


@router.post("/applications/{key}/signing", response=ToSign)
def ask_application(request: HttpRequest, key: UUID) -> ToSign:
    """What is signed with the application as it stands now; nothing is sent yet."""
    actor, now = actor_of(request), timezone.now()
    return out(
        signing.ask(
            lambda asked: actions.submit_case(key, actor=actor, at=now, signature=asked),
            site_of(request),
            actor,
            now,
        )
    )
