"""A draw of 30,000 out of 1,060,000 weighted objects, beside reading, hashing and sorting the file.

What is measured runs in processes of their own, in turns: the bare work on the frame's file, the
draw of an order, and the verification of what was published. The province has about as many
companies; strata, weights, limits and recusals are made up, by a fixed seed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from machine import Machine, revision

from xiangyun.kernel.draw import (
    FORMAT,
    FRAME,
    INSPECTORS,
    RECORD,
    RESULT,
    Inspector,
    committed,
    write_frame,
    write_inspectors,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "draw.md"
MEASURED = ("src/xiangyun/kernel/draw", "bench/draw.py")
OBJECTS, PEOPLE = 1_060_000, 3_000
SECRET = "5a" * 32
TAKES = {"D": "12%", "C": "7%", "B": "3.5%", "A": "1.65%"}
"""About 30,000 in all."""
SHARES = {"D": 2, "C": 8, "B": 30, "A": 60}
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"

BARE = """
import hashlib, sys
with open(sys.argv[1] + "/frame.csv", "rb") as file:
    content = file.read()
hashlib.sha256(content).hexdigest()
lines = content.decode().splitlines()
lines.sort()
"""
DRAW = """
import json, sys
from pathlib import Path
from xiangyun.kernel.draw import FRAME, INSPECTORS, RESULT, draw, read_order, write_result
place = Path(sys.argv[1])
record = json.loads((place / "draw.json").read_text())
order, reveal = read_order(record["order"]), record["reveal"]
frame = (place / FRAME).read_bytes()
seed = order.seed(reveal["secret"], reveal["value"])
made = draw(order, seed, frame, (place / INSPECTORS).read_bytes(), ())
(place / RESULT).write_bytes(write_result(*made))
"""
VERIFY = """
import json, sys
from pathlib import Path
from xiangyun.kernel.draw import FRAME, INSPECTORS, RESULT, repeat
place = Path(sys.argv[1])
files = {name: (place / name).read_bytes() for name in (FRAME, INSPECTORS, RESULT)}
found = repeat(json.loads((place / "draw.json").read_text()), files, None)
assert found.answer == "valid", [str(step.text) for step in found.steps]
"""


def objects(number: int, chance: random.Random) -> Iterator[tuple[str, str, str, int, int, int]]:
    """Companies as a register keeps them: in the order of registration, not of codes."""
    counties = [f"22{city:02}{county:02}000000" for city in range(1, 10) for county in range(1, 8)]
    for _ in range(number):
        code = "91" + "".join(chance.choices(_CODE, k=16))
        stratum = chance.choices(list(SHARES), list(SHARES.values()))[0]
        visits = chance.choices((0, 1, 2), (8, 3, 1))[0]
        yield code, stratum, chance.choice(counties), chance.randint(1, 20), visits, 2


def people(number: int, codes: list[str], chance: random.Random) -> Iterator[Inspector]:
    """Inspectors of two departments, most of them of one county, each with five recusals."""
    for at in range(number):
        team = ("market-regulation", "fire")[at % 2]
        place = "22" if at % 10 == 0 else f"22{at % 9 + 1:02}"
        yield Inspector(f"P{at:05}", team, place, 60, frozenset(chance.sample(codes, 5)))


def publish(place: Path, number: int, staff: int) -> None:
    """The files of a draw, as they are published before the outcome."""
    chance = random.Random(3797)
    rows = list(objects(number, chance))
    frame = write_frame(rows)
    inspectors = write_inspectors(people(staff, [row[0] for row in rows], chance))
    value = "2026-11-28: 3 8 15 22 27 31 +9"
    order = {
        "format": FORMAT,
        "frame": {"file": FRAME, "sha256": hashlib.sha256(frame).hexdigest()},
        "inspectors": {"file": INSPECTORS, "sha256": hashlib.sha256(inspectors).hexdigest()},
        "strata": [{"stratum": name, "take": take} for name, take in TAKES.items()],
        "teams": [
            {"team": "market-regulation", "inspectors": 2},
            {"team": "fire", "inspectors": 1},
        ],
        "commitment": committed(SECRET),
        "beacon": {"kind": "public", "what": "made up"},
    }
    reveal = {
        "secret": SECRET,
        "beacon": {"value": value},
        "value": hashlib.sha256(value.encode()).hexdigest(),
    }
    (place / FRAME).write_bytes(frame)
    (place / INSPECTORS).write_bytes(inspectors)
    (place / RECORD).write_text(json.dumps({"order": order, "reveal": reveal}))


def run(script: str, place: Path) -> tuple[float, float]:
    """Seconds and megabytes at the peak of one process."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    child = subprocess.Popen([sys.executable, "-c", script, str(place)], env=environment)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit("没有重算成功。\nThe draw was not repeated.")
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def measured(place: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds and the highest peak, by what was done; a first round does not count."""
    scripts = {"bare": BARE, "draw": DRAW, "verify": VERIFY}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
    for turn in range(rounds + 1):
        for name, script in scripts.items():
            took = run(script, place)
            if turn:
                runs[name].append(took)
    return {
        name: (median(seconds for seconds, _ in each), max(peak for _, peak in each))
        for name, each in runs.items()
    }


def page(found: dict[str, tuple[float, float]], number: int, drawn: int, staff: int) -> str:
    """The page of the measurement."""
    bare, draw, verify = (found[name] for name in ("bare", "draw", "verify"))
    rows = [
        ("Reading, hashing, sorting the frame", bare, ""),
        ("The draw", draw, f"{draw[0] / bare[0]:.2f} of it; wanted: at most 3"),
        ("Verification", verify, f"{verify[0] / draw[0]:.2f} of the draw; wanted: at most 1"),
    ]
    machine = Machine.here()
    lines = [
        "# A draw",
        "",
        f"{drawn:,} visits out of {number:,} weighted objects with {staff:,} inspectors of two",
        "departments, recusals and yearly limits; each a process of its own with its start, median",
        "of rounds in turns. `make bench-draw` writes this page.",
        "",
        "| | Seconds | Peak, MB | |",
        "|---|---|---|---|",
        *(f"| {name} | {s:.2f} | {peak:,.0f} | {said} |" for name, (s, peak), said in rows),
        "",
        f"Sources {revision(ROOT, MEASURED)}. {machine.processor}, {machine.cores} cores, "
        f"{machine.gigabytes:.0f} GB, {machine.system}, Python {machine.python}, load "
        f"{machine.load:.1f}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the page, or print it where it is only a try."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of it, printed only")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    number, staff = (OBJECTS // 50, PEOPLE // 50) if given.quick else (OBJECTS, PEOPLE)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        publish(place, number, staff)
        found = measured(place, 1 if given.quick else given.rounds)
        drawn = (place / RESULT).read_bytes().count(b",drawn,")
    text = page(found, number, drawn, staff)
    print(text)
    if not given.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
