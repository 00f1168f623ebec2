"""Rows of bookings: locked by their slots, made, and written as the rules left them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Forbidden
from xiangyun.kernel.occasion import booking as rules
from xiangyun.kernel.occasion.resource import Resource

from . import access, checks, queries, standing, telling
from .models import Booking, Slot, new_code

_CHANGED = ("state", "until", "queue", "called_at", "counter", "changed_at", "sequence")


@dataclass(frozen=True, slots=True)
class Asked:
    """The case that books: its id, the code of its service, and its answers."""

    case: UUID
    service: str
    application: Value


def party_for(actor: Actor, declared: Resource, party: UUID | None) -> UUID:
    """Whom a booking is for."""
    if party is not None and (
        actor.speaks_for(party)
        or access.manages(actor, int(declared.division), standing.matter_of(declared))
    ):
        return party
    if party is not None or actor.subject is None or actor.is_official or actor.is_reporter:
        raise Forbidden([checks.NO_PARTY])
    return actor.subject


def alone(code: str, declared: Resource, party: UUID) -> None:
    """Where a party is limited, one after another of its requests, whatever slots they are for."""
    if declared.limit.on_hold or declared.limit.open:
        with connection.cursor() as cursor:
            key = f"booking:{code}:{party}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def maker(
    code: str, declared: Resource, party: UUID, actor: Actor, at: datetime, case: Asked | None
) -> Callable[[rules.Booking, Slot, str], Booking]:
    """What makes a new row of a booking, its slot and what finds it at the door."""
    version, matter = queries.version_of(code), standing.matter_of(declared)

    def made(booked: rules.Booking, slot: Slot, reference: str) -> Booking:
        row = Booking(
            slot=slot,
            resource=code,
            version=version,
            division=int(declared.division),
            matter=matter,
            party=party,
            account=actor.account,
            lane=booked.lane,
            units=booked.units,
            state=booked.state,
            until=booked.until,
            code=new_code(),
            case=case.case if case else None,
            reference=reference,
            made_at=at,
            changed_at=at,
        )
        settle(row)
        return row

    return made


def locked(code: str, declared: Resource, begins: Sequence[datetime]) -> dict[float, Slot]:
    """The rows of some slots, made where they are new, locked in the order of time."""
    new = [Slot(resource=code, begins=each, ends=each + declared.slot) for each in begins]
    Slot.objects.bulk_create(
        sorted({each.begins.timestamp(): each for each in new}.values(), key=lambda s: s.begins),
        ignore_conflicts=True,
    )
    rows = Slot.objects.select_for_update().filter(resource=code, begins__in=begins)
    return {each.begins.timestamp(): each for each in rows.order_by("begins")}


def rows_of(slots: Iterable[Slot]) -> dict[int, Booking]:
    """The bookings of locked slots, in the order of arrival."""
    locked = list(slots)
    rows = Booking.objects.filter(slot__in=locked).select_related("slot")
    return {each.pk: each for each in rows.order_by("pk")}


def keep(kept: Mapping[int, Booking], after: Iterable[rules.Booking], at: datetime) -> None:
    """Write the states that have changed, and tell who has moved up."""
    changed, moved_up = list[Booking](), list[Booking]()
    for each in after:
        row = kept.get(each.number)
        if row is None or (row.state == each.state and row.until == each.until):
            continue
        if row.state == "waiting" and each.state in rules.TAKING:
            moved_up.append(row)
        row.state, row.until = each.state, each.until if each.state == "on hold" else None
        settle(row)
        row.changed_at, row.sequence = at, row.sequence + 1
        changed.append(row)
    Booking.objects.bulk_update(changed, _CHANGED)
    missed = [row for row in changed if row.state == "no-show"]
    for row in missed:
        note("booking.missed", row, SYSTEM, at)
    telling.missed(missed, at)
    telling.moved_up(moved_up, at)


def settle(row: Booking) -> None:
    """What a case booked needs nobody's confirmation."""
    if row.case is not None and row.state == "on hold":
        row.state, row.until = "confirmed", None


def note(
    verb: str, row: Booking, actor: Actor, at: datetime, data: Mapping[str, object] | None = None
) -> None:
    """Write into the journal what became of a booking."""
    journal.record(noted(verb, row, actor, at, data))


def noted(
    verb: str, row: Booking, actor: Actor, at: datetime, data: Mapping[str, object] | None = None
) -> journal.NewEntry:
    """What the journal says of it."""
    return journal.entry_of(
        verb=verb,
        subject=f"booking:{row.pk}",
        division=row.division,
        matter=row.matter,
        owner=row.party,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(row.division),
        at=at,
        data={"number": row.number, "resource": row.resource, **(data or {})},
    )
