"""Queries over open tables, in a process of their own that is killed when it gives no answer."""

from __future__ import annotations

import atexit
import json
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from threading import BoundedSemaphore
from typing import Any, Final

from django.conf import settings

from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.projection.filters import Asked

from .opentables import local

WORKER: Final = Path(__file__).with_name("openworker.py")
"""The program of those processes; it is started, and never imported here."""
SECONDS: Final = 5.0
MEMORY: Final = "512MB"
_GRACE: Final = 2.0
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
    if not _FREE.acquire(timeout=seconds):
        raise Conflict([_BUSY])
    try:
        told = _told(request, seconds)
    finally:
        _FREE.release()
    if "problem" in told:
        raise Refused([_problem(str(told["problem"]), str(told["words"]))])
    columns = tuple((str(name), str(type_)) for name, type_ in told["columns"])
    return Answer(columns, told["rows"], bool(told["more"]))


def _told(request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    try:
        process = _IDLE.get_nowait()
    except Empty:
        process = _started()
    found = _said(process, request, seconds)
    if found is None and process.poll() is not None:  # it died in its sleep: once more
        process = _started()
        found = _said(process, request, seconds)
    if found is None:
        process.kill()
        process.wait()
        return {"problem": "time", "words": ""}
    _IDLE.put(process)
    return found


def _said(
    process: subprocess.Popen[bytes], request: Mapping[str, Any], seconds: float
) -> dict[str, Any] | None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
    except OSError:
        process.wait()
        return None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        if not waiting.select(seconds + _GRACE):
            return None
    line = process.stdout.readline()
    if not line:
        process.wait()
        return None
    found: dict[str, Any] = json.loads(line)
    return found


def _started() -> subprocess.Popen[bytes]:
    folder = Path(settings.HOME) / "open"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command: Sequence[str] = (sys.executable, "-I", str(WORKER), str(folder), MEMORY)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "", "HOME": str(folder), "TZ": "UTC"},
        close_fds=True,
    )
    _ALL.append(process)
    return process


_IDLE: LifoQueue[subprocess.Popen[bytes]] = LifoQueue()
_ALL: list[subprocess.Popen[bytes]] = []
_FREE = BoundedSemaphore(_AT_ONCE)


@atexit.register
def stop() -> None:
    """End the processes that were started."""
    for process in _ALL:
        if process.poll() is None:
            process.kill()
            process.wait()


def _problem(kind: str, said: str) -> Finding:
    if kind == "time":
        return Finding(
            "open.E010",
            "error",
            Text("查询超过 {seconds} 秒，已停止。", "The query took over {seconds} seconds.",
                 seconds=int(SECONDS)),
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
