"""Who may call what, by which law or agreement, until when, and how often it was used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.connector.model import Connector, Received, Right, Sent
from xiangyun.kernel.findings import Text

from . import queries
from .models import Incoming, Outgoing, Partner, PartnerKey, Taken


@dataclass(frozen=True, slots=True)
class KeyLeft:
    """A public key of a partner and for how many whole days it is good; None without an end."""

    key_id: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Access:
    """One right of one connector: who may call what, on which days, and how it was used.

    `sent`, `received`: messages under it in the days that were asked for; `last`: the latest one.
    `left`: whole days until it ends, negative when it is over, None without an end.
    """

    connector: Connector
    right: Right
    organisation: str
    name: str
    messages: tuple[Text, ...]
    left: int | None
    begins_in: int
    sent: int
    received: int
    last: datetime | None
    keys: tuple[KeyLeft, ...]

    @property
    def state(self) -> str:
        """`good`, `amber` for the last thirty days, `red` when it is over or not yet begun."""
        if self.begins_in > 0 or (self.left is not None and self.left < 0):
            return "red"
        return "amber" if self.left is not None and self.left <= _SOON else "good"


_SOON = 30


def accesses(at: datetime, days: int = 30) -> list[Access]:
    """Every right of every connector in force, with its use in the last days."""
    since, today = at - timedelta(days=days), timezone.localdate(at)
    with acting_as(SYSTEM):
        partners = {each.pk: each for each in Partner.objects.prefetch_related("keys")}
        sent = _counted(Outgoing.objects.filter(asked_at__gte=since), "asked_at")
        came = _counted(Incoming.objects.filter(came_at__gte=since, state=Taken.DONE), "came_at")
    found = []
    for connector in queries.connectors():
        for right in connector.rights:
            organisation = right.organisation or connector.organisation
            partner = partners.get(organisation)
            names = right.messages or (*connector.sends, *connector.receives)
            out = [sent.get((connector.code, organisation, name), _NONE) for name in names]
            into = [came.get((connector.code, organisation, name), _NONE) for name in names]
            found.append(
                Access(
                    connector,
                    right,
                    organisation,
                    partner.name if partner else "",
                    _words(connector, names),
                    (right.last - today).days if right.last else None,
                    (right.first - today).days if right.first else 0,
                    sum(each[0] for each in out),
                    sum(each[0] for each in into),
                    max((each[1] for each in (*out, *into) if each[1]), default=None),
                    _keys(partner, at) if partner else (),
                )
            )
    return found


_Count = tuple[int, datetime | None]
_NONE: _Count = (0, None)


def _counted(
    rows: QuerySet[Outgoing] | QuerySet[Incoming], moment: str
) -> Mapping[tuple[str, str, str], _Count]:
    """How many there are of each message with each organisation, and when the last one was."""
    grouped = rows.values("connector", "organisation", "message").annotate(
        number=Count("pk"), last=Max(moment)
    )
    return {
        (row["connector"], row["organisation"], row["message"]): (row["number"], row["last"])
        for row in grouped
    }


def _words(connector: Connector, names: Collection[str]) -> tuple[Text, ...]:
    known: dict[str, Received | Sent] = {**connector.receives, **connector.sends}
    return tuple({name: known[name].words for name in names if name in known}.values())


def _keys(partner: Partner, at: datetime) -> tuple[KeyLeft, ...]:
    keys: list[PartnerKey] = [each for each in partner.keys.all() if each.revoked_at is None]
    return tuple(
        KeyLeft(each.key_id, max((each.last - at).days, 0) if each.last else None)
        for each in sorted(keys, key=lambda each: each.key_id)
    )
