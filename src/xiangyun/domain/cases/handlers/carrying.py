"""Service tasks whose answer another app brings: what is done when a supervisor tries one again.

Whoever brings the answer has a job of its own, queued in the transaction of the step. The job of
cases that follows each service task has nothing to do then but to look, after somebody asked for
another try, whether that has given up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID


class Call(NamedTuple):
    """A service task that waits for its answer."""

    case_id: UUID
    token: str


Carrier = Callable[[Call], None]
CARRIERS: dict[str, Carrier] = {}
"""Who brings the answers of service tasks, by their types."""


def carried(name: str) -> Callable[[Carrier], Carrier]:
    """Register who brings the answers to service tasks of a type. Raises ValueError for two."""

    def register(carrier: Carrier) -> Carrier:
        if name in CARRIERS:
            raise ValueError(f"answers to {name} are brought by somebody already")
        CARRIERS[name] = carrier
        return carrier

    return register
