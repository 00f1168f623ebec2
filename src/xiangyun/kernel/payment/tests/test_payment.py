"""Amounts are exact to the fen, statements are read whole, and every line is agreed or named."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.payment import (
    Line,
    compare,
    exact,
    parsed,
    read_statement,
    shown_amount,
    write_statement,
)
from xiangyun.kernel.payment.money import typed

AT = datetime(2026, 4, 9, 2, tzinfo=UTC)
WHAT = Text("修复费", "fee")


@pytest.mark.parametrize("written", ["0", "0.01", "860", "245.88", "9999999999.99", "1E+3", "-0"])
def test_an_amount_to_the_fen_is_exact(written: str) -> None:
    found = exact(Decimal(written), WHAT)
    assert found == Decimal(written)
    assert str(found).partition(".")[2] == f"{found:.2f}"[-2:]
    assert not found.is_signed()


@pytest.mark.parametrize(
    "value", [None, "860.00", True, Decimal("0.005"), Decimal("-0.01"), Decimal("10000000000"),
              Decimal("NaN"), Decimal("Infinity"), [Decimal(1)]]
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_never_rounded(value: Any) -> None:
    with pytest.raises(Refused) as refused:
        exact(value, WHAT)
    assert refused.value.findings[0].id == "payment.E001"


def test_amounts_are_read_as_statements_and_as_people_write_them() -> None:
    assert parsed("1234.50") == Decimal("1234.50")
    for wrong in ("1234.5", "1,234.50", "01.00", "-1.00", "1.00 ", "１.00", "1e2", ""):
        assert parsed(wrong) is None, wrong
    assert typed(" 1,234.5 元") == Decimal("1234.50")
    assert typed("20") == Decimal("20.00")
    for wrong in ("", "-1", "1.234", "1.", "½", "1e3"):
        assert typed(wrong) is None, wrong
    assert shown_amount(Decimal("1234.5")) == "1,234.50"


def line(number: str, amount: str = "1.00", transaction: str = "", kind: str = "payment") -> Line:
    return Line(kind, number, transaction or f"T{number}", Decimal(amount), AT)  # type: ignore[arg-type]


def test_a_statement_is_read_as_it_was_written() -> None:
    lines = (line("JF1"), line("TK1", "0.50", kind="refund"))
    assert read_statement(write_statement(lines)) == lines
    assert read_statement("\ufeff" + write_statement(lines).replace("\n", "\r\n")) == lines
    assert read_statement(write_statement(())) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "payment,JF1,T1,1.00",
        "payment,JF1,T1,1,2026-04-09T10:00:00+08:00",
        "payment,JF1,T1,-1.00,2026-04-09T10:00:00+08:00",
        "payment,JF1,T1,1.00,2026-04-09T10:00:00",
        "payment,JF1,T1,1.00,yesterday",
        "paid,JF1,T1,1.00,2026-04-09T10:00:00+08:00",
        "payment,,T1,1.00,2026-04-09T10:00:00+08:00",
        "payment,JF1,,1.00,2026-04-09T10:00:00+08:00",
        'payment,"JF1,T1,1.00,2026-04-09T10:00:00+08:00',
    ],
)
def test_a_statement_with_one_line_that_cannot_be_read_is_not_read_at_all(wrong: str) -> None:
    text = write_statement((line("JF0"),)) + wrong + "\n" + "payment,JF2,T2,1.00,no\n"
    with pytest.raises(Refused) as refused:
        read_statement(text, "day.csv")
    assert {each.id for each in refused.value.findings} == {"payment.E011"}
    places = [each.place for each in refused.value.findings]
    assert places[0] is not None
    assert (places[0].file, places[0].line >= 3) == ("day.csv", True)


@pytest.mark.parametrize("head", ["", "a,b", "number,kind,transaction,amount,at"])
def test_a_statement_with_another_head_is_refused(head: str) -> None:
    with pytest.raises(Refused) as refused:
        read_statement(head + "\n")
    assert refused.value.findings[0].id == "payment.E010"


def test_each_difference_is_named_once() -> None:
    ours = [
        line("1"),
        line("2"),
        line("3", "5.00"),
        line("4", transaction="A"),
        line("5"),
        line("9", kind="refund"),
    ]
    theirs = [
        line("1"),
        line("3", "6.00"),
        line("4", transaction="B"),
        line("5"),
        line("5"),
        line("6"),
        line("9", "2.00", kind="refund"),
    ]
    found = compare(ours, theirs)
    assert found.agreed == 2
    assert [(each.what, each.line.kind, each.line.number) for each in found.differences] == [
        ("missing there", "payment", "2"),
        ("amount", "payment", "3"),
        ("transaction", "payment", "4"),
        ("twice there", "payment", "5"),
        ("missing here", "payment", "6"),
        ("amount", "refund", "9"),
    ]
    assert (found.paid_here, found.paid_there) == (Decimal("9.00"), Decimal("11.00"))
    assert (found.refunded_here, found.refunded_there) == (Decimal("1.00"), Decimal("2.00"))


LINES = some.lists(
    some.builds(
        line,
        some.sampled_from("123"),
        some.sampled_from(["1.00", "2.00"]),
        some.sampled_from("AB"),
        some.sampled_from(["payment", "refund"]),
    ),
    max_size=8,
)


@given(LINES, LINES)
def test_every_line_of_both_books_stands_in_exactly_one_place(
    ours: list[Line], theirs: list[Line]
) -> None:
    found = compare(ours, theirs)
    here = sum(each.ours is not None for each in found.differences)
    there = sum(each.theirs is not None for each in found.differences)
    assert found.agreed + here == len(ours)
    assert found.agreed + there == len(theirs)
    assert all(each.ours != each.theirs for each in found.differences)


@given(LINES)
def test_equal_books_agree_whatever_their_order(ours: list[Line]) -> None:
    found = compare(ours, ours[::-1])
    assert (found.agreed, found.differences) == (len(ours), ())
