"""Who asks over the interface, and the answers that are sent along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Place, Refused
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


def answers_of(form: Form, given: Mapping[str, Any]) -> dict[str, Value]:
    """The answers that were sent, typed; raises `Refused` for those that break a rule."""
    reading = from_json(form, given)
    wrong = {key: found for key, found in reading.errors.items() if key.split(".")[0] in given}
    if wrong:
        raise Refused([replace(found, place=Place(key)) for key, found in wrong.items()])
    return {key: value for key, value in reading.answers.items() if key in given}
