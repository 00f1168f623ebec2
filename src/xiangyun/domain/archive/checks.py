"""The archive compared with the journal: every case that moved lies there as it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.comparisons import compares, differs
from xiangyun.kernel.findings import Finding, Text

from .models import State, Volume
from .ports import shelf
from .queries import ARCHIVED

_CHUNK = 500


@compares("archive")
def compare() -> Iterator[Finding]:
    """Every entry of a move against the row and the file; the last entry about a case counts."""
    entries = ((each.subject, str(each.data["sha256"])) for each in journal.entries_of(ARCHIVED))
    while said := dict(islice(entries, _CHUNK)):
        there = Volume.objects.in_bulk([*said])
        for number, digest in said.items():
            volume = there.get(number)
            if volume is not None and volume.state != State.MOVED:
                continue  # on its way, or destroyed: the journal says so
            content = shelf().get(volume.place) if volume else None
            if (
                content is None
                or volume is None
                or hashlib.sha256(content).hexdigest() != volume.digest
                or (volume.digest != digest and volume.digest not in _said(number))
            ):
                yield differs(
                    "archive.E005",
                    Text(
                        "办件 {number} 的档案不见了，或者与归档时不符。",
                        "The file of the archived case {number} is gone or is not as it was.",
                        number=number,
                    ),
                )


def _said(number: str) -> set[str]:
    """The digests of a case whose file was written more than once."""
    found = journal.entries_about([number])[number]
    return {str(each.data["sha256"]) for each in found if each.verb == ARCHIVED}
