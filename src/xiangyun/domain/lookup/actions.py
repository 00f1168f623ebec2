"""Filters that an official keeps and drops."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.kernel.findings import Finding, Refused, Text

from .models import Saved
from .queries import Asked, told_of

MOST = 50
"""Filters of one account."""
_LONGEST = 60


def save(actor: Actor, name: str, asked: Asked) -> None:
    """Keep a filter under a name, in the place of one that is called so already.

    Raises Refused `lookup.E001` without a name or a filter, `lookup.E002` for too many.
    """
    name = name.strip()[:_LONGEST]
    told = told_of(asked)
    if actor.account is None or not name or not told:
        raise Refused([_EMPTY])
    with acting_as(actor):
        own = Saved.objects.filter(account=actor.account)
        if own.exclude(name=name).count() >= MOST:
            raise Refused([_TOO_MANY])
        Saved.objects.update_or_create(account=actor.account, name=name, defaults={"asked": told})


def drop(actor: Actor, name: str) -> None:
    """Keep a filter no longer; nothing where there is none."""
    if actor.account is not None:
        with acting_as(actor):
            Saved.objects.filter(account=actor.account, name=name).delete()


_EMPTY = Finding(
    "lookup.E001",
    "error",
    Text("没有可保存的筛选。", "There is no filter to save."),
    hint=Text("请先选好条件，再起一个名字。", "Choose conditions first, then give it a name."),
)
_TOO_MANY = Finding(
    "lookup.E002",
    "error",
    Text("最多保存 {n} 个筛选。", "At most {n} filters are kept.", n=MOST),
    hint=Text("请先删去一个不用的。", "Remove one that you do not use."),
)
