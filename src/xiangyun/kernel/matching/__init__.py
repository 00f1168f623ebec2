"""Offers and demands that fit each other: a decision over two records, and a query.

A declaration names two registers and a decision table whose rows are requirements. A pair fits
where every row fires; the rows that do not are the reasons, and say what would have to change.
"""

from xiangyun.kernel.matching.judging import Judged, Reason, judge
from xiangyun.kernel.matching.model import Matching, Ranking, Side
from xiangyun.kernel.matching.reader import checked_matching

__all__ = ["Judged", "Matching", "Ranking", "Reason", "Side", "checked_matching", "judge"]
