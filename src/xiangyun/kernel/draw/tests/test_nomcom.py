"""The general selection of RFC 3797 section 6 comes out to the digit."""

from decimal import Decimal

import pytest

from xiangyun.kernel.draw.nomcom import digests, key_of, select_from

SOURCES = ["9319", [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]
KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"


def test_the_key_of_the_memo_comes_out():
    assert key_of(SOURCES) == KEY


def test_the_digests_and_the_selection_of_the_memo_come_out():
    assert digests(KEY, 10)[0] == "990DD0A5692A029A98B5E01AA28F3459"
    assert digests(KEY, 10)[9] == "31CB111C4A4EBE9287CEAE16FE51B909"
    assert select_from(25, KEY, 10) == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]


def test_numbers_are_sorted_as_numbers_and_fractions_lose_trailing_zeros():
    assert key_of([[45, 9, 100], 7, "007"]) == "9.45.100./7./7./"
    assert key_of([[Decimal("12.50"), Decimal("3.25")]]) == "12.53.25/"
    assert key_of(["W 4-1"]) == "W 4-1./"


def test_more_than_the_pool_has_cannot_be_selected():
    assert sorted(select_from(3, KEY, 3)) == [1, 2, 3]
    with pytest.raises(ValueError, match="4 of a pool of 3"):
        select_from(3, KEY, 4)
    with pytest.raises(ValueError, match="70000"):
        select_from(70000, KEY, 4)
