"""Witnesses of the journal: those over HTTP that this instance asks, and one in a folder.

A witness keeps what it saw last of each log and signs only what continues it
(c2sp.org/tlog-witness). It needs no database and no Django: a key, a folder, and the keys of the
logs that it watches.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from xiangyun.domain.journal.algorithms import note_holds
from xiangyun.domain.journal.ports import Witness
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import (
    Frontier,
    Position,
    consistency_path,
    node_at,
    node_hash,
    peaks,
    reads,
)
from xiangyun.kernel.ledger.faults import refused
from xiangyun.kernel.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    NoteKey,
    Policy,
    cosigned,
    read_key,
    read_note,
    trusted_checkpoint,
)
from xiangyun.kernel.ledger.tlog import (
    check_views,
    judged,
    node_in,
    read_submission,
    tile_of,
)

from .keys import private_text

Fetch = Callable[[str], bytes]
"""The content at a path below a log's address. Raises OSError where there is none."""
_PATIENCE = 10  # seconds


@dataclass(frozen=True, slots=True)
class HttpWitness:
    """A witness at an address; a `journal.ports.Witness`."""

    key: NoteKey
    address: str

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        """Its answer: a status and what it says; 0 where it does not answer."""
        try:
            answer = requests.post(
                f"{self.address.rstrip('/')}/add-checkpoint", data=body.encode(), timeout=_PATIENCE
            )
        except requests.RequestException:
            return 0, ""
        return answer.status_code, answer.content.decode("utf-8", errors="replace")


def witnesses() -> list[Witness]:
    """Those that `XIANGYUN_WITNESSES` names: `key address`, several with commas between.

    What `settings.XIANGYUN_WITNESSING` names. Raises Refused `ledger.E002` for a broken key.
    """
    found: list[Witness] = []
    for each in filter(None, map(str.strip, os.environ.get("XIANGYUN_WITNESSES", "").split(","))):
        key, _, address = each.partition(" ")
        found.append(HttpWitness(read_key(key), address.strip()))
    return found


class FolderWitness:
    """A witness whose key and memory lie in a folder; one process at a time.

    `witness.pem` is its key, `logs/` holds a file for each log: its key, and the checkpoint that it
    signed last. Raises Refused `keys.E001` and `keys.E002` for the key.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        self._folder = folder
        self._logs = folder / "logs"
        self._lock = threading.Lock()
        named = folder / "name"
        if name:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            named.write_text(name, encoding="utf-8")
        text = private_text(folder / "witness.pem", _new_key)
        key = load_pem_private_key(text.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise refused("ledger.E002", "witness.pem")
        self._private = key
        public = key.public_key().public_bytes_raw()
        self.key = NoteKey(named.read_text(encoding="utf-8"), COSIGNATURE, public)

    def watch(self, log: NoteKey) -> None:
        """Take a log into the list of those that it signs for."""
        self._keep(log.name, {"key": str(log)})

    def add(self, body: str, at: int) -> tuple[int, str]:
        """Answer `add-checkpoint`: a status, and the signature or the size it saw last."""
        try:
            submitted = read_submission(body)
            origin = read_note(submitted.checkpoint).text.split("\n", 1)[0]
            with self._lock:
                answer = judged(submitted, self._keys(origin), self._seen, note_holds)
                if answer.checkpoint is None:
                    return answer.status, answer.text
                self._remember(answer.checkpoint, submitted.checkpoint)
                return 200, str(cosigned(answer.text, self.key, at, self._private.sign))
        except Refused:
            return 400, ""

    def follow(self, log: NoteKey, fetch: Fetch, at: int) -> tuple[Checkpoint, str]:
        """Read a log's checkpoint and tiles, check them against what was seen, and sign.

        The checkpoint and its note with the witness's signature. Raises Refused `ledger.E003` for
        another signer, `E008` for a split view, `E009` for another log, `E010` for tiles that do
        not lead to the root; OSError where the log cannot be read.
        """
        text = fetch("checkpoint").decode("utf-8", errors="replace")
        checkpoint = trusted_checkpoint(text, Policy(log.name, (log,)), note_holds)
        with self._lock:
            last = self._seen(log.name)
            _check_tiles(checkpoint, last, fetch)
            if last is None or checkpoint.size >= last.size:
                self._remember(checkpoint, text)
        line = cosigned(read_note(text).text, self.key, at, self._private.sign)
        return checkpoint, f"{text}{line}"

    def _keys(self, origin: str) -> dict[str, tuple[NoteKey, ...]]:
        kept = self._kept(origin)
        return {origin: (read_key(str(kept["key"])),)} if kept else {}

    def _seen(self, origin: str) -> Checkpoint | None:
        kept = self._kept(origin)
        if not kept or "size" not in kept:
            return None
        return Checkpoint(origin, int(kept["size"]), bytes.fromhex(str(kept["root"])))

    def _remember(self, checkpoint: Checkpoint, text: str) -> None:
        told = {"size": str(checkpoint.size), "root": checkpoint.root.hex(), "note": text}
        self._keep(checkpoint.origin, {**self._kept(checkpoint.origin), **told})

    def _file(self, origin: str) -> Path:
        return self._logs / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"

    def _kept(self, origin: str) -> dict[str, str]:
        file = self._file(origin)
        found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return found

    def _keep(self, origin: str, what: dict[str, str]) -> None:
        """Persist before anything is answered: after a fall it must not sign another history."""
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(origin)
        draft = file.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as stream:
            json.dump({**self._kept(origin), **what}, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)


def _check_tiles(checkpoint: Checkpoint, last: Checkpoint | None, fetch: Fetch) -> None:
    """That the tiles lead to the root, and that they continue what was seen."""
    size = checkpoint.size
    cache: dict[str, bytes] = {}

    def node(position: Position) -> bytes:
        tile = tile_of(position, size)
        if tile.path not in cache:
            cache[tile.path] = fetch(tile.path)
        return node_in(tile, cache[tile.path], position, node_hash)

    if size:
        root = Frontier(size, tuple(map(node, peaks(size)))).root()
        if root != checkpoint.root:
            raise refused("ledger.E010", "root")
    if last is None:
        return
    if last.size > size:
        # An earlier view of the same history; that it is one the later view proves.
        raise refused("ledger.E008", checkpoint.origin)
    path = consistency_path(last.size, size)
    nodes = {position: node(position) for position in reads(path, size)}
    proof = [node_at(position, size, nodes.__getitem__) for position in path]
    check_views(last, checkpoint, proof)


def fetching(address: str) -> Fetch:
    """From a log's address (https://…), or from a folder with a copy of it."""
    if not address.startswith(("http://", "https://")):
        folder = Path(address)
        return lambda path: (folder / path).read_bytes()

    def fetch(path: str) -> bytes:
        try:
            answer = requests.get(f"{address.rstrip('/')}/{path}", timeout=_PATIENCE)
            answer.raise_for_status()
        except requests.RequestException as problem:
            raise OSError(str(problem)) from None
        return answer.content

    return fetch


def _new_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
