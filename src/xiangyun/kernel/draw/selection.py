"""Which objects are drawn: weighted, without replacement, exact in whole numbers.

A ticket below the sum of all weights falls on one object, each with the share of its weight. A
ticket that falls on an object drawn already counts for nothing, and the next one is taken: so each
further object has the share of its weight among those that are left. Where half of the weight is
gone, the sums are made anew of what is left, so that no more than every second ticket is in vain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress

from xiangyun.kernel.draw.frame import Frame
from xiangyun.kernel.draw.order import Stratum
from xiangyun.kernel.draw.tickets import Tickets


@dataclass(slots=True)
class Visit:
    """An object on which a ticket fell, and who visits it.

    - `number`, `ticket`: count within the stratum, the one what was drawn, the other all tickets;
    - `skipped`: it was visited as often as it may be this year; another one is drawn in its place;
    - `inspectors`, `struck`: who goes and who was struck, as `team/inspector`, parted by spaces, in
      the order of the tickets; `short`: the teams of which too few inspectors were left.
    """

    stratum: str
    number: int
    ticket: int
    row: int
    skipped: bool
    inspectors: str = ""
    struck: str = ""
    short: str = ""


def select(frame: Frame, strata: Sequence[Stratum], seed: str) -> list[Visit]:
    """What is drawn of each stratum, in the order of the strata and of the tickets."""
    names = frame.strata
    rows: defaultdict[str, list[int]] = defaultdict(list)
    adders = {name: rows[name].append for name in set(names)}
    for row, name in enumerate(names):
        adders[name](row)
    drawn: list[Visit] = []
    for stratum in strata:
        drawn += _of_stratum(frame, stratum, tuple(rows.pop(stratum.name, ())), seed)
    return drawn


def _of_stratum(frame: Frame, stratum: Stratum, pool: tuple[int, ...], seed: str) -> list[Visit]:
    weights = tuple(map(frame.weights.__getitem__, pool))
    if not all(weights):  # an object of weight 0 is never drawn, and does not count
        pool, weights = tuple(compress(pool, weights)), tuple(filter(None, weights))
    wanted, found = stratum.take.count(len(pool)), list[Visit]()
    tickets = Tickets(seed, f"object/{stratum.name}")
    while wanted and pool:
        sums = tuple(accumulate(weights))
        total, gone, taken = sums[-1], 0, set[int]()
        while wanted and 2 * gone < total:
            at = bisect_right(sums, tickets.below(total))
            if at in taken:
                continue
            taken.add(at)
            gone += weights[at]
            row = pool[at]
            over = frame.is_over(row)
            wanted -= not over
            found.append(Visit(stratum.name, len(found) + 1, tickets.used, row, over))
        if wanted:
            left = [at for at in range(len(pool)) if at not in taken]
            pool = tuple(map(pool.__getitem__, left))
            weights = tuple(map(weights.__getitem__, left))
    return found
