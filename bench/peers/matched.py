"""The PyPI package `matching` on the lists of bench/students.py; run by its own Python.

Usage: matched.py LISTS.json. Prints JSON: seconds from lists to matching, and who is where.
"""

from __future__ import annotations

import json
import sys
import time

from matching.games import HospitalResident


def main(path: str) -> None:
    """Match, and print what came of it."""
    sys.setrecursionlimit(1_000_000)
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    started = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(
        given["wishes"], given["ranks"], given["capacity"]
    )
    found = game.solve(optimal="resident")
    seconds = time.perf_counter() - started
    held = {str(place): sorted(str(who) for who in some) for place, some in found.items()}
    print(json.dumps({"seconds": seconds, "held": held}))


if __name__ == "__main__":
    main(*sys.argv[1:])
