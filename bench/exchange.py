"""Signed exchanges a second between two platforms, beside the same server and client with bare
rows, and the working day of 141 departments, in one run.

Two instances with keys of their own lie in one embedded PostgreSQL with the settings it ships with.
Ours and bare take turns, so that what else the machine does hits both. Then applications are handed
over from one province to the other, as steps of cases do it, with a worker.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from exchanges.ends import DEPARTMENTS, PROVINCES, organisation
from machine import Machine

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks" / "exchange.md"
SCRIPT = str(HERE / "exchanges" / "ends.py")
WANTED = 0.5
WARM = 3
"""So many are handed over before: worker and server have done it once."""
VISIBLE = 2
"""Seconds until a hand-over is visible in the other province, of 95 among 100."""


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=2_000, help="in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--day", type=int, default=2_820, help="messages of the working day")
    parser.add_argument("--handed", type=int, default=200, help="applications handed over")
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.messages, chosen.rounds, chosen.day, chosen.handed = 100, 2, 282, 20
    return chosen


def say(what: str, begun: list[float] = []) -> None:  # noqa: B006 - the moment of the first word
    """Tell how far it is."""
    begun.append(time.monotonic())
    print(f"{begun[-1] - begun[0]:5.0f} s  {what}", file=sys.stderr, flush=True)


class End:
    """One end: its database, its home with its keys."""

    def __init__(self, home: Path, address: str, keys: Path) -> None:
        home.mkdir(exist_ok=True)
        self.home = home
        self.env = {
            **os.environ,
            "XIANGYUN_HOME": str(home),
            "DATABASE_URL": address,
            "XIANGYUN_OWNER_URL": address,
            "XIANGYUN_RATES": "0",
            "BENCH_KEYS": str(keys),
        }

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process of this end, until the end."""
        process = subprocess.Popen([sys.executable, SCRIPT, *words], env=self.env)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def run(self, *words: str) -> Any:
        """What a command answers."""
        command = [sys.executable, SCRIPT, *words]
        done = subprocess.run(command, env=self.env, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None

    @contextmanager
    def serving(self, *words: str) -> Iterator[str]:
        """A server of this end on a free port, until the end; its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen([sys.executable, SCRIPT, *words, str(port)], env=self.env)
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def made_keys(folder: Path) -> list[str]:
    """A key for each department; their public parts."""
    folder.mkdir()
    found = []
    for number in range(DEPARTMENTS):
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{number}.pem").write_bytes(private)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        found.append(public.decode())
    return found


def acquaint(end: End, others: dict[str, dict[str, str]]) -> None:
    """Enter partners at an end."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(others, file)
        file.flush()
        end.run("acquaint", file.name)


def side_by_side(here: End, there: End, chosen: argparse.Namespace) -> dict[str, list[float]]:
    """Exchanges a second of each round, ours and bare by turns; the first round warms up."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    with there.serving("serve") as ours, there.serving("bare-serve") as bare:
        key = there.run("own-key")["key"]
        where = f"{ours}/exchange/in"
        acquaint(here, {organisation(0): {"address": where, "key": key, "bundles": True}})
        own = here.run("own-key")["key"]
        acquaint(there, {organisation(0): {"address": "", "key": own}})
        number, threads = str(chosen.messages), str(chosen.threads)
        here.run("ask", "1", "1")  # a server that has answered once is a warm one
        for turn in range(chosen.rounds + 1):
            say(f"round {turn} of {chosen.rounds}" if turn else "warming up")
            for name in ("ours", "bare") if turn % 2 else ("bare", "ours"):
                if name == "ours":
                    told = here.run("ask", number, threads, "1", "bundled")
                else:
                    told = here.run("bare-ask", number, threads, bare)
                assert told["done"] == chosen.messages, told
                if turn:
                    rates[name].append(chosen.messages / told["seconds"])
    return rates


def hand_over(here: End, there: End, chosen: argparse.Namespace) -> list[float]:
    """Seconds from a step that hands an application over, to the case that the other province sees;
    a worker sends, a server takes in."""
    for end in (here, there):
        end.run("medical")
    seen = there.home / "arrived.json"
    ours, theirs = PROVINCES
    with there.serving("serve") as address, here.running("work"):
        key = there.run("own-key")["key"]
        where = {"address": f"{address}/exchange/in", "key": key, "bundles": True}
        acquaint(here, {theirs: where})
        acquaint(there, {ours: {"address": "", "key": here.run("own-key")["key"]}})
        number = str(chosen.handed + WARM)
        with there.running("arrived", str(seen), number) as looking:
            written = here.run("hand-over", number)["written"]
            looking.wait(600)
    came = json.loads(seen.read_text("utf-8"))
    assert came.keys() == written.keys(), (len(came), len(written))
    return sorted(came[each] - written[each] for each in list(written)[WARM:])


def working_day(hub: End, away: End, keys: list[str], chosen: argparse.Namespace) -> dict[str, Any]:
    """All departments are asked and ask; one is down meanwhile, holds nobody up, loses nothing."""
    found: dict[str, Any] = {}
    threads = str(chosen.threads)
    with away.serving("departments") as systems, hub.serving("serve") as platform:
        acquaint(
            hub,
            {
                organisation(n): {"address": f"{systems}/{n}", "key": keys[n]}
                for n in range(DEPARTMENTS)
            },
        )
        say("all departments are asked")
        found["asked"] = hub.run("ask", str(chosen.day), threads, str(DEPARTMENTS))
        say("all departments ask")
        found["ask"] = away.run("asked", str(chosen.day), threads, f"{platform}/exchange/in")
        say("one department is down")
        urlopen(f"{systems}/7/down").close()
        found["down"] = hub.run("ask", str(chosen.day), threads, str(DEPARTMENTS))
        urlopen(f"{systems}/7/up").close()
        say("it is up again")
        found["again"] = hub.run("again")
    return found


def page(
    rates: dict[str, list[float]],
    handed: list[float],
    day: dict[str, Any],
    chosen: argparse.Namespace,
    machine: Machine,
) -> str:
    """The figures as Markdown, with what was wanted."""
    ours, bare = median(rates["ours"]), median(rates["bare"])
    ratio, p95 = ours / bare, handed[math.ceil(len(handed) * 0.95) - 1]
    lines = [
        "# Exchange",
        "",
        f"{chosen.messages:,} messages a round, {chosen.rounds} rounds by turns, {chosen.threads}"
        " threads, `make bench-exchange`. Made-up records; two instances, embedded server.",
        f"{machine.processor}, {machine.cores} cores, {machine.gigabytes:.0f} GB, {machine.system},"
        f" Python {machine.python}; load before: {machine.load:.2f}.",
        "",
        "| What | Median | Wanted |",
        "|---|---|---|",
        f"| Signed exchanges a second, journal on | {ours:,.0f} | |",
        f"| The same bytes, server and client, a durable row at each end | {bare:,.0f} | |",
        f"| The former by the latter | {ratio:.2f} | {WANTED} |",
        f"| A hand-over visible in the other province, p95 | {p95:.2f} s | {VISIBLE} s |",
        f"| … median and last of {len(handed)} | {median(handed):.2f} s, {handed[-1]:.2f} s | |",
        "",
        "An exchange writes the message, signs it (RFC 9421), is verified and taken once, reads a"
        " register, is answered signed, and the answer is verified; both journals have it. Six"
        " threads write, each message in its own transaction; two send what is due, many in one"
        " signed request. The rows of the queue that wakes a worker are not counted.",
        "",
        f"## A working day of {DEPARTMENTS} departments",
        "",
        "| What | |",
        "|---|---|",
        f"| asked, a second | {_rate(day['asked'])} |",
        f"| asking, a second | {_rate(day['ask'])} |",
        f"| refused where one asks by another's interface | {day['ask']['forbidden']} |",
        f"| asked while one is down, a second | {_rate(day['down'])} |",
        f"| waiting for it | {day['down']['waiting']} |",
        f"| seconds until all of these are delivered | {day['again']['seconds']:.1f} |",
        f"| lost | {day['again']['dead'] + day['again']['waiting']} |",
        "",
    ]
    return "\n".join(lines)


def _rate(told: dict[str, Any]) -> str:
    return f"{told['done'] / told['seconds']:,.0f}"


def main() -> None:
    """Measure everything and write the page."""
    chosen = options()
    machine = Machine.here()
    home = Path(tempfile.mkdtemp(prefix="xiangyun-bench-"))
    home.chmod(0o755)
    os.environ["XIANGYUN_HOME"] = str(home)
    server = embedded.start_embedded(home / "postgres")
    try:
        keys = made_keys(home / "departments")
        ends = {
            name: End(home / name, postgres.ensure_database(server, name), home / "departments")
            for name in ("here", "away")
        }
        say("preparing an instance")
        ends["here"].run("prepare")
        for name in ("there", "filed", "decided"):
            postgres.copy_database(server, "here", name)
            address = postgres.ensure_database(server, name)
            ends[name] = End(home / name, address, home / "departments")
        rates = side_by_side(ends["here"], ends["there"], chosen)
        say("applications are handed over")
        handed = hand_over(ends["filed"], ends["decided"], chosen)
        hub = home / "departments" / "hub.pem"
        hub.write_text(ends["there"].run("own-key")["key"], "ascii")
        day = working_day(ends["there"], ends["away"], keys, chosen)
        assert day["again"]["dead"] == day["again"]["waiting"] == 0, day
    finally:
        embedded.stop_embedded_if_idle(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    text = page(rates, handed, day, chosen, machine)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
