"""Read the journal: the history of a subject, and receipts that prove it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from xiangyun import manifest
from xiangyun.domain.together import Rows, together
from xiangyun.kernel.ledger import (
    Frontier,
    Position,
    consistency_path,
    inclusion_path,
    node_at,
    peaks,
    reads,
)

from . import access, leaf, proof, signatures
from .models import Audit, Entry, Head, Leaf
from .signatures import TrustedKeys

__all__ = [
    "Entry",
    "Head",
    "concerning",
    "consistency",
    "delivered_to",
    "entry_count",
    "head_json",
    "history",
    "latest_head",
    "receipt",
    "stored_nodes",
    "was_delivered",
]

_ALL = 2**31 - 1
_NODES = """
SELECT n.level, n."offset", n.hash FROM journal_node n
JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, place)
  ON n.level = wanted.level AND n."offset" = wanted.place
"""


_HISTORY = Rows(Entry, ("id",), of="subject", where=access.READABLE)


def history(subject: str) -> list[Entry]:
    """What happened to a subject, in order, as far as the one who asks may read it."""
    return together([_HISTORY], subject)[0]


def was_delivered(delivery: str, subject: str | None = None) -> bool:
    """Whether somebody, or this subject, has taken the delivery with this number."""
    found = access.readable().filter(data__has_key="delivery", data__delivery=delivery)
    return (found.filter(subject=subject) if subject else found).exists()


def receipt(of: str | int) -> proof.Receipt | None:
    """A receipt (see `proof`) for a subject, or for one entry by its id.

    None when there is nothing that the one who asks may read: the same for absent and forbidden.
    """
    chosen = {"pk": of} if isinstance(of, int) else {"subject": of}
    entries = list(access.readable().filter(**chosen))
    if not entries:
        return None
    # The head is read first: a leaf sealed in between is not under it and counts as waiting.
    head = latest_head()
    size = head.size if head else 0
    rows = Leaf.objects.filter(entry__in=[entry.pk for entry in entries], index__lt=size)
    places = dict(rows.values_list("entry_id", "index"))
    paths = {index: inclusion_path(index, size) for index in places.values()}
    nodes = stored_nodes(part for path in paths.values() for part in reads(path, size))

    def proven(entry: Entry) -> proof.ReceiptEntry:
        index = places.get(entry.pk)
        path = [] if index is None else paths[index]
        return {
            "leaf": leaf.leaf_text(entry),
            "opened": leaf.opened(entry),
            "index": index,
            "proof": [node_at(position, size, nodes.__getitem__).hex() for position in path],
        }

    return {
        "format": proof.FORMAT,
        "subject": entries[0].subject,
        "head": head_json(head) if head else None,
        "entries": [proven(entry) for entry in entries],
    }


def sealed_from(index: int, at_most: int) -> list[Entry]:
    """Sealed entries in the order of the tree from a leaf on, as far as the asker may read them."""
    within = {"sealed__index__gte": index, "sealed__index__lt": index + at_most}
    return list(access.readable().filter(**within).order_by("sealed__index"))


def latest_head() -> Head | None:
    """The tree head signed last; readable by everyone."""
    return Head.objects.order_by("-size").first()


def leaf_count() -> int:
    """How many entries have their place in the tree."""
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def entry_count() -> int:
    """How many committed entries there are, with those that wait for their place in the tree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM xiangyun_journal_waiting(%s)", [_ALL])
        return leaf_count() + int(cursor.fetchone()[0])


def is_true(head: Head, trusted: TrustedKeys) -> bool:
    """Whether a head follows from the stored nodes below it, and a trusted key signed it."""
    wanted = peaks(head.size)
    stored = stored_nodes(wanted)
    if len(stored) < len(wanted):
        return False
    frontier = Frontier(head.size, tuple(stored[position] for position in wanted))
    given = head_json(head)
    value = proof.head_value(given["size"], given["root"], given["at"])
    return frontier.root() == bytes(head.root) and signatures.holds(
        given["signature"], trusted, proof.HEAD_PURPOSE, value
    )


class Look(Protocol):
    """What makes one look the same as another; `actions.NewEntry` is one."""

    @property
    def verb(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def actor(self) -> UUID | None: ...

    @property
    def data(self) -> Mapping[str, object]: ...


def is_recorded(look: Look, since: datetime) -> bool:
    """Whether the same look stands in the journal since that moment."""
    alike = {"verb": look.verb, "subject": look.subject, "actor": look.actor}
    found = access.readable().filter(at__gte=since, data=dict(look.data), **alike)
    return found.exists()


def is_among(look: Look, entries: Iterable[Entry], since: datetime) -> bool:
    """Whether the same look is one of these entries, where a page reads them anyway."""
    wanted = look.verb, look.subject, look.actor, dict(look.data)
    return any(
        each.at >= since and (each.verb, each.subject, each.actor, each.data) == wanted
        for each in entries
    )


def looks_at(owner: UUID, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Who looked at the data of an account, the latest first; `before`: an entry's id."""
    verbs = [verb.id for verb in manifest.verbs().values() if verb.look]
    found = access.readable().filter(owner=owner, verb__in=verbs).order_by("-pk")
    return list((found if before is None else found.filter(pk__lt=before))[:limit])


def concerning(owners: Collection[UUID], verb: str, most: int) -> list[Entry]:
    """The latest entries of a verb about some parties, as far as the one who asks may read them."""
    found = access.readable().filter(owner__in=owners, verb=verb)
    return list(found.order_by("-pk")[:most])


def delivered_to(delivery: str) -> str:
    """The subject that has taken the delivery with this number; empty where nobody has."""
    found = access.readable().filter(data__has_key="delivery", data__delivery=delivery)
    return found.values_list("subject", flat=True).first() or ""


def looks(subject: str, since: datetime) -> int:
    """How many entries about a subject there are since a moment."""
    return access.readable().filter(subject=subject, at__gte=since).count()


def entries_about(subjects: Collection[str]) -> dict[str, list[Entry]]:
    """The entries of several subjects, each in order, as far as the one who asks may read them."""
    found: dict[str, list[Entry]] = {subject: [] for subject in subjects}
    for entry in access.readable().filter(subject__in=subjects):
        found[entry.subject].append(entry)
    return found


def entries_of(*verbs: str) -> Iterator[Entry]:
    """All entries with one of these verbs, in order and in pieces."""
    return access.readable().filter(verb__in=verbs).iterator(_PIECE)


_PIECE = 1_000


def last_audit() -> Audit | None:
    """The audit of the whole that ended last, for the platform; None before the first."""
    return Audit.objects.first()


def head_json(head: Head) -> proof.Head:
    """A signed tree head as it stands in receipts."""
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": leaf.moment(head.at),
        "signature": {
            "algorithm": head.algorithm,
            "key_id": head.key_id,
            "value": base64.b64encode(head.signature).decode(),
        },
    }


def consistency(first: int, second: int) -> list[str]:
    """The proof (hex) that the tree of `second` leaves continues that of `first` leaves.

    For whoever kept an earlier head and wants to know that nothing before it was changed; check
    it with `kernel.ledger.verify_consistency`. Raises IndexError for sizes that are not there.
    """
    head = latest_head()
    if second > (head.size if head else 0):
        raise IndexError(f"the journal has no tree of {second} leaves yet")
    path = consistency_path(first, second)
    nodes = stored_nodes(reads(path, second))
    return [node_at(position, second, nodes.__getitem__).hex() for position in path]


def stored_nodes(positions: Iterable[Position]) -> dict[Position, bytes]:
    """The hashes of complete nodes, as far as they are stored; one statement."""
    wanted = set(positions)
    levels, offsets = [p.level for p in wanted], [p.offset for p in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_NODES, [levels, offsets])
        return {Position(level, place): bytes(hashed) for level, place, hashed in cursor}
