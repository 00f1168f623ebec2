"""`xiangyun match`: pairs with reasons, from tables as people have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xiangyun.faces.cli.match import match

PACK = Path(__file__).parents[5] / "packs" / "finance" / "sme-financing"
OFFERS = """code,name,most,months,rate,years,tax_grade,prefecture,industry,unsecured,until
P-1,a,1000000,12,3.45,2,4,,,true,2027-12-31
P-2,b,300000,24,3.1,1,3,2224,,false,2027-12-31
"""
DEMANDS = """code,amount,months,most_rate,years,tax_grade,prefecture,industry,security,wanted_on
W-1,200000,12,4.5,3,4,2224,C,true,2026-12-01
W-2,900000,36,,,4,2201,C,false,2026-12-01
"""


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    (tmp_path / "offers.csv").write_text(OFFERS, "utf-8")
    (tmp_path / "demands.csv").write_text(DEMANDS, "utf-8")
    return ["--offers", str(tmp_path / "offers.csv"), "--demands", str(tmp_path / "demands.csv")]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(match, [str(PACK), *arguments])


def _json(*arguments: str) -> list[dict[str, Any]]:
    ran = _run(*arguments, "--json")
    assert ran.exit_code == 0, ran.output
    found: list[dict[str, Any]] = json.loads(ran.output)
    return found


def test_the_best_are_listed_with_what_they_meet(tables: list[str]) -> None:
    found = _json(*tables)
    assert [(each["offer"], each["demand"], each["rank"]) for each in found] == [
        ("P-2", "W-1", 1),
        ("P-1", "W-1", 2),
    ]
    assert all(each["fits"] and len(each["met"]) == 9 for each in found)
    assert len(_json(*tables, "--best", "1")) == 1


def test_one_pair_says_what_would_have_to_change(tables: list[str]) -> None:
    [found] = _json(*tables, "--pair", "P-2", "W-2")
    assert [each["row"] for each in found["unmet"]] == [
        "amount",
        "months",
        "years",
        "place",
        "security",
    ]
    ran = _run(*tables, "--pair", "P-2", "W-2")
    assert "把期限从 36 个月减到 24 个月以内" in ran.output


def test_who_never_fits_is_told_with_what_hinders_most(tables: list[str]) -> None:
    [found] = _json(*tables, "--fairness")
    assert (found["demand"], found["partners"], found["nearest"]) == ("W-2", 2, 2)
    assert [(each["row"], each["of"]) for each in found["why"]][:2] == [("months", 2), ("years", 2)]
    assert not _json(*tables, "--fairness", "--for", "offers")


def test_the_statement_is_printed_and_nothing_is_read() -> None:
    ran = _run("--sql", "postgres")
    assert ran.exit_code == 0
    assert ran.output.startswith("SELECT offer, demand FROM")


def test_a_key_that_is_not_there_and_a_table_that_lacks_a_column_are_refused(
    tables: list[str], tmp_path: Path
) -> None:
    ran = _run(*tables, "--pair", "P-9", "W-2")
    assert (ran.exit_code, "matching.E009" in ran.output) == (2, True)
    (tmp_path / "offers.csv").write_text("code\nP-1\n", "utf-8")
    assert _run(*tables).exit_code == 1
