"""Kills parts of a server at random moments in a random order; starts what nobody else would."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping

from serving import Server


def _all(server: Server) -> int:
    """As when the power fails: the database in the same moment as everything else."""
    return server.kill_database() and server.kill()


KINDS: Mapping[str, Callable[[Server], int]] = {
    "everything": _all,
    "serve": Server.kill,
    "supervisor": Server.kill_supervisor,
    "web": Server.kill_web,
    "answering": Server.kill_answering,
    "worker": Server.kill_worker,
    "database": Server.kill_database,
    "backend": Server.kill_backend,
}
IN_RECOVERY = 0.25  # the share of kills that do not wait until the one before is survived


def wreak(
    server: Server, plan: Mapping[str, int], chance: random.Random, answered: Callable[[], int]
) -> Counter[str]:
    """Kill so many of each kind; how many there were, and how often `serve` had to be started.

    `answered` counts the answers that people got: on a slow machine, too, some come between kills.
    """
    kinds = [kind for kind, times in plan.items() for _ in range(times)]
    chance.shuffle(kinds)
    done: Counter[str] = Counter()
    for kind in kinds:
        time.sleep(chance.uniform(0.0, 1.4))
        _strike(server, kind)
        done[kind] += 1
        done["started"] += server.start_if_ended()
        if chance.random() >= IN_RECOVERY:
            done["started"] += recover(server)
            _let_work(answered(), answered)
    done["started"] += recover(server)
    return done


def _strike(server: Server, kind: str) -> None:
    """Kill, once there is something of the kind to be killed."""
    end = time.monotonic() + 60
    while not KINDS[kind](server):
        server.start_if_ended()  # a start in which the database was killed does not go through
        assert time.monotonic() < end, f"no {kind} to kill\n{server.log()[-5000:]}"
        time.sleep(0.02)
    server.struck = time.monotonic()


def _let_work(before: int, answered: Callable[[], int]) -> None:
    """Wait until somebody got an answer again."""
    end = time.monotonic() + 60
    while answered() == before:
        assert time.monotonic() < end, "the server is ready and answers nobody"
        time.sleep(0.02)


def recover(server: Server) -> int:
    """Wait until the server answers; how often it had to be started for that."""
    started, end = 0, time.monotonic() + 90
    while server.answers() != 200:
        started += server.start_if_ended()
        assert time.monotonic() < end, f"the server did not come back\n{server.log()[-5000:]}"
        time.sleep(0.02)
    return started
