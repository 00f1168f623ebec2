"""How a scope or a called process can be left, as its own game has shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thrown:
    """Codes that can be thrown; where `any`, every other code too, except those in `but`."""

    codes: frozenset[str] = frozenset()
    any: bool = False
    but: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.any or bool(self.codes)

    def __or__(self, other: Thrown) -> Thrown:
        if self.any and other.any:
            but = self.but & other.but
        else:
            but = (self.but or other.but) - self.codes - other.codes
        return Thrown(self.codes | other.codes, self.any or other.any, but)

    def past(self, caught: Collection[str]) -> Thrown:
        """What goes on past events that catch these codes; an empty code catches all."""
        if "" in caught:
            return NOTHING_THROWN
        left = self.codes.difference(caught)
        return Thrown(left, self.any, self.but.union(caught) if self.any else frozenset())

    def reaches(self, code: str, beside: Collection[str]) -> bool:
        """Whether an event of this code can catch; `beside`: all codes caught at its place."""
        if code:
            return code in self.codes or (self.any and code not in self.but)
        return self.any or bool(self.codes.difference(beside))


NOTHING_THROWN = Thrown()
ANYTHING = Thrown(any=True)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How a scope can be left: by its end, by errors, or cancelled; and what it escalates.

    `always`: escalations without which it cannot end. `ends_early`: an event sub-process that can
    begin in it takes the place of all else.
    """

    completes: bool
    errors: Thrown = NOTHING_THROWN
    escalations: Thrown = NOTHING_THROWN
    cancels: bool = False
    always: frozenset[str] = frozenset()
    ends_early: bool = False
