"""Own records from a table: right rows are taken, wrong lines are named with all that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.ports import Rows
from xiangyun.kernel.findings import Finding, Forbidden, Place, Refused, Text
from xiangyun.kernel.record.model import Register

from . import actions, checks, own

MOST_ROWS = 300
"""Rows of one table; more come in several."""
LARGEST = 1_000_000
"""Bytes of one table."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The keys of the rows that were taken, and what was wrong: with its line, from 1."""

    keys: tuple[str, ...]
    wrong: tuple[Finding, ...]


def load(actor: Actor, register: str, table: Rows, *, at: datetime) -> Loaded:
    """Enter every right row of a table for the party acted for.

    Raises Forbidden `offer.E001`, and Refused as the rows do for what is no such table.
    """
    used = registers.used(register)
    found = own.entered_in(used)
    if found is None or not by_table(found[0]) or not own.kept_for(actor, used):
        raise Forbidden([checks.not_entered(used)])
    keys: list[str] = []
    wrong: list[Finding] = []
    for count, (line, row) in enumerate(table.rows(0), 1):
        if count > MOST_ROWS:
            wrong.append(_at(line, checks.table(_TOO_LONG)))
            break
        if isinstance(row, Finding):
            wrong.append(_at(line, row))
            continue
        try:
            with transaction.atomic():  # a row that is refused leaves the others
                keys.append(actions.enter(actor, register, row, at=at))
        except Refused as refused:
            wrong += [_at(line, each) for each in refused.findings]
    return Loaded(tuple(keys), tuple(wrong))


def by_table(declared: Register) -> bool:
    """Whether records may come as a table: a file that is required cannot stand in one."""
    files = declared.entered.files if declared.entered else ()
    return not any(declared.by_name[name].required for name in files)


def _at(line: int, finding: Finding) -> Finding:
    question = finding.place.question if finding.place else ""
    return replace(finding, place=Place(line=line, question=question))


_TOO_LONG = Text("一次最多 {n} 行。", "At most {n} rows at once.", n=MOST_ROWS)
