"""The course of a case: what is at hand while its process runs, and who answers service tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.cases.models import Case
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import Pack


@dataclass
class Course:
    """One case on its way, inside one transaction: everything an answer may look at or change."""

    case: Case
    pack: Pack
    actor: Actor
    at: datetime
    data: dict[str, Value]
    # FEEL functions that the pack may call besides its variables, such as `working days after`.
    functions: Mapping[str, Value] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of `at` where the office is."""
        return timezone.localdate(self.at)

    @property
    def context(self) -> dict[str, Value]:
        """What a FEEL expression of the pack sees: the variables and the host functions."""
        return {**self.functions, **self.data}

    def record_platform(
        self, verb: str, data: Mapping[str, Any], private: Mapping[str, Any] | None = None
    ) -> None:
        """Write down what the platform did by itself, for the authority and not for the actor."""
        authority = self.data.get("authority")
        desk = str(authority.get("name") or "") if isinstance(authority, dict) else ""
        self._write(verb, data, private, SYSTEM, desk)

    def record(
        self, verb: str, data: Mapping[str, Any], private: Mapping[str, Any] | None = None
    ) -> None:
        """Write one entry about this case into the journal; `private` only as salted digests."""
        desk = self.actor.desk_in(self.case.division) or case_desk(self.case, self.actor)
        self._write(verb, data, private, self.actor, desk)

    def _write(
        self,
        verb: str,
        data: Mapping[str, Any],
        private: Mapping[str, Any] | None,
        actor: Actor,
        desk: str,
    ) -> None:
        case = self.case
        journal.record(
            verb=verb,
            subject=case.number,
            division=case.division,
            owner=case.owner,
            actor=actor.account,
            actor_name=actor.name,
            desk=desk,
            at=self.at,
            data=data,
            private=private or {},
        )


def case_desk(case: Case, actor: Actor) -> str:
    """The desk that filed, where it is the desk that acts."""
    return case.filed_desk if actor.account == case.filed_by else ""


ServiceHandler = Callable[[Course, ServiceWanted], Mapping[str, Value] | None]
SERVICES: dict[str, ServiceHandler] = {}


def service(type_: str) -> Callable[[ServiceHandler], ServiceHandler]:
    """Register who answers service tasks of a type (`zeebe:taskDefinition type`).

    The handler returns the result, or None when the answer comes later by
    `actions.complete_service`. It runs in the transaction of the step: if it raises, nothing of
    the step has happened.
    """

    def register(handler: ServiceHandler) -> ServiceHandler:
        if type_ in SERVICES:
            raise ValueError(f"service tasks of type {type_} have a handler already")
        SERVICES[type_] = handler
        return handler

    return register
