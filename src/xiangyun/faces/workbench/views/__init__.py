"""The pages of the workbench."""

from . import audit, case, filing, find, opening, overdue, people, queue, registers, secrecy

__all__ = [
    "audit",
    "case",
    "filing",
    "find",
    "opening",
    "overdue",
    "people",
    "queue",
    "registers",
    "secrecy",
]
