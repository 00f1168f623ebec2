"""`payment.ask`: a fee is asked for, and the case waits until it is paid or has expired."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.payment import FeeItem, shown_amount
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.payables import Paid
from xiangyun.kernel.service.servicetype import Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.worktime import office_time

from .department_notify import ANSWERED

ASKED = Verb("payment.asked", Text("请缴费：{fee} {amount} 元", "To be paid: {fee}, {amount} yuan"))
PAID = Verb("payment.paid", Text("已缴费：{fee} {amount} 元", "Paid: {fee}, {amount} yuan"))
FREE = Verb("payment.free", Text("{fee}：本次免收", "{fee}: nothing is to be paid"))
FEE = Header(
    "fee",
    "fee",
    Text("service.yaml 的 fees 里的收费项目", "one of `fees` in service.yaml"),
    example="reinstatement",
)


def fee_item(around: Surroundings, wanted: ServiceWanted) -> FeeItem:
    """The fee that a task names. Raises NotFound `payment.E003` for one that is not declared."""
    code = wanted.headers["fee"]
    found = around.files.service.fee_item(code)
    if found is None:
        raise NotFound([no_fee(code)])
    return found


def answer_of(paid: Paid) -> Mapping[str, Value]:
    """What the task answers."""
    return {
        "state": paid.state,
        "amount": paid.amount,
        "on": from_json(office_time(paid.at).date()),
        "number": paid.number,
    }


def said(item: FeeItem, amount: Decimal) -> dict[str, object]:
    """What the journal says of a fee."""
    return {"fee": item.code, "amount": shown_amount(amount)}


def no_fee(code: str) -> Finding:
    """A fee that service.yaml does not declare."""
    return Finding(
        "payment.E003",
        "error",
        Text("事项没有收费项目“{code}”。", "The service has no fee “{code}”.", code=code),
        hint=Text("请在 service.yaml 的 fees 里声明。", "Declare it in `fees` of service.yaml."),
    )


def _waits(around: Surroundings, wanted: ServiceWanted) -> bool:
    item, now = fee_item(around, wanted), from_json(office_time(around.at))
    return item.amount_of(around.variables, now) > 0


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    item = fee_item(around, wanted)
    number = f"JF{around.next_number():012}"
    paid = around.payments.ask(item, around.variables, number=number, at=around.at)
    if paid.amount:
        around.record(ASKED, **said(item, paid.amount))
        if paid.state == "paid":
            around.record(PAID, **said(item, paid.amount))
        around.record(ANSWERED, element=wanted.element)
    else:
        around.record(FREE, **said(item, paid.amount))
    return answer_of(paid)


TYPE = ServiceType(
    "payment.ask",
    Text(
        "按 fees 的收费项目请当事人缴费，等到缴清或者过期；金额为 0 的当即算缴清",
        "asks the party for a fee of `fees` and waits until it is paid or has expired; a fee of 0 "
        "counts as paid at once",
    ),
    _rehearse,
    headers=(FEE,),
    results=(
        Result(
            "state",
            "text",
            Text(
                "`paid` 已缴、`expired` 过期未缴、`refunded` 缴后已全额退还",
                "`paid`; `expired`: not paid in time; `refunded`: paid, and all of it given back",
            ),
        ),
        Result("amount", "number", Text("应缴金额（元）", "what was to be paid, in yuan")),
        Result("on", "date", Text("缴清或者过期的日期", "the day when it was paid or expired")),
        Result("number", "text", Text("缴费单号", "the number of the order"), made_up=True),
    ),
    later=True,
    waits=_waits,
    verbs=(ASKED, PAID, ANSWERED),
)
