"""A Merkle tree over the journal (RFC 9162 section 2.1) and the canonical JSON of its leaves.

`tree` says what a tree is and proves things about it; `store` says which nodes a database keeps
so that it can do the same in O(log n) reads; `jcs` turns an entry into bytes in one way only.
"""

from xiangyun.kernel.ledger.jcs import canonical, spelled
from xiangyun.kernel.ledger.store import Frontier, node_at, peaks, reads
from xiangyun.kernel.ledger.tree import (
    EMPTY_ROOT,
    Position,
    consistency_path,
    consistency_proof,
    inclusion_path,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY_ROOT",
    "Frontier",
    "Position",
    "canonical",
    "consistency_path",
    "consistency_proof",
    "inclusion_path",
    "inclusion_proof",
    "leaf_hash",
    "node_at",
    "node_hash",
    "peaks",
    "reads",
    "root_hash",
    "spelled",
    "verify_consistency",
    "verify_inclusion",
]
