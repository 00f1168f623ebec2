"""Officials who search a register, timed: under row-level security, or as the tables' owner.

Runs as a process of its own, one for each instance, and answers lines of JSON on its input.
"""

from __future__ import annotations

import json
import os
import sys
import time
from random import Random
from typing import Any
from uuid import UUID

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"
os.environ["XIANGYUN_RATES"] = "0"  # one asks more often here than people do

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from xiangyun.domain.accounts import actions as accounts  # noqa: E402
from xiangyun.domain.accounts import queries as account_reads  # noqa: E402
from xiangyun.domain.accounts.access import Actor, MandateHeld, acting_as  # noqa: E402
from xiangyun.domain.registers import names, queries  # noqa: E402
from xiangyun.kernel.codes.division import subtree  # noqa: E402

NAME = "bench_company"
PROVINCE, COUNTY = 220000000000, 220102000000
LOGIN, PASSWORD = "bench-reviewer", "bench-only-2026"


def official(division: int) -> Actor:
    """A made-up reviewer of this division."""
    held = MandateHeld("reviewer", division, *subtree(division), "测试窗口（虚构）")
    return Actor("测试员（虚构）", "official", UUID(int=1), (held,))


OFFICIALS = {"province": official(PROVINCE), "county": official(COUNTY)}


def known(number: int, seed: str) -> list[tuple[str, str]]:
    """Codes and names of some records, which are asked for."""
    chance = Random(seed)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT min(id), max(id) FROM registers_record")
        low, high = cursor.fetchone()
        wanted = [chance.randint(low, high) for _ in range(number)]
        cursor.execute(
            "SELECT r.key, f.data ->> 'name' FROM registers_record r JOIN registers_fact f"
            " ON f.record_id = r.id WHERE r.id = ANY (%s) ORDER BY r.id, f.id",
            [wanted],
        )
        return list(dict(cursor.fetchall()).items())


def question(kind: str, code: str, name: str, chance: Random) -> dict[str, Any]:
    """What is asked so that this record is among the answers."""
    brand = name[-8:-4] if chance.random() < 0.5 else name[-9:-5]
    if kind == "code":
        return {"text": code}
    if kind == "pinyin":
        return {"text": "".join(names.readings(names.normal(brand)))}
    if kind == "initials":
        return {"text": "".join(each[0] for each in names.readings(names.normal(name[-9:])))}
    if kind == "part and filter":
        return {"text": brand[:3], "filters": {"status": "open"}}
    return {"text": brand[: chance.choice((2, 3, 4))]}


def timed(asked: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of so many pages, each as owner and under row-level security, in turn."""
    chance, actor = Random(asked["seed"]), OFFICIALS[asked["official"]]
    took: dict[str, list[float]] = {"secured": [], "owner": []}
    lines, statements = [], set()
    for code, name in known(asked["number"], asked["seed"]):
        what = question(asked["kind"], code, name, chance)
        answers = []
        for way in chance.sample(["secured", "owner"], 2):
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE" if way == "owner" else "SET ROLE xiangyun_runtime")
            counted = _Counted()
            begun = time.perf_counter()
            with acting_as(actor), connection.execute_wrapper(counted):
                page = queries.search(NAME, **what)
            took[way].append((time.perf_counter() - begun) * 1000)
            answers.append([state.key for state in page.states])
            statements.add(counted.number)
        assert answers[0] == answers[1], (what, answers)
        lines.append(len(answers[0]))
    return {**took, "lines": sum(lines) / len(lines), "statements": sorted(statements)}


class _Counted:
    number = 0

    def __call__(self, execute: Any, *given: Any) -> Any:
        self.number += 1
        return execute(*given)


def files(asked: dict[str, Any]) -> dict[str, Any]:
    """The file of one company with its facts: milliseconds and statements."""
    took, statements, facts = [], set(), []
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE xiangyun_runtime")
    for code, _ in known(asked["number"], asked["seed"]):
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE xiangyun_runtime")
        counted = _Counted()
        begun = time.perf_counter()
        with acting_as(OFFICIALS["province"]), connection.execute_wrapper(counted):
            found = queries.record_with(NAME, code)
            assert found is not None
            facts.append(len(queries.history([found.pk])))
        took.append((time.perf_counter() - begun) * 1000)
        statements.add(counted.number)
    return {"took": took, "statements": sorted(statements), "facts": sum(facts) / len(facts)}


def served(asked: dict[str, Any]) -> dict[str, Any]:
    """Pages of a filtered search in this process: as HTML of the workbench, or by the interface."""
    client, key = Client(HTTP_HOST="localhost"), _token()
    if asked["form"] == "page":
        logged = client.post("/login", {"login": LOGIN, "password": PASSWORD})
        assert logged.status_code == 302, logged.content
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE xiangyun_runtime")
    begun, rows = time.perf_counter(), 0
    for text in asked["texts"]:
        if asked["form"] == "page":
            answer = client.get(f"/office/registers/{NAME}", {"text": text, "status": "open"})
            rows += answer.content.count(b'class="what"')
        else:
            answer = client.get(
                f"/api/registers/{NAME}/records",
                {"text": text, "where": "status=open", "limit": 50},
                headers={"Authorization": f"Bearer {key}"},
            )
            rows += len(answer.json()["rows"])
        assert answer.status_code == 200, answer.content
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def _token() -> str:
    actor = account_reads.actor_by_login(LOGIN)
    if actor is None:
        account = accounts.open_account(
            login=LOGIN, password=PASSWORD, name="测试员（虚构）", kind="official",
            id_number="", mobile="", division=PROVINCE,
        )  # fmt: skip
        accounts.give_mandate(account, role="reviewer", division=PROVINCE, desk="测试（虚构）")
        actor = account_reads.actor_by_login(LOGIN)
    assert actor is not None
    with acting_as(actor):
        return accounts.issue_token(actor, label="bench", at=timezone.now(), days=1)


def texts(asked: dict[str, Any]) -> list[str]:
    """Parts of names, of two to six signs from anywhere in them, for the comparison."""
    chance = Random(asked["seed"])
    found = []
    for _, name in known(asked["number"], asked["seed"]):
        length = chance.randint(2, 6)
        begins = chance.randint(0, max(0, len(name) - length))
        found.append(name[begins : begins + length])
    return found


def main() -> None:
    """Answer until the input ends."""
    names.parts("准备")
    answers = {"timed": timed, "files": files, "served": served, "texts": texts}
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answers[asked["what"]](asked)), flush=True)


if __name__ == "__main__":
    main()
