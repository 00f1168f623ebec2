"""Matchings are stable, the best for applicants, and the same in whatever order they are asked."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.assignment import Matched, blocking_pairs, stable_matching
from xiangyun.kernel.findings import Refused

APPLICANTS, PLACES = ["a", "b", "c", "d"], ["x", "y", "z"]


def lists(whose: list[str], of: list[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    part = st.lists(st.sampled_from(of), unique=True)
    return st.fixed_dictionaries(dict.fromkeys(whose, part))


@given(
    lists(APPLICANTS, PLACES),
    lists(PLACES, APPLICANTS),
    st.fixed_dictionaries(dict.fromkeys(PLACES, st.integers(0, 3))),
    st.permutations(APPLICANTS),
)
def test_it_is_stable_and_no_order_of_asking_changes_it(
    wishes: dict[str, list[str]],
    ranks: dict[str, list[str]],
    capacity: dict[str, int],
    order: list[str],
) -> None:
    found = stable_matching(wishes, ranks, capacity)
    assert not list(blocking_pairs(found, wishes, ranks, capacity))
    assert all(len(found.held[place]) <= capacity[place] for place in PLACES)
    assert {p: {w for w, at in found.place_of.items() if at == p} for p in PLACES} == {
        p: set(found.held[p]) for p in PLACES
    }
    again = stable_matching({who: wishes[who] for who in order}, ranks, capacity)
    assert again.place_of == found.place_of


@given(lists(APPLICANTS[:3], PLACES), lists(PLACES, APPLICANTS[:3]))
def test_no_other_stable_matching_is_better_for_anybody_who_applies(
    wishes: dict[str, list[str]], ranks: dict[str, list[str]]
) -> None:
    capacity = dict.fromkeys(PLACES, 1)
    best = stable_matching(wishes, ranks, capacity).place_of
    for chosen in product(*([None, *wishes[who]] for who in wishes)):
        places = [place for place in chosen if place]
        of = {who: place for who, place in zip(wishes, chosen, strict=True) if place}
        if len(set(places)) < len(places) or any(w not in ranks[p] for w, p in of.items()):
            continue
        held = {p: tuple(w for w, at in of.items() if at == p) for p in PLACES}
        other = Matched(of, held, ())
        if not list(blocking_pairs(other, wishes, ranks, capacity)):
            for who, place in of.items():
                assert wishes[who].index(best[who]) <= wishes[who].index(place)


def test_whoever_is_preferred_takes_the_place_and_the_other_goes_on() -> None:
    wishes = {"early": ["x", "y"], "late": ["x"]}
    ranks = {"x": ["late", "early"], "y": ["early"]}
    found = stable_matching(wishes, ranks, {})
    assert found.place_of == {"early": "y", "late": "x"}
    assert found.left == ()


@pytest.mark.parametrize(
    ("wishes", "capacity", "id"),
    [({"a": ["x", "x"]}, {}, "E001"), ({"a": ["x"]}, {"x": -1}, "E002")],
)
def test_lists_with_somebody_twice_and_negative_capacities_are_refused(
    wishes: dict[str, list[str]], capacity: dict[str, int], id: str
) -> None:
    with pytest.raises(Refused, match=rf"assignment\.{id}"):
        stable_matching(wishes, {"x": ["a"]}, capacity)
