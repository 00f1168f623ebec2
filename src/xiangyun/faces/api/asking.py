"""Who asks over the interface, and the answers that are sent along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema
from ninja.security import HttpBearer

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases.openings import Subject
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.formspec import Form, from_json


class Token(HttpBearer):
    """A token in the header `Authorization: Bearer xy_…`; the session of a browser never counts."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_of(request)
        return actor if actor.account is not None else None


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware found for the request's token."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@contextmanager
def cursor() -> Iterator[None]:
    """Within it a position in a list is read; one that no page has given out is refused."""
    try:
        yield
    except (ValueError, OverflowError) as problem:
        raise Refused([BAD_CURSOR]) from problem


BAD_CURSOR = Finding(
    "api.E422",
    "error",
    Text("翻页位置不对。", "This is no position in the list."),
    hint=Text("请原样使用上一页的 next。", "Use the `next` of the page before as it is."),
)


class SubjectIn(Schema):
    """Whom or what a case is about: the kind of party, its code and its name."""

    kind: str = Field("person", pattern="^(person|organisation|place|thing)$")
    code: str = Field("", max_length=60)
    name: str = Field("", max_length=200)

    def read(self) -> Subject:
        """As the verbs take it."""
        return Subject(None, self.kind, self.code, self.name)


def answers_of(form: Form, given: Mapping[str, Any]) -> dict[str, Value]:
    """The answers that were sent, typed; raises `Refused` for those that break a rule."""
    reading = from_json(form, given)
    wrong = {key: found for key, found in reading.errors.items() if key.split(".")[0] in given}
    if wrong:
        raise Refused([replace(found, place=Place(question=key)) for key, found in wrong.items()])
    return {key: value for key, value in reading.answers.items() if key in given}
