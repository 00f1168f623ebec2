"""Proofs, tiles and witnessing of a log by C2SP (tlog-proof, tlog-tiles, tlog-witness)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .faults import refused
from .note import (
    Checkpoint,
    Checks,
    NoteKey,
    Policy,
    hashes_to_lines,
    lines_to_hashes,
    read_checkpoint,
    read_note,
    signers,
    trusted_checkpoint,
)
from .tree import Position, leaf_hash, verify_consistency, verify_inclusion

PROOF = "c2sp.org/tlog-proof@v1"
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_TILE = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


# Proofs -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at an index of a log: the path to the root of a checkpoint."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = "" if self.extra is None else f"extra {base64.b64encode(self.extra).decode()}\n"
        lines = hashes_to_lines(self.path)
        return f"{PROOF}\n{extra}index {self.index}\n{lines}\n{self.checkpoint}"


def read_proof(text: str) -> Proof:
    """A `.tlog-proof` taken apart. Raises Refused `ledger.E005`; nothing is checked yet."""
    head, found, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not found or first != PROOF or not lines:
        raise refused("E005")
    extra = None
    if lines[0].startswith("extra "):
        spelt = lines.pop(0).removeprefix("extra ")
        try:
            extra = binascii.a2b_base64(spelt, strict_mode=True)
        except ValueError:
            raise refused("E005", "extra") from None
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None:
        raise refused("E005", "index")
    return Proof(int(index[1]), tuple(lines_to_hashes(lines)), checkpoint, extra)


def check_proof(proof: Proof, leaf: bytes, policy: Policy, checks: Checks) -> Checkpoint:
    """That a log whom one believes by a policy holds this leaf hash; its checkpoint.

    Raises Refused as `trusted_checkpoint`, and `ledger.E006` where the path leads elsewhere.
    """
    checkpoint = trusted_checkpoint(proof.checkpoint, policy, checks)
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise refused("E006", proof.index)
    return checkpoint


# Tiles ------------------------------------------------------------------------------------------


class Tile(NamedTuple):
    """A tile: its level (`None` for entries), its number, and how many it holds, 1 to 256."""

    level: int | None
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Its address below the log's prefix."""
        name, number = f"{self.number % 1000:03}", self.number // 1000
        while number:
            name, number = f"x{number % 1000:03}/{name}", number // 1000
        level = "entries" if self.level is None else str(self.level)
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{name}{part}"

    def positions(self) -> list[Position]:
        """The nodes of the tree that a tile of hashes holds, from the left."""
        level = TILE_HEIGHT * (self.level or 0)
        return [Position(level, self.number * TILE_WIDTH + offset) for offset in range(self.width)]


def read_tile(path: str) -> Tile | None:
    """The tile at an address; None for an address that is none."""
    match = _TILE.fullmatch(path)
    if match is None:
        return None
    level, number, width = match.groups()
    if (width and int(width) >= TILE_WIDTH) or (level != "entries" and int(level) > 63):
        return None
    if re.match(r"x000/", number):
        return None
    found = int(number.replace("x", "").replace("/", ""))
    return Tile(None if level == "entries" else int(level), found, int(width or TILE_WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """All tiles of hashes of a tree, level by level."""
    level, count = 0, size
    while count:
        yield from (Tile(level, number) for number in range(count // TILE_WIDTH))
        if count % TILE_WIDTH:
            yield Tile(level, count // TILE_WIDTH, count % TILE_WIDTH)
        level, count = level + 1, count // TILE_WIDTH


def has_tile(tile: Tile, size: int) -> bool:
    """Whether a tree of `size` leaves fills a tile so far."""
    level = TILE_HEIGHT * (tile.level or 0)
    return tile.number * TILE_WIDTH + tile.width <= size >> level


def node_in(
    tile: Tile, content: bytes, position: Position, joined: Callable[[bytes, bytes], bytes]
) -> bytes:
    """The hash of a complete node that lies under a tile, from the tile's content."""
    above = position.level - TILE_HEIGHT * (tile.level or 0)
    first = (position.offset << above) - tile.number * TILE_WIDTH
    row = [content[32 * at : 32 * at + 32] for at in range(first, first + (1 << above))]
    if len(content) != 32 * tile.width or any(len(each) != 32 for each in row):
        raise refused("E010", tile.path)
    while len(row) > 1:
        row = [joined(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def tile_of(position: Position, size: int) -> Tile:
    """The tile of a tree in which a complete node lies, or from which it is computed."""
    level, above = divmod(position.level, TILE_HEIGHT)
    number = (position.offset << above) >> TILE_HEIGHT
    width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
    return Tile(level, number, width)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries of a tile: each with its length in two bytes before it."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


def read_bundle(content: bytes) -> list[bytes]:
    """The entries of a tile. Raises Refused `ledger.E010` for a length beyond the end."""
    entries, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        entry = content[at + 2 : at + 2 + length]
        if len(content) < at + 2 or len(entry) != length:
            raise refused("E010")
        entries.append(entry)
        at += 2 + length
    return entries


def check_bundle(content: bytes, hashes: bytes) -> list[bytes]:
    """The entries of a tile, each hashed to what the tile of level 0 says."""
    entries = read_bundle(content)
    if b"".join(map(leaf_hash, entries)) != hashes:
        raise refused("E010")
    return entries


# Witnesses --------------------------------------------------------------------------------------


class Submission(NamedTuple):
    """What a log hands to a witness: the size it saw last, the proof since, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def __str__(self) -> str:
        return f"old {self.old}\n{hashes_to_lines(self.proof)}\n{self.checkpoint}"


def read_submission(text: str) -> Submission:
    """The body of `add-checkpoint`. Raises Refused `ledger.E005`."""
    head, found, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if not found or old is None or len(lines) > 63:
        raise refused("E005")
    return Submission(int(old[1]), tuple(lines_to_hashes(lines)), checkpoint)


class Answered(NamedTuple):
    """What a witness answers: a status of HTTP; with 200, the checkpoint to sign and keep."""

    status: int
    checkpoint: Checkpoint | None = None
    text: str = ""


def judged(
    submitted: Submission,
    keys: dict[str, tuple[NoteKey, ...]],
    seen: Callable[[str], Checkpoint | None],
    checks: Checks,
) -> Answered:
    """How a witness answers, by the steps of c2sp.org/tlog-witness.

    `keys`: those of each log by its origin; `seen` is what it cosigned last of that origin. 404 an
    unknown log, 403 no signature of it, 400 sizes that cannot be, 409 another last size or, at the
    same size, another root: a split view; 422 a proof that does not hold.
    """
    note = read_note(submitted.checkpoint)
    checkpoint = read_checkpoint(note)
    trusted = keys.get(checkpoint.origin)
    if trusted is None:
        return Answered(404)
    if not signers(note, trusted, checks):
        return Answered(403)
    if submitted.old > checkpoint.size:
        return Answered(400)
    last = seen(checkpoint.origin)
    size = last.size if last else 0
    if submitted.old != size:
        return Answered(409, text=f"{size}\n")
    if last and size == checkpoint.size and last.root != checkpoint.root:
        return Answered(409, text=f"{size}\n")
    if size == 0:
        holds = not submitted.proof
    else:
        root = last.root if last else b""
        holds = verify_consistency(size, checkpoint.size, root, checkpoint.root, submitted.proof)
    return Answered(200, checkpoint, note.text) if holds else Answered(422)


def check_views(first: Checkpoint, second: Checkpoint, proof: Sequence[bytes]) -> None:
    """That two checkpoints of one log show one history.

    Raises Refused `ledger.E009` two logs, `E008` a split view: the second does not continue the
    first, whatever proof was given.
    """
    if first.origin != second.origin:
        raise refused("E009", second.origin)
    small, large = sorted((first, second), key=lambda each: each.size)
    if not verify_consistency(small.size, large.size, small.root, large.root, proof):
        raise refused("E008", first.origin)
