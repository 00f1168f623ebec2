"""Amounts as they stand in documents: with commas, and in capitals."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from xiangyun.kernel.packfile.amounts import money, money_in_words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("794958.9", "794,958.90"),
        ("0", "0.00"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("1234567890123.4", "1,234,567,890,123.40"),
    ],
)
def test_an_amount_has_commas_and_its_decimals(value: str, said: str) -> None:
    assert money(D(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("794958.90", "柒拾玖万肆仟玖佰伍拾捌元玖角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000001", "壹亿零壹元整"),
        ("1000010000", "壹拾亿零壹万元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角整"),
        ("0", "零元整"),
        ("-3", "负叁元整"),
        ("10000000000000000", ""),
    ],
)
def test_an_amount_in_capitals_reads_as_on_a_cheque(value: str, said: str) -> None:
    assert money_in_words(D(value)) == said
