"""Begin a batch, and work it off: each task is a step of its own, refused or done for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries as case_reads
from xiangyun.kernel.findings import Finding, Refused, Text

from . import choosing
from .models import Batch, Item, State

RUN = "batches.run"
QUEUE = "batches"


def begin(
    actor: Actor, items: Sequence[int], key: str, *, note: str, at: datetime, batch: UUID
) -> Batch:
    """Begin to do one action on all chosen tasks that allow it; sent again, the same batch.

    `batch` is the id that the page has drawn. The work is done by a job, so that nobody waits for
    it and a crash loses none. Raises Refused `batch.E001` where no task allows it any more, and
    `batch.E002` without a note where the process asks for one.
    """
    note = note.strip()
    with transaction.atomic(), acting_as(actor):
        if (known := Batch.objects.filter(pk=batch).first()) is not None:
            return known
        offer = choosing.offer(actor, items, key)
        if offer is None or actor.account is None:
            raise Refused([_GONE])
        if offer.note_required and not note:
            raise Refused([_NOTE])
        made = Batch.objects.create(
            id=batch,
            account=actor.account,
            action=offer.action,
            words=offer.words.to_json(),
            note=note,
            at=at,
        )
        Item.objects.bulk_create(
            [
                Item(batch=made, place=place, case_id=one.case, token=one.token)
                for place, one in enumerate(offer.on)
            ]
        )
        app.configure_task(RUN, queue=QUEUE).defer(batch_id=str(made.pk))
        return made


def run(batch_id: UUID, *, at: datetime) -> None:
    """Do what of a batch is not done yet, as the official who began it may now."""
    with acting_as(SYSTEM):
        batch = Batch.objects.get(pk=batch_id)
        waiting = list(batch.items.filter(state=State.WAITING).order_by("place"))
    actor = accounts.actor_by_account(batch.account)
    for item in waiting:
        found = _LOCKED if actor is None else _do(item, batch, actor, at)
        item.state = State.REFUSED if found else State.DONE
        item.said = found.message.to_json() if found else None
        with acting_as(SYSTEM):
            item.save(update_fields=["state", "said"])


def _do(item: Item, batch: Batch, actor: Actor, at: datetime) -> Finding | None:
    """Do one task; why it was refused, or None.

    A crash between the step and its result finds the task done: by this official, with this action.
    """
    try:
        cases.complete_task(
            item.case_id, item.token, action=batch.action, actor=actor, at=at, note=batch.note
        )
    except Refused as refusal:
        if case_reads.did_task(item.case_id, item.token, actor, batch.action):
            return None
        return refusal.findings[0]
    except case_reads.Case.DoesNotExist:
        return _GONE
    return None


_GONE = Finding(
    "batch.E001",
    "error",
    Text("所选的任务已不能这样办理。", "The chosen tasks cannot be done in this way any more."),
    hint=Text("请回到待办重新选择。", "Choose anew in the queue."),
)
_NOTE = Finding(
    "batch.E002",
    "error",
    Text("这一办理需要写明理由。", "This action needs a reason."),
    hint=Text("写下的理由会记入每一件。", "What you write goes into the record of each case."),
)
_LOCKED = Finding(
    "batch.E003",
    "error",
    Text("发起批量办理的账户已停用。", "The account that began the batch is locked."),
    hint=Text("由其他有相应职责的人员办理。", "Somebody else who holds the role may do it."),
)
