"""What is posted: queued behind the journal, signed, and tried again until it is there.

In the form of Standard Webhooks: `webhook-id`, `webhook-timestamp`, and `webhook-signature`, which
is over id, timestamp and body with dots between, by the key of the instance (`v1a`: Ed25519).
Somebody who gets a call twice sees the same id.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.findings import Refused

from . import ports
from .models import Call, State, Webhook

TOLD: Mapping[str, str] = {
    "case.submitted": "an application was sent",
    "case.ended": "a case has ended",
    "case.withdrawn": "an application was taken back",
    "task.done": "a step was done",
    "extension.granted": "more time was given",
    "enquiry.answered": "a question was answered",
    "certificate.issued": "a certificate was issued",
    "parcel.sent": "a result was posted",
    "parcel.arrived": "a result was delivered",
}
"""The verbs of the journal that are told; names of people, notes and reasons never are."""
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long after each failure it is tried again; after the last it is dead."""
_CLAIM: Final = timedelta(minutes=5)
_GONE: Final = 410
AT_A_TIME: Final = 100


def take(entries: Sequence[Entry]) -> None:
    """Queue a call for each webhook of whoever these entries concern; seen again, nothing more."""
    told = [each for each in entries if each.verb in TOLD and each.owner and not each.need]
    if not told:
        return
    hooks: dict[UUID, list[Webhook]] = {}
    owners = {each.owner for each in told if each.owner}
    for hook in Webhook.objects.filter(owner__in=owners, ended_at=None):
        hooks.setdefault(hook.owner, []).append(hook)
    calls = [
        Call(
            webhook=hook,
            entry=each.pk,
            verb=each.verb,
            body=_body(each),
            at=each.at,
            due_at=each.at,
        )
        for each in told
        if each.owner
        for hook in hooks.get(each.owner, ())
        if (not hook.verbs or each.verb in hook.verbs) and hook.made_at <= each.at
    ]
    Call.objects.bulk_create(calls, ignore_conflicts=True)


def _body(entry: Entry) -> str:
    """What is told: what happened, when, and to which case; the rest is asked of the interface."""
    said = {
        "type": entry.verb,
        "timestamp": entry.at.isoformat(),
        "data": {"case": entry.subject},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def send_due(at: datetime) -> int:
    """Post what is due; how many calls arrived.

    Each is claimed for five minutes and posted outside of any transaction: killed in between, it is
    posted again under the same id.
    """
    with acting_as(SYSTEM), transaction.atomic():
        due = Call.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state=State.WAITING, due_at__lte=at, webhook__ended_at=None
        )
        claimed = list(due.select_related("webhook").order_by("due_at")[:AT_A_TIME])
        Call.objects.filter(pk__in=[each.pk for each in claimed]).update(due_at=at + _CLAIM)
    arrived = 0
    for each in claimed:
        status = _posted(each, at)
        with acting_as(SYSTEM):
            arrived += _settled(each, status, at)
    return arrived


def signed(call: Call, at: datetime) -> dict[str, str]:
    """The headers of a call at a moment."""
    stamp, held = str(int(at.timestamp())), signer()
    signature = held.sign(f"{call.pk}.{stamp}.{call.body}".encode())
    name = "v1a" if held.algorithm == "Ed25519" else held.algorithm.lower()
    return {
        "content-type": "application/json",
        "webhook-id": str(call.pk),
        "webhook-timestamp": stamp,
        "webhook-signature": f"{name},{base64.b64encode(signature).decode()}",
        "webhook-key": held.key_id,
    }


def _posted(call: Call, at: datetime) -> int | None:
    try:
        return ports.poster()(call.webhook.address, call.body.encode(), signed(call, at))
    except Refused:
        return None


def _settled(call: Call, status: int | None, at: datetime) -> bool:
    """Keep what became of a call; whether it arrived. An address that is gone is ended."""
    attempts = call.attempts + 1
    arrived = status is not None and 200 <= status < 300
    change: dict[str, object] = {"attempts": attempts, "status": status}
    if arrived:
        change["state"] = State.ARRIVED
    elif status == _GONE or attempts > len(WAITS):
        change["state"] = State.DEAD
    else:
        change["due_at"] = at + WAITS[attempts - 1]
    Call.objects.filter(pk=call.pk).update(**change)
    if status == _GONE:
        Webhook.objects.filter(pk=call.webhook_id, ended_at=None).update(ended_at=at, why="410")
    return arrived
