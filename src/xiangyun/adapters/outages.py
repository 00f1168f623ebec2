"""What is out beneath a request or a command, told from the error that it left.

One value says what pages, the interface and commands answer: what happened, whether anything was
done, and what helps. Faults of our own are none of these.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from xiangyun.kernel.findings import Finding, Text


@dataclass(frozen=True, slots=True)
class Outage:
    """A kind of outage. `wait`: seconds until trying again makes sense."""

    title: Text
    finding: Finding
    wait: int


AWAY = Outage(
    Text("系统正在恢复", "The system is recovering"),
    Finding(
        "api.E503",
        "error",
        Text(
            "数据库刚刚中断，正在恢复；这一步可能已经完成，也可能没有。",
            "The database went away and is recovering; this came through or it did not.",
        ),
        hint=Text(
            "请一秒后原样再做一次：同一步不会办成两次。",
            "Do the same again in a second: nothing is done twice.",
        ),
    ),
    1,
)
SLOW = Outage(
    Text("系统繁忙", "The system is busy"),
    Finding(
        "api.E504",
        "error",
        Text(
            "数据库没有及时应答，这一步没有执行。",
            "The database did not answer in time; nothing of this step was carried out.",
        ),
        hint=Text("请半分钟后再做一次。", "Do it again in half a minute."),
    ),
    30,
)
FULL = Outage(
    Text("服务器磁盘已满", "The disk of the server is full"),
    Finding(
        "api.E507",
        "error",
        Text(
            "服务器磁盘已满，这一步没有执行，也没有保存。",
            "The disk of the server is full: nothing of this step was carried out or saved.",
        ),
        hint=Text(
            "请稍后再做一次，之前保存的内容没有丢失；管理员须先腾出磁盘空间。",
            "Do it again later: what was saved before is safe. The operator must make room first.",
        ),
    ),
    60,
)
STOPPED = Outage(
    FULL.title,
    Finding(
        "api.E507",
        "error",
        Text(
            "服务器磁盘已满，数据库已停止；这一步可能已经完成，也可能没有。",
            "The disk of the server is full and the database stopped; "
            "this came through or it did not.",
        ),
        hint=FULL.finding.hint,
    ),
    FULL.wait,
)

# By SQLSTATE (PostgreSQL manual, appendix A).
_SLOW = {"57014", "55P03", "25P03"}
_FULL = "53100"
_FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT}
_LEAST = 16 << 20
"""Bytes, the size of a piece of PostgreSQL's journal: with less it stops instead of refusing."""


def outage_of(problem: BaseException) -> Outage | None:
    """What was out when this error was raised; None for a fault that is nobody's outage.

    A database that went away because its disk is full is told as the full disk.
    """
    if is_full(problem):
        return FULL
    if any(isinstance(each, psycopg.Error) and each.sqlstate in _SLOW for each in _chain(problem)):
        return SLOW
    if _is_away(problem):
        return STOPPED if free_bytes() < _LEAST else AWAY
    return None


def is_full(problem: BaseException) -> bool:
    """Whether a disk had no room left, or this user none on it: the database's, or one of ours."""
    return any(
        (isinstance(each, OSError) and each.errno in _FULL_ERRNO)
        or (isinstance(each, psycopg.Error) and each.sqlstate == _FULL)
        for each in _chain(problem)
    )


def free_bytes() -> int:
    """Free bytes where this instance lies, or where it is to lie."""
    home = Path(settings.HOME)
    return shutil.disk_usage(next(p for p in (home, *home.parents) if p.exists())).free


def _is_away(problem: BaseException) -> bool:
    """Whether the database went away: what fails on a broken connection fails in many ways."""
    if isinstance(problem, OperationalError | InterfaceError):
        return True
    bare = connection.connection
    return connection.in_atomic_block and (bare is None or bool(bare.closed))


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from, or while handling."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        yield problem
        seen.add(id(problem))
        problem = problem.__cause__ or problem.__context__
