"""Reserve a name, and give it up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.registers.names import normal
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Text

from . import queries
from .models import Reservation

AT_ONCE = 3
"""Names that one party may have reserved for a service at a time."""


def reserve(
    service: str, answers: Mapping[str, Value], *, actor: Actor, division: int, at: datetime
) -> Reservation:
    """Reserve the name that answers make for the party acted for, for the term of the service.

    Reserved once more, the same reservation is answered. Raises `Forbidden` `portal.E016` for
    nobody known, `Refused` E017 for a name that the rules or the register rule out, `Conflict` E015
    for one that somebody else has, and E018 where the party has three already.
    """
    if actor.account is None or actor.subject is None:
        raise Forbidden([_NOBODY])
    pack = catalogue.pack(catalogue.current_version(service).pk)
    rule = pack.service.name_check
    if rule is None:
        raise Refused([_RULED_OUT])
    today = timezone.localdate(at)
    with transaction.atomic():
        name, part = queries.name_of(pack, answers), queries.part_of(rule, answers)
        for alike in (normal(name), queries.sound_of(part)):  # of two at once one sees the other
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [service, alike]
                )
        found = queries.check(pack, answers, actor=actor, division=division, at=at)
        if found.reserved_until:
            raise Conflict([queries.taken(name, found.reserved_until)])
        if not found.free:
            raise Refused([_RULED_OUT])
        own = queries.of_owner(actor, service, on=today)
        before = next((each for each in own if each.compared == normal(name)), None)
        if before is not None:
            return before
        if len(own) >= AT_ONCE:
            raise Conflict([_ENOUGH])
        made = Reservation.objects.create(
            service=service,
            name=name,
            compared=normal(name),
            part=part,
            sound=queries.sound_of(part),
            kind=queries.kind_of(rule, answers),
            answers=to_stored(dict(answers)),
            owner=actor.subject,
            reserved_at=at,
            until=today + timedelta(days=rule.days),
        )
        _record("name.reserved", made, actor, division, at)
        return made


def release(reservation: UUID, *, actor: Actor, division: int, at: datetime) -> None:
    """Give a name up; one that is gone stays gone. `Reservation.DoesNotExist` for a stranger."""
    with transaction.atomic():
        found = Reservation.objects.get(pk=reservation, owner__in=actor.subjects)
        if Reservation.objects.filter(pk=reservation, released_at=None).update(released_at=at):
            _record("name.released", found, actor, division, at)


def _record(verb: str, made: Reservation, actor: Actor, division: int, at: datetime) -> None:
    digest = hashlib.sha256(made.compared.encode()).hexdigest()
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"name/{made.pk}",
            division=division,
            owner=made.owner,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"service": made.service, "until": made.until.isoformat(), "sha256": digest},
            private={},
            matter=0,
            need=0,
        )
    )


_NOBODY = Finding(
    "portal.E016",
    "error",
    Text("预留名称须先登录。", "A name is reserved by whoever has logged in."),
    hint=Text("请登录后再预留。", "Log in, then reserve it."),
)
_RULED_OUT = Finding(
    "portal.E017",
    "error",
    Text("这个名称不能用。", "This name cannot be used."),
    hint=Text("请看列出的理由，换一个字号。", "See the reasons listed, and choose another."),
)
_ENOUGH = Finding(
    "portal.E018",
    "error",
    Text("您已预留 {n} 个名称。", "You have {n} names reserved already.", n=AT_ONCE),
    hint=Text("请先放弃一个，或者用它申请。", "Give one up first, or apply with it."),
)
