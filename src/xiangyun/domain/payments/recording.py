"""What the journal says of payments: under the number of the case, so that its history shows it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.payment import shown_amount

from .models import Order

_SEALED = 2


def note(
    verb: str,
    order: Order,
    amount: Decimal,
    at: datetime,
    *,
    actor: Actor = SYSTEM,
    why: str = "",
    **more: str,
) -> None:
    """One entry about an order; of a sealed case the amount is private."""
    money = {"amount": shown_amount(amount)}
    sealed = order.need == _SEALED
    private = {**(money if sealed else {}), **({"why": why} if why else {})}
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=order.case_number,
            division=order.division,
            owner=order.payer,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(order.division),
            at=at,
            data={"fee": order.fee, "number": order.number, **({} if sealed else money), **more},
            private=private,
            matter=order.matter,
            need=order.need,
        )
    )
