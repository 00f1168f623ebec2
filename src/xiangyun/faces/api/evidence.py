"""Evidence over the interface: receipts handed out, documents verified."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from xiangyun.domain.cases import actions
from xiangyun.domain.certificates import queries as certificates

from .asking import actor_of
from .words import Words, words

router = Router(tags=["evidence"])


class DocumentIn(Schema):
    """The full text of a certificate (HTML or JSON) or of a receipt (JSON)."""

    document: str = Field(max_length=1_000_000)


class StepOut(Schema):
    """One thing that was checked; `passed` null: it could not be checked here."""

    text: Words
    passed: bool | None


class VerdictOut(Schema):
    """valid, revoked, altered or unknown, and what was checked."""

    answer: str
    steps: list[StepOut]


@router.get("/cases/{case_id}/receipt", response=dict)
def receipt(request: HttpRequest, case_id: UUID) -> object:
    """The receipt: every entry of the case with its proof; `xiangyun verify` checks it alone."""
    return actions.receipt(case_id, actor=actor_of(request), at=timezone.now())


@router.post("/verify", auth=None, response=VerdictOut)
def verify(request: HttpRequest, payload: DocumentIn) -> VerdictOut:
    """Verify a certificate or a receipt by its full text."""
    return verdict_out(certificates.verdict(payload.document))


def verdict_out(found: certificates.Verdict) -> VerdictOut:
    """A verdict with its steps."""
    steps = [StepOut(text=words(step.text), passed=step.passed) for step in found.steps]
    return VerdictOut(answer=found.answer, steps=steps)
