"""The engine of processes measured beside an earlier build: `advance` per event, and the proof.

The earlier build is a worktree of one commit, made below build/bench. Each build runs in a process
of its own; they take turns, and change who goes first.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from machine import Machine, revision
from tools import BASE, ROOT, earlier

PAGE = ROOT / "docs" / "benchmarks" / "engine.md"
MEASURED = ("src/xiangyun/kernel/bpmn",)
SPEED = 0.95
"""How fast `advance` must be at least, the earlier build being 1."""
TIME = 1.1
"""How long the proofs may take at most, the earlier build being 1."""


@dataclass
class Build:
    """A build at work, and its microseconds turn by turn."""

    source: Path
    turns: dict[str, list[float]] = field(default_factory=lambda: {"advance": [], "proof": []})

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "bench/peers/engine_turns.py"), str(ROOT / "packs")],
            env={**os.environ, "PYTHONPATH": str(self.source / "src")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"{self.source} could not begin")

    def turn(self, what: str) -> None:
        """Let it do one turn."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        self.turns[what].append(float(self.process.stdout.readline()))


def page(before: Build, now: Build, load: tuple[float, float], base: str) -> str:
    """The page of the reference, with what was wanted and what was found."""
    return "\n".join(_lines(before, now, load, base)) + "\n"


def _lines(before: Build, now: Build, load: tuple[float, float], base: str) -> Iterator[str]:
    here = Machine.here()
    old = {what: median(turns) for what, turns in before.turns.items()}
    new = {what: median(turns) for what, turns in now.turns.items()}
    speed, time = old["advance"] / new["advance"], new["proof"] / old["proof"]
    yield "# The engine of processes, beside an earlier build"
    yield ""
    yield f"Written by `make bench-engine` on {datetime.now(UTC):%Y-%m-%d}; do not edit."
    yield ""
    memory = f"{here.gigabytes:.0f} GB"
    yield f"- Machine: {here.processor}, {here.cores} cores, {memory}, {here.system};"
    yield f"  Python {here.python}; the engine {revision(ROOT, MEASURED)}, beside {base}."
    yield f"- Load {load[0]:.1f} before and {load[1]:.1f} after, over {os.cpu_count()} cores."
    yield "- Each build is a process of its own; they take turns and change who goes first."
    yield f"  Times are the processor's, medians of {len(now.turns['advance'])} turns."
    yield ""
    yield "| | Wanted | Ratio | before | now |  |"
    yield "|---|---|---|---|---|---|"
    yield (
        f"| `advance` per event, as speed | ≥ {SPEED} | {speed:.2f} | {old['advance']:.0f} µs"
        f" | {new['advance']:.0f} µs | {'met' if speed >= SPEED else 'not met'} |"
    )
    yield (
        f"| The proofs of all shipped processes, as time | ≤ {TIME} | {time:.2f}"
        f" | {old['proof'] / 1000:.1f} ms | {new['proof'] / 1000:.1f} ms"
        f" | {'met' if time <= TIME else 'not met'} |"
    )


def main() -> None:
    """Measure, print the page, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    before, now = Build(earlier(chosen.base)), Build(ROOT)
    for turn in range(3 if chosen.quick else chosen.rounds):
        for what in ("advance", "proof"):
            for build in (before, now) if turn % 2 else (now, before):
                build.turn(what)
    text = page(before, now, (load, os.getloadavg()[0]), chosen.base)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
