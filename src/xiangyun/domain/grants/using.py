"""A look under a grant: row-level security is told which, and the journal says that it was.

The database asks for the grant at each statement (`xiangyun_grant`), so that revoking ends also a
look that goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import State, Used
from xiangyun.kernel.findings import Forbidden, NotFound, Stale

from . import actions, checks, queries
from .models import Grant


@dataclass(frozen=True, slots=True)
class Look:
    """What a bank was shown: the registers asked for, and what they say of the company."""

    grant: Grant
    registers: tuple[Used, ...]
    states: tuple[State, ...]


def look(
    actor: Actor, ident: UUID, *, version: int, at: datetime, register: str | None = None
) -> Look:
    """What the granted registers, or one of them, say of the company today; one journal entry.

    Sensitive values stay encrypted. Raises as `using` does, Forbidden `grant.E010` for a register
    that the grant does not name.
    """
    with using(actor, ident, version=version, at=at, register=register) as (grant, asked):
        codes = {one.code for one in asked}
        about = registers.records_about(grant.company)
        seen = (state for state in about if state.register in codes and opens(grant, state.key))
        return Look(grant, asked, tuple(seen))


@contextmanager
def using(
    actor: Actor, ident: UUID, *, version: int, at: datetime, register: str | None = None
) -> Iterator[tuple[Grant, tuple[Used, ...]]]:
    """One transaction in which the records of the company are seen under a grant.

    Gives the grant and the registers that it opens, or the one that is asked for. Raises NotFound
    `grant.E001` to all but the bank, Stale `grant.E008` for a version of before, Forbidden
    `grant.E009` for one that was revoked, is over or used up, `grant.E012` for one by which
    questions are answered and nothing is seen.
    """
    with transaction.atomic(), acting_as(actor):
        grant, opened = standing(actor, ident, version, at)
        if grant.answers_only:
            raise Forbidden([checks.ANSWERS_ONLY])
        if register is not None:
            opened = tuple(one for one in opened if one.code == register)
            if not opened:
                raise Forbidden([checks.not_granted(register)])
        with acting_as(SYSTEM):
            if grant.until is None:
                spend(grant)
            asked = [one.code for one in opened]
            actions.note("grant.used", grant, actor, at, {"registers": asked})
        _tell(f"{grant.pk} {grant.version}")
        try:
            yield grant, opened
        finally:
            if not connection.needs_rollback:
                _tell("")


def standing(
    actor: Actor, ident: UUID, version: int, at: datetime
) -> tuple[Grant, tuple[Used, ...]]:
    """A grant that stands for the bank acted for, with the registers that it opens.

    A register of which a class protects the records since it was granted is opened no more.
    """
    grant = Grant.objects.filter(pk=ident).first()
    if grant is None or not actor.speaks_for(grant.bank):
        raise NotFound([checks.NO_GRANT])
    if not queries.stands(grant, at):
        raise Forbidden([checks.NO_LONGER])
    if grant.version != version:
        raise Stale([checks.amended(grant.version)])
    opened = [one for one in registers.all_used() if queries.is_grantable(one)]
    return grant, tuple(one for one in opened if one.number in grant.registers)


def opens(grant: Grant, key: str) -> bool:
    """Whether a grant is for the record with a key: for all of them, or for this one."""
    return not grant.keys or key in grant.keys


def spend(grant: Grant) -> None:
    """The one look of a grant without a last day: whoever comes second finds it used up."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [grant.pk, grant.version])
        if not cursor.rowcount:
            raise Forbidden([checks.NO_LONGER])


_SPEND = """
UPDATE grants_grant SET used_in = txid_current()
WHERE id = %s AND version = %s AND used_in IS NULL AND ended_at IS NULL
"""


def _tell(grant: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xiangyun.grant', %s, true)", [grant])
