"""Applications over the interface: begun, filled in, sent, under a key of the sender's choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field

from xiangyun.domain.cases import access, actions, drafts, queries
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Place
from xiangyun.kernel.formspec import Form, Question, doubts, submitted

from . import cases
from .asking import actor_of, answers_of
from .words import FindingOut, finding_out

router = Router(tags=["applications"])


class ApplicationIn(Schema):
    """Answers by question; dates as ISO strings, numbers as numbers or strings."""

    service: str
    answers: dict[str, Any] = Field(default_factory=dict)


class Application(Schema):
    """An application being written; `warnings` doubt answers that are taken as they are."""

    key: UUID
    service: str
    answers: dict[str, Any]
    warnings: list[FindingOut]
    sent: bool


class FileOut(Schema):
    """A file that was handed in."""

    name: str
    size: int
    sha256: str


@router.put("/applications/{key}", response=Application)
def keep_application(request: HttpRequest, key: UUID, payload: ApplicationIn) -> Application:
    """Begin an application under a key of your choice, or keep more answers for it.

    The key becomes the id of the case: however often the same is sent, one case is made.
    """
    actor, now = actor_of(request), timezone.now()
    drafts.start_draft(payload.service, actor=actor, at=now, key=key)
    draft = access.draft_for(actor, key)
    form = catalogue.pack(draft.version_id).form
    draft = drafts.keep_answers(key, answers_of(form, payload.answers), actor=actor, at=now)
    return application_out(draft)


@router.post("/applications/{key}/files/{question}", response=FileOut)
def add_file(request: HttpRequest, key: UUID, question: str, file: File[UploadedFile]) -> FileOut:
    """Add a file in answer to a question of the form."""
    actor = actor_of(request)
    form = catalogue.pack(access.draft_for(actor, key).version_id).form
    material = drafts.add_material(
        key,
        _question(form, question),
        name=file.name or question,
        media_type=file.content_type or "application/octet-stream",
        content=file.read(),
        actor=actor,
        at=timezone.now(),
    )
    return FileOut(name=material.name, size=material.size, sha256=material.digest)


def _question(form: Form, key: str) -> Question:
    """The question of the form that takes files under this key; for any other it is not there."""
    for question in form.questions:
        if question.key == key and question.kind == "filepicker":
            return question
    raise Http404(key)


@router.post("/applications/{key}/submit", response=cases.Case)
def submit(request: HttpRequest, key: UUID) -> cases.Case:
    """Send the application. Sent again, the answer is the same case."""
    actor = actor_of(request)
    return cases.case_out(actor, actions.submit_case(key, actor=actor, at=timezone.now()))


def application_out(draft: queries.Draft) -> Application:
    """A draft."""
    form = catalogue.pack(draft.version_id).form
    doubted = doubts(form, submitted(form, drafts.answers_of(draft)))
    return Application(
        key=draft.id,
        service=draft.version.code,
        answers=draft.answers,
        warnings=[
            finding_out(replace(found, place=Place(question=name)))
            for name, found in doubted.items()
        ],
        sent=draft.sent,
    )
