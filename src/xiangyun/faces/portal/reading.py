"""What a page of the form sent: files, rows added or removed, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from xiangyun.domain.cases import drafts
from xiangyun.faces.look.fields import ReceivedFile
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.portal import places
from xiangyun.faces.portal.asking import Asking
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.formspec import Attached, Question, Reading


def by_question(refusal: Refused) -> dict[str, Finding]:
    """What was refused, by the question that each finding is placed at."""
    return {
        finding.place.question if finding.place else "": finding for finding in refusal.findings
    }


def shown_again(
    request: ActorRequest,
    asked: Sequence[Question],
    raw: dict[str, list[str]],
    answers: Mapping[str, Value],
    received: Mapping[str, Sequence[ReceivedFile]],
) -> Asking | None:
    """The page with what was typed, where it was not to be sent: a row more or less, a file less,
    a place looked up. None where it was to be sent.
    """
    if dropped := request.POST.get("drop"):
        left = {name: texts for name, texts in raw.items() if not name.startswith(f"{dropped}.")}
        return Asking(asked, answers, received=received, raw=left)
    if request.POST.get("remove"):
        return Asking(asked, answers, received=received, raw=raw)
    if added := request.POST.get("add"):
        return Asking(asked, answers, received=received, raw=raw, extra=added)
    if name := request.POST.get("find"):
        found = places.settle(asked, raw, within=region_of(request), only=name)
        return Asking(
            asked,
            answers,
            received=received,
            raw=found.typed,
            places=found.choices,
            reading=Reading({}, found.faults) if not found.choices else None,
        )
    return None


def remove_file(request: ActorRequest, draft_id: UUID) -> None:
    """Take a file out again where its button was pressed; one that is gone already stays so."""
    try:
        wanted = UUID(request.POST.get("remove", ""))
    except ValueError:
        return
    if any(material.id == wanted for material in drafts.materials_of(draft_id)):
        drafts.remove_material(wanted, actor=request.actor)


def attached(request: ActorRequest, asked: Sequence[Question]) -> dict[str, list[Attached]]:
    """The files just sent, by question, as the form judges them: name and size."""
    return {
        q.key: [Attached(f.name or "", f.size or 0, "new") for f in sent]
        for q in asked
        if q.kind == "filepicker" and (sent := request.FILES.getlist(q.key))
    }


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
