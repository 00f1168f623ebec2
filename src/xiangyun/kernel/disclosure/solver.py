"""HiGHS as disclosure uses it: one thread, so that a run repeats, and silent."""

from __future__ import annotations

from highspy._core import _Highs


def solver() -> _Highs:
    """A solver without a program yet."""
    # The class above it (`Highs`) switches callbacks on when it is made, which prints a banner.
    made = _Highs()
    made.setOptionValue("output_flag", False)
    made.setOptionValue("threads", 1)
    return made
