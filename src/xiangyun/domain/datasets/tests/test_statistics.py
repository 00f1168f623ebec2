"""Statistics that open themselves: bookings, inspections, credit, each month by nobody's hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.apps import apps

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor, as_owner, project, submitted
from xiangyun.domain.datasets import actions, figures, queries
from xiangyun.domain.datasets.ports import workshop

from .test_releases import steward

pytestmark = pytest.mark.django_db
HUNCHUN = 222404000000


def book(day: date, states: tuple[str, ...]) -> None:
    begins = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    made = begins.replace(day=1)
    with acting_as(SYSTEM):
        slot = apps.get_model("bookings", "Slot").objects.create(
            resource="hall", begins=begins, ends=begins.replace(hour=2)
        )
        for state in states:
            apps.get_model("bookings", "Booking").objects.create(
                slot=slot, resource="hall", version=1, division=HUNCHUN, party=uuid4(), lane="",
                units=1, state=state, code=uuid4().hex, made_at=made, changed_at=made,
            )  # fmt: skip


def test_bookings_are_opened_each_month_once_two_people_have_published_them(
    demonstration: None,
) -> None:
    code, at = "bookings-by-month", datetime(2026, 3, 2, 2, tzinfo=UTC)
    book(date(2026, 2, 11), ("used", "used", "used", "missed"))
    built = actions.build_release(code, actor=steward("yi"), at=at, on=date(2026, 3, 2))
    actions.publish(code, actor=steward("er"), at=at)
    assert built is not None
    county = "WHERE place = '222404000000' AND resource = 'hall'"
    rows = workshop().rows(
        workshop().local(built.digest), f"SELECT month, bookings, missed, ahead FROM t {county}"
    )
    assert rows == [(date(2026, 2, 1), 4, 25.0, 10.0)]
    book(date(2026, 3, 11), ("used", "used", "used"))
    again = dict(
        actions.publish_what_is_due(date(2026, 4, 2), at=datetime(2026, 4, 2, 2, tzinfo=UTC))
    )[code]
    assert again is not None
    assert again.state == "published"  # type: ignore[union-attr]
    assert again.published_by_name == SYSTEM.name  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["inspections-by-month", "credit-index", "cases-by-service"])
def test_the_statistics_that_packs_declare_open_can_be_built(
    demonstration: None, code: str
) -> None:
    on = date(2026, 3, 2)
    built = actions.build_release(code, actor=SYSTEM, at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=on)
    assert built is not None
    assert built.period == date(2026, 2, 1)


def test_an_approval_with_consent_by_silence_counts_once_and_lowers_the_index(
    demonstration: None,
) -> None:
    at, on = datetime(2026, 4, 21, 2, tzinfo=UTC), date(2026, 4, 21)
    silent = {"decisions": [], "findings": [{"id": "gate.silence"}], "warnings": []}
    plain = {**silent, "findings": [{"id": "gate.open"}]}
    for traces in ((silent, silent, plain), (plain,)):
        made = project(actor("wang"))
        with acting_as(SYSTEM), as_owner():
            cases = apps.get_model("cases", "Case").objects
            cases.filter(pk=made.pk).update(ended_at=at, outcome="issued")
            for trace in traces:
                made.decisions.create(
                    element="land_gate_rule", decision="gate", at=at, value=None, trace=trace
                )
    with acting_as(SYSTEM):
        figures.compute(on, at=at, only="construction_index")
        found = apps.get_model("datasets", "Figure").objects.filter(
            place=HUNCHUN, part="", level=6, period=date(2026, 4, 1)
        )
        told = dict(found.values_list("indicator", "value"))
    assert (told["construction_ended"], told["construction_deemed"]) == (2, 1)
    assert told["construction_index"] == 90


def test_figures_of_cases_go_down_to_the_village_and_add_up(demonstration: None) -> None:
    submitted(actor("wang"), MORNING, brand="样统甲")
    on = MORNING.date()
    with acting_as(SYSTEM):
        figures.compute(on, at=MORNING, only="cases_sent")
        found = apps.get_model("datasets", "Figure").objects.filter(
            indicator="cases_sent", part="", period=on.replace(day=1)
        )
        told = {row.place: (row.level, row.value) for row in found}
    assert told[HUNCHUN] == (6, 1)
    assert told[222404001000] == (9, 1)
    assert told[222404001001] == (12, 1)
    board = queries.board(222404001001, on, only=["cases_sent"])
    assert dict(board.figures[0].series)[board.figures[0].period] == 1


def test_companies_are_counted_per_thousand_people(demonstration: None) -> None:
    with acting_as(SYSTEM):
        figures.compute(MORNING.date(), at=MORNING, only="companies_per_thousand")
        found = apps.get_model("datasets", "Figure").objects.filter(
            place=HUNCHUN, part="", level=6, period=MORNING.date().replace(day=1)
        )
        told = dict(found.values_list("indicator", "value"))
    assert told["residents"] > 0
    per_thousand = 1000 * told["companies"] / told["residents"]
    assert abs(told["companies_per_thousand"] - per_thousand) <= Decimal("0.005")
