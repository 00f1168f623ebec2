"""Processes measured side by side: this platform, other engines, bare rows; all in one run.

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

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
ROOT = HERE.parent
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

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The script in a process of its own."""
        own = ROOT / "build" / "bench" / self.environment / "bin" / "python"
        python = str(own) if self.environment else sys.executable
        script = str(HERE / "processes" / self.script)
        return subprocess.Popen(
            [python, script, *words, f"--way={self.way}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


OURS = Candidate("xiangyun", "ours.py", "bench_ours")
THREE = Candidate("bare psycopg, three statements", "bare.py", "bench_ours", way="three")
ONE = Candidate("bare psycopg, one statement", "bare.py", "bench_ours", way="one")
SPIFF = Candidate("SpiffWorkflow 3.2.0", "spiff.py", "bench_spiff", "bench-process")
DBOS = Candidate("DBOS 3.4.0, steps alone", "dbos_steps.py", "bench_dbos", "bench-process")
CANDIDATES = (OURS, THREE, ONE, SPIFF, DBOS)
PREPARES = {OURS: OURS, THREE: OURS, ONE: OURS, SPIFF: SPIFF, DBOS: DBOS}
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
        names = {candidate.database for candidate in CANDIDATES}
        addresses = {name: postgres.ensure_database(server, name) for name in names}
        lasting = durability(addresses[OURS.database])
        measured = {candidate: Rates() for candidate in CANDIDATES}
        for round_ in range(chosen.rounds):
            first = round_ % len(CANDIDATES)
            for candidate in (*CANDIDATES[first:], *CANDIDATES[:first]):
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
    spiff, ceiling = ours / middle[SPIFF], ours / middle[THREE]
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
| completions, this engine ÷ SpiffWorkflow | ≥ 5 | {spiff:.2f} | {_met(spiff >= 5)} |
| completions, this engine ÷ three statements | ≥ 0.8 | {ceiling:.2f} | {_met(ceiling >= 0.8)} |
| the longest state of a case with four tasks, bytes | < 600 | {size} | {_met(size < 600)} |

## Completions a second

A completion counts when its commit is acknowledged.

| Candidate | Median | Range | Client CPU, µs each | This engine ÷ it |
|---|---|---|---|---|
{chr(10).join(rows)}

The ceiling itself is {middle[THREE] / middle[SPIFF]:.1f} times SpiffWorkflow: no engine that \
writes these rows in three
statements can reach more. What was measured and not taken:
[decision 0014](../decisions/0014-what-a-step-is-not-made-faster-by.md).

## What is compared

- **xiangyun**: `complete_task`, the verb that pages and interface use: row-level security on, a
  journal entry with its salted leaf, work items closed and opened, the engine. Two statements
  (`domain/cases/store.py`), the second of which is the transaction: two round trips.
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
