"""A case is read in one statement and written in one, with an optimistic lock between the two.

A step reads a case with its revision, works out in memory what follows, and writes all of it at
once. If somebody else changed the case meanwhile nothing is written and `StaleRevision` is raised:
the verb then begins anew on what it finds. The two statements are functions of the database
(migrations/sql/case_store_8.sql) that run as the owner and look for themselves, by the one rule
that row-level security asks too (`xiangyun_sees_row`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState
from pydantic_core import from_json, to_json

from xiangyun.domain.accounts.access import Actor, acting_as, rls_settings
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.service.secrecy import SEALED

from . import sealing
from .models import Case, Kind
from .prepared import Prepared

_LOAD = Prepared("xiangyun_load_4", "SELECT xiangyun_case_load_4(%s, %s)")
_STEP = Prepared(
    "xiangyun_step_8", "SELECT xiangyun_case_step_8(%s, %s, %s, %s, %s, %s, %s, %s, %s)::text"
)
# What a step may change of a case row, besides its state, its variables and its revision.
_MUTABLE_COLUMNS = (
    "version_id",
    "subject",
    "parts",
    "awaiting",
    "passed",
    "outcome",
    "pauses",
    "clocks",
    "clock_from",
    "clock_stopped",
    "due_on",
    "statutory_on",
    "ended_at",
)
_mutable_values = attrgetter(*_MUTABLE_COLUMNS)
_uuid = lru_cache(maxsize=4096)(UUID)  # most stand in many cases
_READERS: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.UUIDField: _uuid,
    models.ForeignKey: _uuid,
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
}
_COLUMNS = [field.attname for field in Case._meta.concrete_fields]
_READ = [
    (field.attname, _READERS[type(field)])
    for field in Case._meta.concrete_fields
    if type(field) in _READERS
]
"""From what JSON has for a column to what the model has, where that is something else."""
Row = dict[str, Any]


class StaleRevision(Exception):
    """The optimistic lock: the case has another revision than was read; nothing was written."""


class OpenWorkItem(NamedTuple):
    """A user task that waits, as far as a step needs to know it."""

    token: str
    element: str
    groups: list[str]
    headers: dict[str, str]
    kind: str = Kind.TASK.value


@dataclass(slots=True)
class Loaded:
    """A case as it stands, with its open tasks and who did which element before."""

    case: Case
    work_items: dict[str, OpenWorkItem] = field(default_factory=dict)
    completed_by: list[tuple[str, UUID]] = field(default_factory=list)
    edition: UUID | None = None
    """The calendar that stands."""
    row_snapshot: bytes = b""
    """What a step may change of the row, as it was read."""


@dataclass(slots=True)
class Writes:
    """What a step has to write: rows as JSON objects, by the names that the function knows.

    `variables` are the changed root variables as stored JSON; `reopened` are tokens of opened tasks
    that may have been open before; `due` are the deadlines, by stage, that open tasks without one
    of their own now have; `escalated`: tasks told to a supervisor; `terms`: keyed hashes
    by which a sealed case is found from now on.
    """

    variables: Row = field(default_factory=dict)
    closed: list[Row] = field(default_factory=list)
    opened: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    # What only some steps write.
    reopened: list[str] = field(default_factory=list)
    relabelled: list[Row] = field(default_factory=list)
    due: list[Row] = field(default_factory=list)
    escalated: list[Row] = field(default_factory=list)
    answers: Row = field(default_factory=dict)
    asked: list[Row] = field(default_factory=list)
    timers: dict[str, Row] = field(default_factory=dict)
    stopped: dict[str, Row] = field(default_factory=dict)
    calls: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)

    def more(self) -> Row:
        """What only some steps write, by name, as far as there is any."""
        given: Row = {}
        tasks = (*self.opened, *self.relabelled)
        if role_sets := [row for row in tasks if len(row["groups"]) > 1]:
            given["role_sets"] = role_sets  # so that no verb can forget it; see queries/lanes.py
        for name in _MORE:
            if rows := getattr(self, name):
                given[name] = list(rows.values()) if name in _BY_TOKEN else rows
        return given


_BY_TOKEN = {"timers", "stopped"}
_MORE = Writes.__slots__[Writes.__slots__.index("reopened") :]


def load(actor: Actor, case_id: UUID) -> Loaded:
    """The case, if this actor may see it; otherwise `Case.DoesNotExist`, as for `case_for`."""
    row = _LOAD.row(str(case_id), rls_settings(actor))
    if row is None or row[0] is None:
        raise Case.DoesNotExist
    found, tasks, edition = from_json(row[0])
    if found["need"] == SEALED:
        sealing.open_loaded(found, tasks or ())
    case = _case_of(found)
    loaded = Loaded(
        case, edition=_uuid(edition) if edition else None, row_snapshot=_row_snapshot(case)
    )
    for token, kind, element, groups, headers, is_open, by in tasks or ():
        if is_open:
            loaded.work_items[token] = OpenWorkItem(token, element, groups, headers, kind)
        if by is not None:
            loaded.completed_by.append((element, _uuid(by)))
    return loaded


def _case_of(row: Row) -> Case:
    """The case of a row as JSON has it, which becomes the case's own.

    What Django would do column by column is done at once: a step reads a whole case each time.
    """
    for name, read in _READ:
        if (value := row[name]) is not None:
            row[name] = read(value)
    case = Case.__new__(Case)
    case.__dict__ = row
    case._state = ModelState()
    case._state.adding, case._state.db = False, "default"
    return case


def keep(actor: Actor, case: Case, writes: Writes, before: bytes = b"") -> bytes:
    """Write a step of a case, new or loaded, in one statement: a transaction where none is open.

    `before` is what the row had in its mutable columns (`Loaded.row_snapshot`); what it has now
    is returned.
    Raises `StaleRevision` when the case is no longer as it was loaded.
    """
    new = case._state.adding
    now = _row_snapshot(case)
    more = writes.more()
    if new:
        more["case"] = {name: getattr(case, name) for name in _COLUMNS} | {"revision": 1}
    elif now != before:
        more["case"] = dict(zip(_MUTABLE_COLUMNS, _mutable_values(case), strict=True))
    told = (case.state, writes.variables, writes.closed, writes.opened, more)
    if case.need == SEALED:
        told = _sealed(case, *told)
    state, variables, closed, opened, more = told
    kept = _STEP.row(
        str(case.pk),
        None if new else str(case.revision),
        rls_settings(actor),
        state,
        _json(variables),
        _json(closed),
        _json(opened),
        _json(writes.entries),
        _json(more),
    )
    if kept == (None,):
        raise Forbidden([OWN_MATTER])
    if kept != ("true",):
        raise StaleRevision
    case.revision += 1
    if new:
        case._state.adding, case._state.db = False, "default"
    return now


def _sealed(
    case: Case, state: str | None, variables: Row, closed: list[Row], opened: list[Row], more: Row
) -> tuple[str | None, Row, list[Row], list[Row], Row]:
    """The same, with what is sensitive encrypted."""
    of = sealing.Sealing(case)
    return (
        of.state(state),
        of.variables(variables),
        of.closed(closed),
        of.opened(opened),
        of.more(more),
    )


def is_own_matter(actor: Actor, case_id: UUID) -> bool:
    """Whether the actor applied or filed, with this account or another one of the same person."""
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_in_own_matter(%s)", [case_id])
        found: tuple[bool] = cursor.fetchone()
        return found[0]


BEGINNINGS = ("case.submitted", "case.opened")
"""The verbs with which cases begin: applied for, or opened by something else."""
MOVED = "case.moved"
"""The verb of a step that moved the process and had nothing else to say; no history shows it."""
STANDING = "stands"
"""Where an entry's private part says where its step left the case."""


def standing_after(case: Case) -> dict[str, Any]:
    """Where the step that is about to be kept leaves the case, for the journal."""
    revision = 1 if case._state.adding else case.revision + 1
    return {"revision": revision, "sha256": digest_of(case)}


def digest_of(case: Case) -> str:
    """The SHA-256, in hex, of where a process stands: tokens, called processes, waits, variables.

    One spelling, whatever order PostgreSQL gives keys back in. Stored values hold no binary floats.
    """
    text = _spelled((case.state, case.parts, case.awaiting, case.variables))
    return sha256(text.encode()).hexdigest()


_spelled = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


OWN_MATTER = Finding(
    "case.E023",
    "error",
    Text(
        "这是您本人申请或代为提交的办件，您不能作为工作人员办理。",
        "You applied in this case or filed it: you do no official task in it.",
    ),
    hint=Text("请交由另一位有相应职责的人员办理。", "Leave it to a colleague who holds the role."),
)


def _json(rows: Row | list[Row]) -> str | None:
    """What is to be written as JSON, or None where it is nothing."""
    return to_json(rows, fallback=dict).decode() if rows else None


def _row_snapshot(case: Case) -> bytes:
    return to_json(_mutable_values(case), fallback=dict)
