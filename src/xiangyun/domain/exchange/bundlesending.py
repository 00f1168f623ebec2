"""All that is due to one partner, in one signed request: claimed, sent and settled together.

A job for one message takes along whatever else is due to its partner; the jobs of those find them
gone. Killed anywhere in between, the claims run out, and all are sent again under their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.connector.bodies import read_body
from xiangyun.kernel.connector.model import Connector, Sent
from xiangyun.kernel.findings import Finding, Refused, Text

from . import bundles, partners, ports, queries, settling, turns
from .bundles import Member
from .models import Outgoing, Partner, State
from .ports import Replied, Together, Unreachable


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that is this job's to send."""

    row: Outgoing
    connector: Connector
    sent: Sent


def send_due(organisation: str, *, at: datetime) -> int:
    """Send to a partner all that is due, bundle by bundle; how many messages there were."""
    number = 0
    while True:
        begun = monotonic()
        with acting_as(SYSTEM):
            partner = Partner.objects.filter(pk=organisation).first()
            claimed = _claim(partner, at) if partner is not None else []
            together = _together(partner, claimed, at) if partner and claimed else None
        if together is None:
            return number
        number += len(claimed)
        try:
            replies = ports.bundling().send_together(together, ports.signer())
        except Unreachable as problem:
            _failed(claimed, problem, at=at)
            return number
        at += timedelta(seconds=monotonic() - begun)
        _settle(claimed, replies, at)


def _claim(partner: Partner, at: datetime) -> list[_Claimed]:
    """Take what is due to a partner, as far as rights, limits and order allow."""
    due = Q(state=State.WAITING) | Q(state=State.SENDING, leased_until__lte=at)
    rows = Outgoing.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        due, organisation=partner.organisation, due_at__lte=at
    )
    found: dict[str, list[_Claimed]] = {}
    declared: dict[str, Connector | None] = {}
    size = 0
    for row in rows.order_by("due_at", "serial")[: bundles.MOST]:
        if row.connector not in declared:
            declared[row.connector] = queries.connector(row.connector)
        connector = declared[row.connector]
        size += len(row.body.encode())
        if size > bundles.MOST_BYTES and found:
            break
        if (sent := turns.allowed(row, connector, at)) is not None and connector is not None:
            found.setdefault(row.connector, []).append(_Claimed(row, connector, sent))
    claimed = [each for those in found.values() for each in _in_order(_within_limits(those, at))]
    _mark(claimed, at)
    return claimed


def _within_limits(those: list[_Claimed], at: datetime) -> list[_Claimed]:
    """As many messages of one connector as may go now; the others wait."""
    room, later = turns.room(those[0].row, those[0].connector, at, len(those))
    for each in those[room:]:
        turns.postpone(each.row, later)
    return those[:room]


def _in_order(those: list[_Claimed]) -> list[_Claimed]:
    """Those before which nothing of their series is under way, but what goes with them."""
    going = {each.row.pk for each in those}
    left = []
    for each in sorted(those, key=lambda each: each.row.serial):
        if each.row.series:
            before = turns.in_series(each.row).filter(
                serial__lt=each.row.serial, state__in=turns.UNDER_WAY
            )
            if before.exclude(pk__in=going).exists():
                going.discard(each.row.pk)
                continue  # whoever settles the one before wakes this one
        left.append(each)
    return left


def _mark(claimed: list[_Claimed], at: datetime) -> None:
    """Lease the messages to this job; the first time each has a leaf of the journal."""
    if not claimed:
        return
    first = [each for each in claimed if not each.row.leaf]
    today = timezone.localdate(at)
    entries = []
    for each in first:
        rule = each.connector.right(each.row.organisation, each.row.message, today)
        said = settling.entry("exchange.sent", each.row, at, rule=rule.basis if rule else "")
        entries.append(said)
    for each, leaf in zip(first, journal.record_all(entries), strict=True):
        each.row.leaf = leaf.hex()
    until = at + max(each.connector.limits.timeout for each in claimed) + turns.MARGIN
    for each in claimed:
        each.row.state, each.row.leased_until = State.SENDING, until
        each.row.attempts += 1
    with connection.cursor() as cursor:
        leaves = [each.row.leaf for each in claimed]
        cursor.execute(_MARKED, [until, [each.row.pk for each in claimed], leaves])


_MARKED = """
UPDATE exchange_outgoing o SET state = 'sending', leased_until = %s, attempts = o.attempts + 1,
    simulated = false, leaf = v.leaf
FROM unnest(%s::uuid[], %s::text[]) v (id, leaf) WHERE o.id = v.id
"""


def _together(partner: Partner, claimed: list[_Claimed], at: datetime) -> Together:
    keys = partners.keys_of(partner.organisation, at) if partner.signs_answers else {}
    return Together(
        address=partner.address,
        id=uuid4(),
        bundle=bundles.bundle(list(_members(claimed))),
        timeout=max(each.connector.limits.timeout for each in claimed),
        most_bytes=2 * bundles.MOST_BYTES + max(e.connector.limits.most_bytes for e in claimed),
        keys=keys,
        at=at,
    )


def _members(claimed: list[_Claimed]) -> Iterable[Member]:
    last: dict[tuple[str, str], int] = {}
    for each in claimed:
        row, follows = each.row, 0
        if row.series:
            series = (row.connector, row.series)
            if series not in last:
                before = turns.in_series(row).filter(
                    serial__lt=row.serial, state__in=turns.DELIVERED
                )
                last[series] = before.aggregate(last=Max("serial"))["last"] or 0
            follows, last[series] = last[series], row.serial
        path = each.sent.path or f"{each.connector.code}/{each.sent.name}"
        place = (path, row.series, row.serial, follows)
        yield Member(str(row.pk), row.body.encode(), row.leaf, *place)


def _failed(claimed: list[_Claimed], problem: Unreachable, *, at: datetime) -> None:
    """The request failed as a whole: one failure of each line, and each message waits."""
    with acting_as(SYSTEM):
        counted = set[str]()
        for each in claimed:
            line = settling.line_of(each.row)
            settling.failed(
                each.row.pk,
                each.connector,
                turns.unreachable(problem),
                at=at,
                counts=line not in counted,
            )
            counted.add(line)


def _settle(claimed: list[_Claimed], replies: dict[str, Replied], at: datetime) -> None:
    """Keep what was answered to each, in one transaction; then bring it to the cases."""
    answered: list[UUID] = []
    with acting_as(SYSTEM):
        numbers = [each.row.pk for each in claimed]
        rows = Outgoing.objects.select_for_update(of=("self",)).order_by("pk")
        # Those that another job has settled meanwhile, or whose answer came by itself, are left.
        locked = rows.filter(pk__in=numbers, state=State.SENDING).values_list("pk", flat=True)
        open_ = set(locked)
        taken = []
        for each in claimed:
            replied = replies.get(str(each.row.pk))
            if each.row.pk not in open_:
                continue
            if replied is None:
                settling.failed(each.row.pk, each.connector, _unanswered(), at=at)
            elif not replied.taken:
                settling.answered(each.row.pk, each.connector, replied, at=at)
            else:
                taken.append((each, replied))
        answered = _keep(taken, at)
    for number in answered:
        settling.bring(number, at=at)


def _keep(taken: list[tuple[_Claimed, Replied]], at: datetime) -> list[UUID]:
    """Keep answers with their entries; the numbers of those that a case waits for."""
    if not taken:
        return []
    entries, kept, bring = [], [], []
    for each, replied in taken:
        row, state, answer = each.row, State.SENT, None
        if replied.signed:
            seen = {"leaf": row.leaf, "their_leaf": replied.leaf, "signed": dict(replied.signed)}
            entries.append(settling.entry("exchange.delivered", row, at, **seen))
        if replied.status != 202 and each.sent.comes != "later":
            try:
                settling.result(row, each.connector, read_body(replied.body), at)
            except ValueError:
                settling.gave_up(row, settling.no_json(), at)
                continue
            except Refused as refused:
                settling.gave_up(row, refused.findings[0], at)
                continue
            answer = json.dumps(settling.stored_answer(row, replied.body.decode()))
            # Nobody waits for what no case has asked: it is done as soon as it is kept.
            state = State.ANSWERED if row.case_id else State.DONE
            entries.append(settling.entry("exchange.answered", row, at))
            if row.case_id:
                bring.append(row.pk)
        kept.append((row.pk, str(state), answer))
    journal.record_all(entries)
    _write(kept, at)
    lines = {settling.line_of(each.row): each.row for each, _ in taken}
    for row in lines.values():
        settling.goes_well(row)
    for each, _ in taken:
        settling.wake_next(each.row)
    return bring


def _write(kept: list[tuple[Any, str, str | None]], at: datetime) -> None:
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*kept, strict=True)] or [[], [], []]
        cursor.execute(_KEPT, [at, at, *columns])


_KEPT = """
UPDATE exchange_outgoing o SET state = v.state, leased_until = NULL, problem = NULL,
    answer = v.answer::jsonb,
    answered_at = CASE WHEN v.answer IS NULL THEN o.answered_at ELSE %s END,
    due_at = CASE WHEN v.answer IS NULL THEN o.due_at ELSE %s END
FROM unnest(%s::uuid[], %s::text[], %s::text[]) v (id, state, answer) WHERE o.id = v.id
"""


def _unanswered() -> Finding:
    return Finding(
        "exchange.E082",
        "error",
        Text("对方没有答复这一条。", "The other system has not answered this one of the bundle."),
        hint=Text("稍后自动再发。", "It is tried again later by itself."),
    )


def partner_of(message: UUID) -> str:
    """The organisation to which a message that waits may go in a bundle; empty for none."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_PARTNER, [message])
        found = cursor.fetchone()
    return found[0] if found is not None else ""


_PARTNER = """
SELECT p.organisation FROM exchange_outgoing o JOIN exchange_partner p USING (organisation)
WHERE o.id = %s AND o.state IN ('waiting', 'sending') AND p.bundles AND p.address LIKE 'http%%'
"""
