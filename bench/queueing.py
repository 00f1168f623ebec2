"""Lanes before desks beside ciw, and `xiangyun simulate` beside an earlier build, in one run.

The queueing alone is the same model in both programs: M/M/c with lanes by precedence, no change of
shift, and the very same vehicles, so that each must wait as long in both. Seconds are those on the
clock to the waits of all vehicles, ours with drawing them; the programs take turns and the medians
count. With drawing and rules: processor time of two calls
of `xiangyun simulate` with few and with many applications, so that what a call costs anyway is left
out; each build runs its own pack.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from math import sqrt
from pathlib import Path
from statistics import fmean, median, stdev

from machine import Machine, revision
from tools import earlier

from xiangyun.kernel.simulation.queueing import Arrival, Desks, serve

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "queueing.md"
PEER = ROOT / "build" / "bench" / "bench-queueing" / "bin" / "python"
BASE = "1cada10"
MEASURED = ("src/xiangyun/kernel/simulation", "src/xiangyun/kernel/bpmn")
MOST, MOST_A_CASE = 0.4, 0.25
EXACT = 1e-6
"""Minutes by which the wait of any vehicle may differ: both add the same times in another order."""
PACK = "packs/market/company-registration"
BATCHES = 20
"""Of the waits of a lane: their means give the confidence interval (batch means)."""
STUDENT = 2.093
"""The 97.5 % quantile of Student's t with 19 degrees of freedom."""


@dataclass(frozen=True)
class Model:
    """Rates a minute by lane, the first of which goes first, and how many desks there are."""

    name: str
    rates: tuple[float, ...]
    desks: int


MODELS = (
    Model("M/M/1, one lane", (0.7,), 1),
    Model("M/M/10, one lane", (8.0,), 10),
    Model("M/M/10, five lanes", (1.0, 1.0, 1.5, 2.5, 2.5), 10),
)


def ours(
    model: Model, vehicles: int, seed: int
) -> tuple[float, list[list[float]], list[list[tuple[float, float]]]]:
    """Seconds, the waits of each lane in the order of arrival, and when each came for how long."""
    draw = random.Random(seed)
    started = time.perf_counter()
    bounds = list(accumulate(model.rates))
    at, arrivals = 0.0, list[Arrival]()
    for _ in range(vehicles):
        at += draw.expovariate(bounds[-1])
        lane = bisect(bounds, draw.random() * bounds[-1])
        arrivals.append(Arrival(at, lane, draw.expovariate(1.0)))
    waits: list[list[float]] = [[] for _ in model.rates]
    for each, served in zip(arrivals, serve(arrivals, Desks.always(model.desks)), strict=True):
        waits[each.rank].append(served.began - each.at)
    took = time.perf_counter() - started
    came: list[list[tuple[float, float]]] = [[] for _ in model.rates]
    for each in arrivals:
        came[each.rank].append((each.at, each.minutes))
    return took, waits, came


def ciw(model: Model, came: list[list[tuple[float, float]]]) -> tuple[float, list[list[float]]]:
    """The same vehicles by ciw, which draws nothing: its seconds are those of serving alone."""
    script = str(Path(__file__).parent / "peers" / "ciw_queue.py")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(came, file)
        file.flush()
        command = [os.environ.get("CIW_PYTHON", str(PEER)), script, str(model.desks), file.name]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(ran.stdout.splitlines()[-1])
    return float(said["seconds"]), said["waits"]


def interval(waits: list[float]) -> tuple[float, float]:
    """The mean and half the width of its 95 % confidence interval, by batch means."""
    size = len(waits) // BATCHES
    means = [fmean(waits[n * size : (n + 1) * size]) for n in range(BATCHES)]
    return fmean(means), STUDENT * stdev(means) / sqrt(BATCHES)


def queueing(vehicles: int, rounds: int) -> tuple[list[str], bool]:
    """Rows of the page, and whether all is as wanted."""
    lines, kept = [], True
    for model in MODELS:
        runs = []
        for n in range(rounds):
            took, waits, came = ours(model, vehicles, n)
            runs.append(((took, waits), ciw(model, came)))
        mine, theirs = (median(run[who][0] for run in runs) for who in (0, 1))
        ratio = mine / theirs
        within = True
        told = []
        for lane in range(len(model.rates)):
            pooled = [[w for run in runs for w in run[who][1][lane]] for who in (0, 1)]
            (a, wide_a), (b, wide_b) = interval(pooled[0]), interval(pooled[1])
            within &= abs(a - b) <= sqrt(wide_a**2 + wide_b**2)
            within &= all(abs(w - v) <= EXACT for w, v in zip(*pooled, strict=True))
            told.append(f"{a:.3f} / {b:.3f} ± {wide_b:.3f}")
        kept &= within and ratio <= MOST
        lines.append(
            f"| {model.name} | {mine:.3f} s | {theirs:.3f} s | {ratio:.2f} | {'; '.join(told)} "
            f"| {'yes' if within else '**no**'} |"
        )
        print(lines[-1], flush=True)
    return lines, kept


def call(source: Path, days: int) -> tuple[float, int]:
    """Processor seconds of a call of `xiangyun simulate`, and how many applications came."""
    command = [sys.executable, "-m", "xiangyun.site.main", "simulate", str(source / PACK)]
    command += ["--arrivals", "100/day", "--days", str(days), "--from", "2026-03-02"]
    command += ["--staff", "acceptor=6", "--staff", "reviewer=6", "--staff", "approver=6"]
    command += ["--no-search", "--json"]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as out:
        environment = {**os.environ, "PYTHONPATH": str(source / "src"), "XIANGYUN_HOME": home}
        child = subprocess.Popen(command, env=environment, cwd=source, stdout=out)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{source}: simulate ended with {child.returncode}")
        out.seek(0)
        arrived = int(json.loads(out.read())["run"]["arrived"])
    return used.ru_utime + used.ru_stime, arrived


def a_case(source: Path, few: int, many: int, rounds: int) -> float:
    """Milliseconds of an application, the median of some rounds."""
    found = []
    for _ in range(rounds):
        (short, less), (long, more) = call(source, few), call(source, many)
        found.append(1000 * (long - short) / (more - less))
    return median(found)


def main() -> None:
    """Measure, print the rows, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="one round, no page")
    options.add_argument("--base", default=BASE, help="the earlier commit")
    arguments = options.parse_args()
    # Fewer vehicles would make batches shorter than what one wait has to do with the next.
    vehicles, rounds = 20_000, 1 if arguments.quick else 5
    few, many = (2, 7) if arguments.quick else (10, 110)
    before = Machine.here().load
    lines, kept = queueing(vehicles, rounds)
    then, now = (a_case(s, few, many, rounds) for s in (earlier(arguments.base), ROOT))
    ratio = now / then
    kept &= ratio <= MOST_A_CASE
    row = f"| {PACK} | {now:.3f} ms | {then:.3f} ms | {ratio:.2f} |"
    print(row)
    if not arguments.quick:
        PAGE.write_text(page(lines, row, arguments.base, vehicles, before), "utf-8")
        print(f"→ {PAGE.relative_to(ROOT)}")
    raise SystemExit(0 if kept else 1)


def page(lines: list[str], row: str, base: str, vehicles: int, before: float) -> str:
    """The figures as Markdown."""
    here = Machine.here()
    return f"""# Lanes before desks, and simulated services

Written by `make bench-queueing` on {datetime.now(UTC).date()}; do not edit.

- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB, {here.system};
  Python {here.python}; {revision(ROOT, MEASURED)}.
- Load {before:.1f} before and {here.load:.1f} after, over {here.cores} cores.

## Beside ciw

{vehicles:,} vehicles, services of a minute in the mean, no change of shift (ciw interrupts a
service there). Seconds to all waits, the median of the rounds. Wanted: at most {MOST} of
ciw's time, though ours draws the vehicles as well; every vehicle waits as long in both to a
millionth of a minute, so mean waits lie within the 95 % confidence intervals (batch means).

| Model | Ours | ciw | Ratio | Mean wait by lane, ours / ciw | Within |
|---|---|---|---|---|---|
{chr(10).join(lines)}

## With drawing and rules, beside {base}

Processor time of an application in `xiangyun simulate`, what a call costs anyway left out.
Wanted: at most {MOST_A_CASE}.

| Pack | Now | Then | Ratio |
|---|---|---|---|
{row}
"""


if __name__ == "__main__":
    main()
