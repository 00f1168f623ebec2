"""The terms of credit repair are one: where dishonesty is determined and where it is repaired."""

from __future__ import annotations

import pytest

from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.pack.tests.shipped import files

TERMS = 'id="terms.'


def test_both_packs_say_the_same_terms_and_figures() -> None:
    determined, repaired = files("credit/dishonesty-finding"), files("credit/repair")
    assert determined["parameters.yaml"] == repaired["parameters.yaml"]

    def rows(rules: str) -> list[str]:
        return [line for line in rules.splitlines() if f"<rule {TERMS}" in line]

    assert len(rows(determined["rules.dmn"])) == 4
    assert rows(determined["rules.dmn"]) == rows(repaired["rules.dmn"])


@pytest.fixture(scope="module")
def repair() -> Pack:
    return read_pack(files("credit/repair"))


def test_thirty_dated_situations_stand_around_the_terms(repair: Pack) -> None:
    assert len(repair.examples) == 30
    rows = {row for each in repair.examples for _, fired in each.expected.findings for row in fired}
    assert {f"conditions.{each}" for each in ("early", "over", "unknown", "another")} < rows
