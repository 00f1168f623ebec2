"""A service with fees: what the checker finds, and how examples, simulation and replay pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import Pack, read_pack, rehearse
from xiangyun.kernel.pack.check import check_service
from xiangyun.kernel.pack.tests.shipped import files

FILES = files("construction/road-digging")


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path], old
    return {**FILES, path: FILES[path].replace(old, new)}


def errors(given: dict[str, str]) -> list[Finding]:
    _, findings = check_service(given)
    return [each for each in findings if each.severity == "error"]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(FILES)


def test_the_shipped_service_has_no_fault_and_its_examples_pay(pack: Pack) -> None:
    assert not errors(FILES)
    for example in pack.examples:
        assert not rehearse(pack, example).findings, example.key


@pytest.mark.parametrize(
    ("path", "old", "new", "id"),
    [
        ("service.yaml", "charged: true", "charged: false", "pack.E400"),
        ("service.yaml", "pay_online: true", "pay_online: false", "pack.E401"),
        ("service.yaml", "payer: applicant", "payer: neighbour", "pack.E402"),
        ("service.yaml", "code: reinstatement\n", "code: deposit\n", "pack.E404"),
        ("service.yaml", "code: reinstatement\n", "code: deposit\n", "pack.E028"),
        ("service.yaml", "reinstatement.rate, 2)", "reinstatment.rate, 2)", "feel.E002"),
        ("service.yaml", "=parameters.days_to_pay", "=parameters.days_to_pey", "pack.E029"),
        ("service.yaml", "=parameters.days_to_pay", "1.5", "pack.E006"),
        ("service.yaml", "    payer: applicant\n", "", "pack.E005"),
        ("process.bpmn", 'name="clock" value="starts"', 'name="clock" value="pauses"', "pack.E500"),
        ("texts/en.yaml", "task.pay.pause:", "task.pay.paused:", "pack.E031"),
    ],
)
def test_a_fee_that_does_not_fit_is_found(path: str, old: str, new: str, id: str) -> None:
    assert id in [each.id for each in errors(changed(path, old, new))]


def test_a_clock_that_stands_still_otherwise_than_expected_is_found() -> None:
    for other in ("[]", "[pay 2026-04-09 2026-04-10]"):
        given = changed("examples/01-paid-and-dug.yaml", "[pay 2026-04-09 2026-04-13]", other)
        wrong = read_pack(given)
        [finding] = rehearse(wrong, wrong.examples[0]).findings
        assert finding.id == "pack.E040"


def test_a_fee_that_is_declared_twice_is_found() -> None:
    text = FILES["service.yaml"]
    begin, end = text.index("  - code: reinstatement"), text.index("visits: 0")
    twice = {**FILES, "service.yaml": text[:end] + text[begin:end] + text[end:]}
    assert "pack.E403" in [each.id for each in errors(twice)]


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("amount: 860.00", "amount: 860.01", "pack.E041"),
        ("action: paid", "action: stolen", "pack.E006"),
        ("payment: reinstatement", "payment: deposit", "pack.E041"),
        ("  - {payment: reinstatement, action: paid, amount: 860.00}\n", "", "pack.E041"),
        ("amount: 860.00", "amount: much", "pack.E006"),
        ("letters: [pay, permit]", "letters: [pay, permit]\n  refunds: [reinstatement 1.00]",
         "pack.E040"),
    ],
)  # fmt: skip
def test_an_example_that_pays_otherwise_is_found(old: str, new: str, id: str) -> None:
    path = "examples/01-paid-and-dug.yaml"
    altered = changed(path, old, new)
    found = errors(altered)
    if not found:
        made = read_pack(altered)
        found = list(rehearse(made, made.examples[0]).findings)
    assert id in [each.id for each in found]


def test_a_fee_with_parts_of_a_fen_stops_the_example_and_says_where() -> None:
    altered = changed(
        "service.yaml",
        "=round half up(application.area * reinstatement.rate, 2)",
        "=application.area * reinstatement.rate / 3",
    )
    made = read_pack(altered)
    [found] = rehearse(made, made.examples[0]).findings
    assert "286.66" in found.message.en


def test_time_that_passes_lets_a_fee_expire(pack: Pack) -> None:
    example = next(each for each in pack.examples if each.key.startswith("03"))
    [accept, expired] = example.acts
    waits = replace(
        expired, kind="until", name="2026-04-15 00:00", until=example.filed_at + timedelta(days=6)
    )
    assert not rehearse(pack, replace(example, acts=(accept, waits))).findings
    early = replace(waits, until=example.filed_at + timedelta(days=5))
    [found] = rehearse(pack, replace(example, acts=(accept, early))).findings
    assert "reinstatement" in found.hint.en if found.hint else False


def test_the_last_day_to_pay_ends_at_midnight_of_the_office(pack: Pack) -> None:
    [item] = pack.service.fees
    context = {"parameters": {"days_to_pay": Decimal(5)}}
    due = item.due(datetime(2026, 4, 9, 15, 59, tzinfo=UTC), context)
    assert due.astimezone(UTC) == datetime(2026, 4, 14, 16, tzinfo=UTC)
    due = item.due(datetime(2026, 4, 9, 16, 1, tzinfo=UTC), context)
    assert due.astimezone(UTC) == datetime(2026, 4, 15, 16, tzinfo=UTC)
