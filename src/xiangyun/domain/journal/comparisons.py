"""What stands in the tables, compared with what the journal says: each app brings its own.

The journal knows no case and no certificate; whoever keeps them says here how to compare, and the
audit of the whole asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xiangyun.kernel.findings import Finding, Text

Comparison = Callable[[], Iterator[Finding]]
COMPARISONS: dict[str, Comparison] = {}
"""By the name of what is compared."""


def compares(name: str) -> Callable[[Comparison], Comparison]:
    """Register a comparison; it runs as the platform, which sees everything."""

    def register(comparison: Comparison) -> Comparison:
        COMPARISONS[name] = comparison
        return comparison

    return register


def differs(id_: str, words: Text) -> Finding:
    """A finding of a comparison: one thing that is not as the journal says."""
    return Finding(id_, "error", words, hint=_DO)


_DO = Text(
    "请保留现状，与备份和当事人手中的回执比对。",
    "Keep the state as it is; compare it with a backup and with receipts in citizens' hands.",
)
