"""Covering for the province and medians for one prefecture, beside spopt, in one run.

Both get the same matrix of metres and the same people; the time is from the matrix to the chosen
sites. spopt is run with HiGHS and with CBC, and its better time counts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from machine import Machine, revision

from xiangyun.adapters.highs import solve
from xiangyun.domain.divisions.packaged import packaged
from xiangyun.kernel.siting.covering import covering
from xiangyun.kernel.siting.ground import Known, invented, metres
from xiangyun.kernel.siting.median import median
from xiangyun.kernel.siting.model import Sited, Sites

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "siting.md"
PEER = ROOT / "build" / "bench" / "bench-siting" / "bin" / "python"
MEASURED = ("src/xiangyun/kernel/siting", "src/xiangyun/adapters/highs.py")
MOST = 0.5
"""Of the time of spopt."""


@dataclass
class Problem:
    """Metres from places to sites, the people of each place, and how many sites to choose."""

    name: str
    cost: np.ndarray
    people: np.ndarray
    fixed: list[int]
    choose: int
    reach: float | None

    def ours(self) -> tuple[Sited, float]:
        """The answer and the seconds it took."""
        sites = Sites(self.cost.shape[1], self.choose, tuple(self.fixed))
        started = time.perf_counter()
        if self.reach is None:
            found = median(self.cost * self.people[:, None], sites, solve)
        else:
            near = [np.flatnonzero(row).tolist() for row in self.cost <= self.reach]
            found = covering(near, self.people.astype(int).tolist(), sites, solve)
        return found, time.perf_counter() - started

    def value(self, chosen: list[int]) -> int:
        """What a choice comes to: people near, or metres by people."""
        nearest = self.cost[:, chosen].min(axis=1)
        if self.reach is not None:
            return int(self.people[nearest <= self.reach].sum())
        return int((nearest * self.people).sum())


def problems(quick: bool) -> list[Problem]:
    """The province within a walk of fifteen minutes; the prefecture of Yanbian by distance."""
    known = [Known(one.code, one.name, one.longitude, one.latitude) for one in packaged()]
    found = []
    for name, within, built, choose, reach in (
        ("covering, the province", 22, 55, 100, 15 * 60 / 1.3),
        ("p-median, Yanbian", 2224, 0, 20, None),
    ):
        if quick:
            within, built, choose = 2204, min(built, 3), min(choose, 8)
        ground = invented(known, int(str(within).ljust(12, "0")), built)
        people = np.array([place.people for place in ground.places], dtype=np.float64)
        fixed = [at for at, site in enumerate(ground.sites) if site.built]
        cost = np.round(metres(ground.places, ground.sites))
        found.append(Problem(name, cost, people, fixed, choose, reach))
    return found


def peer(problem: Problem, solver: str) -> tuple[int, float]:
    """The objective of spopt, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        more = {} if problem.reach is None else {"reach": problem.reach}
        np.savez(
            path,
            cost=problem.cost,
            people=problem.people,
            fixed=np.array(problem.fixed, dtype=int),
            choose=problem.choose,
            **more,
        )
        script = Path(__file__).parent / "peers" / "siting.py"
        command = [str(PEER), str(script), str(path), solver]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(ran.stdout.splitlines()[-1])
    return problem.value(said["opened"]), float(said["seconds"])


def main() -> None:
    """Measure, print the rows, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a small prefecture, no page")
    arguments = options.parse_args()
    lines, kept = [], True
    for problem in problems(arguments.quick):
        found, seconds = problem.ours()
        theirs = {solver: peer(problem, solver) for solver in ("highs", "cbc")}
        quickest = min(took for _, took in theirs.values())
        values = [value for value, _ in theirs.values()]
        better = (
            found.objective <= min(values)
            if problem.reach is None
            else found.objective >= max(values)
        )
        kept &= better and seconds <= MOST * quickest
        places, sites = problem.cost.shape
        row = (
            f"| {problem.name} | {places:,} × {sites:,} | {len(problem.fixed)} + {problem.choose} "
        )
        row += f"| {found.objective:,}, gap {found.gap:.2g} | {seconds:.2f} s "
        for value, took in theirs.values():
            row += f"| {value:,}, {took:.2f} s "
        row += f"| {seconds / quickest:.2f} |"
        print(row)
        lines.append(row)
    if not arguments.quick:
        PAGE.write_text(page(lines), "utf-8")
        print(f"→ {PAGE.relative_to(ROOT)}")
    raise SystemExit(0 if kept else 1)


def page(lines: list[str]) -> str:
    """The figures as Markdown."""
    here = Machine.here()
    head = f"""# Siting beside spopt

- `make bench-siting`, {datetime.now(UTC):%Y-%m-%d}.
- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB, {here.system};
  Python {here.python}; load {here.load:.1f}; {revision(ROOT, MEASURED)}.

Wanted: an objective at least as good in at most half the time. Seconds from the matrix of metres
to the chosen sites, one run each; spopt with two solvers, the faster counts. Towns and villages
are real, where they lie and their people are invented.

| Problem | Places × sites | There + chosen | Ours | Seconds | spopt, HiGHS | spopt, CBC | Ratio |
|---|---|---|---|---|---|---|---|
"""
    return head + "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
