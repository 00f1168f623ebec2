"""Medians and coverings are the best there are: beside all choices, with groups and fixed sites."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from xiangyun.adapters.highs import solve
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.siting.covering import covering
from xiangyun.kernel.siting.median import median
from xiangyun.kernel.siting.model import Sites
from xiangyun.kernel.siting.orlib import distances, read_orlib


def _invented(places: int, sites: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    one, other = chance.random((places, 1, 2)), chance.random((1, sites, 2))
    far = np.sqrt(((one - other) ** 2).sum(axis=2))
    return np.floor(far * chance.integers(1, 400, (places, 1)))


def _allowed(chosen: tuple[int, ...], sites: Sites) -> bool:
    if not set(sites.fixed) <= set(chosen):
        return False
    groups = [sites.group[site] for site in chosen] if sites.least else []
    return all(groups.count(group) >= least for group, least in sites.least.items())


_KINDS = [
    Sites(12, 1),
    Sites(12, 4),
    Sites(12, 12),
    Sites(12, 0, fixed=(3,)),
    Sites(12, 3, fixed=(0, 7)),
    Sites(12, 4, group=(1,) * 4 + (2,) * 4 + (3,) * 4, least={1: 1, 2: 2, 3: 1}),
    Sites(12, 4, fixed=(1,), group=(1,) * 4 + (2,) * 4 + (3,) * 4, least={1: 1, 3: 2}),
]


@pytest.mark.parametrize("sites", _KINDS, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_no_other_choice_costs_less(sites: Sites, seed: int) -> None:
    cost = _invented(40, sites.number, seed)
    found = median(cost, sites, solve)
    number = sites.choose + len(sites.fixed)
    every = [
        int(cost[:, list(chosen)].min(axis=1).sum())
        for chosen in combinations(range(sites.number), number)
        if _allowed(chosen, sites)
    ]
    assert (found.objective, found.bound, found.gap) == (min(every), min(every), 0)
    assert _allowed(found.chosen, sites)
    assert cost[:, list(found.chosen)].min(axis=1).sum() == found.objective


@pytest.mark.parametrize("sites", _KINDS, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_no_other_choice_covers_more(sites: Sites, seed: int) -> None:
    cost = _invented(60, sites.number, seed)
    near = [np.flatnonzero(row <= np.quantile(cost, 0.12)).tolist() for row in cost]
    people = [1 + 7 * place % 90 for place in range(60)]

    def covered(chosen: tuple[int, ...]) -> int:
        reached = zip(near, people, strict=True)
        return sum(count for by, count in reached if set(by) & set(chosen))

    found = covering(near, people, sites, solve)
    number = sites.choose + len(sites.fixed)
    every = [
        covered(chosen)
        for chosen in combinations(range(sites.number), number)
        if _allowed(chosen, sites)
    ]
    assert (found.objective, found.gap) == (max(every), 0)
    assert _allowed(found.chosen, sites)


def _network(vertices: int, medians: int, seed: int) -> str:
    """A file as those of the suite are: edges of 1 to 100 between vertices at random."""
    chance = np.random.default_rng(seed)
    edges = [(int(chance.integers(1, v)), v) for v in range(2, vertices + 1)]
    while len(edges) < vertices * vertices // 50:
        edges.append(tuple(int(v) for v in chance.integers(1, vertices + 1, 2)))
    rows = [f" {one} {other} {chance.integers(1, 101)}" for one, other in edges]
    return "\n".join([f" {vertices} {len(edges)} {medians}", *rows])


@pytest.mark.parametrize(("vertices", "medians"), [(120, 5), (150, 15), (200, 66)])
def test_bounds_branches_and_programs_agree(vertices: int, medians: int) -> None:
    cost = distances(read_orlib(_network(vertices, medians, seed=vertices)))
    whole = median(cost, Sites(vertices, medians), solve)
    assert whole.gap == 0
    # One of the sites found, given as fixed: the rest is found again, to the same cost.
    fixed = whole.chosen[:2]
    again = median(cost, Sites(vertices, medians - 2, fixed=fixed), solve)
    assert again.objective == whole.objective


def test_of_duplicate_edges_the_last_counts() -> None:
    network = read_orlib(" 3 4 1\n 1 2 9\n 2 3 4\n 2 1 7\n 3 2 5 \n\n")
    assert network.edges == {(0, 1): 7, (1, 2): 5}
    assert distances(network)[0].tolist() == [0, 7, 12]


@pytest.mark.parametrize(
    ("text", "id", "line"),
    [
        ("", "siting.E001", 1),
        ("3 1\n1 2 3", "siting.E001", 1),
        ("3 1 4\n1 2 3", "siting.E001", 1),
        ("3 1 0\n1 2 3", "siting.E001", 1),
        ("3 2 1\n\n1 2 3\n1 4 3", "siting.E001", 4),
        ("3 2 1\n1 2 3\n2 3 2.5", "siting.E001", 3),
        ("3 2 1\n1 2 3\n2 3 -1", "siting.E001", 3),
        ("3 3 1\n1 2 3", "siting.E002", 1),
        ("3 1 1\n1 2 3", "siting.E003", 1),
    ],
)
def test_a_file_is_refused_with_its_line(text: str, id: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        distances(read_orlib(text, "given.txt"), "given.txt")
    found = refused.value.findings[0]
    assert (found.id, found.place.line if found.place else 0) == (id, line)


@pytest.mark.parametrize(
    ("sites", "id"),
    [
        (Sites(12, 13), "siting.E004"),
        (Sites(12, 12, fixed=(1,)), "siting.E004"),
        (Sites(3, 2, group=(1, 1, 2), least={2: 2}), "siting.E005"),
        (Sites(4, 1, group=(1, 1, 2, 2), least={1: 1, 2: 1}), "siting.E006"),
    ],
)
def test_what_cannot_be_chosen_is_refused(sites: Sites, id: str) -> None:
    with pytest.raises(Refused) as refused:
        median(_invented(5, sites.number, 1), sites, solve)
    assert refused.value.findings[0].id == id


@pytest.mark.parametrize("cost", [[[0.5]], [[2.0**60]], np.empty((0, 1))])
def test_costs_that_cannot_be_added_exactly_are_refused(cost: object) -> None:
    with pytest.raises(Refused) as refused:
        median(np.array(cost, dtype=np.float64), Sites(1, 1), solve)
    assert refused.value.findings[0].id == "siting.E007"
