"""Time goes on: parties are joined, divisions and departments merged, people die.

What runs follows, with a trace. Whoever says that it happened, an app from the ground, cannot
import the apps whose rows follow: each names a function in its manifest (`succeeds`), which is
called in the same transaction and answers how many of its things followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from typing import Literal
from uuid import UUID

from xiangyun import manifest

What = Literal["party", "division", "department", "death"]


@dataclass(frozen=True, slots=True)
class Succession:
    """One goes on for another from a day on.

    `old` and `new` are ids of parties, codes of divisions or numbers of departments; of a death
    `new` is None. `by`, `by_name`: the account that says so and its name, for the journal; `why`:
    the document that it rests on.
    """

    what: What
    old: UUID | int
    new: UUID | int | None
    on: date
    why: str
    at: datetime
    by: UUID | None = None
    by_name: str = ""

    @property
    def party(self) -> UUID:
        """Whose it was. Raises TypeError where no party is concerned."""
        if not isinstance(self.old, UUID):
            raise TypeError(f"{self.what} is no matter of a party")
        return self.old

    @property
    def numbers(self) -> tuple[int, int]:
        """The divisions or departments: the one of before, and the one that goes on."""
        if not isinstance(self.old, int) or not isinstance(self.new, int):
            raise TypeError(f"{self.what} is a matter of parties")
        return self.old, self.new

    @property
    def told(self) -> dict[str, str]:
        """What the journal may say of it in public: of parties, that it was one."""
        if isinstance(self.old, UUID):
            return {"what": self.what, "on": self.on.isoformat()}
        return {
            "what": self.what,
            "on": self.on.isoformat(),
            "from": str(self.old),
            "to": str(self.new),
        }


def follow(happened: Succession) -> dict[str, int]:
    """Let everything follow; how many things did, by the name of the app. In one transaction."""
    counted: dict[str, int] = {}
    for app in manifest.apps():
        if where := app.manifest.succeeds:
            module, _, function = where.partition(":")
            counted[app.name] = getattr(import_module(module), function)(happened)
    return counted
