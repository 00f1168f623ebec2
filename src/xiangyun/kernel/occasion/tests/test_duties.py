"""Duties: what is due on a day, and which rows a condition selects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.findings import Finding, Place, Refused
from xiangyun.kernel.occasion import due_by, read_duties, read_every
from xiangyun.kernel.occasion.condition import asks_the_day, condition_sql
from xiangyun.kernel.occasion.periods import NoInterval
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.worktime import WEEKDAYS

FIRST = date(2026, 4, 1)
TYPES = {"level": "choice", "age": "integer", "born": "date", "alone": "boolean", "tags": "list"}


def due(every: object, last: date | None, on: date) -> tuple[date | None, date | None]:
    found = due_by(read_every(every), last, FIRST, on, WEEKDAYS)
    return found.on, found.next


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def test_what_was_never_due_is_so_on_the_first_day() -> None:
    assert due("P30D", None, day(4, 1)) == (day(4, 1), day(5, 1))
    assert due("monthly on the last working day", None, day(4, 1)) == (None, day(4, 30))
    assert due("0 0 * * 1", None, day(4, 5)) == (None, day(4, 6))


@pytest.mark.parametrize(
    "every", ["P30D", parse_expression('duration("P30D")').evaluate({}), Decimal(30)]
)
def test_an_interval_counts_from_the_day_on_which_it_was_due(every: object) -> None:
    assert due(every, day(4, 1), day(4, 30)) == (None, day(5, 1))
    assert due(every, day(4, 1), day(5, 3)) == (day(5, 1), day(5, 31))


def test_after_an_outage_only_the_latest_of_the_days_that_went_by_counts() -> None:
    assert due("P7D", day(4, 1), day(6, 1)) == (day(5, 27), day(6, 3))
    assert due("every working day", day(4, 1), day(6, 1)) == (day(6, 1), day(6, 2))
    assert due("monthly on the last day", day(4, 30), day(9, 2)) == (day(8, 31), day(9, 30))


def test_working_days_and_month_ends_are_those_of_the_office() -> None:
    assert due("2 working days", day(4, 3), day(4, 7)) == (day(4, 7), day(4, 9))
    assert due("yearly on 02-29", day(2, 28), day(3, 1, 2027)) == (
        day(2, 28, 2027),
        day(2, 29, 2028),
    )


def test_what_no_decision_asks_for_is_never_due() -> None:
    assert due(None, day(4, 1), day(5, 1)) == (None, None)


@pytest.mark.parametrize("every", ["sometimes", "P0D", "PT5H", "8 working hours", Decimal(0), True])
def test_what_says_no_interval_of_days_is_refused(every: object) -> None:
    with pytest.raises(NoInterval):
        read_every(every)


def formula(source: str) -> Formula:
    return Formula(parse_expression(source), Place("duties.yaml", 7))


def test_a_condition_becomes_sql_over_the_fields_of_a_row() -> None:
    sql = condition_sql(formula('level = "1" and age >= 60 and not(alone = false)'), TYPES, FIRST)
    assert "data" in sql
    assert "DECIMAL" in sql.upper()
    assert condition_sql(None, TYPES, FIRST) == "true"
    assert not asks_the_day(formula("age > 3"))
    assert asks_the_day(formula("born <= on"))
    for source in ("tags = null", "level.name = 1", "today() > born", "nobody = 1"):
        with pytest.raises(Refused, match="cannot be compiled"):
            condition_sql(formula(source), TYPES, FIRST)


FILE = """duties:
  - id: visit
    name: {zh-Hans: 走访, en: Visits}
    register: household
    when: =level = "1"
    service: visits/home
    role: assessor
    every: monthly on the last working day
    answers: {household: =name}
"""


def read(text: str) -> tuple[list[object], list[str]]:
    findings: list[Finding] = []
    found = read_duties(text, findings.append)
    return list(found), [each.id for each in findings]


def test_a_file_of_duties_is_read() -> None:
    (duty,), findings = read(FILE)
    assert findings == []
    assert (duty.id, duty.register, duty.at_most, duty.beside) == (
        "visit",
        "household",
        5000,
        False,
    )


@pytest.mark.parametrize(
    ("before", "after", "id"),
    [
        ("monthly on the last working day", "now and then", "pack.E090"),
        ("monthly on the last working day", "0 9 L * *", "pack.E090"),
        ("monthly on the last working day", "{decide: it}", "pack.E005"),
        ('when: =level = "1"', "when: level", "pack.E006"),
        ("    role: assessor\n", "", "pack.E005"),
        ("id: visit", "id: Visit 1", "pack.E006"),
        ("    role: assessor\n", "    role: assessor\n    often: yes\n", "pack.E004"),
    ],
)
def test_what_is_wrong_in_a_file_of_duties_is_told_at_its_line(before, after, id) -> None:
    assert before in FILE
    _, findings = read(FILE.replace(before, after))
    assert id in findings


def test_no_two_duties_of_a_file_have_one_id() -> None:
    _, findings = read(FILE + FILE.removeprefix("duties:\n"))
    assert findings == ["pack.E091"]
