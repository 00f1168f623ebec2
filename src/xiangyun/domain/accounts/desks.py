"""Whom a desk finds to enter who acts for whom: by a code, where the party lives."""

from __future__ import annotations

from datetime import datetime

from xiangyun.domain.parties import queries
from xiangyun.kernel.findings import NotFound

from .access import SYSTEM, Actor, acting_as
from .actions import find_person
from .representing import NOT_HERE, desk_for


def at_desk(actor: Actor, kind: str, code: str, *, at: datetime) -> queries.Party:
    """The party with exactly this code, for a desk of the place where it lives.

    A look at a person is written down. Raises `NotFound` alike for a code that nobody has and for
    somebody who lives elsewhere: nobody learns here whose a number is.
    """
    with acting_as(SYSTEM):
        found = queries.by_code(kind, code) if code.strip() else None
    if kind == queries.Kind.PERSON:  # counted, and told to whom it is about
        find_person(actor, code, at)
    if found is None or not desk_for(actor, found):
        raise NotFound([NOT_HERE])
    return found
