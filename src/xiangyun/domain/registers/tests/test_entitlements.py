"""The run over everybody decides as one case is decided, and a reform's sums add up."""

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.adapters.duck import duck, parquet
from xiangyun.domain.registers.sql import entitlements, reforms, snapshots
from xiangyun.domain.registers.tests.conftest import ON, files_of
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import from_json, parse_expression
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import read_pack

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


def as_decided(pack, person):
    """What one case would say: {item: (amount, period, row)} of what fits."""
    given_ = {"person": from_json(person), "parameters": pack.parameters.on(ON)}
    found = {}
    for item in entitlements.items_of(pack):
        value = decide(pack.rules, item.code, given_, trace=False).value
        if value["eligible"]:
            found[item.code] = (value["amount"], value["period"], value["id"])
    return found


def as_run(database, pack, table, columns):
    """What the run says: {person: {item: (amount, period, row)}}."""
    source = snapshots.persons(table, columns, pack.rules, ON)
    sql = entitlements.entitled(source, entitlements.rulings(pack, ON))
    found = {}
    for person, _, item, amount, period, row in database.rows(sql):
        found.setdefault(person, {})[item] = (amount, period, row)
    return found


def with_age(row, columns):
    person = dict(zip(columns, row, strict=True))
    born = person.pop("birth_date")
    person["age"] = ON.year - born.year - ((born.month, born.day) > (ON.month, ON.day))
    return person


def test_the_run_decides_as_the_single_case_does(database, basic_services, people):
    names = sorted({*snapshots.columns_asked(basic_services.rules), "birth_date"} - {"age"})
    sample = database.rows(
        f"SELECT person_id, {', '.join(names)} FROM {parquet(people)}"
        " WHERE birth_date < DATE '1968-01-01' OR person_id % 40 = 0 ORDER BY hash(person_id)"
        " LIMIT 700"
    )
    run = as_run(database, basic_services, parquet(people), database.columns(people))
    for row in sample:
        decided = as_decided(basic_services, with_age(row[1:], names))
        assert run.get(row[0], {}) == decided


def test_it_does_so_for_nulls_and_values_no_register_should_hold(database, basic_services):
    chance = random.Random(4)
    persons = [
        {name: chance.choice(values) for name, (_, values) in COLUMNS.items()} for _ in range(900)
    ]
    kinds = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    database.run(f"CREATE TABLE odd (person_id INTEGER, division BIGINT, {kinds})")
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    for number, person in enumerate(persons):
        row = [number, 222404101201, *person.values()]
        database.run(f"INSERT INTO odd VALUES ({marks})", row)
    types = {"person_id": "INTEGER", "division": "BIGINT"}
    types |= {name: kind.replace(" ", "") for name, (kind, _) in COLUMNS.items()}
    run = as_run(database, basic_services, "odd", types)
    for number, person in enumerate(persons):
        assert run.get(number, {}) == as_decided(basic_services, person), person


def test_every_row_of_the_rules_fires_for_somebody_in_those(database, basic_services, people):
    run = as_run(database, basic_services, parquet(people), database.columns(people))
    fired = {row for rulings in run.values() for _, _, row in rulings.values()}
    assert len(fired) >= 22


@given(
    birth=st.dates(date(1900, 1, 1), date(2026, 12, 31))
    | st.sampled_from([date(1960, 2, 29), date(1966, 3, 1)]),
    on=st.dates(date(2024, 1, 1), date(2029, 12, 31))
    | st.sampled_from([date(2024, 2, 29), date(2026, 2, 28)]),
)
def test_age_counts_as_the_form_counts_it(birth, on):
    if birth > on:
        return
    feel = parse_expression("years and months duration(birth, on).years", ["birth", "on"])
    with duck("100MB", threads=1) as database:
        sql = snapshots._age(f"DATE '{birth}'", on)
        assert database.rows(f"SELECT {sql}")[0][0] == feel.evaluate({"birth": birth, "on": on})


def reform(changes):
    files = files_of("eldercare/basic-services")
    for key, old, new in changes:
        before, mark, rest = files["parameters.yaml"].partition(f"\n{key}:")
        assert mark
        files["parameters.yaml"] = before + mark + rest.replace(f"value: {old}", f"value: {new}", 1)
    return read_pack(files)


def compared(database, people, before, after):
    source = snapshots.persons(parquet(people), database.columns(people), before.rules, ON)
    pairs = reforms.touched(entitlements.rulings(before, ON), entitlements.rulings(after, ON))
    both = database.folder / "both.parquet"
    database.write(reforms.compared(source, pairs), both, {})
    by_county = database.rows(reforms.reformed(parquet(both), pairs))
    changes = database.rows(
        "SELECT item, count(*) FILTER (WHERE row_after NOT LIKE '%.not' AND"
        " (row_before LIKE '%.not' OR yearly_after > yearly_before)), count(*),"
        " sum(yearly_after - yearly_before)"
        f" FROM ({reforms.changed(parquet(both), pairs)}) GROUP BY 1"
    )
    return pairs, by_county, {item: rest for item, *rest in changes}


def test_a_reform_touches_only_what_it_changes(database, basic_services, people):
    after = reform([("allowance_month_80", 50, 80)])
    pairs, _, _ = compared(database, people, basic_services, after)
    assert [old.item.code for old, _ in pairs] == ["old_age_allowance"]


def test_a_reform_that_changes_nothing_touches_nothing(basic_services):
    same = entitlements.rulings(basic_services, ON)
    assert reforms.touched(same, entitlements.rulings(reform([]), ON)) == ()


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
        source = snapshots.persons(
            parquet(people), database.columns(people), basic_services.rules, day
        )
        pension = [
            each
            for each in entitlements.rulings(basic_services, day)
            if each.item.code == "resident_pension"
        ]
        sql = f"SELECT DISTINCT amount FROM ({entitlements.entitled(source, pension)})"
        assert database.rows(sql) == [(Decimal(amount),)]


def test_a_snapshot_without_a_column_is_refused_by_name(basic_services):
    types = {"person_id": "BIGINT", "division": "BIGINT", "age": "SMALLINT"}
    with pytest.raises(Refused) as refused:
        snapshots.persons("t", types, basic_services.rules, ON)
    (finding,) = refused.value.findings
    assert finding.id == "register.E002"
    assert "homeless" in finding.message.en


def test_a_pack_without_items_is_refused():
    pack = read_pack(files_of("market/company-registration"))
    with pytest.raises(Refused) as refused:
        entitlements.items_of(pack)
    assert refused.value.findings[0].id == "register.E001"


@pytest.mark.parametrize(
    ("column", "type_"),
    [("monthly_income", "DOUBLE"), ("division", "VARCHAR"), ("birth_date", "VARCHAR")],
)
def test_a_column_of_another_kind_is_refused(database, basic_services, people, column, type_):
    columns = {**database.columns(people), column: type_}
    with pytest.raises(Refused) as refused:
        snapshots.persons("t", columns, basic_services.rules, ON)
    (finding,) = refused.value.findings
    assert finding.id == "register.E003"
    assert column in finding.message.en
