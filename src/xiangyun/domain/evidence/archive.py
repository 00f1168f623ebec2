"""A ZIP with exactly one spelling: stored, without times, so that every bit of it is checked.

Any program opens it. Reading it here compares each header with the one that its content must have:
what was changed is found and named, wherever it lies.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

MAGIC = b"PK\x03\x04"
"""How an archive begins."""
_LOCAL, _CENTRAL, _END = MAGIC, b"PK\x01\x02", b"PK\x05\x06"
_UTF8 = 0x0800
_DATE = 0x21  # 1 January 1980, the first day that the format knows


class Broken(Exception):
    """The archive is not as it was written; `place` names the part."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def written(files: Mapping[str, bytes]) -> bytes:
    """The archive of some files, in the order given."""
    body, central = [], []
    at = 0
    for name, content in files.items():
        head = _local(name, content)
        body += [head, content]
        central.append(_entry(name, content, at))
        at += len(head) + len(content)
    return b"".join((*body, _directory(central, at)))


def read(data: bytes) -> dict[str, bytes]:
    """The files of an archive. Raises Broken where a bit is not as it was written."""
    files: dict[str, bytes] = {}
    central = []
    at = 0
    for name, start, end in _entries(data):
        content = data[start:end]
        if name in files or data[at:start] != _local(name, content):
            raise Broken(name)
        files[name] = content
        central.append(_entry(name, content, at))
        at = end
    if data[at:] != _directory(central, at):
        raise Broken("central directory")
    return files


def _entries(data: bytes) -> Iterator[tuple[str, int, int]]:
    at = 0
    while data[at : at + 4] == _LOCAL:
        fixed = data[at : at + 30]
        if len(fixed) < 30:
            raise Broken("central directory")
        size, length, more = struct.unpack("<I", fixed[22:26])[0], *struct.unpack("<HH", fixed[26:])
        name = data[at + 30 : at + 30 + length].decode("utf-8", errors="replace")
        start = at + 30 + length + more
        if start + size > len(data):
            raise Broken(name)
        yield name, start, start + size
        at = start + size


def _local(name: str, content: bytes) -> bytes:
    spelt, size = name.encode(), len(content)
    head = struct.pack(
        "<HHHHHIIIHH", 20, _UTF8, 0, 0, _DATE, zlib.crc32(content), size, size, len(spelt), 0
    )
    return _LOCAL + head + spelt


def _entry(name: str, content: bytes, at: int) -> bytes:
    spelt, size = name.encode(), len(content)
    head = struct.pack(
        "<HHHHHHIIIHHHHHII",
        *(20, 20, _UTF8, 0, 0, _DATE, zlib.crc32(content), size, size),
        *(len(spelt), 0, 0, 0, 0, 0, at),
    )
    return _CENTRAL + head + spelt


def _directory(entries: list[bytes], at: int) -> bytes:
    listed = b"".join(entries)
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(listed), at, 0)
    return listed + _END + end
