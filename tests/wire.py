"""A wire between two servers on which messages are lost, doubled, delayed, altered, overtaken."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_TIMEOUT = 30


@dataclass
class Sent:
    """A request as it went over the wire: to be sent once more, later."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Wire:
    """Hands requests on to a port. `fault` is what happens to the next `times` of them:

    cut         nobody answers
    unanswered  handed on, and the answer is lost
    twice       handed on twice
    altered     a byte of the body is another
    late        held back, and handed on once the next one is through
    """

    to: int
    fault: str = ""
    times: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    held: list[Sent] = field(default_factory=list)
    seen: list[Sent] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def break_with(self, fault: str, times: int = 1) -> None:
        """Let a fault happen to the next requests."""
        with self._lock:
            self.fault, self.times = fault, times

    def _next(self) -> str:
        with self._lock:
            if self.times <= 0:
                return ""
            self.times -= 1
            self.done[self.fault] += 1
            return self.fault

    def carry(self, sent: Sent) -> tuple[int, dict[str, str], bytes] | None:
        """What the server answers; None where it does not."""
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.to, timeout=_TIMEOUT)
            connection.request("POST", sent.path, sent.body, sent.headers)
            answer = connection.getresponse()
            found = answer.status, dict(answer.getheaders()), answer.read()
            connection.close()
            if answer.status >= 400:
                self.refused[answer.status] += 1
            return found
        return None

    def pass_on(self, sent: Sent) -> tuple[int, dict[str, str], bytes] | None:
        """Hand a request on, with whatever happens to it."""
        fault = self._next()
        self.seen = [*self.seen[-20:], sent]
        if fault == "cut":
            return None
        if fault == "late":
            with self._lock:
                self.held.append(sent)
            return None
        if fault == "altered":
            other = sent.body.replace(b"{", b"{ ", 1)
            headers = {**sent.headers, "Content-Length": str(len(other))}
            return self.carry(Sent(sent.path, headers, other))
        answer = self.carry(sent)
        if fault == "twice":
            answer = self.carry(sent)
        with self._lock:
            held, self.held = self.held, []
        for each in held:  # what was held back is overtaken
            self.carry(each)
        return None if fault == "unanswered" else answer

    def open(self) -> ThreadingHTTPServer:
        """Listen on a free port, in a thread; `port` says on which."""
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = wire.pass_on(Sent(self.path, dict(self.headers.items()), body))
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, content = answer
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server
