"""Stable matching: no applicant and place would both rather have each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace

from xiangyun.kernel.findings import Finding, Refused, Text


@dataclass(frozen=True, slots=True)
class Matched:
    """`place_of` each applicant who has one, `held` by each place in the order of its list.

    `left` are the applicants without a place, in the order that they were given in.
    """

    place_of: Mapping[str, str]
    held: Mapping[str, tuple[str, ...]]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockingPair:
    """Two who would rather have each other; `instead_of` is whom the place would let go, if any."""

    applicant: str
    place: str
    instead_of: str | None


def stable_matching(
    wishes: Mapping[str, Sequence[str]],
    ranks: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
) -> Matched:
    """The stable matching that is best for every applicant at once.

    `wishes`: the places that an applicant would take, the dearest first; `ranks`: the applicants
    that a place would take, likewise; `capacity`: how many it takes, 1 if nothing is said. Who is
    not on the other's list is not matched with it. With strict lists the result is one and does not
    depend on the order in which applicants are asked; it takes time proportional to the wishes, and
    a logarithm of the capacity.

    Raises `Refused`: assignment.E001 where a list names somebody twice, assignment.E002
    for a negative capacity.
    """
    refuse_unclear(wishes, ranks, capacity)
    rank = {place: {who: n for n, who in enumerate(listed)} for place, listed in ranks.items()}
    room = {place: capacity.get(place, 1) for place in ranks}
    # The worst one held stands on top: ranks are negated, as heapq keeps the least.
    held: dict[str, list[tuple[int, str]]] = {place: [] for place in ranks}
    ahead = {who: iter(listed) for who, listed in wishes.items()}
    for first in wishes:
        asking: str | None = first
        while asking is not None:
            asking = _ask(asking, ahead[asking], rank, room, held)
    place_of = {who: place for place, some in held.items() for _, who in some}
    return Matched(
        {who: place_of[who] for who in wishes if who in place_of},
        {
            place: tuple(who for _, who in sorted(some, reverse=True))
            for place, some in held.items()
        },
        tuple(who for who in wishes if who not in place_of),
    )


def _ask(
    who: str,
    ahead: Iterator[str],
    rank: Mapping[str, Mapping[str, int]],
    room: Mapping[str, int],
    held: Mapping[str, list[tuple[int, str]]],
) -> str | None:
    """Ask down the wishes until somebody is taken; answers who loses a place by that, if anyone."""
    for place in ahead:
        at = rank.get(place, {}).get(who)
        if at is None or not room[place]:
            continue
        some = held[place]
        if len(some) < room[place]:
            heappush(some, (-at, who))
            return None
        if -some[0][0] > at:
            return heapreplace(some, (-at, who))[1]
    return None


def blocking_pairs(
    matched: Matched,
    wishes: Mapping[str, Sequence[str]],
    ranks: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
) -> Iterator[BlockingPair]:
    """Everything that makes a matching unstable, found without the way it was made."""
    for who, listed in wishes.items():
        for place in listed:
            if matched.place_of.get(who) == place:
                break
            order = list(ranks.get(place, ()))
            if who not in order or not capacity.get(place, 1):
                continue
            there = matched.held.get(place, ())
            if len(there) < capacity.get(place, 1):
                yield BlockingPair(who, place, None)
            elif order.index(who) < order.index(there[-1]):
                yield BlockingPair(who, place, there[-1])


def refuse_unclear(
    wishes: Mapping[str, Sequence[str]],
    ranks: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
) -> None:
    """Raise `Refused` for a list that names somebody twice, and for a negative capacity."""
    wrong = [_twice(who) for some in (wishes, ranks) for who, listed in some.items()
             if len(set(listed)) != len(listed)]  # fmt: skip
    wrong += [_negative(place) for place, most in capacity.items() if most < 0]
    if wrong:
        raise Refused(wrong)


def _twice(whose: str) -> Finding:
    return Finding(
        "assignment.E001",
        "error",
        Text("{whose}的名单里有人写了两次。", "The list of {whose} names one twice.", whose=whose),
        hint=Text("每个只写一次，最想要的在前。", "Name each once, the dearest first."),
    )


def _negative(place: str) -> Finding:
    return Finding(
        "assignment.E002",
        "error",
        Text("{place}的名额是负数。", "The capacity of {place} is negative.", place=place),
        hint=Text("没有名额写 0。", "Write 0 where there is none."),
    )
