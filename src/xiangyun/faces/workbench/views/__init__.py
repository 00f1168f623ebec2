"""The pages of the workbench."""

from . import case, filing, overdue, queue

__all__ = ["case", "filing", "overdue", "queue"]
