"""The tree against Certificate Transparency's reference data and RFC 9162's own words."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.ledger import (
    EMPTY_ROOT,
    Position,
    consistency_path,
    consistency_proof,
    inclusion_path,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots of the reference tree of the certificate-transparency project.
LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


# RFC 9162's definitions, word for word and slow, as an independent oracle.
def mth(d: list[bytes]) -> bytes:
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], b: bool) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root_hash([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree_has_the_published_roots(size):
    assert root_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_paths_in_the_seven_leaf_tree_are_those_drawn_in_the_rfc():
    """RFC 9162 section 2.1.5, with its letters for the nodes of the seven-leaf tree."""
    b, c, d, f = (Position(0, i) for i in (1, 2, 3, 5))
    g, h, i = (Position(1, index) for index in (0, 1, 2))
    j = Position(1, 3)  # leaf 6 alone, where a pair will stand
    k, right = Position(2, 0), Position(2, 1)
    assert inclusion_path(0, 7) == [b, h, right]
    assert inclusion_path(3, 7) == [c, g, right]
    assert inclusion_path(4, 7) == [f, j, k]
    assert inclusion_path(6, 7) == [i, k]
    assert consistency_path(3, 7) == [c, d, g, right]
    assert consistency_path(4, 7) == [right]
    assert consistency_path(6, 7) == [i, j, k]


@given(st.integers(1, 70))
def test_root_is_that_of_the_recursive_definition(size):
    assert root_hash(numbered(size)) == mth(numbered(size))


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_only_at_its_own_place(size, data):
    leaves = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert proof == path(index, leaves)
    assert verify_inclusion(leaves[index], index, size, proof, root_hash(leaves))
    other = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(leaves[index], other, size, proof, root_hash(leaves)) == (
        other == index
    )


@given(st.integers(1, 70), st.data())
def test_every_earlier_tree_is_proved_a_beginning(size, data):
    leaves = numbered(size)
    first = data.draw(st.integers(1, size))
    proof = consistency_proof(leaves, first)
    assert proof == subproof(first, leaves, True)
    assert verify_consistency(first, size, mth(leaves[:first]), mth(leaves), proof)


def flip(values: list[bytes], bit: int) -> list[bytes]:
    """The same hashes with one bit changed, counted through all of them."""
    which, bit = divmod(bit, 256)
    changed = bytearray(values[which])
    changed[bit // 8] ^= 1 << bit % 8
    return [*values[:which], bytes(changed), *values[which + 1 :]]


@given(st.integers(1, 40), st.data())
def test_any_changed_bit_breaks_an_inclusion_proof(size, data):
    leaves = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    values = [leaves[index], mth(leaves), *inclusion_proof(leaves, index)]
    leaf, root, *proof = flip(values, data.draw(st.integers(0, 256 * len(values) - 1)))
    assert not verify_inclusion(leaf, index, size, proof, root)


@given(st.integers(1, 40), st.data())
def test_any_changed_bit_breaks_a_consistency_proof(size, data):
    leaves = numbered(size)
    first = data.draw(st.integers(1, size))
    values = [mth(leaves[:first]), mth(leaves), *consistency_proof(leaves, first)]
    old, new, *proof = flip(values, data.draw(st.integers(0, 256 * len(values) - 1)))
    assert not verify_consistency(first, size, old, new, proof)


@given(st.integers(1, 40), st.data())
def test_a_proof_with_a_hash_too_many_or_too_few_fails(size, data):
    leaves = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert not verify_inclusion(leaves[index], index, size, [*proof, EMPTY_ROOT], mth(leaves))
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], mth(leaves))


@given(st.integers(2, 40), st.data())
def test_a_rewritten_past_is_not_a_beginning(size, data):
    leaves = numbered(size)
    first = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, first - 1))
    forged = [*leaves[:changed], leaf_hash(b"forged"), *leaves[changed + 1 :]]
    proof = consistency_proof(forged, first)
    assert not verify_consistency(first, size, mth(leaves[:first]), mth(forged), proof)


def test_an_empty_journal_is_the_beginning_of_every_journal():
    assert consistency_path(0, 3) == []
    assert verify_consistency(0, 3, EMPTY_ROOT, root_hash(numbered(3)), [])
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(0, 3, leaf_hash(b""), root_hash(numbered(3)), [])


def test_nonsense_from_outside_is_refused_not_an_exception():
    root = root_hash(numbered(3))
    assert not verify_inclusion(numbered(3)[0], 3, 3, [], root)
    assert not verify_inclusion(numbered(3)[0], -1, 3, [], root)
    assert not verify_inclusion(b"short", 0, 1, [], b"short")
    assert not verify_consistency(4, 3, root, root, [])
    assert not verify_consistency(2, 3, root, root, [])


def test_asking_for_a_leaf_that_is_not_there_is_a_mistake_of_the_caller():
    with pytest.raises(IndexError, match="leaf 3"):
        inclusion_path(3, 3)
    with pytest.raises(IndexError, match="cannot continue"):
        consistency_path(4, 3)
