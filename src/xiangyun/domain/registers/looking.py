"""Who may look at what is secret, and who looked: handlers by name, looks in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import NotFound, Refused

from . import access, checks, declarations, queries
from .declarations import Used
from .models import Handler, Record
from .states import State


def subject_of(register: str, record: int) -> str:
    """What the journal calls a record; its key may be an identity number and is kept out."""
    return f"register/{register}/{record}"


def name_handler(
    register: str, key: str, account: UUID, *, why: str, at: datetime, actor: Actor = SYSTEM
) -> None:
    """Name somebody who may look at a record above ordinary need. Raises as `end` does."""
    used, found = _handled(register, key, why, actor)
    with transaction.atomic(), acting_as(SYSTEM):
        Handler.objects.get_or_create(
            record=found, account=account, defaults={"why": why, "named_at": at}
        )
        _note(used, found, "handler.named", {"account": str(account), "why": why}, actor, at)


def release_handler(
    register: str, key: str, account: UUID, *, why: str, at: datetime, actor: Actor = SYSTEM
) -> None:
    """End that somebody may look at a record; what was looked at stays in the journal."""
    used, found = _handled(register, key, why, actor)
    with transaction.atomic(), acting_as(SYSTEM):
        Handler.objects.filter(record=found, account=account).delete()
        _note(used, found, "handler.released", {"account": str(account), "why": why}, actor, at)


def note_look(state: State, *, actor: Actor, at: datetime, why: str = "") -> None:
    """Write down, once a day and reason, that somebody looked at a record about a person.

    Also of every record above ordinary need; the one it is about is not noted.
    """
    used = declarations.used(state.register)
    person = used.declaration is not None and used.declaration.subject == "person"
    if actor.kind == "system" or actor.speaks_for(state.holder, used.matter):
        return
    if person or used.need or why:
        data: dict[str, object] = {"register": used.code}
        if why:
            data["why"] = why
        entry = _entry_about(used, state, "record.looked", data, {"key": state.key}, actor, at)
        since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        journal.record_once(entry, since)


def unmask(register: str, key: str, *, why: str, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The record's sensitive values readable, for a stated reason that the journal keeps.

    For who may see the record; its subject gives no reason. Raises Refused `register.E015`
    without one, NotFound `register.E016` for what is not there or not for the asker.
    """
    used = declarations.used(register)
    state = queries.state(register, key)
    if state is None:
        raise NotFound([checks.nothing_true(used)])
    if not actor.speaks_for(state.holder, used.matter):
        if not why.strip():
            raise Refused([checks.WHY_WANTED])
        private = {"key": key, "why": why}
        data = {"register": used.code, "fields": sorted(used.sensitive & (state.data or {}).keys())}
        journal.record(_entry_about(used, state, "record.unmasked", data, private, actor, at))
    return {name: (state.opened or {}).get(name) for name in sorted(used.sensitive)}


def _entry_about(
    used: Used,
    state: State,
    verb: str,
    data: Mapping[str, object],
    private: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> journal.NewEntry:
    return journal.entry_of(
        verb=verb,
        subject=subject_of(used.code, state.record),
        division=state.division,
        owner=state.holder,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(state.division),
        at=at,
        data=data,
        private=private,
    )


def _handled(register: str, key: str, why: str, actor: Actor) -> tuple[Used, Record]:
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    used = declarations.used(register)
    with acting_as(SYSTEM):
        found = Record.objects.filter(register=register, key__in=used.keys(key)).first()
    if found is None:
        raise NotFound([checks.nothing_true(used)])
    access.refuse_writing(used, actor, found.division)
    return used, found


def _note(
    used: Used,
    found: Record,
    verb: str,
    private: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> None:
    """An entry about a record that is no fact."""
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject_of(used.code, found.pk),
            division=found.division,
            owner=found.holder,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(found.division),
            at=at,
            data={"register": used.code},
            private={"key": found.key, **private},
        )
    )
