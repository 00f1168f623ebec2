"""Chassis numbers: known ones, one character wrong, and letters that never stand there."""

from __future__ import annotations

import pytest

from xiangyun.kernel.codes import vin
from xiangyun.kernel.findings import Refused


@pytest.mark.parametrize(
    "code",
    [
        "1M8GDM9AXKP042788",
        "11111111111111111",
        "ｌｘｙ0000a6t0000001",
        vin.EXAMPLE,
        vin.make("LSV", "AB218", "H2184201"),
    ],
)
def test_a_number_with_its_check_character_is_right(code: str) -> None:
    assert vin.problem(code) is None


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("", "code.E060"),
        ("LXY0000A6T000001", "code.E060"),
        ("LXY0000A6T0O00001", "code.E061"),
        ("LXY0000A6T00000I1", "code.E061"),
        ("LXY0000A6T000000A", "code.E062"),
        ("LXY0000A6T0000010", "code.E063"),
        ("LXY0000A7T0000001", "code.E063"),
    ],
)
def test_what_is_wrong_is_said(code: str, found: str) -> None:
    wrong = vin.problem(code)
    assert wrong is not None
    assert wrong.id == found


def test_every_single_wrong_character_is_found_but_those_that_count_alike() -> None:
    missed = 0
    for at, right in enumerate(vin.EXAMPLE):
        for char in "0123456789" if at > 12 else vin.ALPHABET:
            if char == right or at == 8:
                continue
            changed = vin.EXAMPLE[:at] + char + vin.EXAMPLE[at + 1 :]
            missed += vin.problem(changed) is None
    # Letters and digits of one value (A, J and 1) cannot be told apart by the sum.
    assert missed < 60


def test_a_number_is_taken_apart_and_a_wrong_one_refused() -> None:
    parts = vin.parse(vin.EXAMPLE)
    assert (parts.maker, parts.description, parts.vehicle) == ("LXY", "0000A6", "T0000001")
    assert vin.make("LXY", "0000A", "T0000001") == vin.EXAMPLE
    with pytest.raises(Refused):
        vin.parse("LXY")
    with pytest.raises(ValueError, match="chassis"):
        vin.make("LXY", "0000A", "T000000A")
