"""A made-up population for trying rules on: real villages, invented persons (虚构).

Ages follow the shape of a north-eastern province of the 2020s, with about a quarter of 60 and
older. Neither that shape, nor the sizes of counties, nor any rate here is a statistic: they are
plausible assumptions, and every row says `synthetic`. There are no names and no identity numbers.

The whole is one SQL statement over a range of numbers. Chance comes from an integer hash of the
person's number and the seed, so that one seed gives the same persons with every version of the
database, in any order and on any number of threads.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import accumulate

from .places import villages

SIZE = 23_000_000
_UNKNOWN = 200
"""Tens of thousands of persons of a prefecture that nothing is known of."""
SLOTS = 1 << 20
"""A person's number picks a slot, a slot belongs to a village."""

_COMMUNITY, _VILLAGE = 3.0, 1.0
"""How many more persons a city community (001 to 199) has than a village (200 and up)."""

# (first age, last age + 1, share in percent) of five-year groups.
_AGES = (
    *((0, 5, 2.8), (5, 10, 3.9), (10, 15, 4.6), (15, 20, 4.6), (20, 25, 4.7)),
    *((25, 30, 5.3), (30, 35, 7.2), (35, 40, 8.3), (40, 45, 7.4), (45, 50, 7.5)),
    *((50, 55, 8.7), (55, 60, 9.0), (60, 65, 8.6), (65, 70, 6.6), (70, 75, 5.0)),
    *((75, 80, 2.9), (80, 85, 1.6), (85, 90, 0.8), (90, 95, 0.28), (95, 100, 0.055)),
    (100, 106, 0.006),
)

COLUMNS = (
    *("person_id", "division", "birth_date", "sex", "residence", "hardship", "monthly_income"),
    *("ability_level", "living", "disability_grade", "insured", "special_family"),
    *("special_merit", "homeless", "synthetic"),
)
"""Columns of a person's snapshot; all but the last are what a rule may ask for."""

_HASHES = "abcdefg"
_MASK = 2**32 - 1


SLOTS_SQL = """
CREATE TEMP TABLE slots AS
SELECT unnest(range(first, last))::INTEGER AS slot, village, village % 1000 < 200 AS community
FROM (SELECT unnest($1::BIGINT[]) AS village, unnest($2::INTEGER[]) AS first,
  unnest($3::INTEGER[]) AS last)"""
"""The table that `population_sql` reads, from the three lists of `slots`."""


def slots(seed: int, within: int | None = None) -> tuple[list[int], list[int], list[int]]:
    """Villages in the order of their codes, the first slot of each, and the one after its last.

    The villages are those of a division, or all there are. A village has slots by its share: of
    the prefecture's, by kind, and by chance a half more or less.
    """
    codes = villages(within)
    weights = [_weight(code, seed) for code in codes]
    of_prefecture: dict[int, float] = {}
    for code, weight in zip(codes, weights, strict=True):
        of_prefecture[code // 10**8] = of_prefecture.get(code // 10**8, 0.0) + weight
    known = prefectures()
    shares = [
        weight * known.get(code // 10**8, _UNKNOWN) / of_prefecture[code // 10**8]
        for code, weight in zip(codes, weights, strict=True)
    ]
    ends = [round(passed / sum(shares) * SLOTS) for passed in accumulate(shares)]
    return codes, [0, *ends[:-1]], ends


def population_sql(size: int, seed: int, on: date) -> str:
    """The persons as a query over the table `slots(slot, village, community)`.

    `on` is the day of the snapshot: ages are ages on that day.
    """
    return f"""
WITH placed AS (
  SELECT n, village, community
  FROM (SELECT n, (n * {SLOTS} // {size})::INTEGER AS slot FROM range({size}) AS r(n))
  JOIN slots USING (slot)),
mixed AS ({_mixed(seed)}),
drawn AS (
  SELECT n, village, community, a / {2.0**32} AS at_age,
    {", ".join(_draws())}
  FROM mixed),
aged AS (
  SELECT *, {_age()} AS years FROM drawn),
born AS (
  SELECT *,
    least(DATE '{on}' - CAST(years * 365.2425 AS INTEGER), DATE '{on}') AS birth_date,
    years >= 60 AS elderly,
    u1 < 0.515 - greatest(years - 55, 0) * 0.006 AS male,
    u2 < CASE WHEN community THEN 0.92 ELSE 0.12 END AS urban
  FROM aged),
poor AS (
  SELECT *, {_hardship()} AS hardship FROM born),
dependent AS (
  SELECT *, {_living()} AS living, {_ability()} AS ability_level FROM poor)
SELECT
  n AS person_id,
  village AS division,
  birth_date,
  CASE WHEN male THEN 'male' ELSE 'female' END AS sex,
  CASE WHEN urban THEN 'urban' ELSE 'rural' END AS residence,
  hardship,
  {_income()}::DECIMAL(9, 2) AS monthly_income,
  ability_level::TINYINT AS ability_level,
  living,
  {_disability()}::TINYINT AS disability_grade,
  {_insured()} AS insured,
  years >= 49 AND u10 < 0.0025 AS special_family,
  elderly AND u11 < 0.0015 AS special_merit,
  u12 < 0.0001 AS homeless,
  true AS synthetic
FROM dependent"""


def _mixed(seed: int) -> str:
    """Hashes of 32 bits for each person: two rounds of shift, xor and multiply.

    All steps stay below 2^63. The multiplier is the one Thomas Mueller found for 32 bits.
    """
    starts = [(seed * 40_503 + 7_919 * (number + 1)) & _MASK for number in range(len(_HASHES))]
    rows = "n, village, community"
    begun = _each(f"(n * 2654435761 + {start}) & {_MASK} AS {{}}" for start in starts)
    turned = _each("((xor({0} >> 16, {0})) * 73244475) & %d AS {0}" % _MASK for _ in starts)  # noqa: UP031
    inner = f"SELECT {rows}, {begun} FROM placed"
    for _ in range(2):
        inner = f"SELECT {rows}, {turned} FROM ({inner})"
    return f"SELECT {rows}, {_each('xor({0} >> 16, {0}) AS {0}' for _ in starts)} FROM ({inner})"


def _each(parts: Iterable[str]) -> str:
    return ", ".join(part.format(name) for part, name in zip(parts, _HASHES, strict=True))


def _draws() -> list[str]:
    """u1 to u12: numbers from 0 up to 1, sixteen bits each, from the hashes after the first."""
    halves = [f"({name} {shift}) & 65535" for name in _HASHES[1:] for shift in ("& 65535", ">> 16")]
    return [f"({half}) / 65536.0::DOUBLE AS u{number}" for number, half in enumerate(halves, 1)]


def _cases(pairs: Sequence[tuple[str, object]], otherwise: object) -> str:
    branches = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {branches} ELSE {otherwise} END"


def _age() -> str:
    """Years with their fraction: the inverse of the groups' cumulative share."""
    whole = sum(share for _, _, share in _AGES)
    pairs: list[tuple[str, object]] = []
    below = 0.0
    for first, end, share in _AGES:
        part = share / whole
        slope = (end - first) / part
        pairs.append(
            (f"at_age < {below + part:.9f}", f"{first} + (at_age - {below:.9f}) * {slope}")
        )
        below += part
    return _cases(pairs, 105)


def _hardship() -> str:
    rates = {
        ("NOT urban", "elderly"): (0.006, 0.052, 0.014),
        ("NOT urban", "NOT elderly"): (0.0005, 0.026, 0.008),
        ("urban", "elderly"): (0.001, 0.018, 0.006),
        ("urban", "NOT elderly"): (0.0002, 0.013, 0.005),
    }
    pairs: list[tuple[str, object]] = []
    for (where, when), (destitute, minimum, marginal) in rates.items():
        for until, kind in (
            (destitute, "'destitute'"),
            (destitute + minimum, "'minimum_living'"),
            (destitute + minimum + marginal, "'marginal'"),
        ):
            pairs.append((f"{where} AND {when} AND u3 < {until:.4f}", kind))
    return _cases(pairs, "'none'")


def _living() -> str:
    institution = "CASE WHEN hardship = 'destitute' THEN 0.35 WHEN years >= 80 THEN 0.05 ELSE 0.012"
    pairs: list[tuple[str, object]] = [
        ("NOT elderly", "CASE WHEN years >= 18 AND u4 < 0.09 THEN 'alone' ELSE 'with_family' END"),
        (f"u4 < {institution} END", "'institution'"),
        ("u5 < 0.09 + greatest(years - 65, 0) * 0.006", "'alone'"),
        ("NOT urban AND u5 < 0.36", "'left_behind'"),
        ("u5 < 0.52", "'empty_nest'"),
    ]
    return _cases(pairs, "'with_family'")


def _ability() -> str:
    """Half of those of 65 and older were assessed; others are null. Worse with age."""
    worse = "u7 - 0.006 * greatest(years - 65, 0)"
    pairs: list[tuple[str, object]] = [
        ("years < 65 OR u6 >= 0.5", "NULL"),
        (f"{worse} < -0.06", 4),
        (f"{worse} < 0.01", 3),
        (f"{worse} < 0.05", 2),
        (f"{worse} < 0.14", 1),
    ]
    return _cases(pairs, 0)


def _income() -> str:
    """Household income per head and month, yuan; below the standards where support is paid."""
    return _cases(
        [
            ("hardship = 'destitute'", "round(u8 * 100, 2)"),
            ("hardship = 'minimum_living' AND urban", "round(120 + u8 * 540, 2)"),
            ("hardship = 'minimum_living'", "round(60 + u8 * 400, 2)"),
            ("hardship = 'marginal'", "round(700 + u8 * 300, 2)"),
        ],
        "round(900 + u8 * u8 * 9000, 2)",
    )


def _disability() -> str:
    share = "u9 / (1 + greatest(years - 50, 0) / 20)"
    pairs: list[tuple[str, object]] = [
        (f"{share} < {until}", grade)
        for until, grade in ((0.005, 1), (0.015, 2), (0.028, 3), (0.042, 4))
    ]
    return _cases(pairs, 0)


def _insured() -> str:
    return _cases(
        [
            ("years < 16", "'none'"),
            ("urban AND u10 < 0.56", "'employee'"),
            ("NOT urban AND u10 < 0.10", "'employee'"),
            ("u10 < 0.95", "'resident'"),
        ],
        "'none'",
    )


@cache
def prefectures() -> dict[int, int]:
    """How many persons live in a prefecture, in tens of thousands, by its four digits.

    From memory, and no census table.
    """
    written = files("xiangyun.domain.registers.sql").joinpath("prefectures.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in written.splitlines() if not line.startswith("#"))
    return {int(row["prefecture"]): int(row["persons"]) for row in rows}


def _weight(code: int, seed: int) -> float:
    mixed = (code % 10**9 * 2654435761 + seed * 97) & _MASK
    mixed = ((mixed >> 16 ^ mixed) * 73244475) & _MASK
    chance = 0.5 + (mixed >> 8) / 2**24
    # Village digits 001 to 199 are residents' committees (statistical codes).
    return chance * (_COMMUNITY if code % 1000 < 200 else _VILLAGE)
