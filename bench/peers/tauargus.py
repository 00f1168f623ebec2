"""Tables protected by another program (pytauargus), and its opinion of ours; rows of Markdown.

Run by the Python of its own environment (requirements/bench-disclosure.in) with the path of our
sources: the kernel room `disclosure` needs nothing but HiGHS and numpy. Tables are drawn: rows by
columns of people, who contribute one each.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from typing import Any

from pytauargus import protect as other

sys.path.insert(0, os.path.abspath(sys.argv[1]))

from xiangyun.kernel import disclosure as ours

LEAST, PROTECT = 3, 50
SIZES = ((6, 5), (10, 8), (16, 10), (24, 10))


def drawn(rows: int, columns: int, seed: int) -> dict[tuple[str, str], int]:
    """How many people there are in each row and column."""
    chance = random.Random(seed)
    return {
        (f"r{i:02}", f"c{j:02}"): max(1, int(chance.lognormvariate(2.2, 1.1)))
        for i in range(rows)
        for j in range(columns)
    }


def with_margins(counts: dict[tuple[str, str], int]) -> ours.Table:
    """The same with its sums, as ours takes it."""
    found = Counter[tuple[str, ...]]()
    for (row, column), many in counts.items():
        for key in ((row, column), (row, "*"), ("*", column), ("*", "*")):
            found[key] += many
    up = [{row: "*" for row, _ in counts}, {column: "*" for _, column in counts}]
    cells = {key: ours.Cell(float(many), many) for key, many in found.items()}
    return ours.Table(cells, ours.sums_of(cells, up))


def theirs(counts: dict[tuple[str, str], int]) -> set[tuple[str, ...]]:
    """What the other program hides, by the same least number of contributors."""
    people: dict[str, list[Any]] = {"row": [], "column": [], "people": []}
    for (row, column), many in counts.items():
        people["row"] += [row] * many
        people["column"] += [column] * many
        people["people"] += [1.0] * many
    folder = tempfile.mkdtemp(prefix="tauargus-")
    try:
        made = other(
            people, ["row", "column"], response="people",
            safety_rules=f"FREQ({LEAST},{PROTECT})", suppress="OPT(1)", workdir=folder,
        )  # fmt: skip
        table = made.tables[0]
        hidden = set[tuple[str, ...]]()
        for told, safe in zip(table.rows, table.safe(None), strict=True):
            if safe is None:
                at = (str(told["row"]).strip(), str(told["column"]).strip())
                hidden.add(tuple("*" if value in ("", "Total") else value for value in at))
        return hidden
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Protect each table by both, and attack both results by our attacker."""
    os.chdir(tempfile.mkdtemp(prefix="tauargus-"))  # it writes logs where it stands
    print("| Table | Small | Hidden, ours | Hidden, theirs | Found in ours | Found in theirs |"
          " Ours, s | Theirs, s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    rule = ours.Rule(threshold=LEAST, protect=PROTECT)
    for seed, (rows, columns) in enumerate(SIZES):
        counts = drawn(rows, columns, seed)
        mine = with_margins(counts)
        begun = time.perf_counter()
        found = ours.protect(mine, rule)
        took = time.perf_counter() - begun
        begun = time.perf_counter()
        hidden = theirs(counts)
        other_took = time.perf_counter() - begun
        beside = with_margins(counts)
        beside.hidden = hidden
        small = {key for key, cell in beside.cells.items() if 0 < cell.contributors < LEAST}
        in_ours = ours.attack(mine, found.primary, rule)
        in_theirs = ours.attack(beside, small & hidden, rule)
        print(
            f"| {rows} by {columns} | {len(small)} | {len(mine.hidden)} | {len(hidden)} |"
            f" {len(in_ours)} | {len(in_theirs) + len(small - hidden)} |"
            f" {took:.2f} | {other_took:.2f} |"
        )


if __name__ == "__main__":
    main()
