"""A virus scanner: ClamAV's daemon, asked over its socket.

The content goes as a stream (`INSTREAM` of clamd(8)): pieces with their length as four bytes, the
most significant first, ended by a piece of none; the answer is one line, `stream: OK` or
`stream: NAME FOUND`.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from django.conf import settings

from xiangyun.domain.files.ports import Scanner, ScannerUnavailable

_PIECE = 64 * 1024
_PATIENCE = 30  # seconds; a page waits for it


def scanner() -> Scanner:
    """The daemon that `XIANGYUN_CLAMD` names: `host:port`, or the path of its socket."""
    return Clamd(settings.CLAMD)


@dataclass(frozen=True, slots=True)
class Clamd:
    """One daemon; every content is a connection of its own."""

    address: str

    def found(self, content: bytes) -> str:
        try:
            with self._connected() as link:
                link.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _PIECE):
                    piece = content[start : start + _PIECE]
                    link.sendall(len(piece).to_bytes(4, "big") + piece)
                link.sendall(bytes(4))
                answer = b"".join(iter(lambda: link.recv(4096), b""))
        except OSError as problem:
            raise ScannerUnavailable(f"clamd {self.address}: {problem}") from problem
        said = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
        if said == "OK":
            return ""
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND")
        raise ScannerUnavailable(f"clamd {self.address}: {said or 'no answer'}")

    def _connected(self) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        if host and port.isdigit():
            return socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
        link = socket.socket(socket.AF_UNIX)
        try:
            link.settimeout(_PATIENCE)
            link.connect(self.address)
        except BaseException:
            link.close()
            raise
        return link
