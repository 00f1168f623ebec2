"""A service takes an application or says why not: its state, its days, for whom, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.service.admission import applicant_kind, desk_at, refusals
from xiangyun.kernel.service.model import APPLICANTS, STATES, ServiceItem

DAY = date(2026, 4, 9)


def item(**changed: object) -> ServiceItem:
    return replace(pack().service, **changed)  # type: ignore[arg-type]


def ids(service: ServiceItem, on: date = DAY, who: str = "person", desk: str = "online") -> list:
    found = refusals(service, on=on, applicant=who, desk=desk)  # type: ignore[arg-type]
    for finding in found:
        assert finding.message.zh.endswith("。")
        assert finding.message.en.endswith(".")
        assert finding.hint is not None
    return [finding.id for finding in found]


def test_only_a_service_in_force_takes_applications() -> None:
    said = {state: ids(item(state=state)) for state in STATES}
    assert said == {"in_force": [], "suspended": ["service.E002"], "cancelled": ["service.E003"]}


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 4, 8), ["service.E004"]),
        (date(2026, 4, 9), []),
        (date(2026, 5, 1), []),
        (date(2026, 5, 2), ["service.E005"]),
    ],
)
def test_the_first_and_the_last_day_are_included(on: date, said: list[str]) -> None:
    limited = item(planned_from=date(2026, 4, 9), planned_until=date(2026, 5, 1))
    assert ids(limited, on) == said


@pytest.mark.parametrize("who", APPLICANTS)
def test_each_kind_of_applicant_is_taken_where_it_is_named_and_nowhere_else(who: str) -> None:
    assert ids(item(applicants=(who,)), who=who) == []
    others = tuple(kind for kind in APPLICANTS if kind != who)
    assert ids(item(applicants=others), who=who) == ["service.E006"]


@pytest.mark.parametrize(
    ("desks", "taken"),
    [
        (("online",), {"online"}),
        (("window",), {"window"}),
        (("post",), {"window"}),
        (("village_desk",), {"village_desk"}),
        (("online", "village_desk"), {"online", "village_desk"}),
        ((), set()),
    ],
)
def test_each_desk_is_taken_where_it_is_named(desks: tuple[str, ...], taken: set[str]) -> None:
    service = item(filing_desks=desks)
    known = ("online", "window", "village_desk")
    assert {desk for desk in known if not ids(service, desk=desk)} == taken


def test_all_that_is_wrong_is_said_at_once() -> None:
    service = item(state="suspended", applicants=("company",), filing_desks=("window",))
    assert ids(service) == ["service.E002", "service.E006", "service.E007"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91110000600037341L", "company"),
        ("12110000600037341L", "institution"),
        ("11110000600037341L", "government"),
        ("52110000600037341L", "social"),
        ("92110000600037341L", "unincorporated"),
        ("Y1110000600037341L", "other"),
        ("", "company"),
        ("nonsense", "company"),
    ],
)
def test_an_organisation_is_what_its_credit_code_says(code: str, kind: str) -> None:
    assert applicant_kind(False, code) == kind
    assert applicant_kind(True, code) == "person"


def test_towns_and_villages_have_village_desks_and_all_above_have_windows() -> None:
    found = {level: desk_at(level) for level in range(2, 7)}
    assert found == dict.fromkeys((2, 3, 4), "window") | dict.fromkeys((5, 6), "village_desk")
