"""A table entered by an official: each row as one of the register's verbs, all of them or none.

What a command loads comes by COPY as the owner of the tables (`loading`). A page works as the
running program, under row-level security, and holds as many rows as a page can answer for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Text
from xiangyun.kernel.record.data import RecordReader, as_json

from . import access, actions, queries
from .declarations import used
from .loading import FROM, TO, NoDay, Refusal, day_of
from .ports import Rows
from .states import State

MOST: Final = 2_000
"""Rows of a table that a page takes."""


@dataclass(slots=True)
class Entered:
    """What became of a table: rows read, recorded and unchanged, and what is wrong by line."""

    rows: int = 0
    recorded: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    kept: bool = False
    """Whether it is recorded now; not where it was tried, or where a row was refused."""


def enter(
    register: str,
    rows: Rows,
    *,
    valid_from: date,
    source: str,
    why: str,
    actor: Actor,
    at: datetime,
    trial: bool,
) -> Entered:
    """Enter the rows of a table, true from a day on; where one is refused, none is kept.

    `why` allows rows to change what is recorded. `trial`: say what it would come to, and keep
    nothing. Raises NotFound `register.E010`, Forbidden `register.E014` for whoever may write
    nowhere in the register, and Refused `register.E031` for more than `MOST` rows.
    """
    target = used(register)
    declared = target.declaration
    if declared is None or not access.may_write_somewhere(target, actor):
        raise Forbidden([access.no_writer(target, actor.name)])
    reader, told = RecordReader(declared, written=rows.written), Entered()
    with transaction.atomic():
        for line, row in rows.rows(0):
            told.rows += 1
            if told.rows > MOST:
                raise Refused([_MANY])
            if isinstance(row, Finding):
                told.refused.append((line, row))
                continue
            cells = dict(row)
            try:
                begins, ends = (
                    None if name in declared.by_name else day_of(cells.pop(name, None), name)
                    for name in (FROM, TO)
                )
            except NoDay as no_day:
                told.refused.append((line, no_day.finding))
                continue
            read = reader.read(cells)
            if read.errors:
                told.refused += [(line, finding) for finding in read.errors]
                continue
            data = as_json(declared, read.values)
            key = target.keyed(str(data[declared.key]))
            place = int(data.get(declared.division) or 0) if declared.division else 0
            with acting_as(SYSTEM):  # who writes need not be who looks
                before = queries.state(target.code, key)
            try:
                # What stands where they may not write is neither compared nor written over.
                access.refuse_writing(target, actor, before.division if before else place)
                if before is not None and _same(before, data):
                    told.unchanged += 1
                    continue
                with transaction.atomic():
                    if before is not None and not why.strip():
                        raise Conflict([_CHANGES])
                    actions.record(
                        register,
                        str(data[declared.key]),
                        data,
                        valid_from=begins or valid_from,
                        valid_to=ends,
                        source=source,
                        at=at,
                        actor=actor,
                        desk=actor.desk_in(place),
                        why=why,
                    )
            except Refused as refused:
                told.refused += [(line, finding) for finding in refused.findings]
            else:
                told.recorded += 1
        told.kept = not trial and not told.refused
        if not told.kept:
            transaction.set_rollback(True)
    return told


def _same(before: State, data: Mapping[str, Any]) -> bool:
    return {k: v for k, v in (before.data or {}).items() if v is not None} == dict(data)


_CHANGES = Finding(
    "register.E032",
    "error",
    Text("已登记了不同的内容。", "Something else is recorded of this key."),
    hint=Text("要改已登记的内容，请写明理由。", "To change what is recorded, say why."),
)
_MANY = Finding(
    "register.E031",
    "error",
    Text("超过 {most} 行。", "There are more than {most} rows.", most=MOST),
    hint=Text(
        "请分成几个文件，或请运维人员用 xiangyun register load 导入。",
        "Divide the file, or let the operator load it by xiangyun register load.",
    ),
)
