"""What the archive wants from the outside: a place for its files."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Shelf(Protocol):
    """Keeps files by their place, such as `2026/market/food-licence/NUMBER.zip`.

    Every method raises `ShelfUnavailable` when the place does not answer or is full.
    """

    def put(self, place: str, content: bytes) -> None:
        """Keep a file, in place of an earlier one; after this a crash no longer loses it."""

    def get(self, place: str) -> bytes | None:
        """The file; None where there is none."""

    def remove(self, place: str) -> None:
        """Forget a file; that there is none is no fault."""


class ShelfUnavailable(Exception):
    """The place of the archive does not answer or is full; the words say which."""


def shelf() -> Shelf:
    """The place of this instance, as the settings name it."""
    made: Shelf = import_string(settings.XIANGYUN_ARCHIVE_SHELF)()
    return made
