"""Subscriptions: who is told of new releases of a data set, or of all of a series.

Whoever subscribed finds a message in the inbox, and gets it by whatever ways they chose there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.projection import DataSet

from .models import Release, Subscription

SERIES: Final = "series:"
"""Before the name of a series, where that is what somebody subscribed to."""


def subscribe(what: str, *, actor: Actor, at: datetime) -> None:
    """Be told from now on; a second time changes nothing. Raises Forbidden for no account."""
    if actor.account is None:
        raise Forbidden([_NOBODY])
    with acting_as(SYSTEM):
        Subscription.objects.get_or_create(
            dataset=what, account=actor.account, defaults={"since": at}
        )


def unsubscribe(what: str, *, actor: Actor) -> None:
    """Be told no more."""
    if actor.account is None:
        raise Forbidden([_NOBODY])
    with acting_as(SYSTEM):
        Subscription.objects.filter(dataset=what, account=actor.account).delete()


def subscribed(dataset: DataSet, actor: Actor) -> set[str]:
    """To which of a data set and its series somebody subscribed."""
    if actor.account is None:
        return set()
    with acting_as(SYSTEM):
        found = Subscription.objects.filter(dataset__in=_names(dataset), account=actor.account)
        return set(found.values_list("dataset", flat=True))


def tell(release: Release, dataset: DataSet, *, at: datetime) -> int:
    """Put a message into the inbox of each who subscribed, in the transaction; how many."""
    with acting_as(SYSTEM):
        found = Subscription.objects.filter(dataset__in=_names(dataset)).order_by("pk")
        recipients = list(found.values_list("account", flat=True))
    if not recipients:
        return 0
    title, body = _said(release, dataset)
    notice = Notice(
        key=f"dataset:{dataset.code}:{release.number}:{release.state}",
        kind="notice",
        name="dataset",
        role="applicant",
        title=messaging.words_of(title),
        body=messaging.words_of(body),
        about=About(),
    )
    return len(messaging.put(notice, recipients, at=at))


def _names(dataset: DataSet) -> list[str]:
    return [dataset.code, *([f"{SERIES}{dataset.series}"] if dataset.series else [])]


def _said(release: Release, dataset: DataSet) -> tuple[Text, Text]:
    name, number = dataset.name, release.number
    if release.state == Release.State.WITHDRAWN:
        return (
            Text("“{name}”第 {number} 版已撤下", "“{name}”: release {number} was withdrawn",
                 name=name, number=number),
            Text("原因：{why}", "The reason: {why}", why=release.why),
        )  # fmt: skip
    return (
        Text("“{name}”发布了第 {number} 版", "“{name}”: release {number} is out",
             name=name, number=number),
        Text("共 {rows} 行。见“开放数据”里的 {code}。",
             "{rows} {rows|row|rows}. See {code} in open data.", rows=release.rows,
             code=dataset.code),
    )  # fmt: skip


_NOBODY = Finding(
    "dataset.E009",
    "error",
    Text("登录以后才能订阅。", "Log in to subscribe."),
    None,
    Text("不登录也可以用 Atom 订阅。", "Without a log-in there is the Atom feed."),
)
