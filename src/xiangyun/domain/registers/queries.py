"""Read registers: by key, by a field, or about a person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from .models import Record

__all__ = ["Record", "lookup", "record_of", "records_about"]


def lookup(
    register: str,
    field: str,
    value: Any,
    *,
    until: date | None = None,
    without_source: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The data of the records of a register whose `field` is `value`, as the asker may see.

    `value` is as JSON has it; null is no value, and finds nothing. `field` may be `key`.
    `until`: only what was recorded by that day; `without_source`: not what this source entered.
    """
    if value is None:
        return []
    # Contained, not looked up by a path: the name of a field is data, never part of the question.
    wanted = {"key": str(value)} if field == "key" else {"data__contains": {field: value}}
    found = Record.objects.filter(register=register, **wanted)
    if until is not None:
        found = found.filter(recorded_on__lte=until)
    if without_source is not None:
        found = found.exclude(source=without_source)
    return [{**record.data, "key": record.key} for record in found.order_by("key")[:limit]]


def records_about(holder: UUID) -> list[Record]:
    """What all registers know about an account, the oldest first."""
    return list(Record.objects.filter(holder=holder).order_by("recorded_on"))


def record_of(holder: UUID, register: str) -> Record | None:
    """What a register knows about an account, with its source and date."""
    return Record.objects.filter(holder=holder, register=register).order_by("-recorded_on").first()
