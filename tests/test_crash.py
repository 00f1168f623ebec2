"""Server and database are killed at random moments while people work; nothing is lost.

Real server, real PostgreSQL, clients over HTTP that repeat what was not acknowledged. Afterwards
the journal must show every acknowledged step exactly once, and no case may be stuck.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import aftermath
import pytest
import rounds
from crowd import Client, Founder, Official, Patient, Person, Step
from django.utils import timezone
from havoc import wreak
from inside import client_of, inside, open_colleague
from pytest_django import DjangoDbBlocker
from serving import Server, server_of_its_own, take_over_demonstration

pytestmark = [pytest.mark.slow(minutes=2), pytest.mark.faults]

SEED = 20260409
KILLS = {
    "everything": 14,
    "serve": 16,
    "supervisor": 18,
    "web": 34,
    "answering": 34,
    "worker": 38,
    "database": 30,
    "backend": 30,
}
PACK = Path(__file__).parent / "packs" / "faults" / "patience"
DRAIN = 300  # seconds for everything that was begun to come to its end


@pytest.fixture
def server() -> Iterator[Server]:
    with server_of_its_own("crash") as made:
        take_over_demonstration(made)
        made.run("publish", str(PACK))
        made.run("publish", str(rounds.write_pack(made.home / "packs")))
        made.start()
        made.wait_until_ready()
        yield made


@pytest.fixture
def clients(server: Server, django_db_blocker: DjangoDbBlocker) -> dict[str, Client]:
    """Two applicants, two assessors, three officials; `yi` may review as well as decide."""
    with inside(server, django_db_blocker):
        open_colleague("yi", "金样乙")
        rounds.enter_households(timezone.now())
        people = ("wang", "li", "shencha", "jueding", "yi", "pinggu", "yanglao")
        return {login: client_of(server, login) for login in people}


def go_home(people: Sequence[Person | rounds.Rounds], bell: threading.Event) -> None:
    """Nobody has met with anything but an answer, or begins something new."""
    bell.set()
    for person in people:
        person.join(DRAIN)
        assert person.problem is None, person.problem
        assert not person.is_alive()


def test_two_hundred_kills_lose_no_acknowledged_step_and_repeat_none(
    server: Server,
    clients: dict[str, Client],
    django_db_blocker: DjangoDbBlocker,
    capsys: pytest.CaptureFixture[str],
    share: float,
) -> None:
    plan = {kind: max(1, round(times * share)) for kind, times in KILLS.items()}
    noon, evening = threading.Event(), threading.Event()  # the end of filing, and that of work
    founders: list[Founder] = [
        *(Founder(clients["wang"], noon, SEED + place) for place in range(2)),
        *(Patient(clients["li"], noon, SEED + 10 + place) for place in range(3)),
    ]
    officials = [
        Official(clients[login], evening, SEED + 20 + place)
        for place, login in enumerate(("shencha", "jueding", "yi"))
    ]
    visitors = [
        rounds.Visitor(clients[login], evening, SEED + 30 + place)
        for place, login in enumerate(("pinggu", "yanglao"))
    ]
    duty = rounds.Rounds(server, noon, timezone.localdate(), SEED + 40)
    crowd: list[Person] = [*founders, *officials, *visitors]
    for person in (*crowd, duty):
        person.start()
    everybody = clients.values()
    chance = random.Random(SEED)
    killed = wreak(server, plan, chance, lambda: sum(one.answered for one in everybody))
    go_home([*founders, duty], noon)
    with inside(server, django_db_blocker):
        drained = aftermath.wait_for_the_end(DRAIN)
        go_home([*officials, *visitors], evening)
        trusted = aftermath.keys_of(server)
        cases = aftermath.all_told((clients["wang"], clients["li"]), trusted)
        acknowledged = [step for one in (*founders, *officials) for step in one.acknowledged]
        assert_the_journal_proves(acknowledged, cases, plan)
        assert_the_rounds_were_made(duty, visitors)
        receipts = [receipt for founder in founders for receipt in founder.receipts]
        aftermath.assert_kept_receipts_hold(receipts, cases, trusted)
        aftermath.assert_the_journal_is_whole(server)
        late = aftermath.lateness(cases)
    with capsys.disabled():
        tell(killed, cases, crowd, drained, late)
        visits = sum(len(visitor.acknowledged) for visitor in visitors)
        print(f"Days of the duty: {len(duty.done)}, runs killed: {duty.killed}; visits: {visits}")


def assert_the_journal_proves(
    acknowledged: Sequence[Step], cases: Mapping[str, aftermath.Told], plan: Mapping[str, int]
) -> None:
    """Nothing acknowledged is lost, nothing is done twice, nothing is stuck."""
    aftermath.assert_each_stands_once(acknowledged, cases)
    filed = {step.number for step in acknowledged if step.verb == "case.submitted"}
    assert len(filed) >= sum(plan.values()) // 4, "too little happened to prove anything"
    assert len(cases) == len(filed) + 1, "beside the demonstration's case one that nobody filed"
    for number in filed:
        aftermath.assert_ended_as_it_must(cases[number])
    aftermath.assert_nothing_is_open()
    aftermath.assert_tables_say_what_the_journal_says(cases)
    aftermath.assert_numbers_are_given_once()


def assert_the_rounds_were_made(duty: rounds.Rounds, visitors: Sequence[rounds.Visitor]) -> None:
    """No duty opened twice, no visit lost or done twice, no message for what did not happen."""
    rounds.assert_each_day_of_each_household_opened_once(duty.done)
    visits = [step for visitor in visitors for step in visitor.acknowledged]
    rounds.assert_each_visit_was_done_and_told_once(visits)
    rounds.assert_each_photo_counts_once()


def tell(
    killed: Counter[str],
    cases: Mapping[str, aftermath.Told],
    crowd: Sequence[Person],
    drained: float,
    late: Mapping[str, int],
) -> None:
    """The figures of a run that proved what it should."""
    steps = Counter(chain.from_iterable(case.count().elements() for case in cases.values()))
    acknowledged = sum(len(person.acknowledged) for person in crowd)
    refused = sum((person.refused for person in crowd), Counter[str]())
    repeated = sum(client.repeated for client in {person.client for person in crowd})
    print(f"\nSeed: {SEED}")
    print(f"Kills: {sum(killed[kind] for kind in KILLS)}, {dict(killed)}")
    print(f"Cases: {len(cases)}, steps: {steps.total()}, acknowledged to people: {acknowledged}")
    print(f"Requests repeated: {repeated}, pressed too late: {dict(refused)}")
    print(f"All over after {drained:.0f} s; timers late by at most, in seconds: {late}")
    print(f"Steps: {dict(sorted(steps.items()))}")
