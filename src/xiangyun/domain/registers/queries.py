"""Read registers: by key, by a field, or about a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from .models import Record


def lookup(register: str, field: str, value: str, limit: int = 50) -> list[dict[str, Any]]:
    """The data of the records of a register whose `field` equals `value`, as the asker may see."""
    if field == "key":
        found = Record.objects.filter(register=register, key=value)
    else:
        found = Record.objects.filter(register=register, **{f"data__{field}": value})
    return [{**record.data, "key": record.key} for record in found.order_by("key")[:limit]]


def record_of(holder: UUID, register: str) -> Record | None:
    """What a register knows about an account, with its source and date."""
    return Record.objects.filter(holder=holder, register=register).order_by("-recorded_on").first()
