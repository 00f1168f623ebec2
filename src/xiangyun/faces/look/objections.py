"""Objections to a record on its page: to which value, in which case, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import looking
from xiangyun.domain.registers.queries import Used
from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody objected to a value: when, to what, in which case, and how that stands.

    `case` is its id where whoever asks may see it, `outcome` None while it is under way.
    """

    at: datetime
    field: Text
    number: str
    case: UUID | None
    outcome: Text | None


def of_record(used: Used, record: int, actor: Actor) -> Iterator[Objection]:
    """The objections to a record, the latest first."""
    declared = used.declaration.by_name if used.declaration else {}
    for entry in reversed(journal.history(looking.subject_of(used.code, record))):
        if entry.verb != "record.objected":
            continue
        name, number = str(entry.data.get("field", "")), str(entry.data.get("case", ""))
        field = declared.get(name)
        case = _case(actor, number)
        ended = case is not None and case.ended_at is not None
        outcome = cases.pack_of(case).words(f"outcome.{case.outcome}") if case and ended else None
        words = field.words if field else Text.given(name, name)
        yield Objection(entry.at, words, number, case.pk if case else None, outcome)


def _case(actor: Actor, number: str) -> cases.Case | None:
    try:
        return cases.case_by_number(actor, number)
    except cases.Case.DoesNotExist:
        return None
