"""A table of complete nodes makes the same proofs as all the leaves, in a few reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.ledger import (
    EMPTY_ROOT,
    Frontier,
    Position,
    consistency_path,
    consistency_proof,
    inclusion_path,
    inclusion_proof,
    leaf_hash,
    node_at,
    peaks,
    reads,
    root_hash,
)


def grown(size: int) -> tuple[list[bytes], Frontier, dict[Position, bytes]]:
    leaves = [leaf_hash(str(i).encode()) for i in range(size)]
    frontier, table = Frontier(), {}
    for leaf in leaves:
        frontier, completed = frontier.append(leaf)
        for position, hashed in completed:
            assert position not in table, "a stored node is never written twice"
            table[position] = hashed
    return leaves, frontier, table


@given(st.integers(0, 130))
def test_the_edge_alone_gives_the_root(size):
    leaves, frontier, table = grown(size)
    assert frontier.size == size
    assert frontier.root() == root_hash(leaves)
    assert frontier == Frontier(size, tuple(table[peak] for peak in peaks(size)))
    assert len(table) <= 2 * size


def test_the_fourth_leaf_completes_two_pairs_and_their_parent():
    _, frontier, _ = grown(3)
    _, completed = frontier.append(leaf_hash(b"3"))
    assert [position for position, _ in completed] == [(0, 3), (1, 1), (2, 0)]


@given(st.integers(1, 130), st.data())
def test_a_database_proves_what_the_leaves_prove_even_for_the_tree_of_yesterday(size, data):
    leaves, _, table = grown(size)
    then = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, then - 1))
    first = data.draw(st.integers(0, then))

    path = inclusion_path(index, then)
    rows = {position: table[position] for position in reads(path, then)}
    assert [node_at(p, then, rows.__getitem__) for p in path] == inclusion_proof(
        leaves[:then], index
    )
    assert len(rows) <= 2 * then.bit_length()

    path = consistency_path(first, then)
    rows = {position: table[position] for position in reads(path, then)}
    assert [node_at(p, then, rows.__getitem__) for p in path] == consistency_proof(
        leaves[:then], first
    )
    assert len(rows) <= 2 * then.bit_length() + 1


def test_a_million_leaves_need_forty_reads():
    size = 999_999
    worst = max(len(reads(inclusion_path(i, size), size)) for i in range(0, size, 4999))
    assert worst <= 40


def test_an_edge_that_does_not_fit_its_size_is_refused():
    with pytest.raises(ValueError, match="3 leaves has 2"):
        Frontier(3, (EMPTY_ROOT,))
    with pytest.raises(IndexError, match="no node"):
        node_at(Position(0, 3), 3, {}.__getitem__)
