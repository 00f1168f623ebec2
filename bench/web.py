"""The load that one machine holds: simulated users beside server and database, on the same cores.

An instance with 1.2 million cases and as many persons is served as `xiangyun serve` does; ever
more users of `locust` look and think, until a gate is missed or something fails. The gates are
those that OpenCRVS publishes, for two servers.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
from machine import Machine, revision

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "worklists"))

from filling import SERVICES, fill  # noqa: E402 - below worklists/

PAGE = ROOT / "docs" / "benchmarks" / "web.md"
LOCUST = ROOT / "build" / "bench" / "bench-web" / "bin" / "locust"
GATES = {"read": (50, 150, 300), "write": (100, 300, 500)}
"""Milliseconds at p50, p95 and p99."""
SHARES = (0.5, 0.95, 0.99)
_BUSY = 0.75
"""From this share on the cores are taken for full: the simulated users need theirs."""
PERSONS = """
INSERT INTO accounts_account
    (id, login, name, kind, id_number, mobile, fictitious, is_active, password)
SELECT md5('p' || i)::uuid, 'bench-' || i, '测试人' || i || '（虚构）', 'person',
    '', '', true, true, '!'
FROM generate_series(1, %s) AS i
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What so many users found: requests a second, failures, milliseconds, and who was busy."""

    users: int
    rate: float
    failed: int
    took: dict[str, tuple[float, ...]]
    """At the three shares: of all reads, of all writes, and of each kind of page."""
    busy: dict[str, float]

    @property
    def holds(self) -> bool:
        """Whether every gate was kept and nothing failed."""
        kept = (
            found <= gate
            for kind, gates in GATES.items()
            for found, gate in zip(self.took.get(kind, gates), gates, strict=True)
        )
        return not self.failed and all(kept)


def say(what: str, begun: list[float] = []) -> None:  # noqa: B006 - the moment of the first word
    """Tell how far it is."""
    begun.append(time.monotonic())
    print(f"{begun[-1] - begun[0]:5.0f} s  {what}", file=sys.stderr, flush=True)


def prepared(server: str, chosen: argparse.Namespace) -> tuple[str, str]:
    """The filled instance's address, and what its users know."""
    address = postgres.ensure_database(server, "web")
    say("preparing an instance")
    elements = json.loads(_run("worklists/instance.py", address))
    say(f"filling {chosen.cases:,} cases and {chosen.persons:,} persons")
    # Those that count in days: a row without answers has no limit that depends on them.
    fill(address, chosen.cases, elements, SERVICES[:3])
    with psycopg.connect(address) as connection:
        connection.execute(PERSONS, [chosen.persons])
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    say("people log in")
    return address, _run("webs/instance.py", address, str(chosen.logins))


def _run(script: str, *words: str) -> str:
    command = [sys.executable, str(HERE / script), *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def served(address: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The instance at a port of this machine, while it lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "XIANGYUN_DEMONSTRATION": "1",
        "XIANGYUN_RATES": "0",
    }
    command = [sys.executable, "-m", "xiangyun.site.main", "serve", "--port", str(port)]
    with subprocess.Popen([*command, "--health-port", "0"], env=environment) as server:
        base = f"http://127.0.0.1:{port}"
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{base}/alive", timeout=5)
                    break
                except OSError:
                    time.sleep(0.5)
            yield base, server
        finally:
            server.terminate()


def step(users: int, base: str, told: Path, seconds: int, processes: dict[str, int]) -> Step:
    """So many users for so many seconds, after all of them have come."""
    coming = 12
    with tempfile.TemporaryDirectory() as folder:
        command = [str(LOCUST), "-f", str(HERE / "webs" / "users.py"), "--headless", "--host", base]
        command += ["-u", str(users), "-r", str(max(5, users // 10)), "-t", f"{seconds + coming}s"]
        found = Path(folder) / "found.json"
        given = {**os.environ, "BENCH_TOLD": str(told), "BENCH_FOUND": str(found)}
        before = {name: _time_of(pid) for name, pid in processes.items()}
        begun = time.monotonic()
        subprocess.run(command, env=given, capture_output=True, check=False)
        took = time.monotonic() - begun
        after = {name: _time_of(pid) for name, pid in processes.items()}
        requests = json.loads(found.read_text("utf-8"))
    first = min(at for at, *_ in requests) + coming
    counted = [each for each in requests if each[0] >= first]
    of: dict[str, list[float]] = {}
    for _, name, milliseconds, _ in counted:
        for kind in (name.partition(" ")[0], name):
            of.setdefault(kind, []).append(milliseconds)
    wrong = Counter(f"{name}: {problem}" for _, name, _, problem in counted if problem)
    for each, number in wrong.most_common(3):
        say(f"failed {number} times: {each}")
    return Step(
        users,
        len(counted) / max(1.0, max(at for at, *_ in counted) - first),
        sum(wrong.values()),
        {kind: tuple(_share(some, share) for share in SHARES) for kind, some in of.items()},
        {name: (after[name] - before[name]) / took for name in processes},
    )


def _share(some: list[float], share: float) -> float:
    """The least that so large a share of them does not pass."""
    return sorted(some)[min(len(some) - 1, int(len(some) * share))]


def _time_of(pid: int) -> float:
    """The processor's seconds of a process and all below it, also of those that ended."""
    process = psutil.Process(pid)
    found = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += times.user + times.system + times.children_user + times.children_system
    return found


def page(steps: list[Step], before: Machine, chosen: argparse.Namespace) -> str:
    """The page of the reference."""
    return "\n".join(_lines(steps, before, chosen)) + "\n"


def _lines(steps: list[Step], before: Machine, chosen: argparse.Namespace) -> Iterator[str]:
    best = max((each for each in steps if each.holds), key=lambda each: each.rate, default=None)
    yield "# The load that one machine holds"
    yield ""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    yield f"Written by `make bench-web` on {today}; do not edit. All data is made up."
    yield ""
    memory = f"{before.gigabytes:.0f} GB"
    yield f"- Machine: {before.processor}, {before.cores} cores, {memory}, {before.system};"
    yield f"  Python {before.python}; the site {revision(ROOT, ('src/xiangyun',))}."
    yield f"- {chosen.cases:,} cases with an open task each, {chosen.persons:,} persons; server,"
    yield f"  database and the simulated users share the cores. Load {before.load:.1f} before."
    yield "- Users think for 5 s between two looks; four of five are applicants (guides, searches,"
    yield "  their case, a page of a form that they save), one of five an official (queue, cases)."
    yield f"- Each step lasts {chosen.seconds} s after all users have come. Reads are all pages"
    yield "  that are looked at, writes all that are saved."
    yield ""
    held = f"{best.users} users, {best.rate:.0f} requests a second" if best else "none of the steps"
    yield f"**Held within all gates, without an error: {held}.**"
    yield ""
    yield (
        "| Users | Requests a second | Failed | Reads p50, p95, p99, ms | Writes p50, p95, p99, ms"
        " | Cores: server | Cores: database | |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for each in steps:
        reads, writes = (
            ", ".join(f"{found:.0f}" for found in each.took.get(kind, ())) for kind in GATES
        )
        busy = f"{each.busy['server']:.2f} | {each.busy['database']:.2f}"
        held = "held" if each.holds else "missed"
        found = f"{each.users} | {each.rate:.0f} | {each.failed} | {reads} | {writes}"
        yield f"| {found} | {busy} | {held} |"
    yield ""
    above = next((each for each in steps if not each.holds), steps[-1])
    used = sum(above.busy.values())
    yield f"With {above.users} users, server and database use {used:.1f} of {before.cores} cores;"
    yield "the simulated users, who are not measured apart, take what they need of the rest."
    if used >= _BUSY * before.cores:
        yield "What limits it is the processor."
    else:
        yield "Whether the processor limits it is not told without a machine for them."
    yield ""
    shown = best or steps[0]
    yield f"Each kind of page, with {shown.users} users:"
    yield ""
    yield "| Page | p50, ms | p95, ms | p99, ms |"
    yield "|---|---|---|---|"
    for name, found in sorted(shown.took.items()):
        if name not in GATES:
            yield f"| {name} | " + " | ".join(f"{each:.0f}" for each in found) + " |"
    yield ""
    yield "Gates: reads 50, 150, 300 ms and writes 100, 300, 500 ms at p50, p95, p99, as OpenCRVS"
    yield "publishes them for two servers. The cost of single pages: [pages](pages.md)."


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1_200_000)
    parser.add_argument("--persons", type=int, default=1_200_000)
    parser.add_argument("--logins", type=int, default=400, help="applicants, each with a case")
    parser.add_argument("--seconds", type=int, default=45)
    parser.add_argument("--users", type=int, nargs="*", default=[25, 50, 100, 150, 200, 300, 400])
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.cases, chosen.persons, chosen.logins = 5_000, 5_000, 12
        chosen.seconds, chosen.users = 12, [5, 10]
    return chosen


def main() -> None:
    """Measure everything and write the page."""
    chosen, before = options(), Machine.here()
    home = Path(tempfile.mkdtemp(prefix="xiangyun-bench-"))
    home.chmod(0o755)
    os.environ["XIANGYUN_HOME"] = str(home)
    server = embedded.start_embedded(home / "postgres")
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    steps = list[Step]()
    try:
        address, known = prepared(server, chosen)
        told = home / "told.json"
        told.write_text(known, "utf-8")
        with served(address) as (base, serving):
            processes = {"server": serving.pid, "database": postmaster}
            for users in chosen.users:
                say(f"{users} users")
                steps.append(step(users, base, told, chosen.seconds, processes))
                if len(steps) > 1 and not (steps[-1].holds or steps[-2].holds):
                    break  # two steps above what it holds
    finally:
        embedded.stop_embedded_if_idle(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    text = page(steps, before, chosen)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
