"""Decisions over a register: a fresh snapshot, whose columns have the types that are declared."""

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner

from xiangyun.domain.registers import actions
from xiangyun.domain.registers.tests.declared import AT, declare, firm
from xiangyun.faces.cli.eligible import eligible
from xiangyun.faces.cli.register import register
from xiangyun.faces.cli.tests.test_eligible_anything import pack, risk, with_decision
from xiangyun.site.main import cli

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
__all__ = ["pack"]  # a fixture
CHOSEN = ("--decision", "risk", "--group", "grade", "--sum", "share")


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()
    for code, capital, founded, since in [
        ("22E4567", "600000000.50", "2024-02-29", date(2024, 3, 1)),
        ("0012", "100", "2020-01-01", date(2020, 1, 1)),
        ("0013", "700000000", "2026-01-01", date(2026, 2, 1)),
    ]:
        data = firm(code, "样一", capital=capital, founded=founded, phone="13900000000")
        actions.record("firms", code, data, valid_from=since, source="test", at=AT)


def run(*arguments):
    return CliRunner().invoke(eligible, [str(each) for each in arguments])


def told(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def grades(found):
    return {each["grade"]: each["rows"] for each in found["items"][0]["groups"]}


def test_a_register_is_decided_as_of_a_day_without_a_word_about_columns(pack, tmp_path):
    with_decision(pack, risk())
    out = tmp_path / "out.parquet"
    arguments = (pack, "--register", "firms", *CHOSEN, "--out", out)
    found = told(*arguments, "--on", "2026-03-01")
    assert (found["rows"], grades(found)) == (3, {"A": 1, "D": 2})
    assert [each["county"] for each in found["counties"]] == [222404000000]
    rows = duckdb.sql(f"SELECT code, division, share FROM '{out}' ORDER BY 1").fetchall()
    assert rows == [
        ("0012", 222404000000, Decimal("0.01")),
        ("0013", 222404000000, Decimal("0.3")),
        ("22E4567", 222404000000, Decimal("0.3")),
    ]
    assert grades(told(*arguments, "--on", "2026-01-31")) == {"A": 1, "D": 1}


def test_a_snapshot_that_was_kept_knows_its_key_and_place(pack, tmp_path):
    with_decision(pack, risk())
    file = tmp_path / "firms.parquet"
    made = CliRunner().invoke(register, ["snapshot", "firms", str(file), "--as-of", "2026-03-01"])
    assert made.exit_code == 0, made.output
    found = told(pack, "--snapshot", file, *CHOSEN)
    assert (found["rows"], grades(found)) == (3, {"A": 1, "D": 2})


def test_sensitive_fields_are_not_there_to_be_decided_by(pack):
    with_decision(pack, risk())
    done = run(pack, "--register", "firms", *CHOSEN, "--column", "phone")
    assert done.exit_code == 1
    assert "population.E002" in done.output


def test_a_register_that_does_not_exist_is_refused_by_name(pack):
    with_decision(pack, risk())
    done = run(pack, "--register", "frims", *CHOSEN)
    assert done.exit_code != 0
    assert "register.E010" in done.output


def test_exactly_one_of_snapshot_and_register_is_named(pack):
    for arguments in ((), ("--register", "firms", "--snapshot", "x.parquet")):
        done = run(pack, *arguments)
        assert (done.exit_code, "--register" in done.output) == (2, True)


def test_only_a_register_needs_the_database(monkeypatch):
    """`--register NAME` starts the instance before the command is loaded; a file does not."""
    booted = []
    monkeypatch.setattr("xiangyun.site.start.boot", lambda stack: booted.append(True))
    for words, started in ((["--snapshot", "x"], False), (["--register=firms"], True)):
        monkeypatch.setattr("sys.argv", ["xiangyun", "eligible", "pack", *words])
        CliRunner().invoke(cli, ["eligible", "no/pack", *words])
        assert bool(booted) is started
