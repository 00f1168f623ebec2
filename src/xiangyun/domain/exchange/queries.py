"""Reads of exchange: connectors in force, messages under way, what got stuck, who with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Min, Q

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.kind import Declaration

from .models import Enclosure, Incoming, Line, Outgoing, Partner, PartnerKey, State, Taken


def connector(code: str) -> Connector | None:
    """The connector that is in force under a code; None for none."""
    found = declaration(code)
    return found.value if found is not None else None


def declaration(code: str) -> Declaration | None:
    """The declaration of a connector that is in force, with its pack; None for none."""
    with acting_as(SYSTEM):
        return catalogue.declaration("connector", code)


def connectors() -> list[Connector]:
    """All that are in force, by their codes."""
    with acting_as(SYSTEM):
        return [each.value for each in catalogue.declared("connector")]


def dead(at_most: int = 200) -> list[Outgoing]:
    """Messages that could not be delivered, the newest first."""
    with acting_as(SYSTEM):
        return list(Outgoing.objects.filter(state=State.DEAD).order_by("-asked_at")[:at_most])


def stuck(at_most: int = 200) -> list[Incoming]:
    """Messages that came and could not be dealt with, the newest first."""
    with acting_as(SYSTEM):
        found = Incoming.objects.filter(state=Taken.FAILED)
        return list(found.order_by("-came_at")[:at_most])


def waiting(at_most: int = 200) -> list[Outgoing]:
    """Messages on their way that met a problem, those waiting longest first."""
    with acting_as(SYSTEM):
        found = Outgoing.objects.filter(state__in=(State.WAITING, State.SENDING)).exclude(
            problem=None
        )
        return list(found.order_by("asked_at")[:at_most])


def outgoing(message: UUID) -> Outgoing | None:
    """A message that goes out, by its number."""
    with acting_as(SYSTEM):
        return Outgoing.objects.filter(pk=message).first()


def sent_by(case_id: UUID) -> list[Outgoing]:
    """The messages of a case, the first one first."""
    with acting_as(SYSTEM):
        return list(Outgoing.objects.filter(case=case_id).order_by("asked_at", "serial"))


def taken_to(message: str) -> str:
    """The number of the case that a message which came went to; empty while it has not."""
    with acting_as(SYSTEM):
        found = Incoming.objects.filter(message_id=message, state=Taken.DONE).first()
        return found.number if found is not None else ""


@dataclass
class Lane:
    """One partner by one connector: how much, how late, and how it goes."""

    connector: Connector
    organisation: str
    name: str
    address: str
    sent: int = 0
    waiting: int = 0
    dead: int = 0
    received: int = 0
    refused: int = 0
    seconds: float | None = None
    oldest: datetime | None = None
    closed_until: datetime | None = None
    keys: list[PartnerKey] = field(default_factory=list)

    @property
    def trouble(self) -> int:
        """How many messages a person has to look after."""
        return self.dead + self.refused

    @property
    def traffic(self) -> int:
        """How many messages there were."""
        return self.sent + self.received + self.waiting + self.trouble

    @property
    def took(self) -> str:
        """The average time to an answer in seconds, with one digit."""
        return f"{self.seconds or 0:.1f}"

    @property
    def without(self) -> Text:
        """What happens while there is no address."""
        if self.connector.without_address == "simulated":
            return Text("没有地址，由样例答复", "no address: examples answer")
        return Text("没有地址，等待", "no address: waiting")

    @property
    def goes(self) -> Text:
        """How it goes, in a word."""
        if self.dead:
            return Text("有未送到的", "some not delivered")
        if self.closed_until is not None:
            return Text("暂停", "resting")
        return Text("正常", "fine")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a page shows it: never its words, which are its case’s."""

    id: object
    what: Text
    organisation: str
    number: str
    state: Text
    problem: Text | None
    attempts: int = 0
    digest: str = ""


_STATES = {
    State.WAITING: Text("待发", "waiting"),
    State.SENDING: Text("正在发", "being sent"),
    State.SENT: Text("已送到，等答复", "delivered, to be answered"),
    State.ANSWERED: Text("已答复", "answered"),
    State.DONE: Text("办妥", "done"),
    State.DEAD: Text("未送到", "not delivered"),
    State.DROPPED: Text("不再发送", "given up"),
    Taken.FAILED: Text("处理失败", "not dealt with"),
}


def shown(row: Outgoing) -> Shown:
    """A message that goes out, for a page."""
    declared = connector(row.connector)
    sent = declared.sends.get(row.message) if declared else None
    return Shown(
        row.pk,
        _what(declared, sent.words if sent else None, row.connector, row.message),
        row.organisation,
        row.number,
        _STATES[State(row.state)],
        Text.from_json(row.problem) if row.problem else None,
        row.attempts,
        row.digest,
    )


def shown_incoming(row: Incoming) -> Shown:
    """A message that came, for a page."""
    declared = connector(row.connector)
    received = declared.receives.get(row.message) if declared else None
    return Shown(
        row.pk,
        _what(declared, received.words if received else None, row.connector, row.message),
        row.organisation,
        row.message_id,
        _STATES[Taken.FAILED],
        Text.from_json(row.problem) if row.problem else None,
    )


def _what(declared: Connector | None, words: Text | None, code: str, name: str) -> Text:
    if declared is None or words is None:
        return Text.given(f"{code}/{name}", f"{code}/{name}")
    return Text("{to}：{what}", "{to}: {what}", to=declared.words, what=words)


def stuck_count(actor: Actor) -> int:
    """How many messages and files an operator has to look after."""
    with acting_as(SYSTEM):
        failed = Incoming.objects.filter(state=Taken.FAILED).values_list("connector")
        files = Enclosure.objects.filter(state=State.DEAD).values_list("connector")
        dead_ones = Outgoing.objects.filter(state=State.DEAD).values_list("connector")
        return dead_ones.union(failed, files, all=True).count()


def map_of(at: datetime, days: int = 7) -> list[Lane]:
    """Who exchanges with whom, how much and how late, in the last days."""
    since = at - timedelta(days=days)
    with acting_as(SYSTEM):
        known = {each.pk: each for each in Partner.objects.prefetch_related("keys")}
        out: dict[tuple[str, str], Mapping[str, Any]] = {
            (row["connector"], row["organisation"]): row
            for row in Outgoing.objects.filter(asked_at__gte=since)
            .values("connector", "organisation")
            .annotate(
                sent=Count("id", filter=Q(state__in=(State.SENT, State.ANSWERED, State.DONE))),
                waiting=Count("id", filter=Q(state__in=(State.WAITING, State.SENDING))),
                dead=Count("id", filter=Q(state=State.DEAD)),
                took=Avg(F("answered_at") - F("asked_at")),
                oldest=Min("asked_at", filter=Q(state__in=(State.WAITING, State.SENDING))),
            )
        }
        came: dict[tuple[str, str], Mapping[str, Any]] = {
            (row["connector"], row["organisation"]): row
            for row in Incoming.objects.filter(came_at__gte=since)
            .values("connector", "organisation")
            .annotate(
                received=Count("id", filter=Q(state=Taken.DONE)),
                refused=Count("id", filter=Q(state=Taken.FAILED)),
            )
        }
        lines = {each.pk: each for each in Line.objects.filter(closed_until__gt=at)}
        declared = {each.code: each for each in connectors()}
    pairs = {*out, *came}
    used = {code for code, _ in pairs}
    pairs |= {
        (c.code, c.organisation)
        for c in declared.values()
        if c.organisation or c.code not in used  # who it is, each message says
    }
    lanes = []
    for code, organisation in sorted(pairs):
        if code not in declared:
            continue
        partner, o, i = (
            known.get(organisation),
            out.get((code, organisation)),
            came.get((code, organisation)),
        )
        line = lines.get(f"{code}@{organisation}")
        lanes.append(
            Lane(
                declared[code],
                organisation,
                partner.name if partner else "",
                partner.address if partner else "",
                sent=o["sent"] if o else 0,
                waiting=o["waiting"] if o else 0,
                dead=o["dead"] if o else 0,
                received=i["received"] if i else 0,
                refused=i["refused"] if i else 0,
                seconds=o["took"].total_seconds() if o and o["took"] else None,
                oldest=o["oldest"] if o else None,
                closed_until=line.closed_until if line else None,
                keys=[k for k in partner.keys.all() if k.revoked_at is None] if partner else [],
            )
        )
    return sorted(lanes, key=lambda lane: (-lane.trouble, -lane.traffic))


def partners() -> list[Partner]:
    """All organisations that are entered, with their keys."""
    with acting_as(SYSTEM):
        return list(Partner.objects.prefetch_related("keys").order_by("organisation"))
