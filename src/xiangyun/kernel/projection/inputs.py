"""What an indicator is made of: other figures of its period, the one before, a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final, Literal

from xiangyun.kernel.projection.model import BEFORE, YEAR_BEFORE, Indicator

When = Literal["now", "before", "year_before"]
_ENDINGS: Final[tuple[tuple[str, When], ...]] = ((YEAR_BEFORE, "year_before"), (BEFORE, "before"))


@dataclass(frozen=True, slots=True)
class Input:
    """A name in a formula, the indicator that it means, and of which period."""

    name: str
    id: str
    when: When


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a formula is made of. `all_below`: whatever that is made of in turn."""

    inputs: tuple[Input, ...]
    unknown: tuple[str, ...]
    all_below: frozenset[str]


def inputs_of(indicator: Indicator, known: Mapping[str, Indicator]) -> Inputs:
    """What an indicator is made of; nothing where it is measured."""
    direct, missing = _direct(indicator, known)
    below, waiting = set[str](), [each.id for each in direct]
    while waiting:
        if (id_ := waiting.pop()) not in below:
            below.add(id_)
            waiting += [each.id for each in _direct(known[id_], known)[0]]
    return Inputs(direct, missing, frozenset(below))


def _direct(
    indicator: Indicator, known: Mapping[str, Indicator]
) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    if indicator.of is None:
        return (), ()
    found, missing = list[Input](), list[str]()
    names = sorted({name.name for name in indicator.of.expression.unknown_names(())})
    for name in names:
        one = _meant(name, known)
        if one is None:
            missing.append(name)
        else:
            found.append(one)
    return tuple(found), tuple(missing)


def _meant(name: str, known: Mapping[str, Indicator]) -> Input | None:
    if name in known:
        return Input(name, name, "now")
    for ending, when in _ENDINGS:
        if name.endswith(ending) and (id_ := name.removesuffix(ending)) in known:
            return Input(name, id_, when)
    return None


def in_order(indicators: Mapping[str, Indicator]) -> Sequence[Indicator]:
    """Each after those that it is made of; what is made of itself is left out."""
    below = {id_: [each.id for each in _direct(one, indicators)[0]]
             for id_, one in indicators.items()}  # fmt: skip
    while True:
        try:
            return [indicators[id_] for id_ in TopologicalSorter(below).static_order()]
        except CycleError as circle:
            for id_ in circle.args[1]:
                below.pop(id_, None)
            below = {id_: [each for each in some if each in below] for id_, some in below.items()}
