"""Whose records those are that parties enter themselves, and what a party has entered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import State, Used
from xiangyun.kernel.record.model import EVERYBODY, Entered, Field, Register

MOST = 200
"""Records of one party in one register that are shown and looked through."""


def entered_in(used: Used) -> tuple[Register, Entered] | None:
    """The declaration of a register into which parties enter records themselves, else None."""
    declared = used.declaration
    if declared is None or declared.entered is None:
        return None
    return declared, declared.entered


def enterable() -> list[Used]:
    """The registers into which parties enter records themselves, by their names."""
    found = [one for one in registers.all_used() if entered_in(one) is not None]
    return sorted(found, key=lambda one: one.name.zh)


def is_public(used: Used) -> bool:
    """Whether everybody may look into a register."""
    return used.declaration is not None and EVERYBODY in used.declaration.readers


def kept_for(actor: Actor, used: Used) -> bool:
    """Whether an actor is of the kind of party that a register is entered by."""
    found = entered_in(used)
    if found is None or actor.account is None or actor.is_official or actor.subject is None:
        return False
    declared, entered = found
    if entered.through:
        return bool(records_of(actor, registers.used(entered.register)))
    with acting_as(SYSTEM):
        party = parties.parties([actor.subject]).get(actor.subject)
    return party is not None and party.kind == declared.subject and bool(party.code)


def owner_of(register: str, data: Mapping[str, Any], holder: UUID | None) -> UUID | None:
    """Whose a record is: its subject, or whose the record is through which it is entered.

    As the platform.
    """
    found = entered_in(registers.used(register))
    if found is None or not found[1].through:
        return holder
    _, entered = found
    above = registers.state(entered.register, str(data.get(entered.through)))
    if above is None:
        return None
    return owner_of(entered.register, above.data or {}, above.holder)


def own_state(actor: Actor, register: str, key: str) -> State | None:
    """A record with readable values, if it is the actor's; None where it is not or is not there."""
    with acting_as(SYSTEM):
        state = registers.state(register, key, opened=True)
        owner = owner_of(register, state.data or {}, state.holder) if state else None
    matter = registers.used(register).matter
    return state if owner is not None and actor.speaks_for(owner, matter) else None


def records_of(actor: Actor, used: Used) -> list[State]:
    """What the party acted for has in a register, by the keys; `MOST` at most.

    Of a register that others keep, such as that of the banks of a platform, what is about it.
    """
    if used.declaration is None or actor.subject is None:
        return []
    entered = used.declaration.entered
    if entered is None or not entered.through:
        with acting_as(SYSTEM):
            about = [
                state
                for party in actor.subjects
                for state in registers.records_about(party, opened=True)
            ]
        mine = [state for state in about if state.register == used.code]
        return sorted(mine, key=lambda each: each.key)[:MOST]
    above = records_of(actor, registers.used(entered.register))
    with acting_as(SYSTEM):
        return [
            state
            for each in above
            for state in registers.search(
                used.code, filters={entered.through: each.key}, limit=MOST
            ).states
        ][:MOST]


def named_files(digests: Collection[str]) -> set[str]:
    """Those of these digests that a record names."""
    found: set[str] = set()
    for used in enterable():
        declared = entered_in(used)
        for name in declared[1].files if declared else ():
            wanted = [digest for digest in digests if digest not in found]
            found |= {each for each in wanted if registers.lookup(used.code, name, each)}
    return found


def asked(declared: Register, entered: Entered) -> Iterable[Field]:
    """The fields that somebody fills in who enters a record: not those that say whose it is."""
    whose = entered.through or declared.subject_field
    given = {declared.key, whose, *entered.given}
    return [field for field in declared.fields if field.name not in given]
