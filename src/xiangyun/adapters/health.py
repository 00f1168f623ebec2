"""Whether the site lives and can serve, asked on a port of its own: it answers whatever pages do.

`/alive` says that the process group runs. `/ready` says 200 when a visitor could be served, else
503 with what is missing, in both languages. Neither needs a page, a session or a thread of the
site.
"""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from xiangyun.kernel.findings import Text

from . import webserver

LIMITS = webserver.Limits(threads=2, head=5, whole=5, idle=10, answer=10, connections=200)
_PATIENCE = 2
"""Seconds that the database may take to answer."""
_ADDRESS = ("dbname", "user", "password", "host", "port")
_SPARE = 256 * 1024 * 1024
"""Bytes without which PostgreSQL soon cannot write any more."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that serving needs; `problem` is None while it is there."""

    name: str
    problem: Text | None = None


def checks() -> Iterator[Check]:
    """Everything that `/ready` looks at."""
    yield Check("database", _database())
    yield Check("disk", _disk(Path(settings.HOME)))


def _database() -> Text | None:
    given: dict[str, Any] = dict(connections["default"].get_connection_params())
    given = {name: given[name] for name in _ADDRESS if name in given}
    given |= {"connect_timeout": _PATIENCE, "application_name": settings.PROCESS}
    given["options"] = f"-c statement_timeout={_PATIENCE}s"
    try:
        with psycopg.connect(**given) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as problem:
        return Text(
            "数据库没有应答：{problem}。请查看它的进程和日志。",
            "The database does not answer: {problem}. Look at its process and log.",
            problem=str(problem).rstrip(),
        )
    return None


def _disk(home: Path) -> Text | None:
    free = shutil.disk_usage(home).free
    if free >= _SPARE:
        return None
    return Text(
        "磁盘只剩 {free} MB，写入即将失败。请腾出空间。",
        "Only {free} MB of disk are left: writing is about to fail. Make room.",
        free=free // 1048576,
    )


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application of the health port."""
    path = environ.get("PATH_INFO")
    if path == "/alive":
        return _answer(start, "200 OK", {"alive": True})
    if path != "/ready":
        return _answer(start, "404 Not Found", {"paths": ["/alive", "/ready"]})
    found = list(checks())
    missing = {check.name: _both(check.problem) for check in found if check.problem}
    status = "503 Service Unavailable" if missing else "200 OK"
    return _answer(start, status, {"ready": not missing, "missing": missing})


def _both(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _answer(start: Callable[..., Any], status: str, said: dict[str, Any]) -> list[bytes]:
    body = json.dumps(said, ensure_ascii=False).encode() + b"\n"
    start(
        status,
        [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ],
    )
    return [body]


def run(listener: socket.socket) -> None:
    """Answer on the health port until asked to stop."""
    webserver.run(application, listener, LIMITS)
