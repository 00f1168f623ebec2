"""The form of a task over the interface: read, kept meanwhile, with its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from xiangyun.domain.cases import access, actions, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.formspec import Question

from .asking import actor_of, answers_of

router = Router(tags=["tasks"])
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_CONTENT = {"responses": {200: {"description": "The content.", "content": _BYTES}}}


class EvidenceOut(Schema):
    """A file of a task: its id, its question, its SHA-256 in hex."""

    id: UUID
    question: str
    name: str
    size: int
    sha256: str
    added_at: datetime


class TaskFormOut(Schema):
    """What is kept of the form of a task; `revision` 0: nothing yet. `questions` are its keys."""

    form: str
    questions: list[str]
    answers: dict[str, Any]
    revision: int
    open: bool
    files: list[EvidenceOut]


class TaskAnswersIn(Schema):
    """Answers to keep, by question; `base`: the revision that they build on, 0 for none."""

    answers: dict[str, Any]
    base: int


# Before the task itself, whose id may hold a slash and would take the last word for its own.
@router.get("/cases/{case_id}/tasks/{path:task}/form", response=TaskFormOut)
def read_task_form(request: HttpRequest, case_id: UUID, task: str) -> TaskFormOut:
    """The form of a task of yours, with what is kept of it."""
    actor = actor_of(request)
    found = taskforms.answering(case_id, task, actor=actor)
    actions.note_reading(found.case, actor=actor, at=timezone.now())
    return _out(found)


@router.put("/cases/{case_id}/tasks/{path:task}/form", response=TaskFormOut)
def keep_task_answers(
    request: HttpRequest, case_id: UUID, task: str, payload: TaskAnswersIn
) -> TaskFormOut:
    """Keep answers that need not be whole. 409 `case.E047`: another device was faster."""
    actor = actor_of(request)
    found = taskforms.answering(case_id, task, actor=actor)
    answers = taskforms.without_files(found.form, answers_of(found.form, payload.answers))
    now = timezone.now()
    taskforms.keep_answers(case_id, task, answers, base=payload.base, actor=actor, at=now)
    return _out(taskforms.answering(case_id, task, actor=actor))


@router.post("/cases/{case_id}/tasks/{path:task}/files/{question}", response=EvidenceOut)
def add_task_file(
    request: HttpRequest,
    case_id: UUID,
    task: str,
    question: str,
    file: File[UploadedFile],
    key: Form[UUID | None] = None,
) -> EvidenceOut:
    """Add a photo or another file; under a key of your choice, sent twice it counts once."""
    actor = actor_of(request)
    found = taskforms.answering(case_id, task, actor=actor)
    kept = taskforms.add_evidence(
        case_id,
        task,
        _question(found, question),
        name=file.name or question,
        media_type=file.content_type or "application/octet-stream",
        content=file.read(),
        actor=actor,
        at=timezone.now(),
        key=key,
    )
    return _file(kept)


@router.get("/cases/{case_id}/evidence/{evidence}", openapi_extra=_CONTENT)
def read_task_file(request: HttpRequest, case_id: UUID, evidence: UUID) -> HttpResponse:
    """The content of a file of a task."""
    actor = actor_of(request)
    found = taskforms.evidence_content(actor, case_id, evidence)
    case = access.case_for(actor, case_id)
    actions.note_reading(case, actor=actor, at=timezone.now(), verb="file.read")
    answer = HttpResponse(found.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    return answer


def _question(found: taskforms.Answering, key: str) -> Question:
    """The question of the form that takes files under this key; for any other it is not there."""
    for question in found.form.questions:
        if question.key == key and question.kind == "filepicker":
            return question
    raise Http404(key)


def _out(found: taskforms.Answering) -> TaskFormOut:
    return TaskFormOut(
        form=found.form.id,
        questions=[question.key for question in found.form.questions],
        answers=found.stored,
        revision=found.revision,
        open=found.is_open,
        files=[_file(each) for each in found.evidence],
    )


def _file(kept: cases.Evidence) -> EvidenceOut:
    return EvidenceOut(
        id=kept.pk,
        question=kept.question,
        name=kept.name,
        size=kept.size,
        sha256=kept.digest,
        added_at=kept.added_at,
    )
