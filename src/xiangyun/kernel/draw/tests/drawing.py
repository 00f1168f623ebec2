"""Records of draws for the tests: small frames with all that a draw knows."""

import hashlib

from xiangyun.kernel.draw import (
    FORMAT,
    FRAME,
    INSPECTORS,
    RESULT,
    Inspector,
    Recusal,
    committed,
    draw,
    read_order,
    write_frame,
    write_inspectors,
    write_result,
)
from xiangyun.kernel.draw.tickets import Tickets

SECRET = "c0ffee" * 11
TEAMS = [{"team": "market", "inspectors": 2}, {"team": "fire", "inspectors": 1}]
STRATA = [{"stratum": "D", "take": "30%"}, {"stratum": "A", "take": "5"}]
PUBLIC = {"kind": "public", "what": "lottery"}


class Chance:
    """Numbers for test data, the same on every machine."""

    def __init__(self, seed):
        self.tickets = Tickets("test", str(seed))

    def choice(self, of):
        return of[self.tickets.below(len(of))]

    def sample(self, of, number):
        left = list(of)
        return [left.pop(self.tickets.below(len(left))) for _ in range(number)]


def frame_of(number=60, seed=1):
    chance = Chance(seed)
    for at in range(number):
        yield (
            f"C{chance.tickets.below(10**9)}-{at}",
            chance.choice("ADX"),
            chance.choice(("220101", "220102", "222404")),
            chance.choice((0, 1, 1, 2, 7, 100)),
            chance.choice((0, 0, 1, 2)),
            chance.choice((None, 1, 2)),
        )


def people_of(codes, number=20, seed=1, at_most=4):
    chance = Chance(seed)
    for at in range(number):
        yield Inspector(
            f"P{at:03}",
            ("market", "market", "fire")[at % 3],
            chance.choice(("", "22", "2201", "222404", "220101")),
            at_most,
            frozenset(chance.sample(codes, min(3, len(codes)))),
        )


def record_of(rows=None, people=None, *, recusals=(), value="3 8 15", **changed):
    """The record and the files of a whole draw; `changed`: parts of the order."""
    rows = list(frame_of() if rows is None else rows)
    people = list(people_of([row[0] for row in rows]) if people is None else people)
    files = {FRAME: write_frame(rows), INSPECTORS: write_inspectors(people)}
    written = {
        "format": FORMAT,
        "frame": {"file": FRAME, "sha256": hashlib.sha256(files[FRAME]).hexdigest()},
        "inspectors": {"sha256": hashlib.sha256(files[INSPECTORS]).hexdigest()},
        "strata": STRATA,
        "teams": TEAMS,
        "commitment": committed(SECRET),
        "beacon": PUBLIC,
        **changed,
    }
    order = read_order(written)
    seed = order.seed(SECRET, hashlib.sha256(value.encode()).hexdigest())
    struck = [Recusal(*each) for each in recusals]
    made = draw(order, seed, files[FRAME], files[INSPECTORS], struck)
    files[RESULT] = write_result(*made)
    record = {
        "order": written,
        "digest": order.digest,
        "reveal": {"secret": SECRET, "beacon": {"value": value}},
        "recusals": [{"object": each.object, "inspector": each.inspector} for each in struck],
        "result": {"sha256": hashlib.sha256(files[RESULT]).hexdigest()},
    }
    return record, files


def lines_of(files):
    """The outcome as mappings, line by line."""
    head, *lines = files[RESULT].decode().splitlines()
    return [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]
