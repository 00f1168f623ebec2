"""A running case moves to another version of its service: checked, whole, and written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.queries import ServiceVersion
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.bpmn import Process, TaskOpened
from xiangyun.kernel.bpmn.migration import check_migration, migrate
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.pack import Pack, competent
from xiangyun.kernel.pack.instances import Part, ProcessInstances
from xiangyun.kernel.pack.taskforms import TASKS

from . import access, actions, checks, opening, store
from .handlers import CaseStep, processes
from .handlers.answers import ANSWERS
from .models import Case

SUPERVISOR = "supervisor"


def migrate_case(case_id: UUID, to_version: int, *, actor: Actor, at: datetime) -> Case:
    """Move a case to another version of its service, in one transaction with its journal entry.

    Open tasks keep their ids and are worded and assigned anew; deadlines of the process that run
    keep their day, new ones count from now; the time limits are those of the new version, from
    the day on which the case's clock began. The answers, the decisions and the letters stay as
    they are; the figures become those of the new version on the day of filing.

    Raises `Refused` with everything that keeps the case from moving, and then nothing is changed.
    """

    def step(step: CaseStep) -> None:
        case = step.case
        move = _move(step, to_version)
        before = case.version.number
        found = _in_the_way(move, step)
        if found:
            raise Conflict(found)
        case.version = move.version
        for part, process in move.processes(step.pack):
            _move_part(step, move.parts, part, process)
        processes.put_into_row(step, move.parts)
        step.retime(step.time.renewed(step.pack.service, step.context))
        step.moved = True  # the same days may be of another unit
        step.record("case.migrated", {"from": before, "to": to_version})
        step.keep()

    return actions.stepping(case_id, step, actor=actor, at=at)


def running(service: str, number: int) -> list[str]:
    """The numbers of the cases that run by this version of a service, the oldest first."""
    found = Case.objects.filter(version__code=service, version__number=number, ended_at=None)
    return list(found.order_by("submitted_at", "number").values_list("number", flat=True))


def problems(case_id: UUID, to_version: int, *, actor: Actor, at: datetime) -> list[Finding]:
    """Everything that would keep the case from moving; nothing is changed."""
    step = actions.resume(store.load(actor, case_id), actor, at)
    try:
        move = _move(step, to_version)
    except Refused as refused:
        return refused.findings
    return _in_the_way(move, step)


@dataclass(frozen=True, slots=True)
class _Move:
    """What a move is about; the course has the new version's pack, questions and figures then.

    `parts`: the processes of the case, in the drawings of the old version.
    """

    version: ServiceVersion
    parts: ProcessInstances

    def processes(self, new: Pack) -> Iterator[tuple[Part, Process]]:
        """Each process under way with its new drawing; where that is gone, so is the call of it.

        The call is then what keeps the case from moving, and said of the process that calls.
        """
        for part in self.parts.by_number.values():
            drawn = new.called.get(part.process.id) if part.caller else new.process
            if drawn is not None:
                yield part, drawn


def _in_the_way(move: _Move, step: CaseStep) -> list[Finding]:
    """Everything that keeps the processes of the case from moving, without doing anything."""
    found: list[Finding] = []
    for part, process in move.processes(step.pack):
        assert part.state is not None  # what is kept has begun
        seen = move.parts.context(part)
        found += check_migration(part.process, process, part.state, seen)
    return list(dict.fromkeys(found))


def _move_part(step: CaseStep, parts: ProcessInstances, part: Part, process: Process) -> None:
    assert part.state is not None
    moved = migrate(part.process, process, part.state, parts.context(part), step.at, step.calendar)
    part.process, part.state = process, moved.state
    for command in moved.commands:
        whole = part.as_whole(command)
        ANSWERS[type(whole)](step, whole)
        processes.take_turn(step.case, whole)
    step.writes.relabelled += [
        _relabelled(replace(t, id=part.whole(t.id)), step.pack, step.case.matter)
        for t in moved.tasks
    ]


def _move(step: CaseStep, number: int) -> _Move:
    case, actor = step.case, step.actor
    if actor.kind != "system" and not actor.holds(SUPERVISOR, case.division):
        raise Forbidden([checks.NOT_YOURS])
    if case.ended_at is not None or case.state is None:
        raise Conflict([ENDED])
    version = _version(case, number)
    if case.version_id == version.pk:
        raise Conflict([THERE_ALREADY])
    parts = processes.under_way(step)
    before, step.pack = step.pack, catalogue.pack(version.pk)
    step.merge(_renewed(step, before))
    case.subject = step.pack.subject(step.data)  # as the new version says it
    return _Move(version, parts)


def _version(case: Case, number: int) -> ServiceVersion:
    code = case.version.code
    found = catalogue.version(code, number)
    if found is None:
        known = ", ".join(str(each) for each in catalogue.numbers(code))
        raise NotFound(
            [
                Finding(
                    "case.E020",
                    "error",
                    Text(
                        "{code} 没有第 {number} 版。",
                        "{code} has no version {number}.",
                        code=code,
                        number=number,
                    ),
                    hint=Text("已发布的版本：{known}。", "Published: {known}.", known=known),
                )
            ]
        )
    return found


def _renewed(step: CaseStep, before: Pack) -> dict[str, Value]:
    """What the new version says: its questions (not answered), its figures, and who decides."""
    pack: Pack = step.pack
    application: dict[str, Value] = {question.key: None for question in pack.form.questions}
    given, filed_on = step.data["application"], step.data["filed_on"]
    place = opening.said_of(divisions.division(step.case.division))
    was, body = (competent(each, place)["authority"] for each in (before, pack))
    return {
        "application": {**application, **given},
        "parameters": pack.parameters.on(filed_on),
        TASKS: {**pack.undone, **(step.data.get(TASKS) or {})},
        **({"authority": body} if body != was else {}),
    }


def _relabelled(task: TaskOpened, pack: Pack, matter: int) -> dict[str, Any]:
    return {
        "token": task.id,
        "name": task.name,
        "groups": access.addressed(task.groups, pack.service, matter),
        "headers": {**task.headers, **({"form": task.form} if task.form else {})},
        "inputs": to_stored(dict(task.inputs)),
    }


ENDED = Finding(
    "case.E021",
    "error",
    Text("办件已经办结，不再变更版本。", "The case has ended; it stays with its version."),
    hint=Text(
        "新版本只用于办理中的件和以后的件。", "A new version is for cases that run or are to come."
    ),
)
THERE_ALREADY = Finding(
    "case.E022",
    "error",
    Text("办件已经按这一版办理。", "The case lives by this version already."),
    hint=Text("请写另一个版本号。", "Give the number of another version."),
)
