"""Pages measured beside an earlier build: of officials, of an applicant, and of anybody.

The earlier build is a worktree of one commit, made below build/bench. Each build runs in a process
of its own over an instance of its own with the same cases; they take turns, and change who goes
first.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from machine import Machine, revision
from tools import BASE, ROOT, earlier, python_of

PAGE = ROOT / "docs" / "benchmarks" / "pages.md"
MEASURED = ("src/xiangyun",)
KINDS = {
    "queue": ("The queue of an official", 2.5),
    "case": ("The page of a case, for an official", 4),
    "own case": ("The page of a case, for its applicant", 4),
    "guide": ("A guide", 2.5),
    "search": ("A search", 2.5),
}
"""Each page, and how fast it must be at least, the earlier build being 1."""
STATEMENTS = 7
"""How many a page may ask."""
BARE = [f"bare {kind}" for kind in KINDS]


@dataclass
class Build:
    """A build at work over an instance of its own, and its milliseconds a page, turn by turn."""

    source: Path
    home: Path
    cases: int
    pages: int
    turns: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in (*KINDS, *BARE)})
    statements: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        usual = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        usual |= {"PYTHONPATH": str(self.source / "src"), "XIANGYUN_HOME": str(self.home)}
        told = subprocess.run(
            [python_of(self.source), "-m", "xiangyun.site.main", "demo", "--no-serve"],
            env=usual,
            cwd=self.source,
            capture_output=True,
            check=False,
        )
        if told.returncode:
            raise SystemExit(told.stderr.decode())
        script = str(ROOT / "bench/peers/page_turns.py")
        self.process = subprocess.Popen(
            [python_of(self.source), script, str(self.home), str(self.cases), str(self.pages)],
            env=usual,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        told_first = self.process.stdout.readline()
        if not told_first:
            raise SystemExit(f"{self.source} could not begin")
        self.statements = json.loads(told_first)

    def turn(self, kind: str, counts: bool) -> None:
        """Let it answer some pages of a kind."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        took = float(self.process.stdout.readline())
        if counts:
            self.turns[kind].append(took)

    def end(self) -> None:
        """Let it stop its database."""
        self.process.communicate()


def page(before: Build, now: Build, load: tuple[float, float], base: str) -> str:
    """The page of the reference, with what was wanted and what was found."""
    return "\n".join(_lines(before, now, load, base)) + "\n"


def _lines(before: Build, now: Build, load: tuple[float, float], base: str) -> Iterator[str]:
    here = Machine.here()
    yield "# Pages, beside an earlier build and beside bare views"
    yield ""
    yield f"Written by `make bench-pages` on {datetime.now(UTC):%Y-%m-%d}; do not edit."
    yield ""
    memory = f"{here.gigabytes:.0f} GB"
    yield f"- Machine: {here.processor}, {here.cores} cores, {memory}, {here.system};"
    yield f"  Python {here.python}; the site {revision(ROOT, MEASURED)}, beside {base}."
    yield f"- Load {load[0]:.1f} before and {load[1]:.1f} after, over {here.cores} cores."
    pairs = len(now.turns["queue"])
    yield f"- {now.cases} cases in each instance. Pages are asked for inside the process, without a"
    yield f"  web server, {now.pages} a turn; the builds take turns and change who goes first."
    yield f"- The rate is the median of {pairs} pairs of turns; half of them lie between the two"
    yield "  figures beside it."
    yield ""
    yield "| | Wanted | Rate | between | before | now | |"
    yield "|---|---|---|---|---|---|---|"
    for kind, (name, wanted) in KINDS.items():
        old, new = before.turns[kind], now.turns[kind]
        rates = [one / other for one, other in zip(old, new, strict=True)]
        rate, (low, _, high) = median(rates), quantiles(rates, n=4)
        yield (
            f"| {name} | ≥ {wanted} | {rate:.2f} | {low:.2f}, {high:.2f} | {median(old):.1f} ms"
            f" | {median(new):.1f} ms | {'met' if rate >= wanted else '**not met**'} |"
        )
    yield ""
    yield "## Statements, and the cost over a bare view"
    yield ""
    yield "A bare view is Django's, without middleware: it runs one statement and returns the same"
    yield "bytes. Statements are those of one page, the asker and the navigation counted."
    yield ""
    yield "| | Before | Now | Wanted | | Bare view | Page ÷ bare view |"
    yield "|---|---|---|---|---|---|---|"
    for kind, (name, _) in KINDS.items():
        plain, asked = median(now.turns[f"bare {kind}"]), now.statements[kind]
        met = "met" if asked <= STATEMENTS else "**not met**"
        yield (
            f"| {name} | {before.statements[kind]} | {asked} | ≤ {STATEMENTS} | {met}"
            f" | {plain:.2f} ms | {median(now.turns[kind]) / plain:.0f} |"
        )


def main() -> None:
    """Measure, print the page, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--base", default=BASE)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    cases, rounds, pages = (20, 4, 3) if chosen.quick else (chosen.cases, chosen.rounds, 10)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the database may run as another user
        before = Build(earlier(chosen.base), Path(folder) / "before", cases, pages)
        now = Build(ROOT, Path(folder) / "now", cases, pages)
        for turn in range(-2, rounds):  # the first two only warm up
            for kind in BARE:
                now.turn(kind, counts=turn >= 0)
            for kind in KINDS:
                for build in (before, now) if turn % 2 else (now, before):
                    build.turn(kind, counts=turn >= 0)
        for build in (before, now):
            build.end()
    text = page(before, now, (load, os.getloadavg()[0]), chosen.base)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
