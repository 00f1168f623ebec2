"""A night of duties measured: so many visits due of 60,000 children, and of 600,000, in one run.

Both instances lie in one embedded PostgreSQL with the settings it ships with; two processes take
turns, so that what else the machine does hits both. A visit that a duty opens stands beside the
same case applied for, and the board of the province beside that of a county.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from machine import Machine

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks" / "duties.md"
LATE = 30  # days after the last night: what it opened is late
MOST_DUE = ", most are due"
SCRIPT = str(HERE / "occasions" / "asking.py")


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", type=int, default=60_000, help="children of the small instance")
    parser.add_argument("--large", type=int, default=600_000, help="children of the large one")
    parser.add_argument("--due", type=int, default=2_000, help="visits due in a night")
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.small, chosen.large, chosen.due = 600, 3_000, 40
        chosen.nights, chosen.boards = 2, 5
    return chosen


def say(what: str, begun: list[float] = []) -> None:  # noqa: B006 - the moment of the first word
    """Tell how far it is."""
    begun.append(time.monotonic())
    print(f"{begun[-1] - begun[0]:5.0f} s  {what}", file=sys.stderr, flush=True)


def run(*words: str) -> Any:
    """What the script answers."""
    command = [sys.executable, SCRIPT, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout) if done.stdout.strip() else None


class Asking:
    """A process that answers questions about one instance."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, SCRIPT, "serve", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **what: Any) -> Any:
        """What it answers to one question."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """Wait until it has ended."""
        self._process.communicate()


def filled(server: str, sizes: dict[str, int]) -> dict[str, str]:
    """An instance for each size; their addresses."""
    say("preparing an instance")
    run("prepare", postgres.ensure_database(server, "small"))
    postgres.copy_database(server, "small", "large")
    addresses = {}
    for name, children in sizes.items():
        addresses[name] = postgres.ensure_database(server, name)
        say(f"filling {children:,} children")
        run("fill", addresses[name], str(children))
        with psycopg.connect(addresses[name], autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE)")
    return addresses


def measured(asking: dict[str, Asking], chosen: argparse.Namespace) -> dict[str, list[float]]:
    """Milliseconds of each thing; the first night only warms up."""
    took: dict[str, list[float]] = defaultdict(list)
    for night in range(chosen.nights + 1):
        say(f"night {night} of {chosen.nights}" if night else "warming up")
        for name in list(asking) if night % 2 else list(asking)[::-1]:
            before = asking[name].ask(what="submitted", number=max(chosen.due // 20, 5))
            told = asking[name].ask(what="night", due=chosen.due, after=night)
            after = asking[name].ask(what="submitted", number=max(chosen.due // 20, 5))
            assert told["opened"] == chosen.due, told
            if night:
                took[f"{name} visit"].append(told["each"] * 1000)
                took[f"{name} submitted"] += [before["each"] * 1000, after["each"] * 1000]
    for name, each in asking.items():
        for state, days in (("", chosen.nights + LATE), (MOST_DUE, 100)):
            told = each.ask(what="board", number=chosen.boards, after=days)
            for place, times in told.items():
                took[f"{name} board of the {place}{state}"] = times[1:]
    return took


def page(took: dict[str, list[float]], chosen: argparse.Namespace, machine: Machine) -> str:
    """The figures as Markdown, with what was wanted."""
    middle = {name: median(times) for name, times in took.items()}
    sizes = (("small", chosen.small), ("large", chosen.large))
    ratios = [
        (
            f"A visit of a night, of {chosen.small:,}, beside a submitted case",
            middle["small visit"] / middle["small submitted"],
            1.5,
        ),
        (
            f"The same of {chosen.large:,} beside {chosen.small:,} children",
            middle["large visit"] / middle["small visit"],
            1.2,
        ),
        *(
            (
                f"The board of the province beside that of a county, {size:,} children",
                middle[f"{name} board of the province"] / middle[f"{name} board of the county"],
                3.0,
            )
            for name, size in sizes
        ),
    ]
    crowded = [
        middle[f"{name} board of the province{MOST_DUE}"]
        / middle[f"{name} board of the county{MOST_DUE}"]
        for name, _ in sizes
    ]
    lines = [
        "# Duties",
        "",
        f"{chosen.due:,} visits due in a night, {chosen.nights} nights, `make bench-duties`."
        " Made-up children, the shipped service `children/child-visit` (sealed), embedded server.",
        f"{machine.processor}, {machine.cores} cores, {machine.gigabytes:.0f} GB, {machine.system},"
        f" Python {machine.python}; load before: {machine.load:.2f}.",
        "",
        "| What | Ratio | Wanted at most |",
        "|---|---|---|",
        *(f"| {what} | {ratio:.2f} | {wanted} |" for what, ratio, wanted in ratios),
        "",
        "| Median, ms | |",
        "|---|---|",
        *(f"| {name} | {value:.2f} |" for name, value in middle.items()),
        "",
        "Submitted is the same service applied for: draft, answers, sending. A night is one run of",
        "the duty, from asking which rows are due to the last case; each case is a transaction.",
        f"The boards are of a month later: all visits of the {chosen.nights + 1} nights are late",
        "and nothing else is due.",
        "",
        "Where most of all children are due, a board counts most rows of its place, and the one of",
        f"the province takes {crowded[0]:.1f} times a county's with {chosen.small:,} children and"
        f" {crowded[1]:.1f} times with {chosen.large:,}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure everything and write the page."""
    chosen = options()
    machine = Machine.here()
    home = Path(tempfile.mkdtemp(prefix="xiangyun-bench-"))
    home.chmod(0o755)
    os.environ["XIANGYUN_HOME"] = str(home)
    server = embedded.start_embedded(home / "postgres")
    try:
        addresses = filled(server, {"small": chosen.small, "large": chosen.large})
        asking = {name: Asking(address) for name, address in addresses.items()}
        took = measured(asking, chosen)
        for each in asking.values():
            each.end()
    finally:
        embedded.stop_embedded_if_idle(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    text = page(took, chosen, machine)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
