"""Who may look after fees, and who pays them."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.findings import Finding, Forbidden, Text

from .models import Order

OFFICER = "fee_officer"


def keeps_fees(actor: Actor) -> bool:
    """Whether somebody looks after fees anywhere."""
    return any(mandate.role == OFFICER for mandate in actor.mandates)


def may_refund(actor: Actor, order: Order) -> bool:
    """Whether somebody may give back what was paid for an order that the actor sees."""
    return actor.kind == "system" or actor.holds(OFFICER, order.division)


def pays(actor: Actor, order: Order) -> bool:
    """Whether it is the actor's to pay, or of whom the actor acts for."""
    return actor.speaks_for(order.payer, order.matter)


def refuse_unless_may_refund(actor: Actor, order: Order) -> None:
    """Raises Forbidden `payment.E031`."""
    if not may_refund(actor, order):
        raise Forbidden([_NOT_YOURS])


_NOT_YOURS = Finding(
    "payment.E031",
    "error",
    Text("您的岗位不能在这里退费。", "Your mandates do not let you refund here."),
    hint=Text("需要本地的“收费管理”。", "It takes the role “fee officer” of the place."),
)
