"""The time that the platform is told while a year is simulated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


class Clock:
    """A moment that only goes forward; within `told` it is what `timezone.now` says."""

    def __init__(self, now: datetime) -> None:
        """`now`: where it begins, with its zone."""
        self.now = now

    def reach(self, moment: datetime) -> datetime:
        """Go on to a moment; one that is over changes nothing. The moment that it is then."""
        self.now = max(self.now, moment)
        return self.now

    @contextmanager
    def told(self) -> Iterator[None]:
        """Let the whole process believe it. A verb is given its moment; jobs ask for it."""
        with patch.object(timezone, "now", lambda: self.now):
            yield
