"""Applications over the interface: begun, filled in, sent, under a key of the sender's choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field

from xiangyun.domain.cases import access, actions, drafts, officialopening, queries
from xiangyun.domain.cases.prefill import SOURCE, prefill
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.feel import to_json
from xiangyun.kernel.findings import Place
from xiangyun.kernel.formspec import Form, Question, doubts, submitted
from xiangyun.kernel.service.openings import OFFICIAL

from . import cases, signing
from .asking import SubjectIn, actor_of, answers_of
from .words import FindingOut, Words, finding_out, words

router = Router(tags=["applications"])


class ApplicationIn(Schema):
    """Answers by question; dates as ISO strings, numbers as numbers or strings.

    `records`: where several records of a register fit (`choices`), the key of the one that is
    meant, by the register's code. `subject`: an official opens the case about somebody or
    something, where the service lets his role do so; the case is then not the official's own.
    """

    service: str
    answers: dict[str, Any] = Field(default_factory=dict)
    records: dict[str, str] = Field(default_factory=dict)
    subject: SubjectIn | None = None


class KnownOut(Schema):
    """What a register knows of an answer, which is therefore not asked."""

    value: Any
    source: Words
    on: date


class CandidateOut(Schema):
    """One of several records that fit."""

    key: str
    words: Words
    on: date


class ChoiceOut(Schema):
    """Several records of a register fit; `of` is its code.

    `chosen` is the key of the one that answers `questions`, empty until one was chosen.
    """

    of: str
    name: Words
    questions: list[str]
    candidates: list[CandidateOut]
    chosen: str


class Application(Schema):
    """An application being written; `warnings` doubt answers that are taken as they are.

    `known` is what registers answer, `choices` where several records fit and one is to be chosen.
    """

    key: UUID
    service: str
    answers: dict[str, Any]
    known: dict[str, KnownOut]
    choices: list[ChoiceOut]
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
    if payload.subject is not None:
        about = payload.subject.read()
        officialopening.start_opening(payload.service, about, actor=actor, at=now, key=key)
    else:
        drafts.start_draft(payload.service, actor=actor, at=now, key=key)
    draft = access.draft_for(actor, key)
    form = catalogue.pack(draft.version_id).form
    draft = drafts.keep_answers(key, answers_of(form, payload.answers), actor=actor, at=now)
    if payload.records:
        draft = drafts.choose_records(key, payload.records, actor=actor, at=now)
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
def submit(request: HttpRequest, key: UUID, payload: signing.SendIn | None = None) -> cases.Case:
    """Send the application, or open the case about its subject. Sent again: the same case.

    `signature`: where it is signed; what is signed is said by `signing`.
    """
    actor, now = actor_of(request), timezone.now()
    draft = access.drafts_of(actor).filter(pk=key).first()
    if draft is None or draft.opened == OFFICIAL:  # once open it is no draft of the official
        return cases.case_out(actor, officialopening.send_opening(key, actor=actor, at=now))
    signed = signing.given(request, payload.signature) if payload is not None else None
    case = actions.submit_case(key, actor=actor, at=now, signature=signed)
    return cases.case_out(actor, case)


def application_out(draft: queries.Draft) -> Application:
    """A draft."""
    form = catalogue.pack(draft.version_id).form
    doubted = doubts(form, submitted(form, drafts.answers_of(draft)))
    held = prefill(draft)
    return Application(
        key=draft.id,
        service=draft.version.code,
        answers={
            name: value for name, value in draft.answers.items() if not name.startswith(SOURCE)
        },
        known={
            name: KnownOut(value=to_json(one.value), source=words(one.source), on=one.on)
            for name, one in held.known.items()
        },
        choices=[
            ChoiceOut(
                of=choice.register,
                name=words(choice.name),
                questions=list(choice.questions),
                candidates=[
                    CandidateOut(key=each.key, words=words(each.words), on=each.on)
                    for each in choice.candidates
                ],
                chosen=choice.chosen,
            )
            for choice in held.choices
        ],
        warnings=[
            finding_out(replace(found, place=Place(question=name)))
            for name, found in doubted.items()
        ],
        sent=draft.sent,
    )
