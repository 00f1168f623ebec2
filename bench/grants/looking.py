"""The credit file of one company, read by a bank under a grant or as the tables' owner; revoking.

Runs as a process of its own against an empty database; what was measured is printed as one line of
JSON. The registers are those of `credit/files`; companies and facts are made up by two statements.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID, uuid4

os.environ["DATABASE_URL"] = os.environ["XIANGYUN_OWNER_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.db import connection  # noqa: E402 - settings first
from django.utils import timezone  # noqa: E402

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as  # noqa: E402
from xiangyun.domain.divisions.actions import load_divisions  # noqa: E402
from xiangyun.domain.grants import actions, using  # noqa: E402
from xiangyun.domain.grants.models import Grant  # noqa: E402
from xiangyun.domain.parties import actions as parties  # noqa: E402
from xiangyun.domain.registers import actions as writing  # noqa: E402
from xiangyun.domain.registers import queries as registers  # noqa: E402
from xiangyun.kernel.findings import Forbidden  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

PACK = Path(__file__).parents[2] / "packs" / "credit" / "files"
CODES = ("credit_tax_grade", "credit_insurance", "credit_utility")
BANK = "91220101MA0XYBNK16"
COUNTY = 222404000000
LATE = 1.0
"""Seconds within which a revocation must have stopped all queries, 99 times of 100."""

PARTIES = """
INSERT INTO parties_party (id, kind, code, name, department, fictitious)
SELECT md5('bench ' || n)::uuid, 'organisation', 'TEST' || lpad(n::text, 14, '0'),
    '测速' || n || '有限公司（虚构）', 0, true
FROM generate_series(0, %(companies)s - 1) n
"""
RECORDS = """
WITH made AS (
    INSERT INTO registers_record (register, number, key, division, holder, matter, reach)
    SELECT %(code)s, %(number)s, 'TEST' || n || '-' || k, %(county)s, md5('bench ' || n)::uuid, 0,
        %(number)s * 1000000000000 + %(county)s
    FROM generate_series(0, %(companies)s - 1) n, generate_series(1, %(each)s) k
    RETURNING id, key
)
INSERT INTO registers_fact
    (record_id, version, data, valid_from, recorded_at, source, why, leaf)
SELECT id, %(version)s, jsonb_build_object('number', key, 'source', '测速（虚构）', 'year', 2025),
    DATE '2026-01-01', now(), '测速（虚构）', '', 0
FROM made
"""


def prepare(companies: int, each: int) -> None:
    """Tables, the three registers, and so many companies with `each` facts in each of them."""
    bring_up_to_date()
    load_divisions()
    with acting_as(SYSTEM):
        for code in CODES:
            text = (PACK / "registers" / f"{code}.yaml").read_text("utf-8")
            one = writing.declare(text, f"registers/{code}.yaml", "credit/files", at=_now())
            _filled(one.number, one.version, code, companies, each)
    _role("NONE")
    with connection.cursor() as cursor:
        cursor.execute(PARTIES, {"companies": companies})
        cursor.execute("VACUUM (ANALYZE)")


def _filled(number: int, version: int, code: str, companies: int, each: int) -> None:
    _role("NONE")
    with connection.cursor() as cursor:
        values = {"companies": companies, "each": each, "number": number, "code": code}
        cursor.execute(RECORDS, {**values, "version": version, "county": COUNTY})


def _now() -> datetime:
    return datetime.now(UTC)


def company(number: int) -> Actor:
    """Somebody who represents the company of a number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(%s)::uuid", [f"bench {number}"])
        ((ident,),) = cursor.fetchall()
    return _representing(ident, f"测速{number}有限公司（虚构）")


def _representing(party: UUID, name: str) -> Actor:
    return Actor(name="测试员（虚构）", kind="person", account=uuid4()).acting_for(party, name)


def bank() -> Actor:
    """Somebody who represents the bank."""
    with acting_as(SYSTEM):
        found = parties.ensure("organisation", BANK, "样例商业银行（虚构）")
    return _representing(found.pk, found.name)


def granted(to_be_seen: Actor) -> Grant:
    """A grant of a company for the bank, over the three registers."""
    until = timezone.localdate() + timedelta(days=30)
    words = {"bank": BANK, "purpose": "测速", "codes": CODES, "until": until}
    return actions.give(to_be_seen, **words, at=timezone.now())


def files(companies: int, number: int) -> dict[str, Any]:
    """Milliseconds of so many files: under a grant, as owner; and of the whole look."""
    chance, reader = Random(19), bank()
    took: dict[str, list[float]] = {"granted": [], "owner": [], "look": []}
    facts = 0
    for turn in range(-number // 10, number):
        held = granted(company(chance.randrange(companies)))
        with using.using(reader, held.pk, version=1, at=timezone.now()):
            answers = {}
            for way in chance.sample(["granted", "owner"], 2):
                _role("NONE" if way == "owner" else "xiangyun_runtime")
                begun = time.perf_counter()
                answers[way] = registers.records_about(held.company, as_of=date(2026, 11, 1))
                if turn >= 0:
                    took[way].append((time.perf_counter() - begun) * 1000)
            _role("xiangyun_runtime")
        assert answers["granted"] == answers["owner"], answers
        assert answers["granted"], "a file without a fact measures nothing"
        facts = len(answers["owner"])
        begun = time.perf_counter()
        using.look(reader, held.pk, version=1, at=timezone.now())
        if turn >= 0:
            took["look"].append((time.perf_counter() - begun) * 1000)
    return {**took, "facts": facts}


def _role(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")


class _Readers:
    """Banks that look without a pause, each in a connection of its own, at the same grant."""

    def __init__(self, number: int, reader: Actor) -> None:
        self._reader, self._ends, self._lock = reader, Event(), Lock()
        self._held: Grant | None = None
        self._seen: list[tuple[UUID, float, float, bool]] = []
        self._threads = [Thread(target=self._run) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def look_at(self, held: Grant | None) -> None:
        self._held = held

    def seen(self, held: Grant) -> list[tuple[float, float, bool]]:
        """Of each look at a grant: when it began and ended, and whether it showed anything."""
        with self._lock:
            return [
                (begun, ended, rows) for id_, begun, ended, rows in self._seen if id_ == held.pk
            ]

    def end(self) -> int:
        """All of them end; how many looks there were."""
        self._ends.set()
        for thread in self._threads:
            thread.join()
        return len(self._seen)

    def _run(self) -> None:
        _role("xiangyun_runtime")
        while not self._ends.is_set():
            held = self._held
            if held is None:
                time.sleep(0.001)
                continue
            begun = time.perf_counter()
            try:
                shown = bool(using.look(self._reader, held.pk, version=1, at=timezone.now()).states)
            except Forbidden:
                shown = False
            with self._lock:
                self._seen.append((held.pk, begun, time.perf_counter(), shown))
        connection.close()


def revoked(companies: int, number: int, readers: int) -> dict[str, Any]:
    """Seconds from a company's asking until nothing was seen any more, for so many grants.

    It is asked in the middle of looks of so many readers. What counts is the later of two moments:
    when the company was answered, and when the last look ended that showed anything.
    """
    chance, looking = Random(91), _Readers(readers, bank())
    took, after, pace = [], 0, []
    for _ in range(number):
        who = company(chance.randrange(companies))
        held = granted(who)
        looking.look_at(held)
        while sum(rows for _, _, rows in looking.seen(held)) < readers * 2:
            time.sleep(0.005)
        begun = time.perf_counter()
        actions.revoke(who, held.pk, at=timezone.now())
        answered = time.perf_counter()
        while sum(start > answered for start, _, _ in looking.seen(held)) < readers:
            time.sleep(0.005)
        looking.look_at(None)
        looks = looking.seen(held)
        after += sum(rows for start, _, rows in looks if start > answered)
        took.append(max([answered, *(end for _, end, rows in looks if rows)]) - begun)
        pace += [(end - start) * 1000 for start, end, rows in looks if rows]
    return {"took": took, "after": after, "looks": looking.end(), "pace": pace}


def main() -> None:
    """Prepare, measure, and say it."""
    companies, each, pages, grants, readers = map(int, sys.argv[2:])
    prepare(companies, each)
    _role("xiangyun_runtime")
    told = {
        "file": files(companies, pages),
        "revoked": revoked(companies, grants, readers),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
