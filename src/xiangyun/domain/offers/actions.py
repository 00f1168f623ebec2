"""Verbs of offers: a party enters a record of its own, changes it, takes it back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files.actions import keep
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import Used
from xiangyun.kernel.feel import Value
from xiangyun.kernel.feel.values import text_of
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused
from xiangyun.kernel.record.data import RecordReader, as_feel, as_json
from xiangyun.kernel.record.model import Entered, Register
from xiangyun.kernel.wording import lines_of, look, numbered

from . import checks, own

SOURCE = "own entry"
"""What stands as the source of a record that a party entered itself."""


def enter(
    actor: Actor,
    register: str,
    cells: Mapping[str, str],
    *,
    at: datetime,
    key: str = "",
    files: Mapping[str, bytes] | None = None,
) -> str:
    """Enter a record for the party acted for, or change the one with this key; its key.

    `cells`: the fields as text, as a form or a table has them; an empty one is no value. Whose it
    is, the platform writes; without a key it gives one. `files`: contents of the fields that hold
    one; a digest that is only typed is none, else it would open what others handed in.

    Raises Forbidden `offer.E001`, Conflict `offer.E002` for somebody else's key, Refused with the
    faults by field, those of its wording (`offer.E004`) among them.
    """
    used = registers.used(register)
    found = own.entered_in(used)
    if found is None or actor.subject is None or not own.kept_for(actor, used):
        raise Forbidden([checks.not_entered(used)])
    declared, entered = found
    key = key or str(cells.get(declared.key) or "").strip() or _new_key(register)
    with acting_as(SYSTEM):
        there = registers.record_with(register, key)
        party = parties.party(actor.subject)
    mine = own.own_state(actor, register, key) if there is not None else None
    if there is not None and mine is None:
        raise Conflict([checks.taken(key)])
    held = (mine.data or {}) if mine is not None else {}
    digests = {name: str(held.get(name) or "") for name in entered.files}
    # Looked at before anything is kept: a record that is refused leaves no file.
    _values(
        actor,
        used,
        declared,
        entered,
        {**cells, **digests, **dict.fromkeys(files or {}, "0" * 64), declared.key: key},
    )
    digests |= {name: keep(content) for name, content in (files or {}).items()}
    values = _values(actor, used, declared, entered, {**cells, **digests, declared.key: key})
    writing.record(
        register,
        key,
        values,
        valid_from=timezone.localdate(at),
        source=SOURCE,
        at=at,
        actor=actor,
        holder=None if entered.through else actor.subject,
        division=there.division if there is not None else party.division,
        own=True,
    )
    return key


def take_back(actor: Actor, register: str, key: str, *, why: str, at: datetime) -> None:
    """End a record of one's own. Raises NotFound `offer.E003` for all others."""
    if own.entered_in(registers.used(register)) is None or not own.own_state(actor, register, key):
        raise NotFound([checks.NOT_HERE])
    writing.end(
        register,
        key,
        on=timezone.localdate(at),
        why=why.strip() or "—",
        source=SOURCE,
        at=at,
        actor=actor,
        own=True,
    )


def _values(
    actor: Actor, used: Used, declared: Register, entered: Entered, cells: Mapping[str, str]
) -> dict[str, Any]:
    """The record as JSON: what was filled in, and whose it is. Raises Refused."""
    filled = {name: cell for name, cell in cells.items() if str(cell).strip()}
    filled |= _whose(actor, used, declared, entered, cells)
    filled |= _given(actor, declared, entered, filled)
    read = RecordReader(declared, written=True).read(filled)
    faults = [*read.errors, *_wording(declared, entered, filled)]
    if faults:
        raise Refused(faults)
    return as_json(declared, read.values)


def _whose(
    actor: Actor, used: Used, declared: Register, entered: Entered, cells: Mapping[str, str]
) -> dict[str, str]:
    if entered.through:
        above = [each.key for each in own.records_of(actor, registers.used(entered.register))]
        wanted = str(cells.get(entered.through) or "").strip()
        if not above or (wanted and wanted not in above):
            raise Forbidden([checks.not_entered(used)])
        return {entered.through: wanted or above[0]}
    assert actor.subject is not None  # whoever enters anything acts for somebody
    with acting_as(SYSTEM):
        party = parties.party(actor.subject)
    return {declared.subject_field: party.code}


def _given(
    actor: Actor, declared: Register, entered: Entered, filled: Mapping[str, str]
) -> dict[str, str]:
    """What nobody is asked for: the party's own place where no other is said, and formulas.

    What stands already in a field that is given is not looked at; empty is no value.
    """
    assert actor.subject is not None  # as in `_whose`
    with acting_as(SYSTEM):
        party = parties.party(actor.subject)
    division = f"{party.division:012d}" if party.division is not None else ""
    given = {}
    if declared.division and not filled.get(declared.division):
        given[declared.division] = division  # empty is no value
    known: dict[str, Value] = {
        **as_feel(declared, RecordReader(declared, written=True).read({**filled, **given}).values),
        "party": {
            "name": party.name, "code": party.code, "kind": party.kind, "division": division,
        },
    }  # fmt: skip
    for name, formula in entered.given.items():
        value = known[name] = formula.value(known)
        given[name] = "" if value is None else text_of(value)
    return given


def _wording(declared: Register, entered: Entered, cells: Mapping[str, str]) -> Iterator[Finding]:
    """What the word list of the register finds in the record as an advertisement would say it."""
    found = catalogue.declaration("wording", entered.wording) if entered.wording else None
    if found is None:
        return
    names = [field.name for field in declared.fields if cells.get(field.name)]
    shown = declared.by_name
    said = "\n".join(f"{shown[name].words.zh}：{cells[name]}" for name in names)
    now = numbered(2000, 1)  # no month of an advertisement lies in the past or the future
    for each in look(lines_of(said), found.value, now):
        line = each.place.partition(":")[0]
        field = names[int(line) - 1] if line.isdigit() and int(line) <= len(names) else ""
        yield checks.worded(field, each.text, each.reason)


def _new_key(register: str) -> str:
    initials = "".join(word[0] for word in register.split("_")).upper()
    return f"{initials}-{secrets.token_hex(4).upper()}"
