"""The Merkle hash tree of RFC 9162 section 2.1 with SHA-256: roots, proofs, and their checking.

A node has a `Position`: at level L, offset i it stands for the leaves [i * 2^L, (i + 1) * 2^L), as
far as the tree reaches. Where the tree ends inside that range the node is ephemeral: its hash
changes with the next leaf, so it is computed, never stored (see `store`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162 section 2.1.1)."""


class Position(NamedTuple):
    """Where a node lies: leaves at level 0; `offset` counts a level from the left."""

    level: int
    offset: int


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data) (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right) (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, given in order (RFC 9162 section 2.1.1)."""
    if not leaves:
        return EMPTY_ROOT
    row = list(leaves)
    while len(row) > 1:
        # A last node without a neighbour rises unchanged: the same tree as RFC 9162 splits it.
        pairs = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def inclusion_path(index: int, size: int) -> list[Position]:
    """The nodes that prove leaf `index` in a tree of `size` leaves, from the leaf upwards.

    At most one of them is ephemeral. Raises IndexError for a leaf that is not in the tree.
    Source: RFC 9162 section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} is not in a tree of {size} leaves")
    return _climb(Position(0, index), size)


def consistency_path(first: int, second: int) -> list[Position]:
    """The nodes that prove that a tree of `second` leaves continues the one of `first` leaves.

    Empty when there is nothing to prove (`first` is 0 or equals `second`). Raises IndexError
    when `second` is the smaller tree. Source: RFC 9162 section 2.1.4.1.
    """
    if not 0 <= first <= second:
        raise IndexError(f"a tree of {second} leaves cannot continue one of {first}")
    if first in (0, second):
        return []
    # The last complete subtree of the first tree; where it is that whole tree, the reader has it.
    start = _last_peak(first)
    own = [] if start.offset == 0 else [start]
    return own + _climb(start, second)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes along `inclusion_path`, computed from all leaf hashes."""
    return [_hash_of(leaves, position) for position in inclusion_path(index, len(leaves))]


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The hashes along `consistency_path` from the first `first` leaves to all of them."""
    return [_hash_of(leaves, position) for position in consistency_path(first, len(leaves))]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` leads from a leaf hash to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    node, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hashed = node_hash(sibling, hashed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `second` leaves begins with the tree of `first` leaves, unchanged.

    Source: RFC 9162 section 2.1.4.2; an empty first tree is the beginning of every tree.
    """
    if not 0 <= first <= second or not _are_hashes([first_root, second_root, *proof]):
        return False
    if first == second:
        return not proof and first_root == second_root and (first > 0 or first_root == EMPTY_ROOT)
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    whole = first & (first - 1) == 0
    path = [first_root, *proof] if whole else list(proof)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _climb(start: Position, size: int) -> list[Position]:
    """The siblings met from `start` up to the root; where a node has none it rises alone."""
    level, index = start
    path = []
    while size > 1 << level:
        sibling = index ^ 1
        if sibling << level < size:
            path.append(Position(level, sibling))
        level, index = level + 1, index >> 1
    return path


def _last_peak(size: int) -> Position:
    level = (size & -size).bit_length() - 1
    return Position(level, (size >> level) - 1)


def _hash_of(leaves: Sequence[bytes], position: Position) -> bytes:
    start = position.offset << position.level
    return root_hash(leaves[start : start + (1 << position.level)])


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
