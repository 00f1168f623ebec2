"""The run over everybody decides as one case is decided, and a reform's sums add up."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xiangyun.adapters.duck import parquet
from xiangyun.adapters.engines.duckdb import DuckEngine
from xiangyun.domain.registers.sql import entitlements, reforms
from xiangyun.domain.registers.sql.interpreted import interpreted
from xiangyun.domain.registers.sql.snapshots import Run
from xiangyun.domain.registers.sql.tables import Table
from xiangyun.domain.registers.tests.conftest import ON, files_of
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import read_pack
from xiangyun.kernel.projection import Population

COLUMNS = {
    "age": ("SMALLINT", [0, 54, 55, 59, 60, 64, 65, 79, 80, 89, 90, 99, 100, 200, None]),
    "sex": ("VARCHAR", ["male", "female", "other", None]),
    "residence": ("VARCHAR", ["urban", "rural", None]),
    "hardship": ("VARCHAR", ["none", "marginal", "minimum_living", "destitute", "?", None]),
    "monthly_income": ("DECIMAL(9, 2)", [Decimal("0.01"), Decimal("479.99"), Decimal(5000), None]),
    "ability_level": ("TINYINT", [0, 1, 2, 3, 4, 9, None]),
    "living": (
        "VARCHAR",
        ["with_family", "alone", "empty_nest", "left_behind", "institution", None],
    ),
    "disability_grade": ("TINYINT", [0, 1, 2, 3, 4, None]),
    "insured": ("VARCHAR", ["employee", "resident", "none", None]),
    "special_family": ("BOOLEAN", [True, False, None]),
    "special_merit": ("BOOLEAN", [True, False, None]),
    "homeless": ("BOOLEAN", [True, False, None]),
}


def planned(database, pack, source=None, on=ON, population=None, table=None, more=()):
    """The prepared rows in the database, and a plan for each version of the pack."""
    engine = DuckEngine(database)
    table = table or engine.table(str(source))
    run = Run(table, "duckdb", on, {}, "Asia/Shanghai")
    query, plans = entitlements.planned([pack, *more], population or pack.population, run)
    return engine.keep("prepared", query, nobody), plans


def nobody(share):
    pass


def as_run(database, prepared, plan):
    """What the run says: {person: {item: {column: value}}}."""
    listed = entitlements.listed(plan, prepared, database.described)
    names = list(database.described(listed))
    found = {}
    for row in database.rows(listed):
        values = dict(zip(names, row, strict=True))
        kept = {name: values[name] for name in plan.rulings[0].kept}
        items = found.setdefault(values[plan.population.key], {})
        items.setdefault(values["item"], []).append(kept)
    return found


def rows_of(database, query):
    names = list(database.described(query))
    return [dict(zip(names, row, strict=True)) for row in database.rows(query)]


def test_the_run_decides_as_the_single_case_does(database, basic_services, people):
    prepared, (plan,) = planned(database, basic_services, people)
    run = as_run(database, prepared, plan)
    sample = rows_of(
        database,
        f"SELECT * FROM {parquet(people)}"
        " WHERE birth_date < DATE '1968-01-01' OR person_id % 40 = 0 ORDER BY hash(person_id)"
        " LIMIT 500",
    )
    for row in sample:
        assert run.get(row["person_id"], {}) == interpreted(plan, row)


def test_it_does_so_for_nulls_and_values_no_register_should_hold(database, basic_services):
    chance = random.Random(4)
    persons = [
        {name: chance.choice(values) for name, (_, values) in COLUMNS.items()} for _ in range(600)
    ]
    kinds = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    database.run(f"CREATE TABLE odd (person_id INTEGER, division BIGINT, {kinds})")
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    for number, person in enumerate(persons):
        row = [number, 222404101201, *person.values()]
        database.run(f"INSERT INTO odd VALUES ({marks})", row)
    odd = Table("odd", database.described("SELECT * FROM odd"))
    prepared, (plan,) = planned(database, basic_services, table=odd)
    run = as_run(database, prepared, plan)
    for number, person in enumerate(persons):
        assert run.get(number, {}) == interpreted(plan, person), person


def test_every_row_of_the_rules_fires_for_somebody_in_those(database, basic_services, people):
    prepared, (plan,) = planned(database, basic_services, people)
    run = as_run(database, prepared, plan)
    fired = {kept["row"] for items in run.values() for all_ in items.values() for kept in all_}
    assert len(fired) >= 22


def reform(changes):
    files = files_of("eldercare/basic-services")
    for key, old, new in changes:
        before, mark, rest = files["parameters.yaml"].partition(f"\n{key}:")
        assert mark
        files["parameters.yaml"] = before + mark + rest.replace(f"value: {old}", f"value: {new}", 1)
    return read_pack(files)


def compared(database, people, before, after):
    prepared, (old_plan, new_plan) = planned(database, before, people, more=[after])
    pairs = reforms.touched(old_plan.rulings, new_plan.rulings)
    query = reforms.compared(old_plan, pairs, prepared, database.described)
    both = DuckEngine(database).keep("both", query, nobody)
    by_county = database.rows(reforms.reformed(old_plan, both, pairs))
    changes = database.rows(
        "SELECT item, count(*) FILTER (WHERE row_after NOT LIKE '%.not' AND"
        " (row_before LIKE '%.not' OR yearly_after > yearly_before)), count(*),"
        " sum((CASE WHEN row_after LIKE '%.not' THEN 0 ELSE yearly_after END)"
        " - (CASE WHEN row_before LIKE '%.not' THEN 0 ELSE yearly_before END))"
        f" FROM ({reforms.changed(old_plan, both, pairs)}) GROUP BY 1"
    )
    return pairs, by_county, {item: rest for item, *rest in changes}


def test_a_reform_touches_only_what_it_changes(database, basic_services, people):
    after = reform([("allowance_month_80", 50, 80)])
    pairs, _, _ = compared(database, people, basic_services, after)
    assert [old.item.code for old, _ in pairs] == ["old_age_allowance"]


def test_a_reform_that_changes_nothing_touches_nothing(database, basic_services, people):
    _, (one, other) = planned(database, basic_services, people, more=[reform([])])
    assert reforms.touched(one.rulings, other.rulings) == ()


def test_a_reforms_sums_are_those_of_the_persons_it_names(database, basic_services, people):
    after = reform([("advanced_age", 80, 75), ("nursing_month_3", 80, 10)])
    pairs, by_county, named = compared(database, people, basic_services, after)
    assert len(by_county) == 69
    for number, (old, _) in enumerate(pairs):
        start = 1 + 4 * number
        gain, lose, before, cost = (sum(row[start + at] for row in by_county) for at in range(4))
        gained, all_, difference = named[old.item.code]
        assert (gain, gain + lose, cost - before) == (gained, all_, difference)


def test_reform_and_way_back_are_mirror_images(database, basic_services, people):
    after = reform([("advanced_age", 80, 75), ("nursing_month_3", 80, 10)])
    there = sorted(compared(database, people, basic_services, after)[1])
    back = sorted(compared(database, people, after, basic_services)[1])
    for one, other in zip(there, back, strict=True):
        for start in range(1, len(one) - 2, 4):
            gain, lose, before, cost = one[start : start + 4]
            assert other[start : start + 4] == (lose, gain, cost, before)
        assert one[-2:] == other[-2:][::-1]


def test_earlier_age_costs_what_the_new_entitlements_cost(database, basic_services, people):
    """Written out by hand: everybody from 75 to 79 gains 50 yuan a month, nobody else moves."""
    after = reform([("advanced_age", 80, 75)])
    pairs, by_county, _ = compared(database, people, basic_services, after)
    number = [old.item.code for old, _ in pairs].index("old_age_allowance")
    start = 1 + 4 * number
    gain, lose, before, cost = (sum(row[start + at] for row in by_county) for at in range(4))
    between = "birth_date > DATE '1946-01-01' AND birth_date <= DATE '1951-01-01'"
    aged = database.rows(f"SELECT count(*) FROM {parquet(people)} WHERE {between}")[0][0]
    assert (gain, lose, cost - before) == (aged, 0, aged * 50 * 12)


def test_figures_of_the_day_decide(database, basic_services, people):
    """The basic pension rose from 123 to 143 yuan with 2025."""
    for day, amount in ((date(2024, 12, 31), 123), (date(2025, 1, 1), 143)):
        pension = replace(basic_services.population, decisions=("resident_pension",))
        prepared, (plan,) = planned(database, basic_services, people, day, pension)
        listed = entitlements.listed(plan, prepared, database.described)
        assert database.rows(f"SELECT DISTINCT amount FROM ({listed})") == [(Decimal(amount),)]


def refused(pack, columns, population=None):
    run = Run(Table("t", columns), "duckdb", ON, {}, "Asia/Shanghai")
    with pytest.raises(Refused) as caught:
        entitlements.planned([pack], population or pack.population, run)
    return caught.value.findings


def test_a_snapshot_without_a_column_is_refused_by_name(basic_services):
    types = {"person_id": "BIGINT", "division": "BIGINT", "age": "SMALLINT"}
    (finding,) = refused(basic_services, types)
    assert finding.id == "register.E002"
    assert "homeless (person.homeless)" in finding.message.en


def test_a_pack_that_does_not_say_what_to_decide_is_refused_with_its_decisions():
    pack = read_pack(files_of("market/company-registration"))
    findings = refused(pack, {"code": "VARCHAR"}, Population(key="code"))
    assert [each.id for each in findings] == ["register.E001"]
    assert "capital_findings" in findings[0].hint.en


@pytest.mark.parametrize(
    ("column", "type_"),
    [("monthly_income", "DOUBLE"), ("division", "DATE"), ("birth_date", "VARCHAR"),
     ("sex", "VARCHAR[]"), ("insured", "BOOLEAN")],
)  # fmt: skip
def test_a_column_of_another_kind_is_refused(database, basic_services, people, column, type_):
    columns = {**database.columns(people), column: type_}
    findings = refused(basic_services, columns)
    assert {each.id for each in findings} <= {"register.E003", "dmn.E030"}
    assert column in findings[0].message.en
