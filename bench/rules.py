"""Rules measured side by side: this kernel, other engines, hand-written SQL; all in one run.

Each engine runs in its own process and virtual environment (`make bench-rules` makes them); the
runs take turns, so that what else the machine does hits all alike. Every answer is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import Machine, kernel_digest, kernel_revision
from report import Figures, page

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "benchmarks" / "rules.md"
Told = dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """A script under `peers/` and the virtual environment that runs it (empty: this one)."""

    script: str
    environment: str = ""

    def run(self, **options: float | str) -> Told:
        """Its results. Raises SystemExit with its own words when it fails."""
        own = PEERS / self.environment / "bin" / "python"
        python = str(own) if self.environment else sys.executable
        words = [f"--{name}={value}" for name, value in options.items()]
        script = str(HERE / "peers" / self.script)
        done = subprocess.run([python, script, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.script} ({self.environment or 'own'}):\n{done.stderr}")
        told: Told = json.loads(done.stdout)
        return told


OURS = Engine("ours.py")
DUCKDB = Engine("population.py")
OPENFISCA = Engine("openfisca.py", "bench-rules")
ONE_BY_ONE = (
    OURS,
    Engine("zen_engine.py", "bench-rules"),
    Engine("zen_engine.py", "bench-rules-zen2"),
    Engine("spiff.py", "bench-rules"),
    OPENFISCA,
)


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=23_000_000, help="of the population")
    parser.add_argument("--small-rows", type=int, default=1_000_000, help="beside openfisca-core")
    parser.add_argument("--register-rows", type=int, default=2_000_000, help="of a whole run")
    parser.add_argument("--people", type=int, default=2_000, help="decided one by one")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each way, each round")
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rows, chosen.small_rows, chosen.register_rows = 1_000_000, 200_000, 20_000
        chosen.people, chosen.rounds, chosen.seconds = 300, 2, 0.2
    return chosen


def one_by_one(chosen: argparse.Namespace, figures: Figures) -> None:
    """Decisions for one person at a time, the engines taking turns."""
    for round_ in range(chosen.rounds):
        first = round_ % len(ONE_BY_ONE)
        for engine in (*ONE_BY_ONE[first:], *ONE_BY_ONE[:first]):
            told = engine.run(people=chosen.people, seconds=chosen.seconds)
            figures.answered(told["answers"])
            for name, measured in told["rates"].items():
                figures.rates.setdefault(name, []).append(measured)
        print(f"one by one: {round_ + 1} of {chosen.rounds}", file=sys.stderr)


def beside_openfisca(chosen: argparse.Namespace, figures: Figures) -> None:
    """A smaller population on one thread, DuckDB and openfisca-core taking turns."""
    size = {"people": chosen.people, "rows": chosen.small_rows, "threads": 1, "rounds": 3}
    for round_ in range(chosen.rounds):
        checksums = set()
        for engine in (DUCKDB, OPENFISCA) if round_ % 2 else (OPENFISCA, DUCKDB):
            told = engine.run(seconds=0, **size)
            figures.answered(told["answers"])
            checksums.add(told["checksum"])
            for name, seconds in told["seconds"].items():
                figures.small.setdefault(name, []).extend(seconds)
        figures.agree("the smaller population", len(checksums) == 1)
        print(f"beside openfisca-core: {round_ + 1} of {chosen.rounds}", file=sys.stderr)


def whole_population(chosen: argparse.Namespace, figures: Figures) -> None:
    """All rows on all cores: compiled and hand-written SQL taking turns on one table."""
    cores = os.cpu_count() or 1
    size = {"people": chosen.people, "rows": chosen.rows, "threads": cores}
    told = DUCKDB.run(rounds=chosen.rounds, **size)
    figures.answered(told["answers"])
    figures.agree("the whole population", told["different"] == 0)
    figures.large = told["seconds"]
    figures.duckdb = told["version"]


def whole_register(chosen: argparse.Namespace, figures: Figures) -> None:
    """A pack over a register, from a file into a file: DuckDB, and Spark where it is installed."""
    rounds = max(1, chosen.rounds // 3)
    size = {"rows": chosen.register_rows, "rounds": rounds}
    told = {"DuckDB": Engine("eligible.py").run(engine="duckdb", **size)}
    installed = (PEERS / "bench-spark" / "lib").glob("python*/site-packages")
    if shutil.which("java") and (found := next(installed, None)):
        os.environ["PYTHONPATH"] = str(found)
        told["Spark, this machine"] = Engine("eligible.py").run(engine="spark", **size)
        del os.environ["PYTHONPATH"]
    answers = [each["answers"] for each in told.values()]
    figures.agree("the whole register", all(each == answers[0] for each in answers))
    figures.register_rows = chosen.register_rows
    figures.register = {name: each["seconds"] for name, each in told.items()}


def main() -> None:
    """Measure everything, write the page, and fail if any two answers differ."""
    chosen = options()
    machine, sources = Machine.here(), kernel_digest(ROOT)
    figures = Figures(chosen.people, chosen.rows, chosen.small_rows, chosen.rounds)
    one_by_one(chosen, figures)
    beside_openfisca(chosen, figures)
    whole_population(chosen, figures)
    whole_register(chosen, figures)
    if kernel_digest(ROOT) != sources:
        raise SystemExit("the kernel changed during the run; its figures would mean nothing")
    figures.kernel = kernel_revision(ROOT)
    text = page(figures, machine, Machine.here().load)
    print(text)
    if not chosen.quick:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    if figures.disagreements:
        raise SystemExit("answers differ: " + "; ".join(figures.disagreements))


if __name__ == "__main__":
    main()
