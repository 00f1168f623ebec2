"""What a page of the form sent: files, names of places, rows added or removed, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from xiangyun.domain.cases import drafts
from xiangyun.faces.look.fields import Choice
from xiangyun.faces.look.region import PROVINCE
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.portal.asking import find_place
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import Attached, Question


def by_question(refusal: Refused) -> dict[str, Finding]:
    """What was refused, by the question that each finding is placed at."""
    return {finding.place.file if finding.place else "": finding for finding in refusal.findings}


def rows_changed(
    request: ActorRequest, raw: Mapping[str, list[str]]
) -> Mapping[str, list[str]] | None:
    """What was typed, after a row of a list was to be added or removed; None when neither."""
    if dropped := request.POST.get("drop"):
        return {name: texts for name, texts in raw.items() if not name.startswith(f"{dropped}.")}
    return raw if request.POST.get("add") else None


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


@dataclass(frozen=True, slots=True)
class Settled:
    """What was typed with names of places turned into codes; choices and faults by question."""

    typed: dict[str, list[str]]
    choices: dict[str, list[Choice]]
    faults: dict[str, Finding]


def settle_places(
    asked: Sequence[Question], raw: Mapping[str, list[str]], *, within: int
) -> Settled:
    """Look up the places that were typed by name: in the region first, then in the province."""
    settled = Settled(dict(raw), {}, {})
    for question in asked:
        if question.rules.format != "division":
            continue
        typed = (raw.get(question.key) or [""])[-1].strip()
        picked = (raw.get(f"{question.key}.pick") or [""])[-1]
        found = find_place(typed, picked, within) or find_place(typed, picked, PROVINCE)
        if isinstance(found, str):
            settled.typed[question.key] = [found]
        elif found:
            settled.choices[question.key] = found
            settled.faults[question.key] = _SEVERAL
        else:
            settled.faults[question.key] = _no_place(typed)
    return settled


def _no_place(typed: str) -> Finding:
    return Finding(
        "portal.E006",
        "error",
        Text(f"没有找到“{typed}”。", f"“{typed}” was not found."),
        hint=Text(
            "请写完整的名称，例如“英安镇 靖边村”。",
            "Write the full name in Chinese, such as 英安镇 靖边村.",
        ),
    )


_SEVERAL = Finding(
    "portal.E002",
    "error",
    Text("有几个地方叫这个名字，请选一个。", "Several places have this name; please pick one."),
)
