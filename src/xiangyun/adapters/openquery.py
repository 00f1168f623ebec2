"""Queries over open tables, in a process of their own that is killed when it gives no answer.

All that is done with open tables while people wait is done there, so that no other process loads
the database: neither its forty megabytes nor what strangers do to it.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from threading import BoundedSemaphore
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from uuid import uuid4

from xiangyun.kernel.findings import Conflict, Finding, Refused, Text

from .openfiles import folder, local

if TYPE_CHECKING:
    from xiangyun.kernel.projection.filters import Asked

WORKER: Final = Path(__file__).with_name("openworker.py")
"""The program of those processes; it is started, and never imported here."""
SECONDS: Final = 5.0
COPYING: Final = 600.0
"""Seconds that a whole table may take."""
MEMORY: Final = "512MB"
_GRACE: Final = 2.0
_PIECE: Final = 1 << 16
_AT_ONCE: Final = 2
"""Processes of this one: each query has one to itself while it runs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns with their types, rows, and whether there are more."""

    columns: tuple[tuple[str, str], ...]
    rows: list[list[Any]]
    more: bool


def ask(asked: Asked, tables: Mapping[str, str], *, most: int, seconds: float = SECONDS) -> Answer:
    """The rows of a query over tables, each by the digest of its file.

    Raises Refused `open.E010` where it takes too long, `open.E011` where it needs too much memory,
    `open.E012` with DuckDB's words, and Conflict `open.E013` where no process is free.
    """
    files = {name: str(local(tables[name])) for name in asked.tables}
    request = {
        "tables": files,
        "sql": asked.sql,
        "parameters": list(asked.parameters),
        "most": most,
        "seconds": seconds,
    }
    told = _told(request, seconds)
    columns = tuple((str(name), str(type_)) for name, type_ in told["columns"])
    return Answer(columns, told["rows"], bool(told["more"]))


def copied(table: Path, out: BinaryIO, *, seconds: float = COPYING) -> None:
    """A whole table, which lies in the folder of open ones, as CSV with a head. Raises as `ask`."""
    asked = {"tables": {"t": str(table)}, "sql": "SELECT * FROM t", "parameters": [], "most": 0}
    with _pipe() as (name, end):
        _told({**asked, "seconds": seconds, "into": str(name)}, seconds, (end, out))


def _told(
    request: Mapping[str, Any], seconds: float, taken: tuple[int, BinaryIO] | None = None
) -> dict[str, Any]:
    if not _FREE.acquire(timeout=min(seconds, SECONDS)):
        raise Conflict([_BUSY])
    try:
        found = _asked(request, seconds, taken)
    finally:
        _FREE.release()
    if "problem" in found:
        raise Refused([_problem(str(found["problem"]), str(found["words"]), seconds)])
    return found


def _asked(
    request: Mapping[str, Any], seconds: float, taken: tuple[int, BinaryIO] | None
) -> dict[str, Any]:
    try:
        process = _IDLE.get_nowait()
    except Empty:
        process = _started()
    found = _said(process, request, seconds, taken)
    if found is None and process.poll() is not None:  # it died in its sleep: once more
        process = _started()
        found = _said(process, request, seconds, taken)
    if found is None:
        process.kill()
        process.wait()
        return {"problem": "time", "words": ""}
    _IDLE.put(process)
    return found


def _said(
    process: subprocess.Popen[bytes],
    request: Mapping[str, Any],
    seconds: float,
    taken: tuple[int, BinaryIO] | None,
) -> dict[str, Any] | None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
    except OSError:
        process.wait()
        return None
    until = monotonic() + seconds + _GRACE
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        if taken is not None:
            waiting.register(taken[0], selectors.EVENT_READ, taken[1])
        while True:  # the pipe to its end, then the answer
            ready = [key for key, _ in waiting.select(max(until - monotonic(), 0))]
            if not ready:
                return None
            piped = next((key for key in ready if key.data is not None), None)
            if piped is None:
                break
            if piece := os.read(piped.fd, _PIECE):
                piped.data.write(piece)
            else:
                waiting.unregister(piped.fd)
    line = process.stdout.readline()
    if not line:
        process.wait()
        return None
    found: dict[str, Any] = json.loads(line)
    return found


@contextmanager
def _pipe() -> Iterator[tuple[Path, int]]:
    """A pipe by a name, and its end to read: all that a process that may write no file writes."""
    name = folder() / f".{uuid4().hex}.pipe"
    os.mkfifo(name, 0o600)
    try:
        end = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
        try:
            yield name, end
        finally:
            os.close(end)
    finally:
        name.unlink()


def _started() -> subprocess.Popen[bytes]:
    within = str(folder())
    command: Sequence[str] = (sys.executable, "-I", str(WORKER), within, MEMORY)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "", "HOME": within, "TZ": "UTC"},
        close_fds=True,
    )
    _ALL.append(process)
    return process


_IDLE: LifoQueue[subprocess.Popen[bytes]] = LifoQueue()
_ALL: list[subprocess.Popen[bytes]] = []
_FREE = BoundedSemaphore(_AT_ONCE)


@atexit.register
def stop() -> None:
    """End the processes that were started; the next question starts another."""
    with suppress(Empty):
        while True:
            _IDLE.get_nowait()
    while _ALL:
        process = _ALL.pop()
        if process.poll() is None:
            process.kill()
            process.wait()


def _problem(kind: str, said: str, seconds: float) -> Finding:
    if kind == "time":
        return Finding(
            "open.E010",
            "error",
            Text("查询超过 {seconds} 秒，已停止。", "The query took over {seconds} seconds.",
                 seconds=int(seconds)),
            None,
            Text("请加条件，或者下载全部数据。", "Ask for less, or download the whole table."),
        )  # fmt: skip
    if kind == "memory":
        return Finding(
            "open.E011",
            "error",
            Text("查询占用的内存太多。", "The query needs too much memory."),
            None,
            Text("请加条件，或者下载全部数据。", "Ask for less, or download the whole table."),
        )
    return Finding(
        "open.E012",
        "error",
        Text("查询没有执行：{why}", "The query was not run: {why}", why=said),
    )


_BUSY = Finding(
    "open.E013",
    "error",
    Text("正在执行的查询太多。", "Too many queries run already."),
    None,
    Text("请稍后再试。", "Try again in a moment."),
)
