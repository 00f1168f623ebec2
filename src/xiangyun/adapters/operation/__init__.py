"""How the instance is: what `xiangyun doctor`, the operator's page and `/metrics` all tell.

A reading is one thing looked at. Where it has a number, that number is a metric too: nothing is
counted twice, and what a page shows a monitor can watch. No reading holds anything of a person.
"""

from .metrics import exposition
from .probe import connect
from .readings import everything, worst
from .values import PARTS, Gauge, Mood, Reading

__all__ = ["PARTS", "Gauge", "Mood", "Reading", "connect", "everything", "exposition", "worst"]
