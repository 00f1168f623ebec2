"""The carbon note to the fen: interest, the day it is paid, coverage, and one set of figures."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xiangyun.adapters.calendar import chinese_calendar_with
from xiangyun.kernel.connector.mapping import context_of, text_of
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.pack import (
    Known,
    Pack,
    read_contents,
    read_pack,
    registers_in,
    rehearse,
)
from xiangyun.kernel.pack.outcome import Rehearsal
from xiangyun.kernel.pack.tests.shipped import files

CALENDAR = chinese_calendar_with({})


def rehearsed(code: str, key: str, **figures: str) -> Rehearsal:
    """An example rehearsed; `figures`: others instead of those of the first day, by name."""
    given = dict(files(code))
    for name, value in figures.items():
        pattern = rf"({name}:\n.*\n.*\n    - {{value: )[0-9.]+"
        given["parameters.yaml"], replaced = re.subn(
            pattern, rf"\g<1>{value}", given["parameters.yaml"]
        )
        assert replaced == 1
    pack = read_pack(given)
    example = next(each for each in pack.examples if each.key == key)
    declared = read_contents(files("finance/carbon-note"), "finance/carbon-note").declarations
    known = registers_in(Known(declared))
    return rehearse(pack, example, CALENDAR, registers=known)


def test_the_first_issue_bears_794_958_90_and_is_paid_on_the_monday_after() -> None:
    walked = rehearsed("finance/carbon-note", "01-first")
    assert walked.findings == ()
    said = walked.variables
    assert said["matures_on"] == date(2023, 9, 16)  # a Saturday
    assert said["pays_on"] == date(2023, 9, 18)
    precheck = said["precheck"]
    assert isinstance(precheck, dict)
    assert precheck["interest"] == Decimal("794958.90")
    assert precheck["redemption"] == Decimal("62794958.90")
    assert precheck["rest"] == Decimal(1_000_000_000)
    flows = precheck["flows"]
    assert isinstance(flows, list)
    assert sum(Decimal(str(each["amount"])) for each in flows) == Decimal("-794958.90")
    # 1.7 million tonnes at 56 yuan, a fifth off, over principal and interest
    assert precheck["coverage"] == Decimal("1.2128")


def test_a_falling_price_is_warned_of_then_called_and_a_call_not_met_is_a_default() -> None:
    outcomes = {
        key: rehearsed("finance/carbon-watch", key).outcome
        for key in ("01-covered", "02-warned", "03-topped-up", "05-defaulted")
    }
    assert list(outcomes.values()) == [
        *(f"pledge_{each}" for each in ("covered", "warned", "topped_up")),
        "note_defaulted",
    ]


def test_the_days_of_a_margin_call_are_those_of_the_papers() -> None:
    assert "record_default" in rehearsed("finance/carbon-watch", "05-defaulted").path
    longer = rehearsed("finance/carbon-watch", "05-defaulted", call_days="9")
    assert "record_default" not in longer.path


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        (None, "50"),
        ({"day": "2023-06-20", "price": 56}, "50"),
        ({"day": "2023-06-22", "price": 56}, "56"),
    ],
)
def test_a_price_of_the_feed_is_recorded_as_the_latest_unless_it_comes_late(
    known: dict[str, Any] | None, kept: str
) -> None:
    code = "finance/carbon-note"
    declared = read_contents(files(code), code).declarations
    feed: Any = next(each.value for each in declared if each.kind == "connector")
    closed = feed.receives["closed"]
    body = {"day": "2023-06-21", "price": 50}
    context = context_of(body, date(2023, 6, 21), "k")
    record = closed.to.record.value({**context, "beside": from_json(known)})
    # the key of the message is that of the record, or the platform refuses it
    assert record["number"] == text_of(closed.key, context) == "latest"
    assert record["price"] == Decimal(kept)


def test_issue_and_watch_go_by_the_same_figures() -> None:
    issue, watch = files("finance/carbon-note"), files("finance/carbon-watch")
    figures = [text["parameters.yaml"].partition("coverage_initial:")[2] for text in (issue, watch)]
    assert figures[0] == figures[1] != ""


@pytest.fixture(scope="module")
def shipped() -> list[Pack]:
    names = ("carbon-note", "carbon-watch", "carbon-redemption", "green-report")
    return [read_pack(files(f"finance/{name}")) for name in names]


def test_a_note_has_its_examples_from_issue_to_default(shipped: list[Pack]) -> None:
    assert sum(len(pack.examples) for pack in shipped) >= 12
    outcomes = {each.expected.outcome for pack in shipped for each in pack.examples}
    assert {
        "issued",
        "refused",
        "pledge_warned",
        "pledge_topped_up",
        "note_defaulted",
        "note_redeemed",
    } < outcomes


@pytest.mark.parametrize(
    ("key", "paid", "surplus", "shortfall"),
    [
        # 1.7 million tonnes at 50 yuan less 120,000 of costs, over principal and interest
        ("01-note-settled", "62794958.90", "22085041.10", "0"),
        ("02-note-short", "49510000", "0", "13284958.90"),
        ("03-loan-exactly", "508000", "0", "0"),
        ("04-loan-costs-eat-it", "0", "0", "508000"),
    ],
)
def test_what_is_sold_after_default_settles_costs_then_the_debt(
    key: str, paid: str, surplus: str, shortfall: str
) -> None:
    pack = read_pack(files("finance/disposal"))
    example = next(each for each in pack.examples if each.key == key)
    codes = ("finance/carbon-note", "finance/sme-financing", "finance/disposal")
    declared = [d for code in codes for d in read_contents(files(code), code).declarations]
    walked = rehearse(pack, example, CALENDAR, registers=registers_in(Known(declared)))
    assert walked.findings == ()
    settled = walked.variables["settle"]
    assert isinstance(settled, dict)
    assert settled["paid"] == Decimal(paid)
    assert settled["surplus"] == Decimal(surplus)
    assert settled["shortfall"] == Decimal(shortfall)
    assert settled["paid"] + settled["shortfall"] == settled["owed"]
