"""An instance with so many children: its nights of duties, submitted cases and board, timed.

Runs as a process of its own, one for each instance: `prepare` and `fill` once, then it answers
lines of JSON on its input.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ["DATABASE_URL"] = os.environ["XIANGYUN_OWNER_URL"] = sys.argv[2]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.db import connection  # noqa: E402 - settings first
from django.utils import timezone  # noqa: E402

from xiangyun.adapters import packs  # noqa: E402
from xiangyun.adapters.tables import TableFile  # noqa: E402
from xiangyun.domain.accounts import queries as accounts  # noqa: E402
from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as  # noqa: E402
from xiangyun.domain.cases import actions as cases  # noqa: E402
from xiangyun.domain.cases import drafts  # noqa: E402
from xiangyun.domain.catalogue import actions as catalogue  # noqa: E402
from xiangyun.domain.catalogue import queries as published  # noqa: E402
from xiangyun.domain.duties import actions as duties  # noqa: E402
from xiangyun.domain.duties import queries as boards  # noqa: E402
from xiangyun.domain.registers import loading, settled  # noqa: E402
from xiangyun.faces.cli import demonstration  # noqa: E402
from xiangyun.faces.cli.folder import read_folder  # noqa: E402
from xiangyun.kernel.codes.division import subtree  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

SERVICE, REGISTER = "children/child-visit", "child_in_need"
DUTY = f"{SERVICE}:visit"
NIGHT = date(2026, 4, 9)
COLUMNS = ("file", "name", "division", "address", "category", "level", "calm", "status")


def prepare() -> None:
    """Tables, divisions, people, packs; visits may be applied for besides, to be compared."""
    bring_up_to_date()
    demonstration.prepare()
    files = read_folder(packs.packs()[SERVICE])
    open_too = files["service.yaml"].replace("openings:\n", "openings:\n  - applicant\n", 1)
    open_too = open_too.replace("roles: [", "roles: [applicant, ", 1)
    with acting_as(SYSTEM) as actor:
        catalogue.publish(
            SERVICE, {**files, "service.yaml": open_too}, actor=actor, at=timezone.now()
        )


def fill(children: int) -> dict[str, float]:
    """So many files, spread over all villages; none is due for two months. Seconds."""
    begun = time.perf_counter()
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM divisions_division WHERE level = 6"
            " AND code / 10000000000 = 22 ORDER BY code"
        )
        villages = [code for (code,) in cursor.fetchall()]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for number in range(children):
            row = {
                "file": f"BENCH-{number}",
                "name": f"样童{number}",
                "division": f"{villages[number % len(villages)]:012}",
                "address": "虚构路",
                "category": "poor_care",
                "level": "high",  # due a week after the last visit
                "calm": 0,
                "status": "kept",
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.flush()
        order = loading.Order(REGISTER, "synthetic", timezone.now(), date(2026, 1, 1))
        rows = TableFile(Path(out.name), {name: name for name in COLUMNS})
        told = loading.load(order, rows, lambda refused: None)
    assert told.refused == 0, told
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO duties_standing
                (duty, record, division, since, last, next_on, fact, problem)
            SELECT %s, r.id, r.division, date '2026-01-01',
                date '2026-03-30' - (r.key NOT LIKE 'BENCH-%%')::int,
                %s::date + 60 + (r.id %% 50)::int, f.id, ''
            FROM registers_record r JOIN registers_fact f ON f.record_id = r.id
            WHERE r.register = %s""",
            [DUTY, NIGHT, REGISTER],
        )
        cursor.execute(
            """INSERT INTO duties_progress (code, version, fact, ran_at) VALUES (%s, %s, %s, now())
            ON CONFLICT (code) DO UPDATE SET version = EXCLUDED.version, fact = EXCLUDED.fact""",
            [DUTY, published.declared_version("duty", DUTY), settled.newest_fact()],
        )
    return {"seconds": time.perf_counter() - begun}


def night(due: int, after: int) -> dict[str, float]:
    """So many visits fall due and the duty runs: seconds for each that it opened."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE duties_standing SET next_on = %s WHERE id IN (
                SELECT id FROM duties_standing WHERE duty = %s AND last = '2026-03-30'
                ORDER BY hashint8(record) LIMIT %s)""",
            [NIGHT + timedelta(days=after), DUTY, due],
        )
    day = NIGHT + timedelta(days=after)
    at = timezone.make_aware(datetime.combine(day, clock(1)))
    begun = time.perf_counter()
    (ran,) = duties.run(day, at=at, only=DUTY)
    took = time.perf_counter() - begun
    assert ran.problems == [], ran.problems[:3]
    return {"opened": len(ran.opened), "each": took / max(len(ran.opened), 1)}


def submitted(number: int) -> dict[str, float]:
    """Seconds for each case of the same service that somebody applies for."""
    founder = accounts.actor_by_password("wang", demonstration.PASSWORD)
    assert founder is not None
    given = {
        "file": "BENCH-1",
        "home": "222404001001",
        "level": "low",
        "cause": "routine",
    }
    begun = time.perf_counter()
    for _ in range(number):
        with acting_as(founder):
            draft = drafts.start_draft(SERVICE, actor=founder, at=timezone.now())
            drafts.keep_answers(draft.pk, given, actor=founder, at=timezone.now())
            cases.submit_case(draft.pk, actor=founder, at=timezone.now())
    return {"each": (time.perf_counter() - begun) / number}


def board(number: int, after: int) -> dict[str, list[float]]:
    """Milliseconds of the board of the province and of the same board of a county, in turns.

    It is of so many days after the first night.
    """
    took: dict[str, list[float]] = {"province": [], "county": []}
    for _ in range(number):
        for name, place in (("province", 220000000000), ("county", 222404000000)):
            held = MandateHeld(
                "child_overseer:civil_affairs", place, *subtree(place), "测试（虚构）"
            )
            who = Actor("测试员（虚构）", "official", UUID(int=1), (held,))
            begun = time.perf_counter()
            found = {
                each.code: each for each in boards.board(who, place, NIGHT + timedelta(days=after))
            }
            took[name].append((time.perf_counter() - begun) * 1000)
            assert DUTY in found
    return took


ASKED: dict[str, Any] = {"night": night, "submitted": submitted, "board": board}

if sys.argv[1] == "prepare":
    prepare()
elif sys.argv[1] == "fill":
    print(json.dumps(fill(int(sys.argv[3]))))
else:
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(ASKED[asked.pop("what")](**asked)), flush=True)
