"""A fact proved: its leaf, the way to the root of its batch, and the entry that says the root.

What was recorded at once, a single act or a million rows, is one entry of the journal with the
Merkle root (RFC 9162) over its facts. A leaf is canonical JSON of what the fact says, in clear,
with a salt of its own: to show one fact gives away nothing about its neighbours.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xiangyun.kernel.ledger import inclusion_proof, leaf_hash, root_hash, spelled, verify_inclusion

FORMAT = "xiangyun-fact-1"


def leaf_text(
    register: str,
    key: str,
    data: Mapping[str, Any] | None,
    valid_from: date,
    valid_to: date | None,
    salt: bytes,
) -> str:
    """The leaf of a fact; `data` in clear, None for an end."""
    told = "null" if data is None else spelled({name: exact(data[name]) for name in data})
    return leaf_of(spelled(register), spelled(key), told, valid_from, valid_to, salt)


def leaf_of(
    register: str, key: str, data: str, valid_from: date, valid_to: date | None, salt: bytes
) -> str:
    """The leaf of parts that are spelled already: a million of them are put together here."""
    end = f'"{valid_to.isoformat()}"' if valid_to else "null"
    return (
        f'{{"data":{data},"key":{key},"register":{register},"salt":"{salt.hex()}",'
        f'"valid_from":"{valid_from.isoformat()}","valid_to":{end}}}'
    )


def salt_of(salt: bytes, leaf: int) -> bytes:
    """The salt of one leaf of a batch; it opens no other."""
    return hmac.digest(salt, str(leaf).encode(), "sha256")[:16]


def hash_of(text: str) -> bytes:
    """The hash of a leaf's text in the tree of its batch."""
    return leaf_hash(text.encode())


def proof_of(texts: list[str], leaf: int) -> dict[str, Any]:
    """The proof of one fact among all leaves of its batch, in order."""
    hashes = [hash_of(text) for text in texts]
    return {
        "format": FORMAT,
        "leaf": texts[leaf],
        "index": leaf,
        "size": len(texts),
        "proof": [step.hex() for step in inclusion_proof(hashes, leaf)],
        "root": root_hash(hashes).hex(),
    }


def holds(proof: Mapping[str, Any]) -> bool:
    """Whether a leaf stands in the tree with the root that the proof names."""
    try:
        path = [bytes.fromhex(step) for step in proof["proof"]]
        hashed = hash_of(proof["leaf"])
        root = bytes.fromhex(proof["root"])
        return proof["format"] == FORMAT and verify_inclusion(
            hashed, proof["index"], proof["size"], path, root
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def exact(value: Any) -> Any:
    """A value with one spelling: a number with a point, or of 54 bits, is told by its digits."""
    match value:
        case Decimal() | float():
            return format(Decimal(str(value)), "f")
        case int() if not isinstance(value, bool) and abs(value) > 2**53:
            return str(value)
        case Mapping():
            return {name: exact(inner) for name, inner in value.items()}
        case list() | tuple():
            return [exact(inner) for inner in value]
    return value
