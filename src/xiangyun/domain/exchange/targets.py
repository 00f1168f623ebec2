"""Where a message that came goes: a case that waits, a task, a register, a new case.

Everything here happens in the transaction in which the message is noted as taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.cases import foreign, inbound, openings
from xiangyun.domain.cases.openings import Begun, Subject
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries as registered
from xiangyun.domain.registers.declarations import used
from xiangyun.kernel.connector.bodies import write_body
from xiangyun.kernel.connector.check import BESIDE
from xiangyun.kernel.connector.mapping import context_of, text_of
from xiangyun.kernel.connector.model import (
    Beside,
    Connector,
    Received,
    ToCase,
    ToForm,
    ToRead,
    ToRegister,
    ToService,
    ToTask,
)
from xiangyun.kernel.feel import Value, from_json, to_json, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.service.openings import MESSAGE

from . import settling
from .models import Outgoing, State

_ANSWERABLE = (State.SENT, State.SENDING, State.WAITING, State.DEAD, State.DROPPED)


class NotYet(Conflict):
    """Nobody waits for the message now; the same message may be taken later."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message that is genuine, allowed and fits: by whom, under which number, and what it says.

    `pack`: of the connector; `name`: of the organisation, for the history.
    """

    connector: Connector
    received: Received
    pack: str
    organisation: str
    message_id: str
    body: Any
    at: datetime

    @property
    def once(self) -> str:
        """What tells it from every message of anybody."""
        return f"{self.organisation}:{self.message_id}"

    @property
    def context(self) -> dict[str, Value]:
        """What formulas see of it."""
        today = timezone.localdate(self.at)
        return context_of(self.body, today, self.message_id, self.organisation)

    @property
    def key(self) -> str:
        """By which the case, the task or the message is found; empty for none."""
        return text_of(self.received.key, self.context)


@dataclass(frozen=True, slots=True)
class Done:
    """What a message did: the number of the case that it went to; what was read of a register.

    `about`: the party whose record was read or written, who is told of it; `matter` is that of the
    register.
    """

    number: str = ""
    result: Value = None
    read: Value = None
    about: UUID | None = None
    matter: int = 0


def take(came: Came) -> Done:
    """Do what a message is for. Raises NotYet, or Refused with what is wrong with it."""
    match came.received.to:
        case ToCase(message=name):
            return _to_case(came, name)
        case ToTask(sent=sent):
            return _answers(came, sent)
        case ToForm(element=element, action=action, answers=answers):
            said = text_of(action, came.context)
            given = {k: to_json(each.value(came.context)) for k, each in answers.items()}
            number = foreign.answer_task(
                came.key, element, said, given, by=came.organisation, once=came.once, at=came.at
            )
            return Done(number)
        case ToRegister(register=register, record=record, beside=beside):
            return _record(came, register, record.value(_seeing(came, beside)))
        case ToRead(register=register):
            found = registered.state(register, came.key, as_of=timezone.localdate(came.at))
            return _read(register, found)
        case ToService():
            return _open(came, came.received.to)


def take_reads(cames: Iterable[Came]) -> dict[str, Done]:
    """What messages that only read are for, by their numbers: a few statements for each register,
    however many ask."""
    asked: dict[str, dict[str, Came]] = {}
    for came in cames:
        if isinstance(came.received.to, ToRead):
            asked.setdefault(came.received.to.register, {})[came.message_id] = came
    done: dict[str, Done] = {}
    for register, those in asked.items():
        keys = {number: came.key for number, came in those.items()}
        today = timezone.localdate(next(iter(those.values())).at)
        found = registered.states_of(register, set(keys.values()), as_of=today)
        done |= {number: _read(register, found.get(key)) for number, key in keys.items()}
    return done


def _to_case(came: Came, name: str) -> Done:
    payload = came.received.payload
    value = payload.value(came.context) if payload is not None else from_json(came.body)
    given: Mapping[str, Any] = value if isinstance(value, dict) else {"value": value}
    stored = {key: to_stored(each) for key, each in given.items()}
    try:
        taken = inbound.deliver(
            "message", name, came.key or None, stored, at=came.at, message=came.once
        )
    except inbound.NotTaken as problem:
        raise Refused([_not_taken(came, str(problem))]) from problem
    if not taken:
        raise NotYet([_nobody_waits(came)])
    return Done(journal.delivered_to(came.once))


def _answers(came: Came, sent: str) -> Done:
    """The later answer to a message of ours, found by its key or by its number."""
    found = Outgoing.objects.select_for_update(of=("self",)).filter(
        connector=came.connector.code, message=sent, organisation=came.organisation, key=came.key
    )
    rows = list(found.order_by("-asked_at")[:20])
    row = next((each for each in rows if each.state in _ANSWERABLE), None)
    if row is None:
        raise (Conflict([_answered_before(came)]) if rows else NotYet([_nobody_waits(came)]))
    payload = came.received.payload
    value = to_json(payload.value(came.context)) if payload is not None else came.body
    settling.result(row, came.connector, value, came.at)  # raises Refused for what does not fit
    settling.keep_answer(row, came.connector, write_body(value), at=came.at)
    settling.bring(row.pk, at=came.at)
    return Done(row.number)


def _seeing(came: Came, beside: Beside | None) -> dict[str, Value]:
    """What the formula of a record sees: the message, and what another register says of it."""
    if beside is None:
        return came.context
    key = text_of(beside.key, came.context)
    found = registered.state(beside.register, key, as_of=timezone.localdate(came.at))
    return {**came.context, BESIDE: _read(beside.register, found).read}


def _record(came: Came, register: str, value: Value) -> Done:
    if not isinstance(value, dict):
        raise Refused([_no_record(came)])
    written = registers.record(
        register,
        came.key or came.message_id,
        {key: to_json(each) for key, each in value.items() if each is not None},
        valid_from=timezone.localdate(came.at),
        source=came.once,
        at=came.at,
        actor=SYSTEM,
        pack=came.pack,
    )
    return Done(about=written.holder, matter=used(register).matter)


def _read(register: str, found: registered.State | None) -> Done:
    """What a register says today; sensitive fields are left out."""
    if found is None or found.data is None:
        return Done()
    of = used(register)
    fields = {name: value for name, value in found.data.items() if name not in of.sensitive}
    shown = from_json({**fields, "key": found.key})
    return Done(read=shown, about=found.holder, matter=of.matter)


def _open(came: Came, to: ToService) -> Done:
    answers = {name: each.value(came.context) for name, each in to.answers.items()}
    place = text_of(to.place, came.context)
    case, _ = openings.open_case(
        to.service or _item(to, came),
        Begun(
            how=MESSAGE,
            key=came.once,
            subject=_subject(to, came),
            answers=answers,
            place=int(place) if place.isdigit() else None,
            by=came.organisation,
            message=came.received.name,
        ),
        at=came.at,
    )
    return Done(case.number, case.number)


def _item(to: ToService, came: Came) -> str:
    """The service here of the item that the message names by its basic code, of those that such
    a message opens."""
    wanted, name = text_of(to.basic_code, came.context), came.received.name
    for pack in catalogue.packs_opened_by(MESSAGE):
        item = pack.service
        ways = item.openings
        if item.basic_code == wanted and any(w.how == MESSAGE and name in w.names for w in ways):
            return item.code
    raise Refused([_no_item(wanted)])


def _subject(to: ToService, came: Came) -> Subject:
    value = to_json(to.subject.value(came.context)) if to.subject is not None else None
    if not isinstance(value, dict):
        return Subject()
    return Subject(
        kind=str(value.get("kind") or "person"),
        code=str(value.get("code") or ""),
        name=str(value.get("name") or ""),
    )


def _no_item(code: str) -> Finding:
    return Finding(
        "exchange.E064",
        "error",
        Text(
            "本省没有基本编码为“{code}”、可由报文立件的事项。",
            "No item of the basic code “{code}” is opened by such a message here.",
            code=code or "—",
        ),
        hint=Text(
            "请核对基本编码，或者先发布这个事项。",
            "Check the basic code, or publish the item first.",
        ),
    )


def _nobody_waits(came: Came) -> Finding:
    return Finding(
        "exchange.E057",
        "error",
        Text(
            "现在没有谁在等“{name}”（{key}）。",
            "Nobody waits for “{name}” ({key}) now.",
            name=came.received.words,
            key=came.key or "—",
        ),
        hint=Text("稍后再发同一条。", "Send the same message again later."),
    )


def _not_taken(came: Came, problem: str) -> Finding:
    return Finding(
        "exchange.E058",
        "error",
        Text(
            "等“{name}”的办件没能收下：{problem}",
            "The case that waits for “{name}” could not take it: {problem}",
            name=came.received.words,
            problem=Text.given(problem, problem),
        ),
        hint=Text("由本方运维处理。", "The operator on this side looks into it."),
    )


def _answered_before(came: Came) -> Finding:
    return Finding(
        "exchange.E059",
        "error",
        Text(
            "“{key}”已经答复过了。",
            "“{key}” was answered before.",
            key=came.key,
        ),
        hint=Text("要改答复的，另行联系。", "To change an answer, write to the office."),
    )


def _no_record(came: Came) -> Finding:
    return Finding(
        "exchange.E060",
        "error",
        Text(
            "“{name}”的 record 没有算出一条记录。",
            "`record` of “{name}” makes no record.",
            name=came.received.words,
        ),
        hint=Text("请检查连接器的公式。", "Look at the formula of the connector."),
    )
