"""The job that announces a festival."""

from __future__ import annotations

from procrastinate.contrib.django import app

from .models import Festival


@app.task(name="festivals.announce", queue="festivals")
def announce(festival: int) -> None:
    """Tell the village."""
    Festival.objects.filter(pk=festival).update(announced=True)
