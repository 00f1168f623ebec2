"""Read festivals."""

from __future__ import annotations

from .models import Festival


def festivals() -> list[Festival]:
    """All, by name."""
    return list(Festival.objects.order_by("name"))
