"""Enter records into registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from .models import Record


def enter_record(
    *,
    register: str,
    key: str,
    division: int,
    data: Mapping[str, Any],
    source: str,
    on: date,
    holder: UUID | None = None,
) -> Record:
    """Enter a record, or replace the one with this key; `data` holds JSON values only."""
    record, _ = Record.objects.update_or_create(
        register=register,
        key=key,
        defaults={
            "division": division,
            "data": dict(data),
            "source": source,
            "recorded_on": on,
            "holder": holder,
        },
    )
    return record
