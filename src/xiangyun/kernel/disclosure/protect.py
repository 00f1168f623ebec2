"""Hiding: first what is too small by itself, then what would give it away by subtraction.

A sum with one hidden figure shows it; so the smallest others are hidden with it, until none does.
Then the attacker looks; where he comes too close, what hides the figure at the least cost is found
by a linear program (Kelly, Golden and Assad 1992), and he looks again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np

from xiangyun.kernel.disclosure.attack import Exposed, attack
from xiangyun.kernel.disclosure.model import Cell, Key, Rule, Sum, Table
from xiangyun.kernel.disclosure.solver import solver

ROUNDS = 20
NEAR = 2
"""So many steps over sums away others are hidden behind, before the whole table is looked at."""
_LITTLE = 1e-6


@dataclass(frozen=True, slots=True)
class Protected:
    """What is hidden: because of itself, and because of others. `exposed`: what stays in reach."""

    primary: frozenset[Key]
    secondary: frozenset[Key]
    exposed: tuple[Exposed, ...]


def primary(cells: Iterable[tuple[Key, Cell]], rule: Rule) -> set[Key]:
    """The figures that would tell of single ones: of too few, or held by too few."""
    return {key for key, cell in cells if _tells(cell, rule)}


def _tells(cell: Cell, rule: Rule) -> bool:
    if 0 < cell.contributors < rule.threshold:
        return True
    held = rule.largest and cell.value > 0 and cell.top * 100 > rule.share * cell.value
    return bool(held and cell.contributors > 0)


def protect(table: Table, rule: Rule) -> Protected:
    """Hide what has to be hidden in a table, and what is hidden already; the table is changed.

    A figure that was published before and tells of single ones is `exposed`: it is out.
    """
    first = primary(table.cells.items(), rule) - table.latent
    out = [
        Exposed(key, table.cells[key].value, table.cells[key].value, table.cells[key].value, 1.0)
        for key in sorted(first)
        if table.cells[key].known
    ]
    before = set(table.hidden)
    table.hidden |= {key for key in first if not table.cells[key].known}
    aims = frozenset(first & table.hidden)
    of_key = _of_key(table)
    _pair_up(table, of_key)
    exposed: list[Exposed] = []
    for _ in range(ROUNDS):
        exposed = attack(table, aims, rule)
        more = {key for each in exposed for key in _helping(table, each, of_key)} - table.hidden
        if not more:
            break
        table.hidden |= more
        _pair_up(table, of_key)
    return Protected(frozenset(first), frozenset(table.hidden - first - before), (*out, *exposed))


def _of_key(table: Table) -> dict[Key, list[int]]:
    """The sums that each figure stands in, by their numbers."""
    found: dict[Key, list[int]] = defaultdict(list)
    for number, each in enumerate(table.sums):
        for key in _keys(each):
            found[key].append(number)
    return found


def _pair_up(table: Table, of_key: dict[Key, list[int]]) -> None:
    """No sum with one hidden figure: the smallest beside it that may be hidden goes with it."""
    waiting = list(range(len(table.sums)))
    while waiting:
        each = table.sums[waiting.pop()]
        keys = (each.total, *each.parts)
        hidden = [key for key in keys if key in table.hidden]
        if len(hidden) != 1 or hidden[0] in table.latent:
            continue
        free = [key for key in keys if key not in table.hidden and not table.cells[key].known]
        # One that shares its other sums with what is hidden gives less away; totals go last.
        chosen = min(free, key=lambda key: _cost(table, key, each.total, of_key), default=None)
        if chosen is not None:
            table.hidden.add(chosen)
            waiting += of_key[chosen]


def _cost(
    table: Table, key: Key, total: Key, of_key: dict[Key, list[int]]
) -> tuple[bool, bool, int, float, Key]:
    cell = table.cells[key]
    alone = sum(
        not any(
            other in table.hidden
            for other in (table.sums[number].total, *table.sums[number].parts)
            if other != key
        )
        for number in of_key[key]
    )
    return key == total, cell.value == 0, alone, cell.value, key


def _helping(table: Table, exposed: Exposed, of_key: dict[Key, list[int]]) -> list[Key]:
    """The cheapest further figures behind which one can move as far as it has to, either way.

    They are looked for nearby first: a county is hidden behind itself, not behind the province.
    """
    near = {exposed.key}
    for _ in range(NEAR):
        near |= {one for key in near for number in of_key[key] for one in _keys(table.sums[number])}
        if found := _moved(table, exposed, sorted(near), of_key):
            return found
    return _moved(table, exposed, sorted(table.cells), of_key)


def _keys(each: Sum) -> tuple[Key, ...]:
    return (each.total, *each.parts)


def _moved(
    table: Table, exposed: Exposed, near: list[Key], of_key: dict[Key, list[int]]
) -> list[Key]:
    """What moves with a figure, as cheaply as can be, where nothing moves but these."""
    keys = [key for key in near if not table.cells[key].known]
    place = {key: number for number, key in enumerate(keys)}
    if exposed.key not in place:
        return []
    count = len(keys)
    program = solver()
    values = np.array([table.cells[key].value for key in keys])
    costs = np.array([0.0 if key in table.hidden else 1.0 + table.cells[key].value for key in keys])
    # Up and down for each figure: none goes below nought, where none can.
    up_to = np.array([table.most.get(key, highspy.kHighsInf) for key in keys]) - values
    free = np.full(count, highspy.kHighsInf)
    program.addVars(2 * count, np.zeros(2 * count), np.concatenate(
        [np.maximum(up_to, 0.0), free if table.signed else values]))  # fmt: skip
    program.changeColsCost(
        2 * count, np.arange(2 * count, dtype=np.int32), np.concatenate([costs, costs])
    )
    for number in sorted({number for key in keys for number in of_key[key]}):
        each = table.sums[number]
        columns, factors = list[int](), list[float]()
        for key, factor in ((each.total, -1.0), *((part, 1.0) for part in each.parts)):
            if key in place:
                columns += [place[key], count + place[key]]
                factors += [factor, -factor]
        if columns:
            program.addRow(0.0, 0.0, len(columns), np.array(columns, dtype=np.int32),
                          np.array(factors))  # fmt: skip
    found = set[Key]()
    up, down = place[exposed.key], count + place[exposed.key]
    above = max(table.most.get(exposed.key, highspy.kHighsInf) - exposed.value, 0.0)
    below = highspy.kHighsInf if table.signed else exposed.value
    for moved, still, bound in ((up, down, above), (down, up, below)):
        far = min(exposed.wanted, bound)
        if far <= 0:
            continue
        program.changeColBounds(moved, far, far)
        program.changeColBounds(still, 0.0, 0.0)
        program.run()
        if program.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            moves = program.getSolution().col_value
            found |= {
                key
                for key in keys
                if moves[place[key]] > _LITTLE or moves[count + place[key]] > _LITTLE
            }
        program.changeColBounds(up, 0.0, above)
        program.changeColBounds(down, 0.0, below)
    return sorted(found)
