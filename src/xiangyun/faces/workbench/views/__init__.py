"""The pages of the workbench."""

from . import (
    assigning,
    audit,
    batch,
    case,
    duties,
    entering,
    filing,
    find,
    opening,
    overdue,
    people,
    preview,
    queue,
    registers,
    representations,
    secrecy,
)

__all__ = [
    "assigning",
    "audit",
    "batch",
    "case",
    "duties",
    "entering",
    "filing",
    "find",
    "opening",
    "overdue",
    "people",
    "preview",
    "queue",
    "registers",
    "representations",
    "secrecy",
]
