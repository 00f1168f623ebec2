"""The files that a page of an application sent: kept with it, or taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from xiangyun.domain.cases import drafts
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.formspec import Question


def remove_file(request: ActorRequest, draft_id: UUID) -> None:
    """Take a file out again where its button was pressed; one that is gone already stays so."""
    try:
        wanted = UUID(request.POST.get("remove", ""))
    except ValueError:
        return
    if any(material.id == wanted for material in drafts.materials_of(draft_id)):
        drafts.remove_material(wanted, actor=request.actor)


def take_files(
    request: ActorRequest, draft_id: UUID, asked: Sequence[Question], errors: dict[str, Finding]
) -> None:
    """Keep the files that the form found in order; a refusal becomes the field's message."""
    for question in asked:
        if question.kind != "filepicker" or question.key in errors:
            continue
        for sent in request.FILES.getlist(question.key):
            try:
                _take(request, draft_id, question, sent)
            except Refused as refusal:
                errors[question.key] = refusal.findings[0]


def _take(
    request: ActorRequest, draft_id: UUID, question: Question, sent: UploadedFile[bytes]
) -> None:
    drafts.add_material(
        draft_id,
        question,
        name=sent.name or "",
        media_type=sent.content_type or "application/octet-stream",
        content=sent.read(),
        actor=request.actor,
        at=timezone.now(),
    )
