"""What is made of all current services, made anew only of those that were published since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from .models import ServiceVersion

Made = TypeVar("Made")
_MANY = 1000
"""So many are read by one condition rather than by their ids."""


class Reread(Generic[Made]):
    """Of a version nothing changes while it is current: what was made of it once stands."""

    def __init__(self) -> None:
        self._last: dict[UUID, Made] = {}

    def of(
        self,
        order: Sequence[UUID],
        make: Callable[[QuerySet[ServiceVersion]], Iterable[tuple[UUID, Made]]],
    ) -> tuple[Made, ...]:
        """What `make` makes of the current versions, in this order; it is given those to read.

        One of which it makes nothing is left out.
        """
        made, last = dict[UUID, Made](), self._last
        if new := [pk for pk in order if pk not in last]:
            asked = ServiceVersion.objects.filter(current=True)
            made = dict(make(asked if len(new) > _MANY else asked.filter(pk__in=new)))
        self._last = {
            pk: last[pk] if pk in last else made[pk] for pk in order if pk in last or pk in made
        }
        return tuple(self._last.values())
