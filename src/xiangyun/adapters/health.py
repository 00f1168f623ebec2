"""Whether the site lives and can serve, asked on a port of its own: it answers whatever pages do.

`/alive` says that the process group runs. `/ready` says 200 when a visitor could be served, else
503 with what is missing, in both languages. What an operator should look at although visitors are
served, such as an audit that found something, stands under `notices`. `/metrics` has every number
of `operation` in the text format of Prometheus. None needs a page, a session or a thread of the
site.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from xiangyun.kernel.findings import Text

from . import counters, outages, webserver
from .operation import everything, exposition
from .operation.machine import SPARE
from .operation.metrics import CONTENT_TYPE
from .operation.probe import connect, see_all
from .operation.tables import AUDITED, archiving, last_audit

LIMITS = webserver.Limits(threads=2, head=5, whole=5, idle=10, answer=10, connections=200)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that serving needs; `problem` is None while it is there."""

    name: str
    problem: Text | None = None


def checks() -> Iterator[Check]:
    """Everything that `/ready` looks at."""
    yield Check("database", _database())
    yield Check("disk", _disk())


def notices() -> Iterator[Check]:
    """What does not keep visitors from being served, but wants to be looked at."""
    yield Check("audit", _audit())
    yield Check("archive", _archive())


def _database() -> Text | None:
    try:
        with connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as problem:
        return Text(
            "数据库没有应答：{problem}。请查看它的进程和日志。",
            "The database does not answer: {problem}. Look at its process and log.",
            problem=str(problem).rstrip(),
        )
    return None


def _disk() -> Text | None:
    free = outages.free_bytes()
    if free >= SPARE:
        return None
    return Text(
        "磁盘只剩 {free} MB，写入即将失败。请腾出空间。",
        "Only {free} MB of disk are left: writing is about to fail. Make room.",
        free=free // 1048576,
    )


def _archive() -> Text | None:
    """What PostgreSQL cannot archive it keeps, until its disk is full."""
    try:
        with connect() as connection:
            _, failed = archiving(connection)
    except psycopg.Error:
        return None
    if failed is None:
        return None
    return Text(
        "变更归档失败（{piece}），数据库会一直保留它们直到磁盘写满；"
        "请查看备份文件夹的空间和权限，以及数据库日志。",
        "What changes cannot be archived ({piece}), and is kept until the disk is full: "
        "look at the room and the rights of the backup's folder, and at the log of the database.",
        piece=failed,
    )


def _audit() -> Text | None:
    try:
        with connect() as connection:
            see_all(connection)
            last = last_audit(connection)
    except psycopg.Error:
        return None  # told by the check of the database
    if last is None:
        return None
    found, ago = last[0], datetime.now(UTC) - last[1]
    if found:
        return Text(
            "上一次审计发现 {found} 处与日志不符，请运行 xiangyun audit --last 查看。",
            "The last audit found {found} {found|difference|differences} from the journal: "
            "see xiangyun audit --last.",
            found=found,
        )
    if ago > AUDITED:
        return Text(
            "已 {days} 天没有审计，请查看任务进程的日志。",
            "No audit for {days} {days|day|days}: look at the log of the worker.",
            days=ago.days,
        )
    return None


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application of the health port."""
    path = environ.get("PATH_INFO")
    if path == "/alive":
        return _answer(start, "200 OK", {"alive": True})
    if path == "/metrics":
        said = exposition(everything(datetime.now(UTC), connect), counters.gauges())
        return _sent(start, "200 OK", CONTENT_TYPE, said.encode())
    if path != "/ready":
        return _answer(start, "404 Not Found", {"paths": ["/alive", "/ready", "/metrics"]})
    missing = _said(checks())
    answer = {"ready": not missing, "missing": missing, "notices": _said(notices())}
    return _answer(start, "503 Service Unavailable" if missing else "200 OK", answer)


def _said(found: Iterable[Check]) -> dict[str, dict[str, str]]:
    return {c.name: c.problem.to_json() for c in found if c.problem}


def _answer(start: Callable[..., Any], status: str, said: dict[str, Any]) -> list[bytes]:
    body = json.dumps(said, ensure_ascii=False).encode() + b"\n"
    return _sent(start, status, "application/json; charset=utf-8", body)


def _sent(start: Callable[..., Any], status: str, kind: str, body: bytes) -> list[bytes]:
    start(
        status,
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ],
    )
    return [body]


def run(listener: socket.socket) -> None:
    """Answer on the health port until asked to stop."""
    webserver.run(application, listener, LIMITS)
