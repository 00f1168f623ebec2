"""What registers want from outside: the rows of a file, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from xiangyun.kernel.findings import Finding


class Rows(Protocol):
    """The rows of a file, in order, from the first one that is not done yet."""

    name: str
    """The file's name, without its folder."""
    digest: str
    """SHA-256 of the file, in hex: the same file is never loaded twice."""
    written: bool
    """Whether values are cells of text, as in CSV."""

    @property
    def share(self) -> float:
        """How much of the file is read, from 0 to 1."""

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        """Number of the line and row, or what is wrong with it; without the first `done` rows."""
