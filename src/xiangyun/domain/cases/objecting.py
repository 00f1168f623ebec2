"""Objecting to what a register says of oneself: what a draft is about, and what its case may mend.

The page of a record begins the draft with the record and the field; register, record, field and
value are then known answers (`source: objected.field`), which nobody types. The case belongs to the
department of the register and lies where the record lies; the objection stands in the record's own
history as well as in the case's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as history
from xiangyun.domain.registers import declarations, looking
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.declarations import Used
from xiangyun.domain.registers.states import State
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Place, Refused, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.objections import in_clear, proposing
from xiangyun.kernel.record import OBJECTED, value_written
from xiangyun.kernel.record.objected import MASK, no_objection, shown
from xiangyun.kernel.service.secrecy import SEALED

from .models import Case, Draft

if TYPE_CHECKING:
    from .handlers.casestep import CaseStep

SOURCE = "source."
_PROVINCE = "220000000000"


@dataclass(frozen=True, slots=True)
class Objected:
    """A value that is objected to: whose matter it is, and what the draft keeps of it."""

    service: str
    matter: int
    need: int
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What the form is told of it: by the names of `kernel.record.objected`."""

    values: Mapping[str, Value]
    source: Text
    on: date


def objected(register: str, record: int, field: str, *, actor: Actor) -> Objected:
    """The value of a record about the party acted for, that an objection can be made to.

    Raises NotFound `case.E075` alike for a record about somebody else and for none, Conflict
    `case.E076` where the register takes no objection to this field, `case.E077` where one is under
    way.
    """
    with acting_as(SYSTEM):
        about = registers.records_about(actor.subject) if actor.subject else []
        state = next((s for s in about if (s.register, s.record) == (register, record)), None)
        used = declarations.used(register) if state else None
        allowed = used is not None and may_object(used, field)
        running = [_running(e.data) for e in _entries(register, record) if e.data["field"] == field]
    # A refusal that passed an inner `acting_as` would end the transaction of whoever is told it.
    if used is None:
        raise NotFound([_NOT_YOURS])
    if not allowed or used.declaration is None:
        raise Conflict([no_objection(used.name)])
    if number := next(filter(None, running), ""):
        raise Conflict([_under_way(used, number)])
    kept = {f"{SOURCE}{OBJECTED.code}": {"record": record, "field": field}}
    # Whatever the class of the service: nothing of a sensitive value stands in its case in clear.
    need = max(used.need, SEALED) if field in used.sensitive else used.need
    return Objected(used.declaration.objection, used.matter, need, kept)


def may_object(used: Used, field: str) -> bool:
    """Whether somebody may object online to a field: where the service is offered.

    To a sensitive one where the form of the service keeps it encrypted: its case is a sealed one.
    """
    declared = used.declaration
    if declared is None or not declared.may_object(field):
        return False
    version = catalogue.offered(declared.objection)
    if version is None:
        return False
    return field not in declared.sensitive or not in_clear(catalogue.pack(version.pk))


def told(draft: Draft, about: Sequence[State]) -> Told | None:
    """What the form is told, of the record as it stands; None where it began at no record.

    `about`: what registers know of whom the draft is for.
    """
    kept = draft.answers.get(f"{SOURCE}{OBJECTED.code}")
    if not isinstance(kept, dict):
        return None
    state = next((each for each in about if each.record == kept.get("record")), None)
    used = declarations.used(state.register) if state else None
    declared = used.declaration if used else None
    field = declared.by_name.get(str(kept.get("field"))) if declared else None
    if state is None or used is None or declared is None or field is None:
        return None
    value = (state.data or {}).get(field.name)
    closed = field.sensitive and draft.need != SEALED
    values: dict[str, Value] = {
        "register": used.code,
        "register_name": declared.name.zh,
        "department": used.department,
        "key": state.key,
        "field": field.name,
        "field_name": field.words.zh,
        "value": MASK if closed and value else "" if value is None else shown(value),
        "division": f"{state.division:012}" if state.division else _PROVINCE,
    }
    return Told(values, declared.name, state.recorded_on)


def unfit(draft: Draft, pack: Pack, application: Mapping[str, Value]) -> dict[str, Finding]:
    """What is wrong with the value that somebody wants to stand there, by its question.

    Where the drawing takes the value straight from a question, which is then told at once and not
    when the office has decided.
    """
    kept = draft.answers.get(f"{SOURCE}{OBJECTED.code}")
    if not isinstance(kept, dict):
        return {}
    with acting_as(SYSTEM):
        state = next(
            (s for s in registers.records_about(draft.owner) if s.record == kept.get("record")),
            None,
        )
        declared = declarations.used(state.register).declaration if state else None
    problems: dict[str, Finding] = {}
    for question in proposing(pack):
        text = application.get(question)
        if declared is None or not isinstance(text, str):
            continue
        try:
            value_written(declared, str(kept.get("field")), text, question)
        except Refused as refused:
            problems[question] = refused.findings[0]
    return problems


def note(step: CaseStep, draft: Draft) -> None:
    """Write into the history of the record that its subject objects, and in which case."""
    kept = draft.answers.get(f"{SOURCE}{OBJECTED.code}")
    if not isinstance(kept, dict):
        return
    case = step.case
    with acting_as(SYSTEM):
        about = registers.records_about(case.owner)
    state = next((each for each in about if each.record == kept.get("record")), None)
    if state is None:
        return
    step.entries.append(
        journal.entry_of(
            verb="record.objected",
            subject=looking.subject_of(state.register, state.record),
            division=state.division,
            owner=state.holder,
            actor=step.actor.account,
            actor_name=step.actor.name,
            desk="",
            at=step.at,
            data={"register": state.register, "field": kept["field"], "case": case.number},
            matter=case.matter,
            need=case.need,
        )
    )


def under_way(states: Sequence[State]) -> dict[int, tuple[str, ...]]:
    """The fields of records to which an objection is under way, by the number of the record.

    For everybody who is shown the record: a fact that is objected to is marked meanwhile. Two
    statements, however many records.
    """
    subjects = {looking.subject_of(each.register, each.record): each.record for each in states}
    with acting_as(SYSTEM):
        about = history.entries_about(subjects)
        objections = [
            (subjects[subject], str(each.data.get("field")), str(each.data.get("case")))
            for subject, entries in about.items()
            for each in entries
            if each.verb == "record.objected"
        ]
        numbers = {number for _, _, number in objections}
        open_cases = Case.objects.filter(number__in=numbers, ended_at=None)
        running = set(open_cases.values_list("number", flat=True)) if numbers else set()
    found: dict[int, tuple[str, ...]] = {}
    for record, field, number in objections:
        if number in running:
            found[record] = (*found.get(record, ()), field)
    return found


def _entries(register: str, record: int) -> list[history.Entry]:
    subject = looking.subject_of(register, record)
    return [each for each in history.history(subject) if each.verb == "record.objected"]


def _running(data: Mapping[str, Any]) -> str:
    """The number of the case of an objection that is under way; empty for one that has ended."""
    number = str(data.get("case", ""))
    return number if Case.objects.filter(number=number, ended_at=None).exists() else ""


def untold(question: str) -> Finding:
    """The finding for an objection that says not to what."""
    return Finding(
        "case.E078",
        "error",
        Text("没有说明对哪一项有异议。", "It does not say what is objected to."),
        Place(question=question),
        Text(
            "请在“我的登记信息”里打开那条记录，从那里提出异议。",
            "Open the record among “My records” and object from there.",
        ),
    )


_NOT_YOURS = Finding(
    "case.E075",
    "error",
    Text("没有这条关于您的记录。", "There is no such record about you."),
    hint=Text("请从“我的登记信息”里选择。", "Choose one among “My records”."),
)


def _under_way(used: Used, number: str) -> Finding:
    return Finding(
        "case.E077",
        "error",
        Text(
            "对{register}这一项的异议正在办理（{number}）。",
            "An objection to this value of {register} is under way: case {number}.",
            register=used.name,
            number=number,
        ),
        hint=Text("请等办结以后再提出。", "Wait until it is decided."),
    )
