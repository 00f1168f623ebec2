"""What a database keeps of the tree: complete nodes only, each written once and never changed.

With a table node(level, offset, hash) an append writes at most log2(n) + 1 rows (amortised two),
and any proof reads at most about 2 * log2(n): `reads` says which rows, `node_at` joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

from xiangyun.kernel.ledger.tree import EMPTY_ROOT, Position, node_hash

ReadNode = Callable[[Position], bytes]
"""Gives the stored hash of a complete node, such as `rows.__getitem__`."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: the hashes of its complete subtrees, the largest first.

    It is all that an append needs; `peaks(size)` says which stored nodes it consists of.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ValueError(
                f"a tree of {self.size} leaves has {self.size.bit_count()} complete subtrees, "
                f"not {len(self.hashes)}"
            )

    def append(self, leaf: bytes) -> tuple[Frontier, list[tuple[Position, bytes]]]:
        """The edge with one more leaf hash, and the nodes it completed, from the leaf upwards."""
        position, hashed, hashes = Position(0, self.size), leaf, self.hashes
        completed = [(position, hashed)]
        while position.offset & 1:
            hashed = node_hash(hashes[-1], hashed)
            hashes = hashes[:-1]
            position = Position(position.level + 1, position.offset >> 1)
            completed.append((position, hashed))
        return Frontier(self.size + 1, (*hashes, hashed)), completed

    def root(self) -> bytes:
        """The root of the tree (RFC 9162 section 2.1.1)."""
        return _join(self.hashes) if self.hashes else EMPTY_ROOT


def peaks(size: int) -> list[Position]:
    """The complete subtrees of a tree of `size` leaves, the largest first: `Frontier.hashes`."""
    return _complete_nodes(0, size)


def reads(path: Iterable[Position], size: int) -> list[Position]:
    """The stored nodes from which every node of a path in a tree of `size` leaves is computed."""
    return [part for position in path for part in _parts(position, size)]


def node_at(position: Position, size: int, read: ReadNode) -> bytes:
    """The hash of any node, complete or ephemeral, of the tree when it had `size` leaves."""
    return _join([read(part) for part in _parts(position, size)])


def _parts(position: Position, size: int) -> list[Position]:
    start = position.offset << position.level
    if not 0 <= start < size:
        raise IndexError(f"a tree of {size} leaves has no node {tuple(position)}")
    return _complete_nodes(start, min(start + (1 << position.level), size))


def _complete_nodes(start: int, end: int) -> list[Position]:
    """Leaves [start, end) as complete subtrees, large to small; `start` is aligned to them all."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Position(level, start >> level))
        start += 1 << level
    return nodes


def _join(hashes: Iterable[bytes]) -> bytes:
    """One hash for neighbouring subtrees: the smaller ones on the right are joined first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(tuple(hashes)))
