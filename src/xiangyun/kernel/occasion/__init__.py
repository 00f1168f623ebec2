"""What opens cases by itself: duties (duties.yaml)."""

from xiangyun.kernel.occasion.condition import asks_the_day, condition_sql
from xiangyun.kernel.occasion.model import FILE, Duty, Every
from xiangyun.kernel.occasion.periods import Due, due_by, read_every
from xiangyun.kernel.occasion.reader import read_duties

__all__ = [
    "FILE",
    "Due",
    "Duty",
    "Every",
    "asks_the_day",
    "condition_sql",
    "due_by",
    "read_duties",
    "read_every",
]
