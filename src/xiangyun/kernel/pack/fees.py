"""Fees as a service declares and asks for them: do they fit the item, its parties and its way?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.calls import known_variables
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.reader import FILE


def check_fees(sources: PackSources) -> Iterator[Finding]:
    """What is wrong with the fees of a service."""
    item = sources.service
    if item is None:
        return
    if item.fees:
        yield from _against_item(item)
    twice = [code for code, n in Counter(fee.code for fee in item.fees).items() if n > 1]
    named = {
        element.headers.get("fee", "").strip()
        for process in sources.processes
        for element in process.elements.values()
        if element.type is not None
    }
    known = frozenset().union(*known_variables(sources.processes).values())
    for fee in item.fees:
        for formula in fee.formulas if sources.processes else ():
            yield from formula.unknown(known)
        if fee.code in twice:
            yield _twice(fee)
        if fee.payer and fee.payer not in item.party_roles:
            roles = list(item.party_roles)
            yield unknown(
                "pack.E402", Text("缴费的当事人角色", "payer"), fee.payer, roles, fee.place
            )
        if sources.process is not None and fee.code not in named:
            yield _unused(fee)


def _against_item(item: ServiceItem) -> Iterator[Finding]:
    if not item.fee.charged:
        yield fault(
            "pack.E400",
            Text(
                "声明了收费项目（fees），fee 却写着不收费。",
                "Fees are declared, and `fee` says that nothing is charged.",
            ),
            item.fees[0].place,
            Text("请把 fee.charged 改为 true，并写明标准。", "Make fee.charged true, and explain."),
        )
    if not item.pay_online:
        yield fault(
            "pack.E401",
            Text(
                "声明了收费项目（fees），pay_online 却是 false。",
                "Fees are declared, and pay_online is false.",
            ),
            Place(FILE, item.fees[0].place.line),
            Text("请把 pay_online 改为 true。", "Make pay_online true."),
        )


def _twice(fee: FeeItem) -> Finding:
    return fault(
        "pack.E403",
        Text("收费项目“{code}”声明了两次。", "The fee “{code}” is declared twice.", code=fee.code),
        fee.place,
        Text("请改一个的 code。", "Give one of them another code."),
    )


def _unused(fee: FeeItem) -> Finding:
    return fault(
        "pack.E404",
        Text(
            "流程里没有任务用到收费项目“{name}”。",
            "No task of the process names the fee “{name}”.",
            name=fee.name,
        ),
        fee.place,
        Text(
            "请加一个服务任务 payment.ask，任务头 fee={code}；或者删去这一项。",
            "Add a service task payment.ask with the header fee={code}, or remove the fee.",
            code=fee.code,
        ),
    )
