"""The pages of the workbench."""

from . import audit, case, filing, find, overdue, people, queue, registers, secrecy

__all__ = [
    "audit",
    "case",
    "filing",
    "find",
    "overdue",
    "people",
    "queue",
    "registers",
    "secrecy",
]
