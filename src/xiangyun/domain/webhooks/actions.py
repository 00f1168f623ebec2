"""Make a webhook, and end it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Text

from . import queries
from .models import Webhook
from .posting import TOLD

MOST = 5
"""Webhooks of one party."""


def make(address: str, verbs: Sequence[str], *, actor: Actor, at: datetime) -> Webhook:
    """Have what happens to the cases of the party acted for posted to an address.

    `verbs`: some of `posting.TOLD`; none: all. Raises `Forbidden` `portal.E024` for nobody known
    and for officials, `Refused` E025 for an address or a verb that is none, `Conflict` E026 where
    the party has five.
    """
    if actor.account is None or actor.subject is None or actor.is_official:
        raise Forbidden([_NOBODY])
    if not _is_address(address) or set(verbs) - TOLD.keys():
        raise Refused([_NO_ADDRESS])
    if len(queries.mine(actor)) >= MOST:
        raise Conflict([_ENOUGH])
    with transaction.atomic():
        made = Webhook.objects.create(
            owner=actor.subject, address=address, verbs=sorted(set(verbs)), made_at=at
        )
        _record("webhook.made", made, actor, at)
    return made


def end(webhook: UUID, *, actor: Actor, at: datetime) -> None:
    """Post nothing more to an address; one that is ended stays so.

    `Webhook.DoesNotExist` for a stranger.
    """
    with transaction.atomic():
        found = Webhook.objects.get(pk=webhook, owner__in=actor.subjects)
        if Webhook.objects.filter(pk=webhook, ended_at=None).update(ended_at=at):
            _record("webhook.ended", found, actor, at)


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return (
            len(address) <= 500
            and all("!" <= sign <= "~" for sign in address)
            and parts.scheme in ("https", "http")
            and bool(parts.hostname)
            and not parts.username
        )
    except ValueError:
        return False


def _record(verb: str, made: Webhook, actor: Actor, at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"webhook/{made.pk}",
            division=0,
            owner=made.owner,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"verbs": list(made.verbs)},
            private={"address": made.address},
        )
    )


_NOBODY = Finding(
    "portal.E024",
    "error",
    Text("推送由个人或单位为自己的办件登记。", "A webhook is made by a party for its own cases."),
    hint=Text("请用个人或单位的令牌。", "Use the token of a person or an organisation."),
)
_NO_ADDRESS = Finding(
    "portal.E025",
    "error",
    Text("推送地址或者事件不对。", "The address or an event of the webhook is none."),
    hint=Text(
        "地址以 https:// 开头；事件如 case.ended。",
        "An address begins with https://; an event is such as case.ended.",
    ),
)
_ENOUGH = Finding(
    "portal.E026",
    "error",
    Text("已经有 {n} 个推送地址。", "There are {n} webhooks already.", n=MOST),
    hint=Text("请先停用一个。", "End one first."),
)
