"""The plan of a fair: interviews, booths and talks, from who takes part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.assignment import (
    Event,
    Placed,
    Several,
    allot,
    blocking_several,
    clashes,
    rounds,
    stable_several,
    timetable,
)
from xiangyun.kernel.assignment.program import Solver
from xiangyun.kernel.fair.declaration import Fair

_ELSEWHERE, _WASTED = 10_000_000, 1_000_000
"""What it costs to stand in a hall of others, and to take power that nobody needs: both outweigh
any order of booths."""


@dataclass(frozen=True, slots=True)
class Exhibitor:
    """Who stands at the fair; `talk` is the title of its talk, empty without one."""

    key: str
    name: str
    tables: int
    group: str = ""
    power: bool = False
    talk: str = ""
    talk_for: str = ""
    talk_seats: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What is talked about at a booth: whose, in how many interviews, whom it invites."""

    key: str
    exhibitor: str
    title: str
    capacity: int
    invites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """Who comes, and what they wish for, the dearest first."""

    key: str
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guests:
    """Who takes part, and who fits whom: pairs as each side orders them, the best first.

    `wishes`: the fitting offers of each demand; `ranks`: the fitting demands of each offer. What is
    wished for or invited and does not fit is in neither.
    """

    exhibitors: Sequence[Exhibitor]
    offers: Sequence[Offer]
    demands: Sequence[Demand]
    wishes: Mapping[str, Sequence[str]]
    ranks: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Interview:
    """Who talks with whom about what, at which table (from 1), in which slot (from 0)."""

    demand: str
    offer: str
    exhibitor: str
    table: int
    slot: int


@dataclass(frozen=True, slots=True)
class FairPlan:
    """A plan: interviews by demand and slot, the booth of each exhibitor (hall and number), and the
    talks by slot and room; `without` are the demands that have no interview."""

    interviews: tuple[Interview, ...]
    booths: Mapping[str, tuple[str, int]]
    talks: tuple[Placed, ...]
    without: tuple[str, ...]


def make_plan(fair: Fair, guests: Guests, solve: Solver) -> FairPlan:
    """The plan of a fair.

    Raises:
        Refused: assignment.E003 where there are not booths, rooms or slots enough.
    """
    matched = stable_several(*lists(fair, guests))
    interviews = _interviews(guests, matched)
    have = {each.demand for each in interviews}
    return FairPlan(
        interviews,
        _booths(fair, guests, solve),
        tuple(
            sorted(
                timetable(_events(guests), [room for room, _ in fair.rooms],
                          fair.talks.number, solve),
                key=lambda each: (each.slot, each.room),
            )
        ),
        tuple(each.key for each in guests.demands if each.key not in have),
    )  # fmt: skip


Lists = tuple[dict[str, list[str]], dict[str, list[str]], Mapping[str, int], Mapping[str, int]]


def lists(fair: Fair, guests: Guests) -> Lists:
    """Whom each side would take, the dearest first, and how many: what the matching is made of.

    What somebody names comes first, in the order named, as far as it fits; an exhibitor has no more
    interviews than its tables have slots.
    """
    wishes = {
        each.key: _first(each.wishes, guests.wishes.get(each.key, ())) for each in guests.demands
    }
    ranks = {
        each.key: _first(each.invites, guests.ranks.get(each.key, ())) for each in guests.offers
    }
    most = min(fair.most, fair.interviews.number)
    return wishes, ranks, _capacities(fair, guests), dict.fromkeys(wishes, most)


def wrong_in(fair: Fair, guests: Guests, plan: FairPlan) -> Iterator[str]:
    """What is wrong in a plan, found without the way it was made: nothing in one of `make_plan`."""
    for side in ("demand", "table"):
        seen = set()
        for each in plan.interviews:
            who = each.demand if side == "demand" else (each.exhibitor, each.table)
            if (who, each.slot) in seen:
                yield f"{who} is at two interviews in slot {each.slot}"
            seen.add((who, each.slot))
    tables = {each.key: each.tables for each in guests.exhibitors}
    for each in plan.interviews:
        if not (
            0 <= each.slot < fair.interviews.number and 1 <= each.table <= tables[each.exhibitor]
        ):
            yield f"{each.demand} is at no table or in no slot"
    places_of: dict[str, list[str]] = {each.key: [] for each in guests.demands}
    held: dict[str, list[str]] = {each.key: [] for each in guests.offers}
    for each in plan.interviews:
        places_of[each.demand].append(each.offer)
        held[each.offer].append(each.demand)
    wishes, ranks, capacity, most = lists(fair, guests)
    matched = Several(
        {who: tuple(p for p in wishes[who] if p in some) for who, some in places_of.items()},
        {place: tuple(w for w in ranks[place] if w in some) for place, some in held.items()},
    )
    for pair in blocking_several(matched, wishes, ranks, capacity, most):
        yield f"{pair.applicant} and {pair.place} would rather have each other"
    if not len(set(plan.booths.values())) == len(plan.booths) == len(guests.exhibitors):
        yield "booths"
    rooms = [room for room, _ in fair.rooms]
    yield from clashes(plan.talks, _events(guests), rooms)


def _first(named: Sequence[str], fitting: Sequence[str]) -> list[str]:
    there = set(fitting)
    return list(dict.fromkeys([*(each for each in named if each in there), *fitting]))


def _capacities(fair: Fair, guests: Guests) -> dict[str, int]:
    """Interviews of each offer; where the tables do not suffice, each takes its share of them."""
    of: dict[str, list[Offer]] = {each.key: [] for each in guests.exhibitors}
    for offer in guests.offers:
        of.setdefault(offer.exhibitor, []).append(offer)
    tables = {each.key: each.tables for each in guests.exhibitors}
    found: dict[str, int] = {}
    for exhibitor, offers in of.items():
        room = tables.get(exhibitor, 0) * fair.interviews.number
        wanted = sum(each.capacity for each in offers)
        share = {
            each.key: each.capacity * room // wanted if wanted > room else each.capacity
            for each in offers
        }
        left = min(room, wanted) - sum(share.values())
        for each in offers[:left]:
            share[each.key] += 1
        found |= share
    return found


def _interviews(guests: Guests, matched: Several) -> tuple[Interview, ...]:
    """Interviews at tables and in slots: tables are dealt evenly, and rounds are slots."""
    of = {each.key: each for each in guests.offers}
    tables = {each.key: each.tables for each in guests.exhibitors}
    dealt = dict.fromkeys(tables, 0)
    seats = []
    for demand, offer in matched.pairs:
        exhibitor = of[offer].exhibitor
        seats.append((demand, offer, exhibitor, dealt[exhibitor] % tables[exhibitor] + 1))
        dealt[exhibitor] += 1
    pairs = [(demand, f"{exhibitor}\0{table}") for demand, _, exhibitor, table in seats]
    found = [Interview(*seat, slot) for seat, slot in zip(seats, rounds(pairs), strict=True)]
    return tuple(sorted(found, key=lambda each: (each.demand, each.slot)))


def _booths(fair: Fair, guests: Guests, solve: Solver) -> dict[str, tuple[str, int]]:
    """Each at a booth, groups side by side and in their hall, power where it is needed."""
    booths = [(hall, number) for hall in fair.halls for number in range(1, hall.booths + 1)]
    names = {f"{at}": (hall.id, number) for at, (hall, number) in enumerate(booths)}
    order = sorted(guests.exhibitors, key=lambda each: (_hall_of(fair, each), each.group, each.key))
    costs: dict[str, dict[str, int]] = {}
    for wanted, each in enumerate(order):
        # The squares of distances have one least sum where nothing else counts: no ties.
        costs[each.key] = {
            f"{at}": (wanted - at) ** 2
            + _ELSEWHERE * bool(hall.groups and each.group not in hall.groups)
            + _WASTED * (number <= hall.power and not each.power)
            for at, (hall, number) in enumerate(booths)
            if number <= hall.power or not each.power
        }
    return {who: names[place] for who, place in allot(costs, solve).items()}


def _hall_of(fair: Fair, exhibitor: Exhibitor) -> int:
    own = [at for at, hall in enumerate(fair.halls) if exhibitor.group in hall.groups]
    return own[0] if own else len(fair.halls)


def _events(guests: Guests) -> list[Event]:
    return [
        Event(each.key, (each.key,), each.talk_seats, each.talk_for)
        for each in guests.exhibitors
        if each.talk
    ]
