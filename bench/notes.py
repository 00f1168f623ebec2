"""Day counts and days of payment of 50 drawn notes, beside QuantLib.

Usage: notes.py PYTHON: the Python of an environment of its own with QuantLib. The
notes are drawn by a printed seed between 2015 and the last year that the packaged calendar knows.
Prints each difference and `agreed N of 50`; ends with 1 where there is any.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from xiangyun.adapters.calendar import chinese_calendar_with
from xiangyun.kernel.dmn import decide, read_model

ROOT = Path(__file__).resolve().parent.parent
SEED, COUNT = 20230320, 50
FIRST, LAST = date(2015, 1, 5), date(2025, 6, 30)


def drawn(seed: int) -> list[dict[str, str | int]]:
    """Notes: amount and rate as texts, days, and the first day."""
    chance = random.Random(seed)
    return [
        {
            "amount": f"{chance.randrange(1, 2_000) * 100_000}",
            "rate": f"{Decimal(chance.randrange(100, 600)) / 100}",
            "days": chance.choice([30, 60, 90, 180, 270, 365, chance.randrange(1, 400)]),
            "starts_on": (FIRST + timedelta(chance.randrange((LAST - FIRST).days))).isoformat(),
        }
        for _ in range(COUNT)
    ]


def ours(notes: list[dict[str, str | int]]) -> list[dict[str, str]]:
    """The same by the rules of packs/finance/carbon-note and the office's calendar."""
    rules = ROOT / "packs" / "finance" / "carbon-note" / "rules.dmn"
    model = read_model(rules.read_text("utf-8"), rules.name)
    calendar = chinese_calendar_with({})
    found = []
    for note in notes:
        matures = date.fromisoformat(str(note["starts_on"])) + timedelta(int(note["days"]))
        terms = {name: Decimal(str(note[name])) for name in ("amount", "rate", "days")}
        inputs = {"application": terms, "parameters": {"days_of_year": Decimal(365)}}
        interest = decide(model, "interest", inputs).value
        pays = calendar.next_working_day(matures)
        found.append(
            {
                "matures_on": matures.isoformat(),
                "pays_on": pays.isoformat(),
                "interest": f"{interest:.2f}",
            }
        )
    return found


def main(python: str) -> int:
    """Compare, and say what differs."""
    notes = drawn(SEED)
    peer = Path(__file__).parent / "peers" / "notes.py"
    asked = subprocess.run(
        [python, str(peer)], input=json.dumps(notes), capture_output=True, text=True, check=True
    )
    differing = 0
    for note, here, there in zip(notes, ours(notes), json.loads(asked.stdout), strict=True):
        if here != there:
            differing += 1
            print(f"{note}: {here} here, {there} by QuantLib")
    print(f"seed {SEED}: agreed {COUNT - differing} of {COUNT}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
