"""`xiangyun conformance log FOLDER`: proofs of a Merkle tree as transparency-dev lays them out.

Files below `inclusion` and `consistency`, each with what it must come to in `wantErr`. Files
`.tlog-proof` of C2SP are tried as well: each beside a file of its name that ends with `.leaf` and
holds the entry, by the `policy.json` of its folder, which names keys as C2SP spells them:
`{"log": key, "witnesses": [key], "quorum": 2}`. One that must fail says so in its name, and may
name the reason: `x-fail-E007.tlog-proof`.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from xiangyun.domain.journal import algorithms
from xiangyun.kernel.ledger import leaf_hash, tlog, verify_consistency, verify_inclusion
from xiangyun.kernel.ledger.note import Policy, read_key

from .scoring import Score, command, count_tried


def run_log(folder: Path) -> Score:
    """Try every proof below a folder; each must hold, or fail, as its file says."""
    score = Score()
    for path in sorted(folder.rglob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        if not isinstance(case, dict) or "wantErr" not in case:
            continue
        test = path.relative_to(folder).as_posix()
        score.count(test, _said(not case["wantErr"]), _said(_holds(case)))
    for path in sorted(folder.rglob("*.tlog-proof")):
        _try_receipt(path, path.relative_to(folder).as_posix(), score)
    return score


def _try_receipt(path: Path, test: str, score: Score) -> None:
    def run() -> None:
        entry = path.with_suffix(".leaf").read_bytes()
        proof = tlog.read_proof(path.read_text("utf-8"))
        tlog.check_proof(proof, leaf_hash(entry), _policy(path.parent), algorithms.note_holds)

    count_tried(score, test, path, run, "a proof that holds")


def _policy(folder: Path) -> Policy:
    said: dict[str, Any] = json.loads((folder / "policy.json").read_text("utf-8"))
    log_key = read_key(said["log"])
    witnesses = tuple(read_key(each) for each in said.get("witnesses", ()))
    return Policy(log_key.name, (log_key,), witnesses, said.get("quorum", 0))


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
