"""Matchings: one pair with reasons, and all pairs by one statement of the same meaning."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to draw offers and demands
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from xiangyun.kernel.dmn.sql import rows_sql
from xiangyun.kernel.matching import Matching, checked_matching, judge
from xiangyun.kernel.matching.fitting import Fitting
from xiangyun.kernel.matching.judging import judge_by_decision, spoken_of
from xiangyun.kernel.matching.quick import quick_rows
from xiangyun.kernel.matching.statement import (
    Tables,
    best_sql,
    fairness_sql,
    pairs_sql,
    preferences_sql,
)
from xiangyun.kernel.pack import Known, check_pack, read_contents
from xiangyun.kernel.pack.tests.shipped import files

FILES = {  # of the pack only what is matched: its service leans on others
    path: text
    for path, text in files("finance/sme-financing").items()
    if path.startswith(("matchings/", "registers/loan_product", "registers/financing_"))
}
YAML, DMN = "matchings/loan.yaml", "matchings/loan.dmn"
MATCHING: Matching = next(
    each.value for each in read_contents(FILES).declarations if each.kind == "matching"
)
GOOD_OFFER: dict[str, Any] = {
    "most": Decimal(300),
    "months": Decimal(12),
    "rate": Decimal("3.10"),
    "years": Decimal(1),
    "tax_grade": Decimal(3),
    "prefecture": None,
    "industry": None,
    "unsecured": True,
    "until": date(2027, 1, 1),
}
GOOD_DEMAND: dict[str, Any] = {
    "amount": Decimal(200),
    "months": Decimal(6),
    "most_rate": None,
    "years": Decimal(2),
    "tax_grade": Decimal(4),
    "prefecture": "2224",
    "industry": "C",
    "security": False,
    "wanted_on": date(2026, 6, 1),
}
_TYPES = {Decimal: "DECIMAL(18, 3)", bool: "BOOLEAN", date: "DATE", str: "VARCHAR"}


def _type(name: str, value: object) -> type:
    """The type of a field's values, also where its good value is none."""
    return (Decimal if name == "most_rate" else str) if value is None else type(value)


def _drawn(rng: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Some offers and demands, with every value missing now and then, and many at the limit."""

    def maybe(value: object) -> Any:
        return None if rng.random() < 0.08 else value

    day = date(2026, 12, 1)

    def one(good: dict[str, Any]) -> dict[str, Any]:
        kinds: dict[type, Any] = {
            Decimal: lambda: Decimal(rng.randint(1, 4)),
            bool: lambda: rng.random() < 0.7,
            date: lambda: day + timedelta(days=rng.randint(-1, 1)),
        }
        made = {}
        for name, value in good.items():
            make = kinds.get(_type(name, value), lambda: rng.choice(["2224", "2201", None, None]))
            made[name] = value if rng.random() < 0.5 else maybe(make())
        return made

    return [one(GOOD_OFFER) for _ in range(40)], [one(GOOD_DEMAND) for _ in range(60)]


def _filled(
    offers: list[dict[str, Any]], demands: list[dict[str, Any]]
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, rows, good in (("offers", offers, GOOD_OFFER), ("demands", demands, GOOD_DEMAND)):
        columns = [f'"{key}" {_TYPES[_type(key, value)]}' for key, value in good.items()]
        connection.execute(f"CREATE TABLE {name} (code VARCHAR, {', '.join(columns)})")
        marks = ", ".join("?" * (len(good) + 1))
        connection.executemany(
            f"INSERT INTO {name} VALUES ({marks})",
            [[f"{name}{at:03}", *row.values()] for at, row in enumerate(rows)],
        )
    return connection


TABLES = Tables("offers", "demands")


def test_all_pairs_of_the_statement_are_those_that_are_judged_to_fit_one_by_one() -> None:
    offers, demands = _drawn(random.Random(19))
    judged = {
        (f"offers{a:03}", f"demands{b:03}")
        for a, offer in enumerate(offers)
        for b, demand in enumerate(demands)
        if judge(MATCHING, offer, demand).fits
    }
    found = set(_filled(offers, demands).execute(pairs_sql(MATCHING, TABLES)).fetchall())
    assert found == judged
    assert 20 < len(judged) < 1500


def test_partners_are_ordered_as_declared_and_then_by_their_keys() -> None:
    cheap = GOOD_OFFER | {"rate": Decimal("2.5")}
    connection = _filled([GOOD_OFFER, cheap, GOOD_OFFER, cheap], [GOOD_DEMAND])
    rows = connection.execute(best_sql(MATCHING, TABLES, "demands", 3)).fetchall()
    assert [(offer[-1], rank) for offer, _, rank in rows] == [("1", 1), ("3", 2), ("0", 3)]


def test_each_side_has_an_order_of_its_own() -> None:
    large = GOOD_DEMAND | {"amount": Decimal(300)}
    connection = _filled([GOOD_OFFER], [GOOD_DEMAND, large])
    rows = connection.execute(best_sql(MATCHING, TABLES, "offers", 5)).fetchall()
    assert [demand[-1] for _, demand, _ in rows] == ["1", "0"]


def test_fairness_counts_what_hinders_each_record_and_how_near_its_nearest_partner_is() -> None:
    offers, demands = _drawn(random.Random(20))
    rows = _filled(offers, demands).execute(fairness_sql(MATCHING, TABLES, "demands")).fetchall()
    assert len(rows) == len(demands)
    for (_, partners, fitting, least, *hindered), demand in zip(rows, demands, strict=True):
        judged = [judge(MATCHING, offer, demand) for offer in offers]
        assert (partners, fitting) == (len(offers), sum(each.fits for each in judged))
        assert least == min(len(each.unmet) for each in judged)
        counted = [
            sum(reason.row == row for each in judged for reason in each.unmet)
            for row in range(1, len(hindered) + 1)
        ]
        assert hindered == counted


def test_an_unmet_requirement_says_in_both_languages_what_would_have_to_change() -> None:
    judged = judge(MATCHING, GOOD_OFFER, GOOD_DEMAND | {"amount": Decimal("400.00")})
    [reason] = judged.unmet
    assert (reason.row_id, reason.row) == ("amount", 1)
    assert reason.change.zh == "把金额从 400 元减到 300 元以内"
    assert reason.change.en == "Ask for 300 yuan or less, not 400"
    assert len(judged.met) == len(MATCHING.table.rules) - 1


def test_a_value_that_nobody_knows_meets_no_requirement() -> None:
    judged = judge(MATCHING, GOOD_OFFER, {})
    assert {each.row_id for each in judged.unmet} == {"amount", "months", "years", "tax", "open"}


def test_a_requirement_of_no_pair_is_told_by_the_names_of_the_fields() -> None:
    register = next(
        each.value for each in read_contents(FILES).declarations if each.code == "loan_product"
    )
    names = {"product": {field.name: field.words for field in register.fields}}
    said = spoken_of(MATCHING, 2, names)
    assert said.zh == "期限不超过 “最长期限（月）” 个月"
    assert "{" not in said.en


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_both_databases_are_asked_every_requirement(dialect: Any) -> None:
    sql = pairs_sql(MATCHING, Tables('"o"', '"d"', dialect))
    rows = rows_sql(MATCHING.model, MATCHING.decision, dialect, told_apart=False)
    assert len(rows) == len(MATCHING.table.rules)
    assert all(f"({row})" in sql for row in rows)


def _faults(yaml: str | None = None, dmn: str | None = None) -> set[str]:
    _, findings = checked_matching(yaml or FILES[YAML], dmn or FILES[DMN], YAML)
    return {each.id for each in findings if each.severity == "error"}


@pytest.mark.parametrize(
    ("id", "file", "old", "new"),
    [
        ("matching.E002", YAML, "decision: requirements", "decision: requirement"),
        ("matching.E002", YAML, "by: rate", "by: rates"),
        ("matching.E003", YAML, "decision: requirements", "decision: rate"),
        ("matching.E003", DMN, ' aggregation="COUNT"', ""),
        ("matching.E004", YAML, "as: wish", "as: wishes"),
        ("matching.E005", YAML, "as: wish", "as: wishes"),
        ("matching.E006", YAML, "as: wish", "as: product"),
        ("matching.E007", DMN, "提供抵押</text>", "</text>"),
    ],
)
def test_a_fault_of_a_matching_is_found(id: str, file: str, old: str, new: str) -> None:
    assert not _faults()
    assert old in FILES[file]
    changed = FILES[file].replace(old, new)
    assert id in (_faults(yaml=changed) if file == YAML else _faults(dmn=changed))


def test_a_matching_without_its_decision_is_told() -> None:
    _, findings = checked_matching(FILES[YAML], None, YAML)
    assert "matching.E001" in {each.id for each in findings}


@pytest.mark.parametrize(
    ("id", "file", "old", "new"),
    [
        ("pack.E240", YAML, "register: loan_product", "register: loan_products"),
        (
            "pack.E241",
            YAML,
            "key: code\n  ranking:                               # a bank",
            "key: name\n  ranking: # a bank",
        ),
        ("pack.E241", "registers/loan_product.yaml", "{name: unsecured,", "{name: secured,"),
        (
            "pack.E242",
            "registers/loan_product.yaml",
            "name: years, type: integer",
            "name: years, type: text",
        ),
        ("matching.E008", YAML, "unmet: [amount, months]", "unmet: [amount]"),
    ],
)
def test_what_does_not_go_with_the_registers_or_examples_is_found(
    id: str, file: str, old: str, new: str
) -> None:
    assert old in FILES[file]
    # Departments and roles lie elsewhere: only what this pack declares is judged.
    known = Known(whole=True)
    codes = {each.id for each in check_pack(FILES, "finance/sme-financing", known)}
    assert id not in codes
    changed = FILES | {file: FILES[file].replace(old, new)}
    assert id in {each.id for each in check_pack(changed, "finance/sme-financing", known)}


def test_reasons_of_fitting_pairs_are_those_of_the_decision() -> None:
    fitting = Fitting(MATCHING)
    offers, demands = _drawn(random.Random(7))
    fit = [(o, d) for o in offers for d in demands if judge(MATCHING, o, d).fits]
    assert fit
    for offer, demand in (*fit, *fit):  # composed, and then kept
        assert fitting.judged(offer, demand) == judge(MATCHING, offer, demand)


def test_what_both_sides_look_at_is_in_the_order_of_each() -> None:
    offers, demands = _drawn(random.Random(11))
    database = _filled(offers, demands)
    every = database.execute(preferences_sql(MATCHING, TABLES, 10_000)).fetchall()
    fitting = database.execute(pairs_sql(MATCHING, TABLES)).fetchall()
    assert sorted(row[:2] for row in every) == sorted(fitting)
    few = database.execute(preferences_sql(MATCHING, TABLES, 2)).fetchall()
    assert few == [row for row in every if row[2] <= 2]
    for side, place in (("demands", 2), ("offers", 3)):
        best = database.execute(best_sql(MATCHING, TABLES, side, 10_000)).fetchall()
        assert {(row[0], row[1], row[place]) for row in every} == set(best)
    database.execute(
        "CREATE TABLE named AS SELECT 'offers001' AS offer, code AS demand FROM demands"
    )
    named = database.execute(preferences_sql(MATCHING, TABLES, 0, "named")).fetchall()
    assert named == [row for row in every if row[0] == "offers001"]


def test_the_short_way_and_the_decision_itself_agree_on_every_pair() -> None:
    rng = random.Random(31)
    fitting = odd = 0
    for _ in range(12):
        offers, demands = _drawn(rng)
        for offer in offers:
            for demand in demands:
                if rng.random() < 0.05:  # a value of another kind, or none at all
                    name = rng.choice(sorted(demand))
                    demand[name] = rng.choice(["x", Decimal(1), True, None, [Decimal(1)]])
                    odd += 1
                short, plain = (
                    judge(MATCHING, offer, demand),
                    judge_by_decision(MATCHING, offer, demand),
                )
                assert (short.fits, short.met, short.unmet) == (
                    plain.fits,
                    plain.met,
                    plain.unmet,
                )
                fitting += short.fits
    assert fitting
    assert odd


@pytest.mark.parametrize(
    ("expression", "short"),
    [
        ("wish.amount &lt;= product.most", True),
        ("not(wish.amount &gt; product.most) and wish.amount != null", True),
        ('contains("2201、2224", wish.prefecture) or product.prefecture = null', True),
        ("wish.amount * 1 &lt;= product.most", True),
    ],
)
def test_rows_of_any_expression_are_judged_as_the_decision_does(
    expression: str, short: bool
) -> None:
    given = {**FILES, DMN: FILES[DMN].replace("wish.amount &lt;= product.most", expression)}
    matching: Matching = next(
        each.value for each in read_contents(given).declarations if each.kind == "matching"
    )
    assert (quick_rows(matching) is not None) is short
    rng = random.Random(8)
    offers, demands = _drawn(rng)
    for offer in offers:
        for demand in demands:
            found, plain = (way(matching, offer, demand) for way in (judge, judge_by_decision))
            assert (found.met, found.unmet) == (plain.met, plain.unmet)
