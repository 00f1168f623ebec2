"""Processes measured side by side: this platform, its earlier build, other engines, bare rows.

All keep their state in one PostgreSQL with fsync on. Each candidate runs as the same number of
operating system processes and threads, in its own virtual environment (`make bench-process` makes
it); rounds take turns, so that what else the machine does hits all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from machine import Machine, revision
from tools import BASE, ROOT, earlier, python_of

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks" / "process.md"
MEASURED = ("src/xiangyun/kernel/bpmn", "src/xiangyun/domain/cases", "src/xiangyun/domain/journal")
PROCESSES = 2


@dataclass(frozen=True)
class Candidate:
    """A script under `processes/`, the database it works in, and the environment that runs it."""

    name: str
    script: str
    database: str
    environment: str = ""
    way: str = ""
    commit: str = ""
    """An earlier build of this platform: its own script, in what its own lock names."""

    @property
    def source(self) -> Path:
        """The checkout that the script is of."""
        return earlier(self.commit) if self.commit else ROOT

    @property
    def python(self) -> str:
        """Who runs it."""
        own = ROOT / "build" / "bench" / self.environment / "bin" / "python"
        return str(own) if self.environment else python_of(self.source)

    @property
    def variables(self) -> dict[str, str]:
        """The variables of the processes that run it."""
        return {**os.environ, "PYTHONPATH": str(self.source / "src")}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The script in a process of its own."""
        script = str(self.source / "bench" / "processes" / self.script)
        return subprocess.Popen(
            [self.python, script, *words, f"--way={self.way}"],
            env=self.variables,
            cwd=self.source,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def database_on(self, server: str) -> str:
        """Its database on this server, as its build prepares one; the address is returned."""
        if not self.commit:
            return postgres.ensure_database(server, self.database)
        made = subprocess.run(
            [self.python, "-c", _ENSURE, server, self.database],
            env=self.variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return made.stdout.strip()


_ENSURE = """
import sys
from xiangyun.adapters.postgres import ensure_database
print(ensure_database(*sys.argv[1:]))
"""


OURS = Candidate("xiangyun", "ours.py", "bench_ours")
BEFORE = Candidate(f"xiangyun at {BASE}", "ours.py", "bench_before", commit=BASE)
THREE = Candidate("bare psycopg, three statements", "bare.py", "bench_ours", way="three")
ONE = Candidate("bare psycopg, one statement", "bare.py", "bench_ours", way="one")
SPIFF = Candidate("SpiffWorkflow 3.2.0", "spiff.py", "bench_spiff", "bench-process")
DBOS = Candidate("DBOS 3.4.0, steps alone", "dbos_steps.py", "bench_dbos", "bench-process")
CANDIDATES = (OURS, BEFORE, THREE, ONE, SPIFF, DBOS)
PREPARES = {OURS: OURS, BEFORE: BEFORE, THREE: OURS, ONE: OURS, SPIFF: SPIFF, DBOS: DBOS}
"""Who lays down the cases that a candidate works on."""


@dataclass
class Rates:
    """Completions a second and client CPU per completion, a value for each round."""

    rate: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="of each candidate, each round")
    parser.add_argument("--threads", type=int, default=2, help="in each process, a connection each")
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.seconds = 1, 1.5
    return chosen


def turn(candidate: Candidate, chosen: argparse.Namespace, address: str, rates: Rates) -> None:
    """One round of one candidate."""
    enough = int(chosen.seconds * 4000)
    preparing = PREPARES[candidate].start(f"--address={address}", f"--prepare={enough}")
    if preparing.wait():
        raise SystemExit(f"{candidate.name} could not prepare")
    running = [
        candidate.start(
            f"--address={address}",
            f"--seconds={chosen.seconds}",
            f"--threads={chosen.threads}",
            f"--part={part}",
            f"--parts={PROCESSES}",
        )
        for part in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"{candidate.name} could not begin")
    before = kept(address) if candidate is OURS else (0, 0)
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate()[0]) for process in running]
    rates.rate.append(sum(each["done"] / each["seconds"] for each in told))
    rates.cpu.append(sum(e["cpu"] for e in told) / sum(e["done"] for e in told) * 1e6)
    if candidate is OURS:
        prove(before, kept(address), sum(each["done"] for each in told))


def kept(address: str) -> tuple[int, int]:
    """How many completions the work items and the journal have."""
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM cases_workitem WHERE by IS NOT NULL),"
            " (SELECT count(*) FROM journal_entry WHERE verb = 'task.done')"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def prove(before: tuple[int, int], after: tuple[int, int], done: int) -> None:
    """Every completion counted is in the journal and in a closed work item, and no other is."""
    closed, recorded = (now - then for now, then in zip(after, before, strict=True))
    if not closed == recorded == done:
        raise SystemExit(f"acknowledged {done}, closed work items {closed}, journal {recorded}")


def durability(address: str) -> str:
    """The server's version and the settings that make a commit last."""
    with psycopg.connect(address) as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[call-overload,index]
            for name in ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        ]
    if shown[1:] != ["on", "on", "on"]:
        raise SystemExit(f"not durable: {shown}")
    return f"PostgreSQL {shown[0]}; fsync, synchronous_commit and full_page_writes are on"


def size_of_state(address: str) -> int:
    """Bytes of the longest state of a case with four tasks, as it lies in its row."""
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT max(octet_length(state)) FROM cases_case").fetchone()
    return int(row[0]) if row else 0


def main() -> None:
    """Measure everything and write the page."""
    chosen = options()
    before = Machine.here()
    home = tempfile.mkdtemp(prefix="xiangyun-bench-")
    Path(home).chmod(0o755)
    os.environ["XIANGYUN_HOME"] = home
    server = embedded.start_embedded(Path(home) / "postgres")
    try:
        makers = {maker.database: maker for maker in PREPARES.values()}
        addresses = {name: maker.database_on(server) for name, maker in makers.items()}
        lasting = durability(addresses[OURS.database])
        measured = {candidate: Rates() for candidate in CANDIDATES}
        for round_ in range(chosen.rounds):
            # This build and the one before stay side by side, and change who goes first.
            pair = (BEFORE, OURS) if round_ % 2 else (OURS, BEFORE)
            for candidate in (*pair, *CANDIDATES[2:]):
                turn(candidate, chosen, addresses[candidate.database], measured[candidate])
                last = measured[candidate].rate[-1]
                print(f"{round_ + 1}: {candidate.name}: {last:,.0f} a second", file=sys.stderr)
        size = size_of_state(addresses[OURS.database])
    finally:
        embedded.stop_embedded_if_idle(Path(home) / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    text = page(measured, chosen, before, lasting, size)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


def page(
    measured: dict[Candidate, Rates],
    chosen: argparse.Namespace,
    machine: Machine,
    lasting: str,
    size: int,
) -> str:
    """The figures as a page of Markdown."""
    middle = {candidate: median(rates.rate) for candidate, rates in measured.items()}
    ours = middle[OURS]
    pairs = zip(measured[OURS].rate, measured[BEFORE].rate, strict=True)
    beside = [now / then for now, then in pairs]
    before = median(beside)
    rows = [
        f"| {c.name} | {middle[c]:,.0f} | {min(r.rate):,.0f} to {max(r.rate):,.0f} |"
        f" {median(r.cpu):,.0f} | {ours / middle[c]:.2f} |"
        for c, r in measured.items()
    ]
    return f"""\
# Processes: this engine beside others, all durable

Written by `make bench-process` on {datetime.now(UTC):%Y-%m-%d}; do not edit. All data is made up.

- Machine: {machine.processor}, {machine.cores} cores, {machine.gigabytes:.0f} GB, {machine.system};
  Python {machine.python}; the engine {revision(ROOT, MEASURED)}.
- {lasting}; server and clients share the cores.
- Load {machine.load:.1f} before and {Machine.here().load:.1f} after, over {machine.cores} cores: \
the ratios, from rounds that took turns, say more than the absolute numbers.
- The process (`bench/processes/approval.bpmn`): four user tasks, one exclusive and one parallel
  split and join. Each candidate runs as {PROCESSES} processes of {chosen.threads} threads, \
a connection each,
  {chosen.rounds} rounds of {chosen.seconds:g} seconds.

## Targets

| Target | Wanted | Measured |  |
|---|---|---|---|
| completions, this build ÷ {BASE}, median of the rounds | ≥ 0.95 | {before:.2f} \
(rounds from {min(beside):.2f} to {max(beside):.2f}) | {_met(before >= 0.95)} |
| the longest state of a case with four tasks, bytes | < 600 | {size} | {_met(size < 600)} |

## Completions a second

A completion counts when its commit is acknowledged.

| Candidate | Median | Range | Client CPU, µs each | This engine ÷ it |
|---|---|---|---|---|
{chr(10).join(rows)}

The ceiling, bare statements, is {middle[THREE] / middle[SPIFF]:.1f} times SpiffWorkflow. \
What was measured and not taken:
[decision 0014](../decisions/0014-what-a-step-is-not-made-faster-by.md).

## What is compared

- **xiangyun**: `complete_task`, the verb that pages and interface use: row-level security on, a
  journal entry with its salted leaf, work items closed and opened, the engine. Two statements
  (`domain/cases/store.py`), the second of which is the transaction: two round trips.
- **xiangyun at {BASE}**: the same verb of that build, in its own environment and database, with its
  own script: no matters, no needs, no forms of tasks yet.
- **bare psycopg**: the same rows in the same tables with their indexes and triggers, as the owner
  of the tables (no row-level security), without an engine, a check or a hash: the ceiling.
- **SpiffWorkflow**: its state as its own serializer writes it, read and written in one transaction
  with a journal row. The serialized state holds the process itself too; its documented way.
- **DBOS**: each task a durable step of a workflow. Nobody is waited for, which a real case does by
  messages that DBOS stores besides: this is the least that a completion costs it.
"""


def _met(yes: bool) -> str:
    return "met" if yes else "**not met**"


if __name__ == "__main__":
    main()
