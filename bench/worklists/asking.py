"""Officials who look at their queues: `cases.queries.queue` under row-level security, timed.

Runs as a process of its own, one for each instance, and answers lines of JSON on its input.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from filling import TODAY, busiest  # noqa: E402

from xiangyun.domain.accounts.access import Actor, MandateHeld, acting_as  # noqa: E402
from xiangyun.domain.cases import queries as cases  # noqa: E402
from xiangyun.domain.catalogue import queries as catalogue  # noqa: E402
from xiangyun.kernel.codes.division import subtree  # noqa: E402

CASES = int(sys.argv[2])
RARE_SERVICE = "construction/project-approval"
LEADS = (0, 4, 6, 15)


def official(*mandates: tuple[str, int]) -> Actor:
    """A made-up official with these roles in these divisions."""
    held = tuple(MandateHeld(r, d, *subtree(d), "测试窗口（虚构）") for r, d in mandates)
    return Actor("测试员（虚构）", "official", UUID(int=1), held)


def officials() -> dict[str, list[Actor]]:
    """Those of each level, and some who are out of the ordinary."""
    towns, villages = busiest(sys.argv[1], 5, 8), busiest(sys.argv[1], 6, 4)
    counties = (220102, 220104, 220202, 220302, 220502, 220702, 222401, 222404)
    cities = (2201, 2202, 2203, 2224)
    return {
        "province": [
            official(("acceptor:market_supervision", 220000000000)),
            official(("reviewer:market_supervision", 220000000000)),
        ],
        "city": [official(("acceptor:market_supervision", code * 10**8)) for code in cities],
        "county": [official(("acceptor:market_supervision", code * 10**6)) for code in counties],
        "town": [official(("acceptor:market_supervision", code)) for code in towns],
        "village": [official(("acceptor:market_supervision", code)) for code in villages],
        "several mandates": [
            official(
                ("acceptor:market_supervision", 220104000000),
                ("reviewer:market_supervision", 222400000000),
                ("assessor:civil_affairs", 222400000000),
                ("approver:market_supervision", towns[0]),
            )
        ],
        "rare role": [official(("reviewer:fire", 220000000000))],
    }


def somewhere(chance: Random) -> str:
    """The key of a line that may stand anywhere in a queue."""
    due = TODAY + timedelta(days=chance.randint(-40, 40))
    amber = due - timedelta(days=chance.choice(LEADS))
    return f"{due}_{amber}_{chance.randint(1, CASES)}"


KINDS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "first page": lambda chance: {},
    "page anywhere": lambda chance: {"after": somewhere(chance)},
    "red": lambda chance: {"light": "red"},
    "amber": lambda chance: {"light": "amber"},
    "green": lambda chance: {"light": "green"},
    "green, anywhere": lambda chance: {"light": "green", "after": somewhere(chance)},
    "one service": lambda chance: {"service": RARE_SERVICE},
}


def timed(actors: list[Actor], kind: str, number: int, chance: Random) -> dict[str, Any]:
    """Milliseconds of so many pages of a kind, and how many lines the shortest had."""
    took, shortest = [], 50
    for _ in range(number):
        actor, asked = chance.choice(actors), KINDS[kind](chance)
        begun = time.perf_counter()
        with acting_as(actor):
            found = cases.queue(actor, today=TODAY, **asked)
        took.append((time.perf_counter() - begun) * 1000)
        shortest = min(shortest, len(found.rows))
    return {"took": took, "shortest": shortest}


def plans(actor: Actor, kind: str) -> list[str]:
    """How PostgreSQL answers each statement of a page."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with acting_as(actor):
        with connection.execute_wrapper(note):
            cases.queue(actor, today=TODAY, **KINDS[kind](Random(7)))
        told = []
        for sql, params in asked:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
                told.append("\n".join(line for (line,) in cursor.fetchall()))
    return told


def main() -> None:
    """Answer until the input ends."""
    who = officials()
    for version in catalogue.current_services():
        catalogue.pack(version.pk)  # compiled once a process, as in service
    for line in sys.stdin:
        asked = json.loads(line)
        actors = who[asked["official"]]
        if asked["what"] == "plans":
            answer: Any = plans(actors[0], asked["kind"])
        else:
            answer = timed(actors, asked["kind"], asked["number"], Random(asked["seed"]))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
