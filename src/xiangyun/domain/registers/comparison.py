"""Facts of registers compared with what the journal says of them."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.comparisons import compares, differs
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.ledger import root_hash

from . import exporting, proofs
from .models import Batch

_VERBS = ("fact.recorded", "fact.corrected", "record.ended", "batch.loaded")


@compares("registers")
def compare() -> Iterator[Finding]:
    """Every batch: the root over its facts as they are stored, against the one of its entry.

    What builds of before wrote, and records of before there were facts, has no batch.
    """
    told = {entry.pk: entry for entry in journal.entries_of(*_VERBS)}
    for batch in Batch.objects.order_by("pk").iterator(200):
        entry = told.pop(batch.entry, None)
        if entry is None or _told(entry) != _root(batch, str(entry.data["register"])):
            yield differs(
                "audit.E020",
                Text(
                    "{register} 的一批登记（{facts} 条，{day}）与日志不符。",
                    "A batch of {register} ({facts} facts, {day}) is not as the journal says.",
                    register=str(entry.data["register"]) if entry else batch.register_id,
                    facts=batch.size,
                    day=batch.at.date(),
                ),
            )
    for entry in told.values():
        yield differs(
            "audit.E021",
            Text(
                "{register} 的一批登记（{facts} 条）不见了。",
                "A batch of {register} ({facts} facts) is gone.",
                register=str(entry.data["register"]),
                facts=entry.data["facts"],
            ),
        )


def _told(entry: Entry) -> object:
    """The root that an entry names. An earlier build closed up one that looked like somebody's
    number of identity; where it was erased since, nothing is left to compare with."""
    return entry.data.get("root") or entry.private.get("root", "")


def _root(batch: Batch, code: str) -> str:
    """The root over the facts of a batch as they are stored; empty where one cannot be read."""
    try:
        texts = exporting.leaves(code, batch)
    except Refused:
        return ""
    return root_hash([proofs.hash_of(text) for text in texts]).hex()
