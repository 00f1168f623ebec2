"""The web server: waitress, one process of several threads, with limits on whoever is slow.

A request reaches a thread only when all of it has come: heads and bodies are read by one loop for
all connections, so that a client that sends a byte a minute costs a descriptor and no thread. What
waitress leaves open is closed here: a request that never ends, and a site that cannot answer.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error

from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import COMPLETE

_BELIEVED = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
_log = logging.getLogger(__name__)
_ON_ITS_WAY = 2.0
"""Seconds that a server which is leaving waits for the first byte of a new connection."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process allows; times in seconds, sizes in bytes.

    `head` and `whole`: from the first byte of a request until its head, or all of it, has come.
    `idle`: between two requests of a connection, and for whoever does not fetch an answer.
    `answer`: when every thread has worked longer than this at what it does, the site says so.
    `leaving`: a server that is asked to stop waits so long for what it has begun.
    """

    threads: int = 8
    head: float = 10
    whole: float = 120
    idle: float = 60
    answer: float = 20
    leaving: float = 12
    connections: int = 2000
    waiting: int = 256
    head_size: int = 32 * 1024
    body_size: int = 64 * 1024 * 1024


class _Said(Error):  # type: ignore[misc]
    """An answer of the server itself, before any page could be asked."""

    def __init__(self, code: int, reason: str, body: str) -> None:
        super().__init__(body)
        self.code, self.reason = code, reason

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and body; the connection ends after it."""
        body = f"{self.body}\n".encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        if self.code == 503:
            headers.append(("Retry-After", "5"))
        return f"{self.code} {self.reason}", headers, body


_WORDS = {
    400: (
        "Bad Request",
        Text(
            "请求不符合 HTTP 的格式，没有处理。",
            "The request is not well-formed HTTP; nothing was done.",
        ),
    ),
    413: (
        "Content Too Large",
        Text(
            "一次发送的内容太大，请分次或压缩后再传。您已保存的内容没有丢失。",
            "Too much at once: send it in parts or compress it. Nothing saved is lost.",
        ),
    ),
    431: (
        "Request Header Fields Too Large",
        Text("请求头太大，没有处理。", "The head of the request is too large; nothing was done."),
    ),
    503: (
        "Service Unavailable",
        Text(
            "系统繁忙，暂时无法处理，请稍后再试。您已提交的内容没有丢失。",
            "The site is too busy to answer: try again in a moment. Nothing sent before is lost.",
        ),
    ),
}
_OTHER = (
    "Bad Request",
    Text("服务器无法处理这个请求。", "The server cannot handle this request."),
)


def _said(code: int) -> _Said:
    """Before the request is read nobody knows its reader: a line in each complete language."""
    reason, text = _WORDS.get(code, _OTHER)
    return _Said(code, reason, "\n".join(text.pick(each) for each in COMPLETE.values()))


class _Answered(ErrorTask):  # type: ignore[misc]
    """What waitress itself has to say, in our words."""

    def execute(self) -> None:
        """Called by waitress."""
        if not isinstance(self.request.error, _Said):
            self.request.error = _said(self.request.error.code)
        super().execute()


class _Page(WSGITask):  # type: ignore[misc]
    """A page, after which a server that is leaving closes the connection, and says so."""

    def build_response_header(self) -> bytes:
        """Called by waitress when the head of the answer is to be sent."""
        if self.channel.server.leaving_since is not None:
            self.request.headers["CONNECTION"] = "close"
        head: bytes = super().build_response_header()
        return head


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, which knows since when the request that is coming has been coming."""

    error_task_class = _Answered
    task_class = _Page
    limits = Limits()
    begun: float | None = None
    is_used = False

    def received(self, data: bytes) -> bool:
        """Called by waitress with what has come."""
        self.is_used = True
        if self.begun is None:
            self.begun = time.time()
        taken: bool = super().received(data)
        if self.request is None:
            self.begun = None
        return taken

    def is_overdue(self, now: float) -> bool:
        """Whether the client has had its time."""
        if self.requests:
            return False  # it waits for us
        coming, begun = self.request, self.begun
        if coming is not None and begun is not None:
            allowed = self.limits.whole if coming.headers_finished else self.limits.head
            return now - begun > allowed
        return bool(now - self.last_activity > self.limits.idle)

    def is_done_with(self) -> bool:
        """Whether nothing of a request has come that is not answered, nor lies here unread."""
        if self.requests or self.request is not None or self.total_outbufs_len:
            return False
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except OSError:  # nothing has come, or nobody is there any more
            return True


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Hands requests to threads; where none will come free in time, says so at once."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.began: dict[int, float] = {}
        """What is being answered, by the id of its connection, and since when."""
        self._refusing = ThreadedTaskDispatcher()
        self._refusing.set_thread_count(1)
        self.set_thread_count(limits.threads)

    def add_task(self, task: Channel) -> None:
        """Called by waitress with a connection whose request has come."""
        if self.is_overwhelmed(time.time()):
            task.requests[0].error = _said(503)
            self._refusing.add_task(task)
        else:
            super().add_task(_Timed(self, task))

    def is_overwhelmed(self, now: float) -> bool:
        """Whether too many wait, or all threads are stuck, as when the database is frozen."""
        if len(self.queue) >= self.limits.waiting:
            return True
        stuck = [begun for begun in self.began.values() if now - begun > self.limits.answer]
        return len(stuck) >= self.limits.threads


class _Timed:
    """A connection in the queue, whose answer is timed from the moment a thread takes it."""

    def __init__(self, dispatcher: _Dispatcher, channel: Channel) -> None:
        self._dispatcher, self._channel = dispatcher, channel

    def service(self) -> None:
        """Called by a thread of waitress."""
        began = self._dispatcher.began
        began[id(self)] = time.time()
        try:
            self._channel.service()
        finally:
            began.pop(id(self), None)

    def cancel(self) -> None:
        """Called by waitress when it ends."""
        self._channel.cancel()


class Server(TcpWSGIServer):  # type: ignore[misc]
    """waitress on a socket that several processes share, with our limits."""

    def __init__(
        self,
        application: Callable[..., Any],
        listener: socket.socket,
        limits: Limits,
        proxy: str = "",
    ) -> None:
        """`proxy`: the address whose word counts about who asks and by which scheme."""
        believed = {"trusted_proxy_headers": _BELIEVED, "trusted_proxy_count": 1} if proxy else {}
        self.limits = limits
        self.leaving_since: float | None = None
        self._accepts = True
        self.channel_class = type("LimitedChannel", (Channel,), {"limits": limits})
        adjustments = Adjustments(
            sockets=[listener],
            threads=limits.threads,
            connection_limit=limits.connections,
            cleanup_interval=1,
            max_request_header_size=limits.head_size,
            max_request_body_size=limits.body_size,
            asyncore_use_poll=True,  # select() ends at 1,024 descriptors
            log_socket_errors=False,
            ident="",
            backlog=2048,
            trusted_proxy=proxy,
            **believed,
        )
        info = (listener.family, listener.type, listener.proto, listener.getsockname())
        dispatcher = _Dispatcher(limits)
        super().__init__(
            application,
            {},
            True,
            listener,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=info,
            bind_socket=False,
        )

    def run(self) -> None:
        """Answer until the last connection has had its answer after `leave`."""
        try:
            while not self._is_gone(time.time()):
                wait = 1.0 if self._accepts else 0.05
                wasyncore.loop(timeout=wait, map=self._map, use_poll=True, count=1)
        except (SystemExit, KeyboardInterrupt):
            pass
        self.task_dispatcher.shutdown()

    def leave(self) -> None:
        """Take no more connections and end; what has come is answered first. For any thread.

        The socket stays open for the other processes: whoever comes now waits there, or is theirs.
        """
        self.leaving_since = time.time()
        self.pull_trigger()

    def _is_gone(self, now: float) -> bool:
        """Whether all is answered that came before `leave`, or the time for that is over."""
        if self.leaving_since is None:
            return False
        if self._accepts:
            self._accepts = False
            self.del_channel(self._map)
        since = now - self.leaving_since
        for channel in list(self.active_channels.values()):
            # Whoever has just connected has a request on its way.
            if (channel.is_used or since > _ON_ITS_WAY) and channel.is_done_with():
                channel.will_close = True
        return not self.active_channels or since > self.limits.leaving

    def maintenance(self, now: float) -> None:
        """Called by waitress each second: whoever has had its time is shown out."""
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.will_close = True

    @property
    def free_threads(self) -> int:
        """How many threads have nothing to do."""
        return self.limits.threads - len(self.task_dispatcher.began)


def run(
    application: Callable[..., Any], listener: socket.socket, limits: Limits, proxy: str = ""
) -> None:
    """Answer requests until asked to stop by SIGTERM; what is being answered is finished first."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no fault
    _allow_descriptors(limits.connections + 256)
    server = Server(application, listener, limits, proxy)

    def stop(number: int, frame: FrameType | None) -> None:
        server.leave()

    signal.signal(signal.SIGTERM, stop)
    server.run()


def _allow_descriptors(wanted: int) -> None:
    """Each connection is a descriptor; where the system allows fewer, the log says so."""
    import resource  # noqa: PLC0415 — not there on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        _log.warning(
            Text(
                "系统只允许打开 {allowed} 个文件，少于所需的 {wanted} 个。",
                "Only {allowed} {allowed|file|files} may be open, {wanted} are wanted.",
                allowed=allowed,
                wanted=wanted,
            )
        )
