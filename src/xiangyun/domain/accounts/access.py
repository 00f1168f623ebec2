"""The one who asks, and how PostgreSQL is told who asks.

Every read and write happens inside `acting_as(actor)`. It opens a transaction and tells the
database the actor's code ranges and account; row-level security does the rest. Outside of it the
application's role sees no case, no certificate and no account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection, transaction

EVERYWHERE = (0, 999_999_999_999)


@dataclass(frozen=True, slots=True)
class MandateHeld:
    """A role over the divisions with codes from low to high, both included."""

    role: str
    division: int
    low: int
    high: int
    desk: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, a company, an official, the platform itself, or nobody known."""

    name: str
    kind: str = "anonymous"  # person | company | official | system | anonymous
    account: UUID | None = None
    mandates: tuple[MandateHeld, ...] = ()
    presented: str = field(default="", repr=False)
    scope: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    """The code ranges whose records this actor may see."""
    settings: tuple[str, str, str] = field(init=False, repr=False, compare=False)
    """What row-level security is told of this actor: scope, person, what is presented."""

    def __post_init__(self) -> None:
        held = {(mandate.low, mandate.high) for mandate in self.mandates}
        scope = (EVERYWHERE,) if self.kind == "system" else tuple(sorted(held))
        ranges = "{" + ",".join(f"[{low},{high}]" for low, high in scope) + "}"
        # once for all that the actor does
        object.__setattr__(self, "scope", scope)
        object.__setattr__(self, "settings", (ranges, str(self.account or ""), self.presented))

    @property
    def is_official(self) -> bool:
        return self.kind == "official"

    def holds(self, role: str, division: int) -> bool:
        """Whether a mandate gives this role in this division."""
        return any(m.role == role and m.low <= division <= m.high for m in self.mandates)

    def desk_in(self, division: int) -> str:
        """The office under whose name the actor acts there: the nearest that has a mandate."""
        holding = [m for m in self.mandates if m.low <= division <= m.high]
        return min(holding, key=lambda m: m.high - m.low).desk if holding else ""

    def presenting(self, identifier: str) -> Actor:
        """The same actor, holding a certificate with this identifier in the hand."""
        return replace(self, presented=identifier)


ANONYMOUS = Actor(name="")
SYSTEM = Actor(name="祥云平台", kind="system")

_current: ContextVar[Actor | None] = ContextVar("xiangyun_actor", default=None)


# Who sees which entry of the navigation: manifests name these.


def is_official(actor: Actor) -> bool:
    """Whether somebody works for an office."""
    return actor.is_official


def is_known(actor: Actor) -> bool:
    """Whether the actor has an account."""
    return actor.account is not None


def applies(actor: Actor) -> bool:
    """Whether somebody has an account to apply with: a person or a company."""
    return actor.account is not None and not actor.is_official


def files_for_others(actor: Actor) -> bool:
    """Whether an official sits at a desk that files in the name of citizens."""
    return any(mandate.role == "desk" for mandate in actor.mandates)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """One transaction in which the database shows what this actor may see.

    Nested, the inner actor counts until its block ends, then the outer one again; the writes
    of both belong to the outer transaction.
    """
    outer = _current.get()
    token = _current.set(actor)
    try:
        with transaction.atomic(savepoint=outer is None):
            _tell(actor)
            yield actor
            if outer is not None and not connection.needs_rollback:
                _tell(outer)
    finally:
        _current.reset(token)
        if outer is None and connection.in_atomic_block and not connection.needs_rollback:
            _tell(ANONYMOUS)  # the transaction goes on without us: leave nothing open behind


def rls_settings(actor: Actor) -> tuple[str, str, str] | tuple[None, None, None]:
    """The three settings for a statement that tells them itself; None where they are told.

    For what must be one statement, and so its own transaction, where no `acting_as` is around.
    """
    return (None, None, None) if _current.get() is not None else actor.settings


def _tell(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('xiangyun.scope', %s, true),"
            " set_config('xiangyun.person', %s, true),"
            " set_config('xiangyun.presented', %s, true)",
            actor.settings,
        )
