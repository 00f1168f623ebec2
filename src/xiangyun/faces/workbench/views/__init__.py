"""The pages of the workbench."""

from . import audit, case, filing, overdue, people, queue

__all__ = ["audit", "case", "filing", "overdue", "people", "queue"]
