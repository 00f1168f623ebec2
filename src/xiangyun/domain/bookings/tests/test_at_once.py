"""Two hundred clients at once for the last units of one slot, each in a transaction of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from threading import Barrier, BoundedSemaphore, Thread
from uuid import UUID

import pytest
from django.db import connection, connections

from xiangyun.adapters import postgres
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions
from xiangyun.domain.bookings.models import Booking, Slot
from xiangyun.kernel.findings import Refused

from . import desks
from .desks import NINE, NOW, person

CLIENTS, CONNECTIONS = 200, 60
"""Every client waits for the same beginning; the server has a hundred connections, as shipped."""


@pytest.fixture(scope="module")
def _copy(
    django_db_setup: None, inside_database: Callable[[str], AbstractContextManager[str]]
) -> Iterator[None]:
    """A copy of the database, in which what is committed stays."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_booking_{os.getpid()}"
    with inside_database(copy) as server:
        postgres.copy_database(server, usual, copy)
        wide = desks.RESOURCES.replace("capacity: 3", "capacity: 40").replace(
            "units: 1}", "units: 10}"
        )
        desks.publish(wide.replace("waiting: 4", "waiting: 100"))
        yield


@pytest.mark.usefixtures("_copy")
@pytest.mark.slow(minutes=0.5)
def test_two_hundred_at_once_get_exactly_what_there_is_in_the_order_of_arrival() -> None:
    ready, turns = Barrier(CLIENTS), BoundedSemaphore(CONNECTIONS)
    answers: list[str] = []
    surprises: list[BaseException] = []

    def client(n: int) -> None:
        lane = "fresh" if n % 10 == 0 else "freight"
        actor = person(UUID(int=n + 1))
        ready.wait()
        with turns:
            try:
                made = actions.book(desks.GATE, NINE, actor=actor, at=NOW, lane=lane)
                answers.append(made[0].state)
            except Refused as refused:
                answers.append(refused.findings[0].id)
            except BaseException as surprise:
                surprises.append(surprise)
            finally:
                connection.close()

    clients = [Thread(target=client, args=[n]) for n in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    assert surprises == []
    told = Counter(answers)
    assert told == {"on hold": 40, "waiting": 100, "booking.E012": 60}
    with acting_as(SYSTEM):
        rows = list(Booking.objects.order_by("pk"))
        assert Slot.objects.count() == 1
    held = [each for each in rows if each.state == "on hold"]
    assert (sum(each.units for each in held), len(rows)) == (40, 140)
    for lane in ("fresh", "freight"):
        # in a lane, nobody has units who came after somebody that waits
        states = [each.state for each in rows if each.lane == lane]
        assert states == sorted(states), lane
    fresh = [each for each in held if each.lane == "fresh"]
    assert len(fresh) >= 10
    # Given back, each unit goes to the lane that is first, and there to who came first.
    waiting = [each for each in rows if each.state == "waiting"]
    order = sorted(waiting, key=lambda each: (each.lane != "fresh", each.pk))
    given = [each for each in held if each.lane == "freight"][:5]
    for each in given:
        actions.cancel(each.number, actor=SYSTEM, at=NOW)
    with acting_as(SYSTEM):
        moved = set(Booking.objects.filter(state="on hold").values_list("pk", flat=True))
    assert moved - {each.pk for each in held} == {each.pk for each in order[:5]}
