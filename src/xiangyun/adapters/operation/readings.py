"""Everything that is looked at, part by part; one that fails says so and keeps no other away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import psycopg

from xiangyun.kernel.findings import Text

from . import machine, tables
from .probe import connect, see_all
from .values import Gauge, Mood, Reading

Connect = Callable[[], AbstractContextManager[Any]]
_RANK: tuple[Mood, ...] = ("good", "look", "bad")


def everything(now: datetime, connecting: Connect | None = None) -> list[Reading]:
    """All readings at a moment. Where the database does not answer, that is one of them."""
    found = list(_of_database(now, connecting or connect))
    for look in machine.LOOKS:
        try:
            found += look(now)
        except Exception as problem:
            found.append(_failed(f"{look.__module__}.{look.__name__}", problem))
    return found


def worst(readings: Iterable[Reading]) -> Mood:
    """How the instance is altogether."""
    return max((each.mood for each in readings), key=_RANK.index, default="good")


def _of_database(now: datetime, connecting: Connect) -> Iterator[Reading]:
    try:
        with connecting() as connection:
            see_all(connection)
            yield Reading(
                "database.answers",
                "database",
                Text("应答", "Answers"),
                Text("是", "yes"),
                gauges=(Gauge("database_up", 1),),
            )
            for look in tables.LOOKS:
                try:
                    yield from look(connection, now)
                except psycopg.errors.DatabaseError as problem:
                    yield _failed(look.__name__, problem)
                    return  # its transaction is over
    except psycopg.Error as problem:
        yield Reading(
            "database.answers",
            "database",
            Text("应答", "Answers"),
            Text("没有应答：{problem}", "no answer: {problem}", problem=str(problem).rstrip()),
            "bad",
            Text("请查看数据库的进程和日志。", "Look at the process and the log of the database."),
            (Gauge("database_up", 0),),
        )


def _failed(what: str, problem: Exception) -> Reading:
    return Reading(
        f"looking.{what.rpartition('.')[2]}",
        "settings",
        Text("检查 {what}", "Looking at {what}", what=what.rpartition(".")[2]),
        Text("无法检查：{problem}", "could not be looked at: {problem}", problem=str(problem)),
        "bad",
        Text(
            "请先处理上面所说的原因，再运行 xiangyun doctor。",
            "Mend what is named here, then run xiangyun doctor again.",
        ),
    )
