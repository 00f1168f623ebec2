"""`payment.refund`: what was paid of a fee is given back, all of it or a part."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.payment import FeeItem, exact
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .payment_ask import FEE, fee_item, said

OPENED = Verb(
    "payment.refund_by_rule",
    Text("按规定退费：{fee} {amount} 元", "To be refunded by rule: {fee}, {amount} yuan"),
)


def wanted_amount(item: FeeItem, inputs: Mapping[str, Value]) -> Decimal | None:
    """How much a task gives back; None for all that is left. Raises Refused `payment.E001`."""
    return exact(inputs["amount"], item.name) if inputs.get("amount") is not None else None


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    item = fee_item(around, wanted)
    amount = around.payments.refund(item.code, wanted_amount(item, wanted.inputs or {}))
    around.record(OPENED, **said(item, amount))
    return {"amount": amount}


TYPE = ServiceType(
    "payment.refund",
    Text(
        "把已缴的费用退回原付款账户：全部或者写明的金额；没有缴过的退 0 元",
        "gives back what was paid, the way it came: all of it, or the amount that is given; where "
        "nothing was paid it gives back 0",
    ),
    _rehearse,
    headers=(FEE,),
    inputs=(
        Argument(
            "amount",
            "number",
            Text("退多少元；不写为全部退还", "how much, in yuan; all of it if not said"),
            required=False,
            example="=0.00",
        ),
    ),
    results=(Result("amount", "number", Text("退回的金额（元）", "what is given back, in yuan")),),
    verbs=(OPENED,),
)
