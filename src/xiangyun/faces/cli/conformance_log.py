"""`xiangyun conformance log FOLDER`: proofs of a Merkle tree as transparency-dev lays them out.

Files below `inclusion` and `consistency`, each with what it must come to in `wantErr`; files
`.tlog-proof` beside a `.leaf` and a `policy.json` are tried as well.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from xiangyun.kernel.ledger import verify_consistency, verify_inclusion

from .scoring import Score, command


def run_log(folder: Path) -> Score:
    """Try every proof below a folder; each must hold, or fail, as its file says."""
    score = Score()
    for path in sorted(folder.rglob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        if not isinstance(case, dict) or "wantErr" not in case:
            continue
        test = path.relative_to(folder).as_posix()
        score.count(test, _said(not case["wantErr"]), _said(_holds(case)))
    return score


def _holds(case: dict[str, Any]) -> bool:
    try:
        proof = [_hash(each) for each in case["proof"] or ()]
        if "leafIdx" in case:
            return verify_inclusion(
                _hash(case["leafHash"]),
                _size(case["leafIdx"]),
                _size(case["treeSize"]),
                proof,
                _hash(case["root"]),
            )
        return verify_consistency(
            _size(case["size1"]),
            _size(case["size2"]),
            _hash(case["root1"]),
            _hash(case["root2"]),
            proof,
        )
    except (KeyError, ValueError, TypeError):
        return False


def _hash(text: object) -> bytes:
    return base64.b64decode(text, validate=True) if isinstance(text, str) else b""


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 64:
        raise ValueError("no size of a tree")
    return value


def _said(holds: bool) -> str:
    return "a proof that holds" if holds else "a proof that fails"


log = command("log", "Try every proof of a Merkle tree in FOLDER.", run_log)
