"""A day's books and the provider's: what differs is named, and a bad statement changes nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from xiangyun.adapters.payments import simulated
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.payments import queries, receiving, reconciling
from xiangyun.domain.payments.models import Reconciliation, Unmatched
from xiangyun.domain.payments.tests.digging import (
    asked,
    brought,
    order_of,
    paid,
    pay_there,
    sent_back,
    take,
)
from xiangyun.domain.payments.tests.test_refunds import GONGZHULING, officer
from xiangyun.faces.cli.payments import payments
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.payment import Line, write_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def reconciled(lines: list[Line], day: date | None = None) -> Reconciliation:
    return reconciling.reconcile(
        write_statement(lines),
        provider="simulated",
        actor=SYSTEM,
        at=timezone.now(),
        day=day or timezone.localdate(),
        name="day.csv",
    )


def named(made: Reconciliation) -> list[tuple[str, str]]:
    with acting_as(SYSTEM):
        return [(each.what, each.number) for each in made.unmatched.order_by("pk")]


def own(day: date) -> list[Line]:
    """What stands in the books of the tests so far; they are all of one transaction."""
    with acting_as(SYSTEM):
        return reconciling.our_books("simulated", day)


def test_what_both_have_agrees() -> None:
    case = asked()
    headers, body = pay_there(order_of(case))
    receiving.receive(headers, body, at=timezone.now())
    brought(case)
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    sent_back(case)
    ours = {order_of(case).number, *(r.number for r in queries.refunds_of(SYSTEM, order_of(case)))}
    theirs = [line for line in simulated().statement(timezone.localdate()) if line.number in ours]
    made = reconciled(theirs)
    assert (made.agreed, named(made)) == (2, [])
    assert made.paid_here == made.paid_there == made.refunded_there == Decimal("860.00")


def test_each_kind_of_difference_is_named_and_leads_to_its_order() -> None:
    now = timezone.now().replace(microsecond=0)
    here, lost, other = (order_of(asked(login)) for login in ("wang", "li", "wang"))
    for order in (here, other):
        take(paid(order))
    told = paid(other)
    theirs = [
        Line("payment", lost.number, "L1", lost.amount, now),
        Line("payment", other.number, told.transaction, Decimal("86.00"), now),
        Line("payment", "JF999999999999", "X1", Decimal("3.00"), now),
    ]
    made = reconciled(theirs)
    assert sorted(named(made)) == sorted(
        [
            ("amount", other.number),
            ("missing here", "JF999999999999"),
            ("missing here", lost.number),
            ("missing there", here.number),
        ]
    )
    with acting_as(SYSTEM):
        orders = {each.number: each.order_id for each in made.unmatched.all()}
    assert orders == {o.number: o.pk for o in (here, lost, other)} | {"JF999999999999": None}
    assert order_of_state(lost) == "waiting", "nothing is booked by a comparison"


def order_of_state(order: queries.Order) -> str:
    with acting_as(SYSTEM):
        return queries.Order.objects.get(pk=order.pk).state


def test_the_same_statement_again_changes_nothing_until_our_books_move() -> None:
    order = order_of(asked())
    now = timezone.now().replace(microsecond=0)
    told = paid(order)
    theirs = [Line("payment", order.number, told.transaction, order.amount, now)]
    first = reconciled(theirs)
    assert reconciled(theirs).pk == first.pk
    take(told)  # the call comes after all
    second = reconciled(theirs)
    assert (second.pk != first.pk, named(first), named(second)) == (
        True,
        [("missing here", order.number)],
        [],
    )
    found = queries.reconciliation(officer(), timezone.localdate())
    assert found is not None
    assert found.pk == second.pk


def test_a_statement_that_cannot_be_read_keeps_nothing() -> None:
    good = write_statement([Line("payment", "JF1", "T1", Decimal("1.00"), timezone.now())])
    for bad in (good + "payment,JF2,T2,1,now\n", good.replace("kind", "art")):
        with pytest.raises(Refused):
            reconciling.reconcile(bad, provider="simulated", actor=SYSTEM, at=timezone.now())
    with acting_as(SYSTEM):
        assert not Reconciliation.objects.exists()
        assert not Unmatched.objects.exists()


def test_a_statement_is_of_one_day() -> None:
    now = timezone.now()
    two = [
        Line("payment", "JF1", "T1", Decimal("1.00"), now),
        Line("payment", "JF2", "T2", Decimal("1.00"), now - timedelta(days=2)),
    ]
    for lines, day in ((two, None), ([], None), (two[1:], timezone.localdate())):
        with pytest.raises(Refused) as refused:
            reconciling.reconcile(
                write_statement(lines), provider="simulated", actor=SYSTEM, at=now, day=day
            )
        assert refused.value.findings[0].id == "payment.E012"


def test_a_difference_is_seen_in_its_place_alone() -> None:
    take(paid(order_of(asked())))
    theirs = [Line("payment", "JF999999999999", "X1", Decimal("3.00"), timezone.now())]
    made = reconciled(theirs)
    hunchun, elsewhere = officer(), officer("shoufei2", GONGZHULING)
    province = officer("shoufei3", 220000000000)
    assert [each.what for each in queries.unmatched(hunchun, made)] == ["missing there"]
    assert not queries.unmatched(elsewhere, made)
    assert len(queries.unmatched(province, made)) == 2
    assert queries.reconciliation(actor("shencha"), made.day) is None


def test_the_command_reconciles_a_file_and_says_what_differs(tmp_path: Path) -> None:
    order = order_of(asked())
    take(paid(order))
    file = tmp_path / "day.csv"
    file.write_text(write_statement([]), encoding="utf-8")
    day = timezone.localdate().isoformat()
    ran = CliRunner().invoke(payments, ["reconcile", str(file), "--day", day])
    assert ran.exit_code == 1, ran.output
    assert order.number in ran.output
    assert "860.00" in ran.output
    lines = own(timezone.localdate())
    file.write_text(write_statement(lines), encoding="utf-8")
    ran = CliRunner().invoke(payments, ["reconcile", str(file)])
    assert ran.exit_code == 0, ran.output
    file.write_text("nonsense", encoding="utf-8")
    ran = CliRunner().invoke(payments, ["reconcile", str(file)])
    assert ran.exit_code == 1
    assert "payment.E010" in ran.output


def test_the_command_names_every_difference_and_a_page_the_first_ones(tmp_path: Path) -> None:
    now, many = timezone.now(), queries.LISTED + 50
    lines = [Line("payment", f"X{n}", f"T{n}", Decimal("1.00"), now) for n in range(many)]
    file = tmp_path / "day.csv"
    file.write_text(write_statement(lines), encoding="utf-8")
    ran = CliRunner().invoke(payments, ["reconcile", str(file), "--json"])
    assert ran.exit_code == 1, ran.output
    assert len(json.loads(ran.output)["differences"]) == many
    province = officer("shoufei3", 220000000000)
    made = queries.reconciliation(province, timezone.localdate())
    assert made is not None
    shown = queries.unmatched(province, made, queries.LISTED)
    assert (len(shown), queries.differing(province, made)) == (queries.LISTED, many)


def test_the_command_writes_the_statement_of_the_provider() -> None:
    order = order_of(asked())
    pay_there(order)
    day = timezone.localdate().isoformat()
    ran = CliRunner().invoke(payments, ["statement", day])
    assert ran.exit_code == 0, ran.output
    assert f"payment,{order.number}," in ran.output
