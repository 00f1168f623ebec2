"""Writers of the journal side by side, measured beside an earlier build; for `certificates.py`.

Each build runs in a process of its own over an instance of its own; they take turns, and change who
goes first.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from tools import BASE, ROOT, earlier, python_of

WRITERS = 4
"""Writers side by side, as many as the web server has threads."""


@dataclass(frozen=True)
class Compared:
    """Entries a second before and now, and what a turn now is of the turn before beside it."""

    before: float
    now: float
    ratio: float
    lower: float
    upper: float
    """half of the pairs lie between these two"""
    base: str = BASE

    @property
    def cost(self) -> float:
        """By how much a write takes longer than before, 0.1 being a tenth."""
        return 1 / self.ratio - 1


@dataclass
class _Build:
    source: Path
    home: Path
    entries: int
    rates: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        usual = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        usual |= {"PYTHONPATH": str(self.source / "src"), "XIANGYUN_HOME": str(self.home)}
        python = python_of(self.source)
        told = subprocess.run(
            [python, "-m", "xiangyun.site.main", "demo", "--no-serve"],
            env=usual,
            cwd=self.source,
            capture_output=True,
            check=False,
        )
        if told.returncode:
            raise SystemExit(told.stderr.decode())
        script = str(ROOT / "bench/peers/journal_turns.py")
        self.process = subprocess.Popen(
            [python, script, str(self.home), str(WRITERS), str(self.entries)],
            env=usual,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"{self.source} could not begin")

    def turn(self) -> float:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("turn\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def writers(pairs: int, entries: int) -> Compared:
    """So many pairs of turns, in which each writer records so many entries."""
    with tempfile.TemporaryDirectory(prefix="xiangyun-bench-") as place:
        before = _Build(earlier(BASE), Path(place) / "before", entries)
        now = _Build(ROOT, Path(place) / "now", entries)
        for build in (before, now):  # not counted: what is read at the first time
            build.turn()
        for number in range(pairs):
            for build in (before, now) if number % 2 else (now, before):
                build.rates.append(build.turn())
        for build in (before, now):
            build.process.communicate()
    ratios = [mine / other for mine, other in zip(now.rates, before.rates, strict=True)]
    lower, middle, upper = quantiles(ratios, n=4)
    return Compared(median(before.rates), median(now.rates), middle, lower, upper)
