"""Calls, jobs and a withdrawal at once, each in a transaction of its own: money is counted once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from xiangyun.adapters import postgres
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.payments import receiving, settling
from xiangyun.domain.payments.models import Order, Payment
from xiangyun.domain.payments.tests.digging import (
    WHOLE,
    answer_to,
    asked,
    case_now,
    order_of,
    paid,
    pay_there,
    payments_of,
    refunds_of,
    take,
    verbs,
)
from xiangyun.kernel.findings import Refused


@pytest.fixture(scope="module", autouse=True)
def _copy(
    _prepared: None, inside_database: Callable[[str], AbstractContextManager[str]]
) -> Iterator[None]:
    """A copy of the database, in which what is committed stays."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_payments_{os.getpid()}"
    with inside_database(copy) as server:
        postgres.copy_database(server, usual, copy)
        yield


def at_once(*doing: Callable[[], object]) -> list[object]:
    """What each answers, all begun at the same moment; a refusal is its id."""
    ready, answers = Barrier(len(doing)), list[object]()

    def one(do: Callable[[], object]) -> None:
        ready.wait()
        try:
            answers.append(do())
        except Refused as refused:
            answers.append(refused.findings[0].id)
        except BaseException as surprise:
            answers.append(surprise)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(do,)) for do in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_call_that_comes_many_times_at_once_is_taken_once() -> None:
    case = asked()
    headers, body = pay_there(order_of(case))

    def call() -> str:
        return receiving.receive(headers, body, at=timezone.now()).became

    assert Counter(at_once(*[call] * 6)) == {"taken": 1, "repeated": 5}
    assert len(payments_of(case)) == 1
    order = order_of(case)
    assert set(at_once(*[lambda: settling.bring(order.pk, at=timezone.now())] * 4)) == {None}
    assert answer_to(case)["state"] == "paid"
    assert verbs(case) == ["payment.asked", "payment.paid"]


def test_two_payments_at_once_settle_one_and_give_one_back() -> None:
    case = asked()
    order = order_of(case)
    became = at_once(*(lambda n=n: take(paid(order, f"T{n}")).became for n in range(2)))  # type: ignore[misc]
    assert sorted(map(str, became)) == ["taken", "twice"]
    assert [each.amount for each in refunds_of(case)] == [WHOLE]


def test_an_unknown_order_that_is_told_of_many_times_at_once_is_kept_once() -> None:
    told = paid(order_of(asked()), "U", number="JF888888888888")
    assert set(at_once(*[lambda: take(told).became] * 4)) == {"unknown"}
    with acting_as(SYSTEM):
        assert Payment.objects.filter(transaction=told.transaction).count() == 1


def test_no_money_is_left_behind_where_withdrawal_and_payment_come_at_once() -> None:
    for _ in range(3):
        case = asked()
        order = order_of(case)
        headers, body = pay_there(order)

        def withdraw(case_id: object = case.pk) -> None:
            cases.withdraw_case(case_id, actor=actor("wang"), at=timezone.now())  # type: ignore[arg-type]

        def call(said: bytes = body, signed: object = headers, pk: int = order.pk) -> None:
            receiving.receive(signed, said, at=timezone.now())  # type: ignore[arg-type]
            settling.bring(pk, at=timezone.now())

        at_once(withdraw, call)
        settling.sweep(timezone.now())
        with acting_as(SYSTEM):
            pk = Order.objects.get(case=case).pk
        settling.bring(pk, at=timezone.now())
        if case_now(case).outcome != "digging_withdrawn":  # overtaken: it is withdrawn after that
            withdraw()
        back = sum((each.amount for each in refunds_of(case)), Decimal("0.00"))
        assert (case_now(case).outcome, back) == ("digging_withdrawn", WHOLE)
