"""Enter holidays and working days. Every entry is journalled and makes a new edition."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Forbidden

from . import checks
from .models import Day, Edition, Year

ROLE = "publisher"


def set_day(day: date, works: bool, *, reason: str, actor: Actor, at: datetime) -> Day:
    """Say of one day whether offices work, over all else; its year does not become known by it.

    Raises `Refused` without a reason, `Forbidden` for whoever may not publish.
    """
    _permitted(actor)
    checks.refuse_no_reason(reason)
    with acting_as(SYSTEM):  # which nobody else may write for
        _new_edition()
        found, _ = Day.objects.update_or_create(
            date=day, defaults={"works": works, "reason": reason.strip(), **_who(actor, at)}
        )
        _record("calendar.day", {"date": day.isoformat(), "works": works}, reason, actor, at)
        return found


def enter_year(
    year: int, days: Mapping[date, bool], *, reason: str, actor: Actor, at: datetime
) -> Year:
    """Enter the arrangement of a whole year: the days off and worked that the week does not give.

    It takes the place of whatever was entered for the year, and the packaged calendar is not asked
    about it any more. Raises `Refused` when it cannot be the arrangement of that year.
    """
    _permitted(actor)
    checks.refuse_no_reason(reason)
    checks.refuse_no_year(year, days)
    with acting_as(SYSTEM):  # which nobody else may write for
        _new_edition()
        Day.objects.filter(date__year=year).delete()
        who, why = _who(actor, at), reason.strip()
        Day.objects.bulk_create(
            Day(date=day, works=works, reason=why, **who) for day, works in sorted(days.items())
        )
        found, _ = Year.objects.update_or_create(year=year, defaults={"reason": why, **who})
        written = {day.isoformat(): works for day, works in sorted(days.items())}
        _record("calendar.year", {"year": year, "days": written}, reason, actor, at)
        return found


def _permitted(actor: Actor) -> None:
    if actor.kind != "system" and not any(m.role == ROLE for m in actor.mandates):
        raise Forbidden([without_role(ROLE)])


def _new_edition() -> None:
    """Two who enter at once take turns here."""
    Edition.objects.update(mark=uuid.uuid4())


def _who(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"entered_by": actor.account, "entered_by_name": actor.name, "entered_at": at}


def _record(verb: str, data: dict[str, Any], reason: str, actor: Actor, at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject="calendar",
            division=min((m.division for m in actor.mandates), default=0),
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk=next((m.desk for m in actor.mandates if m.role == ROLE), ""),
            at=at,
            data={**data, "reason": reason.strip()},
        )
    )
