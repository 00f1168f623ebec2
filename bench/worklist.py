"""The queue of an office measured: 10,000,000 open tasks beside 100,000, in one run.

Both instances lie in one embedded PostgreSQL with the settings it ships with. Two processes ask,
one for each; they take turns a few pages at a time, so that what else the machine does hits both.
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
from typing import Any

import psycopg
from machine import Machine

from xiangyun.adapters import embedded, postgres

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "worklists"))

from filling import fill, gigabytes  # noqa: E402 - below worklists/
from shown import Figures, page  # noqa: E402

PAGE = HERE.parent / "docs" / "benchmarks" / "queue.md"
OFFICIALS = ("province", "city", "county", "town", "village", "several mandates", "rare role")
KINDS = ("first page", "page anywhere", "red", "amber", "green", "green, anywhere", "one service")
PLANNED = (
    ("province", "first page"),
    ("county", "page anywhere"),
    ("village", "green, anywhere"),
    ("several mandates", "one service"),
)


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", type=int, default=100_000, help="cases of the small instance")
    parser.add_argument("--large", type=int, default=10_000_000, help="cases of the large one")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--pages", type=int, default=10, help="of each kind, each round")
    parser.add_argument("--quick", action="store_true", help="small, and no page is written")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.small, chosen.large, chosen.rounds, chosen.pages = 2_000, 50_000, 2, 3
    return chosen


def say(what: str, begun: list[float] = []) -> None:  # noqa: B006 - the moment of the first word
    """Tell how far it is."""
    begun.append(time.monotonic())
    print(f"{begun[-1] - begun[0]:5.0f} s  {what}", file=sys.stderr, flush=True)


def prepare(server: str, folder: Path, sizes: dict[str, int]) -> dict[str, str]:
    """An instance for each size, filled; their addresses."""
    say("preparing an instance")
    elements = json.loads(_run("instance.py", postgres.ensure_database(server, "small")))
    postgres.copy_database(server, "small", "large")
    # While it is filled, nothing but the files themselves need be written.
    loading = {"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB"}
    loading["archive_mode"] = "off"
    _restart(server, folder, loading)
    addresses = {}
    for name, cases in sizes.items():
        addresses[name] = postgres.ensure_database(server, name)
        say(f"filling {cases:,} cases")
        fill(addresses[name], cases, elements)
    _restart(server, folder, dict.fromkeys(loading, ""))
    return addresses


def _run(script: str, *words: str) -> str:
    command = [sys.executable, str(HERE / "worklists" / script), *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _restart(server: str, folder: Path, settings: dict[str, str]) -> None:
    """Start the server anew with these settings; with an empty value, as it ships."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name, value in settings.items():
            to = f"SET {name} = '{value}'" if value else f"RESET {name}"
            connection.execute(f"ALTER SYSTEM {to}")
    embedded.stop_embedded_if_idle(folder)
    embedded.start_embedded(folder)


class Asking:
    """A process that asks for pages of one instance."""

    def __init__(self, address: str, cases: int) -> None:
        script = str(HERE / "worklists" / "asking.py")
        self._process = subprocess.Popen(
            [sys.executable, script, address, str(cases)],
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


def measure(asking: dict[str, Asking], chosen: argparse.Namespace) -> Figures:
    """All rounds; the first two only warm up."""
    took: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    shortest: dict[tuple[str, str, str], int] = {}
    for round_ in range(-2, chosen.rounds):
        say(f"round {round_ + 1} of {chosen.rounds}" if round_ >= 0 else "warming up")
        for official in OFFICIALS:
            for kind in KINDS:
                names = list(asking) if round_ % 2 else list(asking)[::-1]
                for name in names:
                    told = asking[name].ask(
                        what="pages",
                        official=official,
                        kind=kind,
                        number=chosen.pages,
                        seed=f"{round_} {official} {kind}",
                    )
                    if round_ >= 0:
                        key = (name, official, kind)
                        took[key] += told["took"]
                        shortest[key] = min(told["shortest"], shortest.get(key, 50))
    return Figures(dict(took), shortest)


def plans(asking: dict[str, Asking]) -> dict[tuple[str, str, str], list[str]]:
    """Those of the large instance, and the first of the small one beside it."""
    wanted = [("small", *PLANNED[0]), *(("large", *what) for what in PLANNED)]
    return {
        (name, official, kind): asking[name].ask(what="plans", official=official, kind=kind)
        for name, official, kind in wanted
    }


def main() -> None:
    """Measure everything and write the page."""
    chosen = options()
    sizes = {"small": chosen.small, "large": chosen.large}
    before = Machine.here()
    home = Path(tempfile.mkdtemp(prefix="xiangyun-bench-"))
    home.chmod(0o755)
    os.environ["XIANGYUN_HOME"] = str(home)
    server = embedded.start_embedded(home / "postgres")
    try:
        addresses = prepare(server, home / "postgres", sizes)
        asking = {name: Asking(addresses[name], cases) for name, cases in sizes.items()}
        figures = measure(asking, chosen)
        figures.plans = plans(asking)
        for each in asking.values():
            each.end()
        figures.sizes = {name: gigabytes(address) for name, address in addresses.items()}
        with psycopg.connect(server) as connection:
            (figures.memory,) = connection.execute("SHOW shared_buffers").fetchone() or ("",)
    finally:
        embedded.stop_embedded_if_idle(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
    text = page(figures, sizes, before, chosen.rounds * chosen.pages)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
