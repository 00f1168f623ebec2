"""What files want from the outside: a place that keeps them, and somebody who looks for viruses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class FileStore(Protocol):
    """Keeps contents by their digest (SHA-256 in hexadecimal, 64 characters).

    Every method raises `StoreUnavailable` when the place does not answer or is full; what was put
    before stays.
    """

    def put(self, digest: str, content: bytes) -> None:
        """Keep a content; when this returns, a crash no longer loses it. Twice is once."""

    def get(self, digest: str) -> bytes | None:
        """The content as it was put, unchecked; None where there is none."""

    def kept(self, before: datetime) -> Iterator[str]:
        """The digests of what was put before a moment, in any order."""

    def remove(self, digest: str) -> None:
        """Forget a content; that there is none is no fault."""


class StoreUnavailable(Exception):
    """The place of the files does not answer or is full; the words say which, for the log."""


class Scanner(Protocol):
    """Looks into contents for what does harm."""

    def found(self, content: bytes) -> str:
        """The name of what was found; empty where nothing was. Raises `ScannerUnavailable`."""


class ScannerUnavailable(Exception):
    """The scanner does not answer: nothing is taken unseen."""


def store() -> FileStore:
    """The place of this instance, as the settings name it."""
    made: FileStore = import_string(settings.XIANGYUN_FILE_STORE)()
    return made


def scanner() -> Scanner | None:
    """The scanner of this instance; None where the settings name none."""
    if not settings.XIANGYUN_SCANNER:
        return None
    made: Scanner = import_string(settings.XIANGYUN_SCANNER)()
    return made
