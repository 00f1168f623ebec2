"""Plan a festival."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal import actions as journal

from .models import Festival


def plan(name: str, *, actor: Actor, at: datetime) -> Festival:
    """Plan a festival, write that into the journal, and have a job announce it."""
    festival = Festival.objects.create(name=name)
    entry = journal.entry_of(
        verb="festival.planned",
        subject=f"festival:{festival.pk}",
        division=0,
        owner=None,
        actor=actor.account,
        actor_name=actor.name,
        desk="",
        at=at,
        data={"name": name},
    )
    journal.record(entry)
    app.configure_task("festivals.announce", queue="festivals").defer(festival=festival.pk)
    return festival
