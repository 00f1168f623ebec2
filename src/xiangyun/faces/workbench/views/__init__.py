"""The pages of the workbench."""

from . import audit, case, filing, overdue, people, queue, registers

__all__ = ["audit", "case", "filing", "overdue", "people", "queue", "registers"]
