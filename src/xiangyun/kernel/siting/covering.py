"""Maximal covering: sites so that most people are near one, proven to be the most.

Source: R. Church, C. ReVelle, The maximal covering location problem, Papers of the Regional Science
Association 32 (1974) 101-118; places that the same sites reach are counted as one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from xiangyun.kernel.assignment.program import Program, Solver
from xiangyun.kernel.siting.model import Sited, Sites


def covering(
    near: Sequence[Sequence[int]], people: Sequence[int], sites: Sites, solve: Solver
) -> Sited:
    """Choose sites so that the people of places with a chosen site near are most.

    `near` gives each place's sites within reach. Exact: objective and bound are equal unless the
    solver ends with more than a person between them.
    """
    fixed = set(sites.fixed)
    needs = sites.needs()
    free = [site for site in range(sites.number) if site not in fixed]
    wanted: Counter[frozenset[int]] = Counter()
    already = 0
    for reached, count in zip(near, people, strict=True):
        if fixed.isdisjoint(reached):
            wanted[frozenset(reached)] += count
        else:
            already += count
    alone = {next(iter(reached)): n for reached, n in wanted.items() if len(reached) == 1}
    program = Program()
    column = {site: program.column(-float(alone.get(site, 0)), whole=True) for site in free}
    for merged, count in sorted(wanted.items(), key=lambda item: sorted(item[0])):
        if len(merged) > 1 and count:
            covered = program.column(-float(count))
            ways = [column[site] for site in sorted(merged)]
            program.row([*ways, covered], [1.0] * len(ways) + [-1.0], 0.0)
    every = list(column.values())
    program.row(every, [1.0] * len(every), sites.choose, sites.choose)
    for group, need in needs.items():
        own = [column[site] for site in free if sites.group[site] == group]
        program.row(own, [1.0] * len(own), float(need))
    solved = solve(program, slack=0.99)
    chosen = [site for site in free if solved.values[column[site]] > 0.5]
    taken = fixed.union(chosen)
    objective = sum(
        count for reached, count in zip(near, people, strict=True) if not taken.isdisjoint(reached)
    )
    bound = max(objective, already + math.floor(-solved.bound + 1e-6))
    return Sited(tuple(sorted(taken)), objective, bound)
