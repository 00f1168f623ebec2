"""The one who asks and for whom, and how PostgreSQL is told.

Every read and write happens inside `acting_as(actor)`. It opens a transaction and tells the
database the account, the party acted for, and the actor's ranges of place and matter; row-level
security does the rest. Outside of it the application's role sees no case, no certificate and no
account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain import editions
from xiangyun.domain.vault.sealing import masking
from xiangyun.kernel.codes import department
from xiangyun.kernel.codes.department import NOBODYS, number_of

from .roles import department_of, general, is_across, sees_records

EVERYWHERE = (0, 999_999_999_999)
MATTER = 10**12
"""A matter times this, and the division, are one number: place and matter are one range."""
NEED = 10**17
"""A class above `ordinary` times this comes on top, and lies outside of every mandate."""
_EVERYTHING = (0, 2**63 - 2)
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MandateHeld:
    """A role over the divisions with codes from low to high, both included.

    The role is spelled as a task's group is: one that is narrowed to a department, `reviewer:fire`.
    """

    role: str
    division: int
    low: int
    high: int
    desk: str
    deputy_for: str = ""
    """The name of the absent official whose mandate it is; empty for one's own."""
    across: bool = False
    """Whether the pack that declares the role says that it is one for all departments."""

    @property
    def is_across(self) -> bool:
        """Whether it is a mandate for all departments."""
        return self.across or is_across(self.role)

    @property
    def matters(self) -> tuple[int, ...]:
        """The matters it is for, where it is not for all: nobody's, and its department's."""
        own = number_of(department_of(self.role))
        return (NOBODYS, own) if own else (NOBODYS,)

    @property
    def told(self) -> str:
        """For the database: "role department low high"; `.` for no department, `-` for all."""
        narrowed = department.spelled(department_of(self.role)) or "."
        return f"{general(self.role)} {'-' if self.is_across else narrowed} {self.low} {self.high}"

    def gives(self, role: str) -> bool:
        """Whether its holder does what waits for this role."""
        return self.role == role or (self.is_across and self.role == general(role))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, a company, an official, the platform itself, or nobody known.

    `account` acts and stands in the journal; `subject` is the party acted for: the account's own,
    which has the same id, unless the actor was made by `acting_for`.
    """

    name: str
    kind: str = "anonymous"  # person | company | official | system | reporter | anonymous
    account: UUID | None = None
    mandates: tuple[MandateHeld, ...] = ()
    presented: str = field(default="", repr=False)
    subject: UUID | None = None
    subject_name: str = ""
    """The name of the party acted for, if that is another."""
    about: tuple[int, ...] = ()
    """The matters in which that party may be acted for; none: in all."""
    joined: tuple[UUID, ...] = ()
    """Duplicates that were joined with the subject: what names them is the subject's."""
    scope: Ranges = field(init=False, repr=False, compare=False)
    """The code ranges whose records this actor may see, whatever the matter."""
    matters: Ranges = field(init=False, repr=False, compare=False)
    """The ranges of place and matter (`MATTER`) of the mandates for one department or for none."""
    across: Ranges = field(init=False, repr=False, compare=False)
    """The code ranges of the mandates for all departments."""
    settings: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """What row-level security is told of this actor; see `xiangyun_act_as`."""
    told: str = field(init=False, repr=False, compare=False)
    """The settings as PostgreSQL reads an array of texts."""

    def __post_init__(self) -> None:
        seeing = [mandate for mandate in self.mandates if sees_records(mandate.role)]
        scope = {(mandate.low, mandate.high) for mandate in seeing}
        across = {(m.low, m.high) for m in seeing if m.is_across}
        matters = {
            (matter * MATTER + m.low, matter * MATTER + m.high)
            for m in seeing
            if not m.is_across
            for matter in m.matters
        }
        if self.kind == "system":
            scope, across, matters = {EVERYWHERE}, {_EVERYTHING}, {_EVERYTHING}
        if self.subject is None:
            object.__setattr__(self, "subject", self.account)
        # once for all that the actor does
        for name, ranges in (("scope", scope), ("across", across), ("matters", matters)):
            object.__setattr__(self, name, tuple(sorted(ranges)))
        object.__setattr__(self, "settings", self._settings())
        object.__setattr__(self, "told", _array(self.settings))

    def _settings(self) -> tuple[str, ...]:
        subjects = [str(party) for party in self.subjects]
        return (
            _ranges(self.scope),
            str(self.account or ""),
            self.presented,
            f"{{{','.join(subjects)}}}",
            f"{{{','.join(map(str, self.about))}}}",
            _ranges(self.matters),
            _ranges(self.across),
            # the mandates as readers of registers are told from them; see `xiangyun_reach`
            ";".join(sorted(mandate.told for mandate in self.mandates)),
        )

    @property
    def is_reporter(self) -> bool:
        """Whether it is somebody unknown, in one report alone."""
        return self.kind == REPORTER

    @property
    def is_official(self) -> bool:
        return self.kind == "official"

    @property
    def subjects(self) -> tuple[UUID, ...]:
        """The party acted for, and what was joined with it; none for nobody."""
        return () if self.subject is None else (self.subject, *self.joined)

    @property
    def acts_for_another(self) -> bool:
        """Whether the party acted for is not the own one."""
        return self.subject != self.account

    def speaks_for(self, party: UUID | None, matter: int = NOBODYS) -> bool:
        """Whether what concerns this party in this matter is the actor's now."""
        return party in self.subjects and (not self.about or matter in self.about)

    def holds(self, role: str, division: int) -> bool:
        """Whether a mandate gives this role in this division."""
        return any(m.gives(role) and m.low <= division <= m.high for m in self.mandates)

    def under(self, roles: Iterable[str], division: int) -> Actor:
        """The same actor under the name in which one of these roles is held there.

        A deputy who holds it for an absent official alone says for whom; records keep that name.
        """
        held = [m for m in self.mandates if m.low <= division <= m.high]
        giving = [m for m in held if any(m.gives(role) for role in roles)]
        if not giving or any(not m.deputy_for for m in giving):
            return self
        return replace(self, name=f"{self.name}（代 {giving[0].deputy_for}）")

    def desk_in(self, division: int) -> str:
        """The office under whose name the actor acts there: the nearest that has a mandate."""
        holding = [m for m in self.mandates if m.low <= division <= m.high]
        return min(holding, key=lambda m: m.high - m.low).desk if holding else ""

    def presenting(self, identifier: str) -> Actor:
        """The same actor, holding a certificate with this identifier in the hand."""
        return replace(self, presented=identifier)

    def acting_for(
        self,
        party: UUID,
        name: str,
        *,
        about: tuple[int, ...] = (),
        joined: tuple[UUID, ...] = (),
    ) -> Actor:
        """The same account acting for another party; who may, `representing` knows."""
        return replace(self, subject=party, subject_name=name, about=about, joined=joined)


def _array(values: Iterable[str]) -> str:
    """Texts as PostgreSQL reads an array of them, whatever stands in them."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def _ranges(ranges: Ranges) -> str:
    """Ranges as PostgreSQL reads a multirange."""
    return "{" + ",".join(f"[{low},{high}]" for low, high in ranges) + "}"


ANONYMOUS = Actor(name="")
REPORTER = "reporter"


def reporter(party: UUID) -> Actor:
    """Somebody who stays unknown and acts in one report alone; the party is all there is of him."""
    return Actor(name="不具名报告人", kind=REPORTER, account=party)


SYSTEM = Actor(name="祥云平台", kind="system")

_current: ContextVar[Actor | None] = ContextVar("xiangyun_actor", default=None)


# Who sees which entry of the navigation: manifests name these.


def is_official(actor: Actor) -> bool:
    """Whether somebody works for an office."""
    return actor.is_official


def is_nobody_or_official(actor: Actor) -> bool:
    """Whether pages of officials are there for somebody, perhaps after a log-in."""
    return actor.is_official or actor.account is None


def is_known(actor: Actor) -> bool:
    """Whether the actor has an account."""
    return actor.account is not None and not actor.is_reporter


def applies(actor: Actor) -> bool:
    """Whether somebody has an account to apply with: a person or a company."""
    return is_known(actor) and not actor.is_official


def may_be_organisation(actor: Actor) -> bool:
    """Whether it may be an organisation that is acted for; told without the database."""
    return applies(actor) and (actor.kind == "company" or actor.acts_for_another)


def has_mandate(actor: Actor) -> bool:
    """Whether somebody holds any mandate."""
    return bool(actor.mandates)


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
    known = outer is not None and outer.told == actor.told
    try:
        with transaction.atomic(savepoint=outer is None), masking(actor.is_official):
            if not known:
                _tell(actor)
            yield actor
            if outer is not None and not known and not connection.needs_rollback:
                _tell(outer)
    finally:
        _current.reset(token)
        if outer is None and connection.in_atomic_block and not connection.needs_rollback:
            _tell(ANONYMOUS)  # the transaction goes on without us: leave nothing open behind


def acting() -> Actor | None:
    """Who acts now: what the database shows is what this actor may see."""
    return _current.get()


def rls_settings(actor: Actor) -> str | None:
    """The settings for a statement that tells them itself, as an array; None where they are told.

    For what must be one statement, and so its own transaction, where no `acting_as` is around.
    """
    return None if _current.get() is not None else actor.told


def _tell(actor: Actor) -> None:
    editions.told("xiangyun_act_as(%s)", [actor.told])
