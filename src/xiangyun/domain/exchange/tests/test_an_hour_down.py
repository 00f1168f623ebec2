"""The system of one department is down for an hour: nothing is lost, and nobody else waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.exchange import sending
from xiangyun.domain.exchange.models import Outgoing, State
from xiangyun.faces.cli.folder import read_folder

from . import laboratory as other
from .laboratory import GOOD, ORGANISATION, Laboratory, filed, messages

pytestmark = pytest.mark.django_db

NEIGHBOUR, ITS_ITEM = "91220000MB000006XA", "exchange/other-check"
HOUR = timedelta(hours=1)
RETRY = "retry: {attempts: 4, first: PT1S, most: PT5S}"


def files(organisation: str, code: str) -> dict[str, str]:
    """The service of the tests and its connector, which tries as often as one does that says
    nothing about it."""
    changed = {
        "laboratory": "laboratory" if code == other.CODE else "neighbour",
        ORGANISATION: organisation,
        other.CODE: code,
        RETRY: "",
        "lab_finding": "lab_finding" if code == other.CODE else "other_finding",
    }
    found = read_folder(other.PACK)
    assert RETRY in found["connectors/laboratory.yaml"]
    for old, new in changed.items():
        found = {path: text.replace(old, new) for path, text in found.items()}
    return found


@pytest.fixture
def systems(demonstration: None) -> Iterator[tuple[Laboratory, Laboratory]]:
    """Two departments' systems that listen, each with a service that asks it."""
    with acting_as(SYSTEM) as system:
        for organisation, code in ((ORGANISATION, other.CODE), (NEIGHBOUR, ITS_ITEM)):
            catalogue.publish(code, files(organisation, code), actor=system, at=MORNING)
    with other.open_laboratory() as one, other.open_laboratory(NEIGHBOUR) as another:
        yield one, another


class Clock:
    """Runs the jobs of all messages in the order of their moments; no time passes in truth."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def run(self, until: datetime) -> None:
        """Everything that is due until then."""
        while True:
            with acting_as(SYSTEM):
                waiting = Outgoing.objects.filter(state=State.WAITING, message="test")
                row = waiting.order_by("due_at", "asked_at").first()
            if row is None or max(row.due_at, self.at) > until:
                self.at = until
                return
            self.at = max(row.due_at, self.at)
            sending.send(row.pk, at=self.at)


def first(case: Case) -> Outgoing:
    return messages(case)[0]


def test_a_system_that_is_down_for_an_hour_loses_nothing_and_holds_up_nobody_else(
    systems: tuple[Laboratory, Laboratory],
) -> None:
    down, neighbour = systems
    down.answer = lambda body: (503, {})
    begun = timezone.now()
    clock, asked, others = Clock(begun), [], []
    down.now = neighbour.now = lambda: clock.at
    for minutes in (0, 5, 20, 59):
        clock.run(begun + timedelta(minutes=minutes))
        asked.append(filed(f"水{minutes}"))
        others.append(filed(f"茶{minutes}", ITS_ITEM))
        clock.run(clock.at + timedelta(seconds=2))
        assert first(others[-1]).state == State.DONE, "the neighbour is asked at once"
    clock.run(begun + HOUR)
    assert {first(case).state for case in asked} == {State.WAITING}, "and no person is bothered"
    tried = len(down.came)
    assert tried < 80, "a system that is down is not run over"

    answered: list[dict[str, Any]] = []

    def answers(body: dict[str, Any]) -> tuple[int, Any]:
        answered.append(body)
        return 200, GOOD

    down.answer = answers
    clock.run(begun + HOUR + timedelta(minutes=11))
    assert {first(case).state for case in asked} == {State.DONE}
    assert sorted(each["number"] for each in answered) == sorted(case.number for case in asked)
    assert len({*down.numbers}) == len(asked), "each went again under its own number"
    assert len(neighbour.came) == len(others)
