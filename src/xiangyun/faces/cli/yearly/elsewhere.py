"""What those outside do in a simulated year, as examples say it: they answer, pay, withdraw.

Banks and other houses answer by message; whoever applied pays on the page of the simulated
provider, or takes the application back. Each is done the way that it comes in earnest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import actions, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.payments import actions as payments
from xiangyun.domain.payments import ports, receiving
from xiangyun.domain.payments import queries as orders
from xiangyun.kernel.feel import from_json, to_stored
from xiangyun.kernel.service.examples import Act, Example

BY_OTHERS = ("message", "payment")
_IN_ORDER = ("task", *BY_OTHERS)
_CODE = re.compile(r"[A-Z]{1,6}-\d{1,6}")


def next_by_others(example: Example, done: set[int]) -> tuple[int, Act] | None:
    """What happens next in an example, where somebody outside does it: its number and itself."""
    for number, act in enumerate(example.acts):
        if number not in done and act.kind in _IN_ORDER:
            return (number, act) if act.kind in BY_OTHERS else None
    return None


def is_awaited(case: cases.Case, act: Act, owner: Actor | None, at: datetime) -> bool:
    """Whether what somebody outside would do now can be taken."""
    if act.kind == "message":
        return _key(case, act.name) is not None
    return act.action == "paid" and owner is not None and bool(_orders(case, act, owner, at))


def happens(
    case: cases.Case, act: Act, told: Mapping[str, Any], owner: Actor | None, at: datetime
) -> bool:
    """Do it, `told` being the answers that come with it; whether anybody waited for it.

    Raises `inbound.NotTaken` for a message that the case refuses, and Refused for a payment.
    """
    if act.kind == "payment":
        assert owner is not None
        due = _orders(case, act, owner, at)
        return bool(due) and _pay(due[0].number, owner, at)
    waits = _key(case, act.name)
    if waits is None:
        return False
    if act.name == actions.WITHDRAW:
        if owner is None:
            return False
        actions.withdraw_case(case.pk, actor=owner, at=at)
        return True
    said = {name: to_stored(from_json(value)) for name, value in told.items()}
    return inbound.deliver("message", act.name, waits["key"], said, at=at) > 0


def renumbered(value: Any, known: frozenset[str], mark: str) -> Any:
    """The same answers, in which codes that nobody said before are this case's own.

    A contract of an example has one number; a year has many contracts.
    """
    if isinstance(value, Mapping):
        return {key: renumbered(each, known, mark) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [renumbered(each, known, mark) for each in value]
    new = isinstance(value, str) and _CODE.fullmatch(value) and value not in known
    return f"{value}-{mark}" if new else value


def texts(value: Any) -> Iterator[str]:
    """Every text in some answers, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from texts(each)


def _key(case: cases.Case, name: str) -> Mapping[str, Any] | None:
    waits = (each for each in case.awaiting.values() if each.get("message") == name)
    return next(waits, None)


def _orders(case: cases.Case, act: Act, owner: Actor, at: datetime) -> list[orders.Order]:
    return [each for each in orders.to_pay(owner, [case], at) if each.fee == act.name]


def _pay(number: str, owner: Actor, at: datetime) -> bool:
    counter = ports.counter()
    if counter is None:
        return False
    page = payments.begin(number, actor=owner, back="/", payee="", at=at)
    call = counter.pay(page.rstrip("/").rpartition("/")[2], at)
    if call is not None:
        receiving.receive(*call, at=at)
    return call is not None
