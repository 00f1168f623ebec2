# ruff: noqa: PLC0415 - each end loads only what it is
"""One end of the exchange that `bench/exchange.py` measures; runs as a process of its own.

prepare         the tables, and a pack with a register and an interface for each department
medical         and the packs that a hand-over between provinces needs
acquaint FILE   who the others are: their organisations, addresses and keys
serve PORT      the platform behind its web server
ask N THREADS   writes N messages and sends them; answers with how long it took
bare-serve PORT, bare-ask N THREADS ADDRESS
                the same web server and client, the same bytes, one durable row at each end
departments PORT
                the systems of all departments: each verifies, keeps a row, and signs its answer
hand-over N     hands N applications over, one after the other, with a worker that sends them
arrived         when each application that came was there, from the number that it has there
asked N THREADS ADDRESS
                all departments ask the platform: each signs by its own key
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import urllib3
import waitress
from psycopg_pool import ConnectionPool

DEPARTMENTS = 141
PACK = "bench/exchange"
_NAMES = UUID("2b1d7f0e-31d5-5f0a-9c4c-6a7f7b6b9d11")
ANSWER = json.dumps({"name": "样例公司（虚构）", "status": "open", "since": "2020-01-01"}).encode()


def organisation(number: int) -> str:
    """The code of a department of the bench; no real one begins so."""
    return f"99220000MB{number:08}"


def connector(number: int) -> str:
    """An interface of one department: it is asked about a record, and asks about one."""
    return f"""code: dept-{number:03}
name: {{zh-Hans: 部门{number}（虚构）, en: Department {number} (fictitious)}}
organisation: "{organisation(number)}"
packs: [{PACK}]
limits: {{per_minute: 1000000, at_once: 64, timeout: PT1M}}
retry: {{attempts: 50, first: PT1S, most: PT5S}}
breaker: {{after: 3, rest: PT5S}}
rights:
  - {{basis: 协议（虚构）, from: 2020-01-01, verified: false}}
sends:
  ask:
    name: {{zh-Hans: 查询, en: Ask}}
    body: "={{code: code}}"
    schema: {{type: object, required: [code], properties: {{code: {{type: string}}}}}}
    answer: {{schema: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}}}
receives:
  ask:
    name: {{zh-Hans: 查询, en: Ask}}
    schema: {{type: object, required: [code], properties: {{code: {{type: string}}}}}}
    key: =code
    to: {{read: bench_fact}}
    answer: "={{name: record.name, status: string(today), since: string(today)}}"
examples:
  - {{sends: ask, answers: {{name: 样例}}}}
"""


REGISTER = f"""code: bench_fact
name: {{zh-Hans: 样例库（虚构）, en: Sample register (fictitious)}}
department: digital_government
key: code
writers: [{PACK}]
readers: [{PACK}]
fields:
  - {{name: code, type: text, required: true, words: {{zh-Hans: 代码, en: Code}}}}
  - {{name: name, type: text, words: {{zh-Hans: 名称, en: Name}}}}
laws:
  - law: {{zh-Hans: 样例办法（虚构）, en: Sample measure (fictitious)}}
    article: 一
    verified: false
examples:
  - data: {{code: C1, name: 样例公司（虚构）}}
"""


def body(number: int) -> bytes:
    """What is asked: about one of a thousand records."""
    return json.dumps({"code": f"C{number % 1000:04}"}).encode()


def key_file(number: int) -> Path:
    """Where the private key of a department lies."""
    return Path(os.environ["BENCH_KEYS"]) / f"{number}.pem"


def tell(**what: Any) -> None:
    """Answer the bench with a line of JSON."""
    print(json.dumps(what), flush=True)


def at_once(threads: int, each: Callable[[Any], None], of: Iterable[Any]) -> float:
    """Seconds until each was done, by some threads."""
    todo = list(of)
    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(each, todo))
    return time.perf_counter() - begun


# The platform ------------------------------------------------------------------------------------


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"
    import django

    django.setup()


def prepare() -> None:
    """Tables, the pack with all departments, and the records that are asked about."""
    from django.utils import timezone

    from xiangyun.adapters import packs
    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.catalogue import actions as catalogue
    from xiangyun.domain.registers import actions as registers
    from xiangyun.faces.cli.folder import read_folder
    from xiangyun.site.upgrade import bring_up_to_date

    bring_up_to_date()
    now = timezone.now()
    files = {"registers/bench_fact.yaml": REGISTER, "CHANGES.md": "# Changes\n\n## 1\n- First.\n"}
    files |= {f"connectors/dept-{n:03}.yaml": connector(n) for n in range(DEPARTMENTS)}
    with acting_as(SYSTEM) as actor:
        for code in ("government/departments", "government/roles"):
            catalogue.publish(code, read_folder(packs.packs()[code]), actor=actor, at=now)
        catalogue.publish(PACK, files, actor=actor, at=now)
        for number in range(1000):
            registers.record(
                "bench_fact",
                f"C{number:04}",
                {"code": f"C{number:04}", "name": f"样例公司{number}（虚构）"},
                valid_from=timezone.localdate(),
                source="bench",
                at=now,
                actor=SYSTEM,
                pack=PACK,
            )


FEDERATION = ("public-security/population", "federation/medical-record-filing")
HANDED = "federation-medical-record-filing"
PROVINCES = ("11220000MB0FED001K", "11210000MB0FED0011")
"""The two provinces of the pack: who hands over, and to whom."""


def medical() -> None:
    """What a hand-over needs, at either end."""
    from django.utils import timezone

    from xiangyun.adapters import packs
    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.catalogue import actions as catalogue
    from xiangyun.domain.divisions import actions as divisions
    from xiangyun.faces.cli.folder import read_folder

    divisions.load_divisions()
    with acting_as(SYSTEM) as actor:
        for code in FEDERATION:
            files = read_folder(packs.packs()[code])
            catalogue.publish(code, files, actor=actor, at=timezone.now())


def _application(number: str) -> dict[str, Any]:
    """A made-up application, as the window of one province hands it over."""
    return {
        "basic_code": "002099900101",
        "number": number,
        "person": {"name": "王样云", "id_number": "222404199203150027"},
        "facts": {
            "insured_in": "222404001001",
            "insurance": "employee",
            "treated_in": "沈阳市（虚构）",
            "since": "2026-01-01",
        },
        "materials": [],
        "filed_on": "2026-01-01",
        "due_on": "2099-01-01",
        "taken_by": "样例窗口（虚构）",
        "responsible": "decides",
    }


def hand_over(number: str) -> None:
    """Hand so many applications over as a step of a case does: the message and its job are written
    in one transaction. When each was written, by its number."""
    import hashlib

    from django.utils import timezone

    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.exchange import outbox
    from xiangyun.domain.exchange.models import Outgoing

    written = {}
    for each in range(int(number)):
        name = uuid4()
        said = json.dumps(_application(f"BENCH-{name}"), ensure_ascii=False).encode()
        with acting_as(SYSTEM):
            now = timezone.now()
            Outgoing.objects.create(
                pk=name,
                connector=HANDED,
                message="hand-over",
                organisation=PROVINCES[1],
                key=f"BENCH-{name}",
                body=said.decode(),
                digest=hashlib.sha256(said).hexdigest(),
                asked_at=now,
                due_at=now,
            )
            outbox.send(name)
        written[str(name)] = time.time()
        time.sleep(0.5 + each % 5 / 10)
    tell(written=written)


def arrived(file: str, most: str) -> None:
    """Look every ten milliseconds which applications have become cases that anybody could see; when
    each was first seen, by the number of its message. Writes them to a file at the end."""
    from django.db import connection

    from xiangyun.domain.accounts.access import SYSTEM, acting_as

    seen: dict[str, float] = {}
    end = time.monotonic() + 60 + 2 * int(most)
    while len(seen) < int(most) and time.monotonic() < end:
        with acting_as(SYSTEM), connection.cursor() as cursor:
            cursor.execute(_CAME, [list(seen)])
            numbers = [number for (number,) in cursor.fetchall()]
        seen |= dict.fromkeys(numbers, time.time())
        time.sleep(0.01)
    Path(file).write_text(json.dumps(seen), "utf-8")


_CAME = """
SELECT i.message_id FROM exchange_incoming i JOIN cases_case c ON c.number = i.number
WHERE i.message = 'hand-over' AND i.state = 'done' AND NOT i.message_id = ANY(%s)
"""


def work() -> None:
    """The worker of an instance, until it is stopped."""
    from xiangyun.adapters import jobs

    jobs.work()


def acquaint(file: str) -> None:
    """Enter partners from JSON: {organisation: {address, key}}."""
    from django.utils import timezone

    from xiangyun.domain.accounts.access import SYSTEM
    from xiangyun.domain.exchange import partners

    now = timezone.now()
    for code, each in json.loads(Path(file).read_text("utf-8")).items():
        address, bundles = each["address"], bool(each.get("bundles"))
        partners.enter_partner(
            code, name=code, address=address, bundles=bundles, actor=SYSTEM, at=now
        )
        if each["key"]:
            partners.enter_key(code, each["key"], actor=SYSTEM, at=now)


def own_key() -> None:
    """The public key of this instance."""
    from xiangyun.domain.journal.ports import signer

    tell(key=signer().public_key_pem)


def serve(port: str) -> None:
    """The platform, until it is stopped."""
    from xiangyun.site.wsgi import application

    waitress.serve(application, host="127.0.0.1", port=int(port), threads=4, _quiet=True)


def _written(number: int, department: int, run: str) -> UUID:
    import hashlib

    from django.utils import timezone

    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.exchange.models import Outgoing

    said, now = body(number), timezone.now()
    with acting_as(SYSTEM):
        row = Outgoing.objects.create(
            pk=uuid5(_NAMES, f"{run}:{number}"),
            connector=f"dept-{department:03}",
            message="ask",
            organisation=organisation(department),
            body=said.decode(),
            digest=hashlib.sha256(said).hexdigest(),
            asked_at=now,
            due_at=now,
        )
    return row.pk


SENDERS = 2


def ask(number: str, threads: str, departments: str = "1", bundled: str = "") -> None:
    """Write and send so many messages, to the first departments in turn; `bundled`: as workers do
    it, who take along what else is due."""
    from django.db import connection
    from django.utils import timezone

    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.exchange import bundlesending, sending
    from xiangyun.domain.exchange.models import Outgoing, State

    run, some = uuid4().hex, int(departments)

    def one(each: int) -> None:
        sending.send(_written(each, each % some, run), at=timezone.now())

    def together() -> None:
        """What is due to the one partner, until everything was written and sent."""
        while True:
            last = over.is_set()
            if not bundlesending.send_due(organisation(0), at=timezone.now()) and last:
                return

    over, todo = threading.Event(), range(int(number))
    if bundled:
        begun = time.perf_counter()
        senders = [threading.Thread(target=together) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        at_once(int(threads) - SENDERS, lambda n: _written(n, n % some, run), todo)
        over.set()
        for sender in senders:
            sender.join()
        took = time.perf_counter() - begun
    else:
        took = at_once(int(threads), one, todo)
    numbers = [uuid5(_NAMES, f"{run}:{each}") for each in range(int(number))]
    with acting_as(SYSTEM):
        done = Outgoing.objects.filter(pk__in=numbers, state=State.DONE).count()
        waiting = Outgoing.objects.filter(pk__in=numbers, state=State.WAITING).count()
    connection.close()
    tell(seconds=took, done=done, waiting=waiting)


def again() -> None:
    """Send what waits, until nothing does; how long, and how much is left."""
    from django.utils import timezone

    from xiangyun.domain.accounts.access import SYSTEM, acting_as
    from xiangyun.domain.exchange import sending
    from xiangyun.domain.exchange.models import Outgoing, State

    begun, end = time.perf_counter(), time.monotonic() + 120
    while time.monotonic() < end:
        with acting_as(SYSTEM):
            left = list(Outgoing.objects.filter(state=State.WAITING).values_list("pk", flat=True))
        if not left:
            break
        for each in left:
            sending.send(each, at=timezone.now())
        time.sleep(0.2)
    with acting_as(SYSTEM):
        counted = {s: Outgoing.objects.filter(state=s).count() for s in ("done", "dead", "waiting")}
    tell(seconds=time.perf_counter() - begun, **counted)


# The same bytes, bare -----------------------------------------------------------------------------

_TABLE = "CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, at timestamptz, body text)"
_ROW = "INSERT INTO bare VALUES (%s, now(), %s)"


def _pool() -> ConnectionPool:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as one:
        one.execute(_TABLE)
    return ConnectionPool(
        os.environ["DATABASE_URL"], min_size=4, max_size=8, kwargs={"autocommit": True}
    )


def bare_serve(port: str) -> None:
    """Keep a row and answer, without anything else."""
    pool = _pool()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        came = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with pool.connection() as held:
            held.execute(_ROW, (uuid4(), came.decode()))
        start("200 OK", [("Content-Type", "application/json")])
        return [ANSWER]

    waitress.serve(application, host="127.0.0.1", port=int(port), threads=4, _quiet=True)


def bare_ask(number: str, threads: str, address: str) -> None:
    """Keep a row and ask, without anything else."""
    pool = _pool()
    http = urllib3.PoolManager(num_pools=4, maxsize=int(threads), retries=False)

    def one(each: int) -> None:
        said = body(each)
        with pool.connection() as held:
            held.execute(_ROW, (uuid4(), said.decode()))
        answer = http.request("POST", address, body=said)
        assert answer.status == 200
        assert answer.data == ANSWER

    tell(seconds=at_once(int(threads), one, range(int(number))), done=int(number))


# The systems of departments -----------------------------------------------------------------------


def _signers() -> list[Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from xiangyun.adapters.keys import Ed25519Signer

    made = []
    for number in range(DEPARTMENTS):
        key = load_pem_private_key(key_file(number).read_bytes(), password=None)
        made.append(Ed25519Signer(key, {}))  # type: ignore[arg-type]
    return made


def departments(port: str) -> None:
    """Each department at /NUMBER/…; `/NUMBER/down` and `/NUMBER/up` switch it off and on."""
    from django.utils import timezone

    from xiangyun.domain.exchange import envelopes
    from xiangyun.domain.journal.signatures import key_id
    from xiangyun.kernel.connector.httpsignature import Signable

    pool, signers, down = _pool(), _signers(), set[int]()
    pem = Path(os.environ["BENCH_KEYS"], "hub.pem").read_text("ascii")
    trusted, lock = {key_id(pem): pem}, threading.Lock()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        number, _, what = path.strip("/").partition("/")
        which = int(number)
        if what in ("down", "up"):
            with lock:
                (down.add if what == "down" else down.discard)(which)
            start("204 No Content", [])
            return []
        came = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if which in down:
            start("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        headers = {
            key.removeprefix("HTTP_").lower().replace("_", "-"): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        headers |= {"content-type": environ.get("CONTENT_TYPE", "")}
        request = Signable("POST", f"http://{environ['HTTP_HOST']}{path}", headers=headers)
        now = timezone.now()
        envelopes.verify_request(request, came, trusted, now)
        with pool.connection() as held:
            sought = UUID(headers["idempotency-key"].strip('"'))
            held.execute(f"{_ROW} ON CONFLICT DO NOTHING", (sought, came.decode()))
        signed = envelopes.answer_headers(200, ANSWER, request, signers[which], now)
        start("200 OK", list(signed.items()))
        return [ANSWER]

    waitress.serve(application, host="127.0.0.1", port=int(port), threads=4, _quiet=True)


def asked(number: str, threads: str, address: str) -> None:
    """All departments ask the platform in turn; how many were answered, and from others' data."""
    from django.utils import timezone

    from xiangyun.domain.exchange import envelopes

    signers = _signers()
    http = urllib3.PoolManager(num_pools=4, maxsize=int(threads), retries=False)
    statuses: dict[int, int] = {}

    def post(which: int, path: int, each: int) -> int:
        said, url = body(each), f"{address}/dept-{path:03}/ask"
        given = {envelopes.ID: f'"{uuid4()}"'}
        headers = envelopes.request_headers(
            "POST", url, said, given, signers[which], timezone.now()
        )
        return http.request("POST", url, body=said, headers=headers).status

    def one(each: int) -> None:
        status = post(each % DEPARTMENTS, each % DEPARTMENTS, each)
        statuses[status] = statuses.get(status, 0) + 1

    took = at_once(int(threads), one, range(int(number)))
    elsewhere = [post(n, (n + 1) % DEPARTMENTS, n) for n in range(DEPARTMENTS)]
    tell(seconds=took, done=statuses.get(200, 0), forbidden=elsewhere.count(403))


COMMANDS = {
    "prepare": prepare,
    "medical": medical,
    "hand-over": hand_over,
    "arrived": arrived,
    "work": work,
    "acquaint": acquaint,
    "own-key": own_key,
    "serve": serve,
    "ask": ask,
    "again": again,
    "bare-serve": bare_serve,
    "bare-ask": bare_ask,
    "departments": departments,
    "asked": asked,
}

if __name__ == "__main__":
    if not sys.argv[1].startswith("bare"):
        _django()
    COMMANDS[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
