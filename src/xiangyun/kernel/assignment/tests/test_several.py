"""Interviews, rounds, places and slots: no pair blocks, and nobody is at two at once."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.adapters.highs import solve
from xiangyun.kernel.assignment import (
    Event,
    Placed,
    Room,
    Several,
    allot,
    blocking_several,
    clashes,
    rounds,
    stable_several,
    timetable,
)
from xiangyun.kernel.findings import Refused

WHO, WHERE = ["a", "b", "c", "d"], ["x", "y", "z"]


def lists(whose: list[str], of: list[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    return st.fixed_dictionaries(
        dict.fromkeys(whose, st.lists(st.sampled_from(of), unique=True, min_size=1))
    )


def numbers(whose: list[str]) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries(dict.fromkeys(whose, st.integers(0, 3)))


@given(lists(WHO, WHERE), lists(WHERE, WHO), numbers(WHERE), numbers(WHO), st.permutations(WHO))
def test_no_pair_blocks_and_the_order_of_asking_changes_nothing(
    wishes: dict[str, list[str]],
    ranks: dict[str, list[str]],
    capacity: dict[str, int],
    most: dict[str, int],
    order: list[str],
) -> None:
    found = stable_several(wishes, ranks, capacity, most)
    assert not list(blocking_several(found, wishes, ranks, capacity, most))
    assert all(len(found.held[place]) <= capacity[place] for place in WHERE)
    assert all(len(found.places_of[who]) <= most[who] for who in WHO)
    assert {(w, p) for p, some in found.held.items() for w in some} == set(found.pairs)
    again = stable_several({who: wishes[who] for who in order}, ranks, capacity, most)
    assert again.places_of == {who: found.places_of[who] for who in order}


def test_a_pair_that_would_rather_have_each_other_is_found() -> None:
    wishes, ranks = {"a": ["x", "y"], "b": ["x"]}, {"x": ["a", "b"], "y": ["a"]}
    wrong = Several({"a": ("y",), "b": ("x",)}, {"x": ("b",), "y": ("a",)})
    (found,) = blocking_several(wrong, wishes, ranks, {}, {})
    assert (found.applicant, found.place, found.instead_of) == ("a", "x", "b")


def test_negative_numbers_of_applicants_are_refused() -> None:
    with pytest.raises(Refused, match=r"assignment\.E002"):
        stable_several({"a": ["x"]}, {"x": ["a"]}, {}, {"a": -1})


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), max_size=40))
def test_everybody_meets_once_a_round_in_as_few_rounds_as_can_be(
    pairs: list[tuple[str, str]],
) -> None:
    found = rounds(pairs)
    for side in (0, 1):
        meets = Counter((pair[side], at) for pair, at in zip(pairs, found, strict=True))
        assert all(n == 1 for n in meets.values())
    busiest = max((*Counter(p[0] for p in pairs).values(), *Counter(p[1] for p in pairs).values()),
                  default=0)  # fmt: skip
    assert max(found, default=-1) + 1 == busiest


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=3))
def test_places_are_allotted_at_the_least_cost(costs: list[list[int]]) -> None:
    named = {str(n): {str(at): cost for at, cost in enumerate(row)} for n, row in enumerate(costs)}
    found = allot(named, solve)
    assert len(set(found.values())) == len(costs)
    least = min(
        sum(row[at] for row, at in zip(costs, chosen, strict=True))
        for chosen in product(range(3), repeat=len(costs))
        if len(set(chosen)) == len(costs)
    )
    assert sum(named[who][place] for who, place in found.items()) == least


def test_whoever_has_no_place_is_named() -> None:
    with pytest.raises(Refused, match="“b”"):
        allot({"a": {"1": 0}, "b": {}}, solve)
    with pytest.raises(Refused, match=r"assignment\.E003"):
        allot({"a": {"1": 0}, "b": {"1": 0}}, solve)


def test_talks_do_not_clash_and_those_for_the_same_people_stand_apart() -> None:
    rooms = [Room("hall", 200), Room("small", 40)]
    events = [
        Event("cars", ("faw",), 150, "engineering"),
        Event("parts", ("fawer",), 30, "engineering"),
        Event("law", ("court", "faw"), 30, "law"),
        Event("rights", ("court",), 30, "law", slots=(0,)),
    ]
    found = timetable(events, rooms, 2, solve)
    assert not list(clashes(found, events, rooms))
    at = {each.event: each for each in found}
    assert at["cars"].room == "hall"
    assert at["cars"].slot != at["parts"].slot
    assert at["law"].slot == 1
    assert timetable(events, rooms, 2, solve) == found


def test_a_talk_that_fits_in_no_room_is_refused() -> None:
    with pytest.raises(Refused, match="“cars”"):
        timetable([Event("cars", (), 500)], [Room("hall", 200)], 2, solve)
    with pytest.raises(Refused, match=r"assignment\.E003"):
        timetable([Event("a", ("x",), 5), Event("b", ("x",), 5)], [Room("hall", 20)], 1, solve)


def test_a_clash_is_found_whoever_made_it() -> None:
    rooms, events = [Room("hall", 10)], [Event("a", ("x",), 5), Event("b", ("x",), 50)]
    assert set(clashes([Placed("a", 0, "hall")], events, rooms)) == {"b"}
    both = [Placed("a", 0, "hall"), Placed("b", 0, "hall")]
    assert set(clashes(both, events, rooms)) == {"a", "b"}
