"""The job that plans a fair; whoever asked for it finds a message with what came of it."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.domain.retrying import AFTER_OUTAGES
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs import planning
from xiangyun.kernel.findings import Refused, Text


@app.task(name="fairs.plan", queue="fairs", retry=AFTER_OUTAGES)
def plan(code: str, account: str) -> None:
    """Plan a fair in the name of an official; run twice it comes to the same plan."""
    at = timezone.now()
    with acting_as(SYSTEM):
        actor = accounts.actor_by_account(UUID(account)) or ANONYMOUS
    name = fairs.known(code).fair.name
    try:
        made = planning.plan(actor, code, at=at)
        title = Text("{fair}编排好了", "{fair} is planned", fair=name)
        body = Text(
            "{demands:,} 人中 {have:,} 人有面试，共 {interviews:,} 场；{booths} 个展位，"
            "{talks} 场宣讲；志愿和邀请里有 {unfit:,} 对不相配，双方都看得到理由。",
            "{have:,} of {demands:,} who come have interviews, {interviews:,} in all; {booths} "
            "booths, {talks} talks; {unfit:,} wishes and invitations do not fit, and both sides "
            "see why.",
            demands=made.demands,
            have=made.have,
            interviews=made.interviews,
            booths=made.booths,
            talks=made.talks,
            unfit=made.in_vain,
        )
    except Refused as refused:
        title = Text("{fair}没有编排成", "{fair} could not be planned", fair=name)
        body = Text("{all}", "{all}", all=[each.message for each in refused.findings[:10]])
    notice = Notice(
        key=f"fair:{code}:{at.isoformat()}",
        kind="notice",
        name="fair planned",
        role="",
        title=messaging.words_of(title),
        body=messaging.words_of(body),
        about=About(),
        office=True,
    )
    messaging.put(notice, [UUID(account)], at=at)
