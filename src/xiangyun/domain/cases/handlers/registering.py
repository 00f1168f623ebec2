"""Answers to the service tasks that look into registers and write them.

Every value goes in and comes out by the declaration of its register, as in a rehearsal. A register
that no pack declares is one of earlier versions, and keeps what it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.lookups import records_where
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries
from xiangyun.domain.registers.declarations import used_or_new
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, to_json
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.record import Register, fitting, put_right
from xiangyun.kernel.record.objected import no_objection
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.tasks import (
    register_correct,
    register_end,
    register_enter,
    register_lookup,
    register_record,
)

from .casestep import CaseStep, service


@service("register.lookup")
def look_up(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Records of a register by a field, whatever the applicant may see: the platform looks."""
    register, field = wanted.headers["register"], wanted.headers["key"]
    with acting_as(SYSTEM):
        value = wanted.inputs.get("value")
        found = records_where(register, field, value, as_of=step.today)
    return register_lookup.answer(register, found)


@service("register.record")
def record(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Record the inputs about the one whom the case is about."""
    data = _fields(wanted, register_record.TYPE)
    key = _keep(step, wanted, step.case.number, data)
    _note(step, register_record.RECORDED.id, wanted, key)
    return {"key": key}


@service("register.enter")
def enter(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """What earlier versions of packs say for `register.record`."""
    return {"key": _keep(step, wanted, *register_enter.record_of(wanted.inputs, step.case.number))}


@service("register.correct")
def correct(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Put right what is wrong in a record."""
    code, changes = wanted.headers["register"], _fields(wanted, register_correct.TYPE)
    key = str(wanted.inputs["key"])
    with acting_as(SYSTEM):
        registers.correct(
            code,
            key,
            _plain(changes),
            why=str(wanted.inputs["why"]),
            valid_from=_day(wanted, "valid_from"),
            **_by(step),
        )
    _note(step, register_correct.CORRECTED.id, wanted, key)
    return {}


@service("register.rectify")
def rectify(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Put right the value that the subject objects to, as long as it says what it said then."""
    code, key, field, text, objected = (
        str(wanted.inputs.get(name) or "")
        for name in ("register", "key", "field", "value", "objected")
    )
    with acting_as(SYSTEM):
        used = used_or_new(code)
        if used.declaration is None:
            raise Conflict([no_objection(used.name)])
        state = queries.state(code, key, as_of=step.today, opened=True)
        held = (state.data or {}).get(field) if state else None
        service = catalogue.service_of(step.case.version_id)
        changes = put_right(
            used.declaration, field, text, held=held, objected=objected, service=service
        )
        if changes:
            # Words about what is sensitive might repeat it; the case keeps them encrypted.
            sealed = field in used.sensitive
            registers.correct(
                code,
                key,
                changes,
                why=step.case.number if sealed else str(wanted.inputs["why"]),
                valid_from=_day(wanted, "valid_from"),
                source=step.case.number,
                at=step.at,
            )
    step.record_platform(
        register_correct.CORRECTED.id, {"register": code}, {"key": used_or_new(code).keyed(key)}
    )
    return {}


@service("register.end")
def end(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """A record is in force no more."""
    code, key = wanted.headers["register"], str(wanted.inputs["key"])
    with acting_as(SYSTEM):
        registers.end(
            code,
            key,
            on=_day(wanted, "on") or step.today,
            why=str(wanted.inputs["why"]),
            **_by(step),
        )
    _note(step, register_end.ENDED.id, wanted, key)
    return {}


def _keep(step: CaseStep, wanted: ServiceWanted, key: str, data: Mapping[str, Value]) -> str:
    """Keep a record under the key that it names, else under this one. Answers with the key."""
    code, kept = wanted.headers["register"], _plain(data)
    with acting_as(SYSTEM):
        declared = used_or_new(code).declaration
        if declared is not None:
            key, kept = fitting(declared, data)
        registers.record(
            code,
            key,
            kept,
            valid_from=_day(wanted, "valid_from") or step.today,
            valid_to=_day(wanted, "valid_to"),
            holder=_about(step, declared),
            division=step.case.division,
            **_by(step),
        )
    return key


def _about(step: CaseStep, declared: Register | None) -> UUID | None:
    """Whom a record is about: the party of the case.

    A case that opened by itself may be about a place, such as a visit without notice. What it
    records of others is about whom the data name: None here.
    """
    owner = step.case.owner
    if declared is None or owner is None or not step.data.get("opening"):
        return owner
    is_of_others = declared.subject not in ("none", "place")
    return None if is_of_others and parties.party(owner).kind == "place" else owner


def _fields(wanted: ServiceWanted, type_: ServiceType) -> dict[str, Value]:
    return register_record.fields_of(wanted.inputs, type_.inputs)


def _plain(data: Mapping[str, Value]) -> dict[str, Any]:
    """Values as JSON has them, which a register reads by its own types."""
    return {name: to_json(value) for name, value in data.items()}


def _day(wanted: ServiceWanted, name: str) -> date | None:
    found = wanted.inputs.get(name)
    return found if isinstance(found, date) else None


def _by(step: CaseStep) -> dict[str, Any]:
    """Who writes: the platform, for a pack, because of this case."""
    pack = catalogue.service_of(step.case.version_id)
    return {"source": step.case.number, "at": step.at, "pack": pack}


def _note(step: CaseStep, verb: str, wanted: ServiceWanted, key: str) -> None:
    """In the history of the case, by the key as the register has it, which may be a hash."""
    code = wanted.headers["register"]
    step.record_platform(verb, {"register": code}, {"key": used_or_new(code).keyed(key)})
