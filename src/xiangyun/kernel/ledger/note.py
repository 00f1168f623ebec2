"""Signed notes, checkpoints and cosignatures of C2SP: a text that several keys sign.

    <text, one line or more>
    <empty line>
    — <name of the key> <base64 of 4 bytes of key id, then the signature>

A checkpoint is a note whose text is an origin, a size and a root (c2sp.org/tlog-checkpoint). A
witness signs the same text with the time before it (c2sp.org/tlog-cosignature).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .faults import refused

ED25519, COSIGNATURE = 1, 4
"""Kinds of key in a note: a plain signature of the text, a witness's with a time."""

Checks = Callable[[bytes, bytes, bytes], bool]
"""Whether an Ed25519 key signed: (32 bytes of the key, message, signature)."""

_NAME = re.compile(r"[^\s+]+")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST_BYTES = 1_000_000


class NoteKey(NamedTuple):
    """A key that signs notes: its name, kind and the 32 bytes of the public key."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, kind and key."""
        spelt = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(spelt).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(bytes([self.kind]) + self.public)}"


class Signature(NamedTuple):
    """A line under a note."""

    name: str
    id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_b64(self.id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a line feed, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


class Checkpoint(NamedTuple):
    """What a log says of itself: its name, how many leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def read_key(text: str) -> NoteKey:
    """A verifier key as it is handed out: `name+id+key`. Raises Refused `ledger.E002`."""
    name, _, rest = text.strip().partition("+")
    id_, _, spelt = rest.partition("+")
    data = _bytes(spelt, "E002")
    if not _NAME.fullmatch(name) or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise refused("E002", name)
    key = NoteKey(name, data[0], data[1:])
    if key.id.hex() != id_:
        raise refused("E002", name)
    return key


def read_note(text: str) -> Note:
    """A note taken apart; no signature is checked. Raises Refused `ledger.E002`."""
    if len(text) > _MOST_BYTES or any(ord(each) < 0x20 and each != "\n" for each in text):
        raise refused("E002")
    body, found, lines = text.rpartition("\n\n")
    if not found or not lines.endswith("\n") or not body:
        raise refused("E002")
    signatures = [_read_signature(line) for line in lines[:-1].split("\n")]
    return Note(body + "\n", tuple(signatures))


def _read_signature(line: str) -> Signature:
    mark, _, rest = line.partition(" ")
    name, _, spelt = rest.partition(" ")
    data = _bytes(spelt, "E002")
    if mark != "—" or not _NAME.fullmatch(name) or len(data) < 5:
        raise refused("E002")
    return Signature(name, data[:4], data[4:])


def signed(text: str, key: NoteKey, sign: Callable[[bytes], bytes]) -> Note:
    """A note with one signature of a plain Ed25519 key."""
    return Note(text, (Signature(key.name, key.id, sign(text.encode())),))


def cosigned(text: str, key: NoteKey, at: int, sign: Callable[[bytes], bytes]) -> Signature:
    """A witness's signature at a moment, in seconds of Unix."""
    return Signature(key.name, key.id, at.to_bytes(8, "big") + sign(_timed(text, at)))


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def signers(note: Note, keys: Iterable[NoteKey], checks: Checks) -> list[NoteKey]:
    """Which of these keys signed a note; signatures of others are passed over.

    Raises Refused `ledger.E003` where a line names one of the keys and is no signature of it: a
    note with a false signature is no note with one signature less.
    """
    found = []
    known = {(key.name, key.id): key for key in keys}
    for line in note.signatures:
        key = known.get((line.name, line.id))
        if key is None:
            continue
        if key in found or not _holds(note.text, key, line.value, checks):
            raise refused("E003", line.name)
        found.append(key)
    return found


def _holds(text: str, key: NoteKey, value: bytes, checks: Checks) -> bool:
    if key.kind == ED25519:
        return len(value) == 64 and checks(key.public, text.encode(), value)
    if len(value) != 72:
        return False
    at = int.from_bytes(value[:8], "big")
    return checks(key.public, _timed(text, at), value[8:])


def cosigned_at(note: Note, key: NoteKey) -> int | None:
    """When a witness signed, in seconds of Unix, as its line says."""
    for line in note.signatures:
        if (line.name, line.id) == (key.name, key.id) and len(line.value) == 72:
            return int.from_bytes(line.value[:8], "big")
    return None


def read_checkpoint(note: Note) -> Checkpoint:
    """What a note says as a checkpoint. Raises Refused `ledger.E004`.

    Further lines, which the specification allows, are passed over.
    """
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _DECIMAL.fullmatch(lines[1]):
        raise refused("E004")
    root = _bytes(lines[2], "E004")
    if len(root) != 32:
        raise refused("E004")
    return Checkpoint(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom one believes about a log: its own keys, and `quorum` of these witnesses."""

    origin: str
    keys: tuple[NoteKey, ...]
    witnesses: tuple[NoteKey, ...] = ()
    quorum: int = 0


def trusted_checkpoint(text: str, policy: Policy, checks: Checks) -> Checkpoint:
    """The checkpoint of a note that the log signed, and enough witnesses with it.

    Raises Refused `ledger.E002`, `E003` not by the log, `E004`, `E007` too few witnesses, `E009`
    another log.
    """
    note = read_note(text)
    checkpoint = read_checkpoint(note)
    if checkpoint.origin != policy.origin:
        raise refused("E009", checkpoint.origin)
    if not signers(note, policy.keys, checks):
        raise refused("E003")
    seen = {key.public for key in signers(note, policy.witnesses, checks)}
    if len(seen) < policy.quorum:
        raise refused("E007", len(seen))
    return checkpoint


def hashes_to_lines(hashes: Sequence[bytes]) -> str:
    """Hashes as proofs spell them, one line each."""
    return "".join(f"{_b64(each)}\n" for each in hashes)


def lines_to_hashes(lines: Iterable[str], number: str = "E005") -> list[bytes]:
    """The hashes of lines. Raises Refused `ledger.E005` for one that is none."""
    found = [_bytes(line, number) for line in lines]
    if any(len(each) != 32 for each in found):
        raise refused(number)
    return found


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str, number: str) -> bytes:
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (ValueError, UnicodeEncodeError):
        raise refused(number) from None
    if _b64(data) != text:
        raise refused(number)
    return data
