"""When pairs meet: in as few rounds as anybody has meetings, and nobody twice in one.

Source: D. Kőnig, “Über Graphen und ihre Anwendung auf Determinantentheorie und Mengenlehre”,
Mathematische Annalen 77 (1916): the edges of a bipartite graph have as many colours as its busiest
point has edges. A colour is a round.
"""

from __future__ import annotations

from collections.abc import Sequence


def rounds(pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The round of each pair, from 0; as many rounds as the busiest one of both sides has pairs.

    A pair may come more than once, and then meets as often. The same pairs get the same rounds.
    """
    meets: dict[tuple[int, str], dict[int, int]] = {}
    """By side and name: which pair, by its place in `pairs`, somebody has in a round."""
    ends = [((0, first), (1, second)) for first, second in pairs]
    found = [0] * len(pairs)
    for number, (first, second) in enumerate(ends):
        here, there = meets.setdefault(first, {}), meets.setdefault(second, {})
        one, other = _free(here), _free(there)
        if one != other:
            _swap(meets, ends, found, second, one, other)
        found[number] = one
        here[one] = there[one] = number
    return found


def _free(taken: dict[int, int]) -> int:
    at = 0
    while at in taken:
        at += 1
    return at


def _swap(
    meets: dict[tuple[int, str], dict[int, int]],
    ends: Sequence[tuple[tuple[int, str], tuple[int, str]]],
    found: list[int],
    at: tuple[int, str],
    one: int,
    other: int,
) -> None:
    """Exchange two rounds along the path of their pairs from `at`, so that `one` is free there.

    The path cannot end at the other partner of the new pair: it comes to that side by round `one`
    only, which is free there.
    """
    path, wanted = [], one
    while (number := meets[at].get(wanted)) is not None:
        path.append(number)
        at = ends[number][1] if ends[number][0] == at else ends[number][0]
        wanted = other if wanted == one else one
    for number in path:
        for end in ends[number]:
            if meets[end].get(found[number]) == number:
                del meets[end][found[number]]
    for number in path:
        found[number] = other if found[number] == one else one
        for end in ends[number]:
            meets[end][found[number]] = number
