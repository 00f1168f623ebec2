"""Orders, payments and refunds as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.domain.payments.queries import Going, Order, Refund, Standing, State, Why
from xiangyun.kernel.findings import Text
from xiangyun.kernel.payment import shown_amount

STATES = {
    State.WAITING: (Text("待缴", "to be paid"), "amber"),
    State.PAID: (Text("已缴", "paid"), "good"),
    State.EXPIRED: (Text("过期未缴", "not paid in time"), "late"),
    State.CANCELLED: (Text("不用再缴", "no longer to be paid"), ""),
    State.REFUNDED: (Text("已全额退还", "all refunded"), ""),
}
STANDINGS = {
    Standing.TAKEN: Text("缴清", "settles the fee"),
    Standing.LATE: Text("缴迟了，退回", "too late, goes back"),
    Standing.TWICE: Text("重复缴，退回", "a second time, goes back"),
    Standing.WRONG_AMOUNT: Text("金额不符", "a wrong amount"),
    Standing.UNKNOWN: Text("没有这个缴费单", "no such order"),
}
GOING = {
    Going.ASKED: (Text("正在退", "on its way"), "amber"),
    Going.DONE: (Text("已退回", "gone back"), "good"),
    Going.DECLINED: (Text("付款机构没有退", "declined by the provider"), "late"),
}
REASONS = {
    Why.RULE: Text("按规定", "by rule"),
    Why.OFFICIAL: Text("工作人员", "by an official"),
    Why.LATE: Text("缴迟了", "came too late"),
    Why.TWICE: Text("重复缴", "came twice"),
    Why.PROVIDER: Text("付款机构", "by the provider"),
}


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order in words."""

    row: Order
    name: Text
    amount: str
    state: Text
    tone: str


def order_shown(row: Order) -> OrderShown:
    """An order for a page."""
    state, tone = STATES[State(row.state)]
    return OrderShown(row, Text.from_json(row.name), shown_amount(row.amount), state, tone)


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A refund in words."""

    row: Refund
    amount: str
    reason: Text
    state: Text
    tone: str
    problem: Text | None


def refund_shown(row: Refund) -> RefundShown:
    """A refund for a page."""
    state, tone = GOING[Going(row.state)]
    problem = Text.from_json(row.problem) if row.problem else None
    return RefundShown(row, shown_amount(row.amount), REASONS[Why(row.kind)], state, tone, problem)
