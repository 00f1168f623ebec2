"""Mixed-integer programs, solved by HiGHS in one thread, so that a run repeats."""

from __future__ import annotations

import highspy
import numpy as np
from highspy._core import _Highs

from xiangyun.kernel.assignment.program import Program, Solved


def solve(program: Program, *, slack: float) -> Solved:
    """The kernel's `Solver`; whole columns come rounded, since HiGHS leaves them within 1e-6."""
    model = highspy.HighsLp()
    columns, rows = len(program.costs), len(program.lower)
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.array(program.costs, dtype=np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.row_lower_ = np.array(program.lower, dtype=np.float64)
    model.row_upper_ = np.array(program.upper, dtype=np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array([*program.starts, len(program.columns)], dtype=np.int32)
    model.a_matrix_.index_ = np.array(program.columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(program.factors, dtype=np.float64)
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [whole if each else real for each in program.whole]
    # The class above it (`Highs`) switches callbacks on when it is made, which prints a banner.
    highs = _Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", slack)
    highs.passModel(model)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved((), float("inf"))
    values = np.array(highs.getSolution().col_value)
    values[program.whole] = np.round(values[program.whole])
    return Solved(values.tolist(), float(info.mip_dual_bound))
