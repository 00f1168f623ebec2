"""QuantLib on drawn notes of bench/notes.py; run by the Python of its own environment.

Usage: notes.py < NOTES. Reads and prints JSON: of each note its maturity, the day it is paid by the
calendar of China's inter-bank market, and its interest on actual/365 (fixed), rounded half up.
"""

from __future__ import annotations

import json
import sys
from decimal import ROUND_HALF_UP, Decimal

import QuantLib as ql


def main() -> None:
    """Work each note out, and print what came of it."""
    calendar, count = ql.China(ql.China.IB), ql.Actual365Fixed()
    found = []
    for note in json.load(sys.stdin):
        start = ql.DateParser.parseISO(note["starts_on"])
        matures = start + note["days"]
        pays = calendar.adjust(matures, ql.Following)
        years = Decimal(count.dayCount(start, matures)) / 365
        interest = Decimal(note["amount"]) * Decimal(note["rate"]) / 100 * years
        rounded = interest.quantize(Decimal("0.01"), ROUND_HALF_UP)
        found.append({"matures_on": matures.ISO(), "pays_on": pays.ISO(), "interest": str(rounded)})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
