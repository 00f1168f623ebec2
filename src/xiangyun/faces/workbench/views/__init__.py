"""The pages of the workbench."""

from . import audit, case, filing, overdue, people, queue, registers, secrecy

__all__ = ["audit", "case", "filing", "overdue", "people", "queue", "registers", "secrecy"]
