"""The journal as a transparency log of C2SP: checkpoints, tiles, proofs, and its witnesses.

A checkpoint says the same as the last signed head, in the form that other people's monitors and
witnesses read. Tiles of hashes are for everybody; the entries themselves are not published, since
they would show who asked for what and when: whoever has a receipt has his own.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.conf import settings
from django.db import transaction

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger import consistency_path, inclusion_path, node_at, reads
from xiangyun.kernel.ledger.note import (
    ED25519,
    Checkpoint,
    Note,
    NoteKey,
    read_note,
    signed,
    signers,
)
from xiangyun.kernel.ledger.tlog import Proof, Submission, Tile, has_tile

from . import access, algorithms, leaf, queries
from .models import Cosignature, Head, Leaf
from .ports import Signer, Witness

_log = logging.getLogger(__name__)
_LATEST = 50
"""Signatures of witnesses among which a head is chosen for a proof."""


def origin() -> str:
    """The name of this log: its address without the scheme (tlog-tiles, Parameters)."""
    address = urlsplit(settings.PUBLIC_URL)
    return f"{address.netloc}{address.path.rstrip('/')}/log"


def log_key(signer: Signer) -> NoteKey:
    """The key of this log, to be handed to witnesses and monitors."""
    public = load_pem_public_key(signer.public_key_pem.encode())
    return NoteKey(origin(), ED25519, public.public_bytes(Encoding.Raw, PublicFormat.Raw))


class Published(NamedTuple):
    """A checkpoint with its head, and the note with all signatures."""

    head: Head
    checkpoint: Checkpoint
    note: Note


def published(signer: Signer, head: Head | None = None) -> Published | None:
    """The checkpoint of a head, of the last one unless given; None for an empty journal.

    The key signs it anew each time: Ed25519 gives the same signature for the same text.
    """
    head = head or queries.latest_head()
    if head is None:
        return None
    checkpoint = Checkpoint(origin(), head.size, bytes(head.root))
    note = signed(checkpoint.text, log_key(signer), signer.sign)
    text = str(note) + "".join(
        Cosignature.objects.filter(size=head.size)
        .order_by("witness")
        .values_list("line", flat=True)
    )
    return Published(head, checkpoint, read_note(text))


def tile(wanted: Tile) -> bytes | None:
    """The hashes of a tile; None where the journal does not fill it yet, and for entries."""
    head = queries.latest_head()
    if head is None or wanted.level is None or not has_tile(wanted, head.size):
        return None
    positions = wanted.positions()
    nodes = queries.stored_nodes(positions)
    return b"".join(nodes[position] for position in positions)


def proof_of(entry_id: int, signer: Signer) -> Proof | None:
    """That an entry stands in the log, for whoever may read the entry (`.tlog-proof`).

    Its `extra` is the text of the leaf, so that the file stands alone. None for an entry that the
    asker may not read, that is not there, or that waits for the next head. The head is one that
    witnesses have co-signed, where one of the latest holds the entry, since the last of all is
    signed by them up to a minute later.
    """
    entry = access.readable().filter(pk=entry_id).first()
    place = Leaf.objects.filter(entry=entry_id).values_list("index", flat=True).first()
    found = published(signer, _witnessed_head(place)) if place is not None else None
    if entry is None or found is None or place is None or place >= found.head.size:
        return None
    size = found.head.size
    path = inclusion_path(place, size)
    nodes = queries.stored_nodes(reads(path, size))
    hashes = tuple(node_at(position, size, nodes.__getitem__) for position in path)
    return Proof(place, hashes, str(found.note), leaf.leaf_text(entry).encode())


def _witnessed_head(place: int) -> Head | None:
    """Of the latest co-signed heads that hold a place the one with most witnesses, if any."""
    latest = Cosignature.objects.filter(size__gt=place).order_by("-size")
    counted = Counter(latest.values_list("size", flat=True)[:_LATEST])
    if not counted:
        return None
    best = max(counted, key=lambda size: (counted[size], size))
    return Head.objects.filter(size=best).first()


# Witnesses --------------------------------------------------------------------------------------


def ask(witness: Witness, signer: Signer, at: datetime) -> bool:
    """Let one witness sign the last checkpoint, and keep its signature; whether it did.

    What it saw last it says itself: it answers with that size, and is asked once more with the
    proof from there. A witness that refuses a proof has seen another history: that is an error.
    """
    found = published(signer)
    if (
        found is None
        or Cosignature.objects.filter(size=found.head.size, witness=witness.key.name).exists()
    ):
        return False
    bare = str(Note(found.note.text, found.note.signatures[:1]))
    known = Cosignature.objects.filter(witness=witness.key.name).order_by("-size").first()
    old = known.size if known else 0
    for _ in range(2):
        status, said = witness.add_checkpoint(str(Submission(old, _proof(old, found), bare)))
        if status != 409 or not said.strip().isdecimal() or int(said) > found.head.size:
            break
        old = int(said)
    if status != 200:
        _log.error(_refused(witness.key.name, status))
        return False
    try:
        note = read_note(bare + said)
        if witness.key not in signers(note, [witness.key], algorithms.note_holds):
            raise ValueError("no signature of this witness")
    except (Refused, ValueError):
        _log.error(_refused(witness.key.name, status))
        return False
    line = next(each for each in note.signatures if each.id == witness.key.id)
    with transaction.atomic():
        Cosignature.objects.get_or_create(
            size=found.head.size,
            witness=witness.key.name,
            defaults={"line": str(line), "at": at},
        )
    return True


def _proof(old: int, found: Published) -> tuple[bytes, ...]:
    size = found.head.size
    path = consistency_path(old, size)
    nodes = queries.stored_nodes(reads(path, size))
    return tuple(node_at(position, size, nodes.__getitem__) for position in path)


def _refused(name: str, status: int) -> Text:
    return Text(
        "见证者 {name} 没有联署检查点（{status}）。若为 409 或 422，它见过另一个版本，请核查日志。",
        "The witness {name} did not sign the checkpoint ({status}). With 409 or 422 it has seen "
        "another history: audit the journal.",
        name=name,
        status=status,
    )
