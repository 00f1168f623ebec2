"""Stable matching where applicants too have several places: interviews of a fair.

Source: A. E. Roth, “Stability and Polarization of Interests in Job Matching”, Econometrica 52
(1984): with strict lists and a number of places on each side, asking down the lists ends in a
matching that no pair blocks, whatever the order of asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace

from xiangyun.kernel.assignment.stable import BlockingPair, refuse_unclear


@dataclass(frozen=True, slots=True)
class Several:
    """`places_of` each applicant and `held` by each place, both in the order of their own lists."""

    places_of: Mapping[str, tuple[str, ...]]
    held: Mapping[str, tuple[str, ...]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Applicant and place of each pair, by applicant."""
        return [(who, place) for who, places in self.places_of.items() for place in places]


def stable_several(
    wishes: Mapping[str, Sequence[str]],
    ranks: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
    most: Mapping[str, int],
) -> Several:
    """A matching with up to `most` places for each applicant, `capacity` applicants for each place.

    Both default to 1. Lists are the dearest first; who is not on the other's list is not matched
    with it. It takes time proportional to the wishes, and a logarithm of the capacity.

    Raises `Refused` as `stable_matching` does.
    """
    refuse_unclear(wishes, ranks, capacity)
    refuse_unclear({}, {}, most)
    rank = {place: {who: n for n, who in enumerate(listed)} for place, listed in ranks.items()}
    # The worst one held stands on top: ranks are negated, as heapq keeps the least.
    held: dict[str, list[tuple[int, str]]] = {place: [] for place in ranks}
    room = {place: capacity.get(place, 1) for place in ranks}
    wanted = {who: most.get(who, 1) for who in wishes}
    ahead = {who: iter(listed) for who, listed in wishes.items()}
    asking = list(wishes)
    while asking:
        who = asking[-1]
        place = next(ahead[who], None) if wanted[who] else None
        if place is None:
            asking.pop()
            continue
        at = rank.get(place, {}).get(who)
        if at is None or not room[place]:
            continue
        some = held[place]
        if len(some) < room[place]:
            heappush(some, (-at, who))
        elif -some[0][0] > at:
            other = heapreplace(some, (-at, who))[1]
            wanted[other] += 1
            asking.append(other)
        else:
            continue
        wanted[who] -= 1
    places_of: dict[str, set[str]] = {who: set() for who in wishes}
    for place, some in held.items():
        for _, who in some:
            places_of[who].add(place)
    return Several(
        {who: tuple(p for p in wishes[who] if p in some) for who, some in places_of.items()},
        {
            place: tuple(who for _, who in sorted(some, reverse=True))
            for place, some in held.items()
        },
    )


def blocking_several(
    matched: Several,
    wishes: Mapping[str, Sequence[str]],
    ranks: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
    most: Mapping[str, int],
) -> Iterator[BlockingPair]:
    """Pairs who both have room for each other or would let somebody go; found independently."""
    for who, listed in wishes.items():
        own = matched.places_of.get(who, ())
        full = len(own) >= most.get(who, 1)
        worst = listed.index(own[-1]) if full and own else -1
        for at, place in enumerate(listed):
            if place in own or (full and at > worst):
                continue
            order = list(ranks.get(place, ()))
            there, room = matched.held.get(place, ()), capacity.get(place, 1)
            if who not in order or not room or not most.get(who, 1):
                continue
            if len(there) < room:
                yield BlockingPair(who, place, None)
            elif order.index(who) < order.index(there[-1]):
                yield BlockingPair(who, place, there[-1])
