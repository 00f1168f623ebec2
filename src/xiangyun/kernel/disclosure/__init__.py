"""Statistical disclosure: which figures of a table are hidden, so that nobody is worked out of it.

`protect` hides what is too small or held by too few, and what would give that away by subtraction;
`attack` is the stranger with a linear program (HiGHS) who must find no interval that is too narrow.
"""

from xiangyun.kernel.disclosure.attack import Exposed, attack
from xiangyun.kernel.disclosure.model import (
    Cell,
    Key,
    Rule,
    Sum,
    Table,
    closed,
    holding,
    joined,
    joined_by_names,
    same,
    sums_of,
)
from xiangyun.kernel.disclosure.protect import Protected, primary, protect

__all__ = [
    "Cell",
    "Exposed",
    "Key",
    "Protected",
    "Rule",
    "Sum",
    "Table",
    "attack",
    "closed",
    "holding",
    "joined",
    "joined_by_names",
    "primary",
    "protect",
    "same",
    "sums_of",
]
