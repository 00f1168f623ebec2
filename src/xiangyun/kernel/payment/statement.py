"""A provider's statement of a day (对账单): a CSV with a line for each payment and refund.

    kind,number,transaction,amount,at
    payment,JF2026000000000012,T0001,860.00,2026-04-09T10:12:00+08:00
    refund,TK2026000000000003,R0001,200.00,2026-04-09T16:40:00+08:00

`number` is ours: of the order, or of the refund; `transaction` is the provider's. A statement with
one line that cannot be read is not read at all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from xiangyun.kernel.findings import Finding, Place, Refused, Text

from .money import parsed

Kind = Literal["payment", "refund"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLUMNS = ("kind", "number", "transaction", "amount", "at")
MOST_LINES = 1_000_000
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of money: which order or refund, the provider's number, how much, when."""

    kind: Kind
    number: str
    transaction: str
    amount: Decimal
    at: datetime


def read_statement(text: str, name: str = "") -> tuple[Line, ...]:
    """The lines of a statement; `name` stands in the places of faults.

    Raises Refused with each line that cannot be read: `payment.E010` for a wrong head, `E011` for a
    line.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        head = tuple(cell.strip() for cell in next(rows, ()))
        if head != COLUMNS:
            raise Refused([_wrong_head(head, name)])
        found, faults = list[Line](), list[Finding]()
        for row in rows:
            if not row:
                continue
            line = _line(row)
            if isinstance(line, Line):
                found.append(line)
            else:
                faults.append(_wrong_line(line, Place(name, rows.line_num)))
            if len(faults) >= _SHOWN or len(found) > MOST_LINES:
                break
    except csv.Error as problem:
        said = Text.given(str(problem), str(problem))
        raise Refused([_wrong_line(said, Place(name, rows.line_num))]) from problem
    if faults:
        raise Refused(faults)
    return tuple(found)


def write_statement(lines: Iterable[Line]) -> str:
    """Lines as a statement, which `read_statement` reads."""
    written = io.StringIO(newline="")
    into = csv.writer(written, lineterminator="\n")
    into.writerow(COLUMNS)
    for line in lines:
        amount, at = f"{line.amount:.2f}", line.at.isoformat(timespec="seconds")
        into.writerow([line.kind, line.number, line.transaction, amount, at])
    return written.getvalue()


def _line(row: list[str]) -> Line | Text:
    """The line, or what is wrong with it."""
    if len(row) != len(COLUMNS):
        return Text("有 {n} 列", "it has {n} {n|column|columns}", n=len(row))
    kind, number, transaction, written, moment = (cell.strip() for cell in row)
    which = next((each for each in KINDS if each == kind), None)
    if which is None:
        return Text("kind 是“{kind}”", "kind is “{kind}”", kind=kind)
    if not number or not transaction:
        return Text("没有编号", "a number is missing")
    amount = parsed(written)
    if amount is None:
        return Text("金额是“{amount}”", "the amount is “{amount}”", amount=written)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return Text("时刻是“{at}”", "the moment is “{at}”", at=moment)
    return Line(which, number, transaction, amount, at)


def _wrong_head(head: tuple[str, ...], name: str) -> Finding:
    return Finding(
        "payment.E010",
        "error",
        Text(
            "对账单的第一行是“{head}”。",
            "The first line of the statement is “{head}”.",
            head=",".join(head),
        ),
        Place(name, 1),
        Text("应为 {columns}。", "It should be {columns}.", columns=",".join(COLUMNS)),
    )


def _wrong_line(why: Text, place: Place) -> Finding:
    return Finding(
        "payment.E011",
        "error",
        Text("对账单这一行读不懂：{why}。", "This line of the statement is not understood: {why}.",
             why=why),
        place,
        Text("例如 payment,JF2026000000000012,T0001,860.00,2026-04-09T10:12:00+08:00。",
             "For example payment,JF2026000000000012,T0001,860.00,2026-04-09T10:12:00+08:00."),
    )  # fmt: skip
