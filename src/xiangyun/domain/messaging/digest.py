"""The morning message to officials who asked for one: how many tasks wait, how many are late."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import ports
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text

from . import actions
from .actions import About, Notice
from .models import Preference

FROM, BEFORE = 8, 12
"""The hours of a working day within which it comes: after an outage late, but not at noon."""


def send(at: datetime) -> int:
    """Put the message of the day to whoever wants it, once; how many. Nobody is told of nothing."""
    local = timezone.localtime(at)
    if not (FROM <= local.hour < BEFORE and ports.counting_calendar().works(local.date())):
        return 0
    with acting_as(SYSTEM):
        wanting = list(Preference.objects.filter(digest=True).values_list("account", flat=True))
    sent = 0
    for account in wanting:
        actor = accounts.actor_by_account(account)
        if actor is None or not actor.is_official:
            continue
        said = _counted(actor, at)
        if said is None:
            continue
        title, body = said
        notice = Notice(
            key=f"digest:{local.date().isoformat()}",
            kind="digest",
            name="digest",
            role="official",
            title=actions.words_of(title),
            body=actions.words_of(body),
            about=About(),
        )
        sent += len(actions.put(notice, [account], at=at))
    return sent


def _counted(actor: Actor, at: datetime) -> tuple[Text, Text] | None:
    """What waits for an official; None for nothing."""
    with acting_as(actor):
        counts = cases.queue(actor, today=timezone.localdate(at), limit=1).counts
    waiting = sum(count.number for count in counts.values())
    if not waiting:
        return None
    late, soon = counts["red"].number, counts["amber"].number
    title = Text("今天有 {n} 件任务待办", "{n} {n|task waits|tasks wait} for you today", n=waiting)
    body = Text(
        "待办 {n} 件，其中已超期 {late} 件，临近期限 {soon} 件。请登录工作台办理。",
        "{n} {n|task waits|tasks wait}: {late} overdue, {soon} due soon. Log in to the workbench.",
        n=waiting,
        late=late,
        soon=soon,
    )
    return title, body
