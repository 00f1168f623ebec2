"""The made-up population: the same for a seed, in real places, marked, of a believable age."""

from datetime import date

import pytest

from xiangyun.adapters.duck import duck, parquet
from xiangyun.domain.registers.sql import places, population
from xiangyun.domain.registers.tests.conftest import make

PRINT = "SELECT count(*), sum(hash(COLUMNS(*))::HUGEINT) FROM "


def test_one_seed_gives_the_same_persons_on_any_number_of_threads(tmp_path):
    prints = []
    for threads in (1, 2):
        with duck("500MB", threads=threads) as database:
            file = make(database, 150_000, 7, tmp_path / f"{threads}.parquet")
            prints.append(database.rows(PRINT + parquet(file)))
    assert prints[0] == prints[1]


def test_the_persons_of_a_seed_never_change(database, tmp_path):
    file = make(database, 1000, 1, tmp_path / "p.parquet")
    first = database.rows(f"SELECT * FROM {parquet(file)} WHERE person_id IN (0, 999) ORDER BY 1")
    assert [row[:6] for row in first] == [
        (0, 220102001001, date(2021, 5, 7), "male", "urban", "none"),
        (999, 222426201214, date(1961, 7, 11), "female", "rural", "none"),
    ]


def test_another_seed_gives_other_persons(database, tmp_path):
    one = make(database, 2000, 1, tmp_path / "1.parquet")
    other = make(database, 2000, 2, tmp_path / "2.parquet")
    assert database.rows(PRINT + parquet(one)) != database.rows(PRINT + parquet(other))


def test_everybody_lives_in_a_real_village_and_every_county_has_people(database, people):
    found = database.rows(f"SELECT DISTINCT division FROM {parquet(people)}")
    known = set(places.villages())
    assert {row[0] for row in found} <= known
    assert {places.county(row[0]) for row in found} == {places.county(code) for code in known}


def test_every_slot_belongs_to_a_village_and_no_village_is_empty():
    villages, first, last = population.slots(3)
    assert (first[0], last[-1]) == (0, population.SLOTS)
    assert first[1:] == last[:-1]
    assert all(one < other for one, other in zip(first, last, strict=True))
    assert villages == sorted(villages)


def test_nobody_could_be_taken_for_a_real_person(database, people):
    assert set(database.columns(people)) == set(population.COLUMNS)
    assert database.notes(people)["xiangyun.synthetic"] == "true"
    assert database.rows(f"SELECT bool_and(synthetic) FROM {parquet(people)}") == [(True,)]


@pytest.mark.parametrize(("years", "low", "high"), [(60, 0.24, 0.28), (80, 0.02, 0.035)])
def test_ages_are_those_of_an_old_province(database, people, years, low, high):
    born = date(2026 - years, 1, 1)
    sql = f"SELECT avg((birth_date <= DATE '{born}')::INTEGER) FROM {parquet(people)}"
    assert low < database.rows(sql)[0][0] < high


def test_nobody_is_born_after_the_day_of_the_snapshot(database, tmp_path):
    file = make(database, 50_000, 4, tmp_path / "p.parquet", on=date(2020, 2, 29))
    born = database.rows(f"SELECT max(birth_date), min(birth_date) FROM {parquet(file)}")[0]
    assert born[0] <= date(2020, 2, 29)
    assert born[1] > date(1913, 1, 1)


def test_women_grow_older_and_hardship_is_rarer_in_town(database, people):
    old = f"FROM {parquet(people)} WHERE birth_date < DATE '1950-01-01'"
    assert database.rows(f"SELECT avg((sex = 'male')::INTEGER) {old}")[0][0] < 0.47
    shares = database.rows(
        "SELECT residence, avg((hardship = 'minimum_living')::INTEGER) AS share"
        f" FROM {parquet(people)} GROUP BY 1 ORDER BY share"
    )
    assert [row[0] for row in shares] == ["urban", "rural"]


@pytest.mark.parametrize(
    ("within", "county"), [(2224, None), (222404, 222404), (222404000000, 222404)]
)
def test_persons_may_live_in_one_division_only(within, county):
    codes, first, last = population.slots(1, within)
    assert {code // 10**8 for code in codes} == {2224}
    assert county is None or {code // 10**6 for code in codes} == {county}
    assert (first[0], last[-1]) == (0, population.SLOTS)
