"""Who goes where: stable matching with capacities, rounds without clashes, places and slots.

Source: D. Gale, L. S. Shapley, “College Admissions and the Stability of Marriage”, The American
Mathematical Monthly 69 (1962); with capacities and incomplete lists as in A. E. Roth, M. Sotomayor,
“Two-Sided Matching” (1990), chapter 5.
"""

from .placing import Event, Placed, Room, allot, clashes, timetable
from .rounds import rounds
from .several import Several, blocking_several, stable_several
from .stable import BlockingPair, Matched, blocking_pairs, stable_matching

__all__ = [
    "BlockingPair",
    "Event",
    "Matched",
    "Placed",
    "Room",
    "Several",
    "allot",
    "blocking_pairs",
    "blocking_several",
    "clashes",
    "rounds",
    "stable_matching",
    "stable_several",
    "timetable",
]
