"""Who goes where: stable matching with capacities and the preferences of both sides.

Source: D. Gale, L. S. Shapley, “College Admissions and the Stability of Marriage”, The American
Mathematical Monthly 69 (1962); with capacities and incomplete lists as in A. E. Roth, M. Sotomayor,
“Two-Sided Matching” (1990), chapter 5.
"""

from .stable import BlockingPair, Matched, blocking_pairs, stable_matching

__all__ = ["BlockingPair", "Matched", "blocking_pairs", "stable_matching"]
