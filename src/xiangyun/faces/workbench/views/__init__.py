"""The pages of the workbench."""

from . import (
    audit,
    batch,
    case,
    duties,
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
    "audit",
    "batch",
    "case",
    "duties",
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
