"""spopt on a problem of bench/siting.py; run by the Python of its own environment.

Usage: siting.py PROBLEM.npz SOLVER. Prints JSON: objective, sites, seconds from matrix to answer.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pulp
from spopt.locate import MCLP, PMedian


def main(path: str, solver_name: str) -> None:
    """Solve, and print what came of it."""
    given = np.load(path)
    cost, people, fixed = given["cost"], given["people"], given["fixed"]
    choose = int(given["choose"]) + len(fixed)
    solver = pulp.HiGHS(msg=False) if solver_name == "highs" else pulp.PULP_CBC_CMD(msg=False)
    # spopt names the sites that stay by an array of 0 and 1, or by none at all.
    marks = np.zeros(cost.shape[1], dtype=int)
    marks[fixed] = 1
    stays = {"predefined_facilities_arr": marks} if len(fixed) else {}
    started = time.perf_counter()
    if "reach" in given:
        model = MCLP.from_cost_matrix(cost, people, float(given["reach"]), choose, **stays)
    else:
        model = PMedian.from_cost_matrix(cost, people, choose, **stays)
    model = model.solve(solver)
    seconds = time.perf_counter() - started
    chosen = [at for at, clients in enumerate(model.fac2cli) if clients]
    values = [variable.value() or 0 for variable in model.fac_vars]
    opened = [at for at, value in enumerate(values) if value > 0.5]
    print(json.dumps({"opened": opened or chosen, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
