"""The machine of the database is lost while people work; nothing that was acknowledged is.

Real PostgreSQL with a synchronous replica under Patroni, real server, clients over HTTP that repeat
what was not acknowledged. Run by `make test-failover`, which installs Patroni apart.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator

import aftermath
import pytest
from cluster import PATRONI, Cluster
from crowd import Client, Founder, Official
from inside import client_of, inside, open_colleague
from pytest_django import DjangoDbBlocker
from serving import Server, server_of_its_own
from test_crash import go_home

from xiangyun.adapters.embedded import OWNER, RUNTIME
from xiangyun.adapters.postgres import OWNER_URL

pytestmark = [
    pytest.mark.slow(minutes=0),  # several, and none where Patroni is not installed
    pytest.mark.faults,
    pytest.mark.skipif(
        not (PATRONI.parent / ".ready").exists(),
        reason="Patroni is not installed; `make test-failover` installs it",
    ),
]

SEED = 20260702
STRIKES = {
    Cluster.lose_primary: 6,
    Cluster.kill_postgres: 6,
    Cluster.switch: 4,
    Cluster.lose_replica: 4,
}
DRAIN = 300  # seconds for everything that was begun to come to its end


@pytest.fixture
def cluster(server: Server) -> Iterator[Cluster]:
    made = Cluster(server.home)
    try:
        made.start()
        made.open_to_xiangyun()
        yield made
    finally:
        server.stop()
        made.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    with server_of_its_own("failover") as made:
        yield made


@pytest.fixture
def clients(
    server: Server, cluster: Cluster, django_db_blocker: DjangoDbBlocker
) -> dict[str, Client]:
    """The demonstration on that database; two applicants, and three officials."""
    server.env |= {"DATABASE_URL": cluster.address(RUNTIME), OWNER_URL: cluster.address(OWNER)}
    server.run("demo", "--no-serve")
    server.start()
    server.wait_until_ready()
    with inside(server, django_db_blocker):
        open_colleague("yi", "金样乙")
        return {login: client_of(server, login) for login in ("wang", "shencha", "jueding", "yi")}


def test_losing_the_machine_of_the_database_loses_no_acknowledged_step(
    server: Server,
    cluster: Cluster,
    clients: dict[str, Client],
    django_db_blocker: DjangoDbBlocker,
    capsys: pytest.CaptureFixture[str],
    share: float,
) -> None:
    noon, evening = threading.Event(), threading.Event()
    founders = [Founder(clients["wang"], noon, SEED + place) for place in range(3)]
    officials = [
        Official(clients[login], evening, SEED + 20 + place)
        for place, login in enumerate(("shencha", "jueding", "yi"))
    ]
    for person in (*founders, *officials):
        person.start()

    def filed() -> int:
        return sum(len(founder.acknowledged) for founder in founders)

    away = strike_all(cluster, server, filed, share)
    go_home(list(founders), noon)
    with inside(server, django_db_blocker):
        aftermath.wait_for_the_end(DRAIN)
        go_home(list(officials), evening)
        trusted = aftermath.keys_of(server)
        cases = aftermath.all_told([clients["wang"]], trusted)
        acknowledged = [step for one in (*founders, *officials) for step in one.acknowledged]
        aftermath.assert_each_stands_once(acknowledged, cases)
        for number in {step.number for step in acknowledged if step.verb == "case.submitted"}:
            aftermath.assert_ended_as_it_must(cases[number])
        aftermath.assert_tables_say_what_the_journal_says(cases)
        aftermath.assert_numbers_are_given_once()
        receipts = [receipt for founder in founders for receipt in founder.receipts]
        aftermath.assert_kept_receipts_hold(receipts, cases, trusted)
        aftermath.assert_the_journal_is_whole(server)
    with capsys.disabled():
        print(f"\nSeed: {SEED}; cases: {len(cases)}, steps acknowledged: {len(acknowledged)}")
        for name, seconds in away.items():
            told = ", ".join(f"{each:.1f}" for each in sorted(seconds))
            print(f"{name}: the next application was taken after {told} s")


def strike_all(
    cluster: Cluster, server: Server, filed: Callable[[], int], share: float
) -> dict[str, list[float]]:
    """Strike in a drawn order, each time that all is whole and work goes on.

    By the name of what happened: the seconds until somebody's next application was acknowledged.
    """
    strikes = [each for each, times in STRIKES.items() for _ in range(max(1, round(times * share)))]
    chance = random.Random(SEED)
    chance.shuffle(strikes)
    away: dict[str, list[float]] = {}
    for strike in strikes:
        one_more(filed)
        time.sleep(chance.uniform(0.0, 2.0))  # not always in the same moment of a step
        struck = strike(cluster)
        begun = server.struck = time.monotonic()
        one_more(filed)
        away.setdefault(strike.__name__, []).append(time.monotonic() - begun)
        if not cluster.lives(struck):
            cluster.revive(struck)
        cluster.wait_until_whole()
    return away


def one_more(filed: Callable[[], int]) -> None:
    """Wait until somebody's application was acknowledged that was not before."""
    before, end = filed(), time.monotonic() + 180
    while filed() == before:
        assert time.monotonic() < end, "nobody is served any more"
        time.sleep(0.05)
