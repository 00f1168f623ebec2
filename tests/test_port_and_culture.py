"""The figures that the packs of the port and of culture repeat, exactly as they were reported."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from xiangyun.faces.cli import demonstration as shipped
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.occasion.booking import Book
from xiangyun.kernel.occasion.resources import FILE, read_resources
from xiangyun.kernel.pack import read_pack
from xiangyun.kernel.pack.booked import extended
from xiangyun.kernel.service.tasks.booking_extend import read_days
from xiangyun.kernel.worktime import WEEKDAYS, office_zone

MONDAY = date(2026, 4, 13)
NOON = datetime(2026, 4, 13, 12, tzinfo=office_zone())
PACKS = Path(__file__).parents[1] / "packs"
FIGURES = ("vehicles", "extension_hours", "rail_tons")
CULTURE = {
    "220822000000": {
        "shows": 96,
        "books_renewed": 1_000,
        "books_given": 5_370,
        "teachers": 19,
        "subjects": 10,
        "towns": 7,
        "learners": 1_000,
        "culture_branches": 3,
        "library_branches": 3,
        "village_museums": 3,
        "squares": 3,
        "yuan": 5_120_000,
    },
    "220723000000": {
        "book_rooms": 163,
        "readings": 652,
        "participants": 6_000,
        "books": 17_320,
    },
}


def rows(path: str) -> list[dict[str, str]]:
    with (PACKS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_port_sums_up_to_what_was_reported() -> None:
    months = rows("port/clearance/data/port-by-month.csv")
    spring = [each for each in months if each["month"] >= "2023-01-01"]
    assert sum(int(each["vehicles"]) for each in spring) == 7_000
    assert sum(int(each["extension_hours"]) for each in spring) == 200
    assert sum(int(each["rail_tons"]) for each in months) == 1_800_000


@pytest.mark.parametrize("today", [date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)])
def test_the_monthly_reports_of_the_demonstration_sum_up_to_the_same(today: date) -> None:
    (made,) = (e for e in shipped.demonstration().made_up if e.register == "port_month")
    months = []
    for n in range(1, 8):
        seen = {"today": today, "n": Decimal(n), "place": {"code": "222404000000"}}
        month = {"month": made.data["month"].value(seen)}
        months.append({**month, **{k: made.data[k].value(seen) for k in FIGURES}})
    last = date.fromisoformat(months[-1]["month"])
    assert last.month == 3
    assert last < today <= last.replace(year=last.year + 1, day=31)
    spring = [e for e in months if e["month"] >= last.replace(month=1).isoformat()]
    assert [sum(e[k] for e in spring) for k in FIGURES[:2]] == [7_000, 200]
    assert sum(e["rail_tons"] for e in months) == 1_800_000


@pytest.mark.parametrize("hours", range(1, 11))
def test_the_port_can_be_booked_in_the_hours_that_were_granted(hours: int) -> None:
    pack = read_pack(read_folder(PACKS / "port/longer-hours"))
    (port,) = read_resources((PACKS / "port/clearance" / FILE).read_text("utf-8"), [].append)
    given = {"application": {"hours": Decimal(hours), "days": Decimal(7), "from_on": MONDAY}}
    inputs = {
        each.target: each.source.expression.result(given)
        for each in pack.elements["open_longer"].inputs
    }
    first, last = read_days(inputs)
    book = Book(port, WEEKDAYS).extend(extended(first, last, str(inputs["hours"])))
    open_on = [len(book.slots(NOON + timedelta(days=n))) for n in range(8)]
    assert open_on == [10 + hours] * 7 + [10]


@pytest.mark.parametrize("county", CULTURE)
def test_the_year_of_a_county_is_as_reported(county: str) -> None:
    found = rows("culture/programme/data/culture-by-county.csv")
    assert {e["figure"]: int(e["value"]) for e in found if e["place"] == county} == CULTURE[county]


@pytest.mark.parametrize(
    ("folders", "count"),
    [(("port/clearance",), 15), (("culture/village-asks", "culture/book-loan"), 12)],
)
def test_so_many_situations_are_rehearsed(folders: tuple[str, ...], count: int) -> None:
    found = [path for each in folders for path in (PACKS / each / "examples").glob("*.yaml")]
    assert len(found) >= count
