"""What a rewriting of a file says it did, or left to a person."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was rewritten (`done`) or left to a person, with its line in the old file."""

    what: Text
    done: bool
    line: int
