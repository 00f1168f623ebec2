"""What opens cases by itself: duties (duties.yaml).

`condition` stands aside: it brings the compiler to SQL, which only who needs it loads.
"""

from xiangyun.kernel.occasion.model import FILE, Duty, Every
from xiangyun.kernel.occasion.periods import Due, due_by, read_every
from xiangyun.kernel.occasion.reader import read_duties

__all__ = [
    "FILE",
    "Due",
    "Duty",
    "Every",
    "due_by",
    "read_duties",
    "read_every",
]
