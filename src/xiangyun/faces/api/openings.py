"""Other systems open cases by messages that services take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from xiangyun.domain.cases import messaging
from xiangyun.domain.cases.openings import Subject
from xiangyun.domain.catalogue import queries as catalogue

from .asking import SubjectIn, actor_of, answers_of

router = Router(tags=["openings"])


class MessageIn(Schema):
    """A message that opens a case; `key` is the sender's own, by which it is taken once."""

    key: str = Field(min_length=1, max_length=200)
    subject: SubjectIn | None = None
    answers: dict[str, Any] = Field(default_factory=dict)


class OpenedIn(Schema):
    """The case that the message opened, now or when it came first (`new` is false then)."""

    case: UUID
    number: str
    new: bool


@router.post("/openings/{path:code}/messages/{message}", response={200: OpenedIn, 201: OpenedIn})
def open_by_message(
    request: HttpRequest, code: str, message: str, sent: MessageIn
) -> Status[OpenedIn]:
    """Open a case of a service by a message that it takes; sent again, the same case answers.

    The token must be of an account that holds one of the roles that the service names.
    """
    said = sent.subject
    pack = catalogue.pack(catalogue.current_version(code).pk)
    case, new = messaging.open_by_message(
        pack,
        message,
        key=sent.key,
        subject=said.read() if said else Subject(),
        answers=answers_of(pack.form, sent.answers),
        actor=actor_of(request),
        at=timezone.now(),
    )
    opened = OpenedIn(case=case.pk, number=case.number, new=new)
    return Status(201 if new else 200, opened)
