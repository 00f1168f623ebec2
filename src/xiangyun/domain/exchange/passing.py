"""What was passed on about somebody: which offices gave or got it, when, what, and by which rule.

Four things are put together, all of them under the row-level security of the one who asks: messages
about own cases, what other systems read and recorded in registers (entries of the journal whose
owner one is), what offices recorded there, and what registers told so that no form had to ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.queries import Case
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.states import state_in
from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.findings import Text

from . import queries
from .models import Incoming, Outgoing, Partner, State, Taken

_MOST = 500
_LEFT = (State.SENT, State.ANSWERED, State.DONE)
Way = Literal["gave", "got", "read", "recorded"]
"""An office gave something here, got something from here, read a register here, or wrote in one."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What one office gave or got: when, who, what, by which law or agreement, for which case.

    `through`: the system or the register; `simulated`: the examples of a connector answered, and
    nothing left.
    """

    at: datetime
    way: Way
    who: Text
    what: Text
    through: Text
    basis: Text
    number: str = ""
    case: UUID | None = None
    simulated: bool = False


def about(actor: Actor) -> list[Passed]:
    """Everything that was passed on about the party acted for, the latest first."""
    if actor.subject is None:
        return []
    own = [c for c in cases.my_cases(actor) if actor.speaks_for(c.owner, c.matter)]
    others = _Others()
    entries = journal.concerning(actor.subjects, "exchange.received", _MOST)
    known = {one.code: one for one in registers.all_used()}
    held = registers.facts_about(actor.subjects)
    found = [
        *_messages({case.number: case.pk for case in own}, others),
        *_in_registers(entries, others, known),
        *_recorded(held, known, {_once(entry) for entry in entries}),
        *_told(own, held, known),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:_MOST]


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """What was passed on about the party acted for, for a copy of all own data."""
    if found := about(actor):
        yield (
            "exchange.json",
            [
                {each.name: _plain(getattr(one, each.name)) for each in fields(Passed)}
                for one in found
            ],
        )


_Words = tuple[Text, Text, Text, Text]


class _Others:
    """Other organisations and their systems, read once."""

    def __init__(self) -> None:
        with acting_as(SYSTEM):
            self.names = dict(Partner.objects.values_list("organisation", "name"))
        self.connectors = {each.code: each for each in queries.connectors()}

    def of(self, code: str, organisation: str, message: str, at: datetime) -> _Words:
        """Who it is, what the message is, the system, and the rule: in words, as far as known."""
        connector = self.connectors.get(code)
        if connector is None:  # withdrawn since
            name = self.names.get(organisation) or organisation
            return (_given(name), _given(message), _given(code), _given(""))
        declared = connector.sends.get(message) or connector.receives.get(message)
        right = connector.right(organisation, message, timezone.localdate(at))
        return (
            self._name(connector, organisation),
            declared.words if declared else _given(message),
            connector.words,
            _given(right.basis if right else ""),
        )

    def _name(self, connector: Connector, organisation: str) -> Text:
        """The name of an organisation; until it is entered, what its system is called."""
        if name := self.names.get(organisation):
            return _given(name)
        if organisation in ("", connector.organisation):
            return connector.words
        return _given(organisation)

    def answers_at_once(self, row: Outgoing) -> bool:
        """Whether the answer to a message was that of its request: else it is a message itself."""
        connector = self.connectors.get(row.connector)
        sent = connector.sends.get(row.message) if connector else None
        return sent is None or sent.comes == "at once"


def _messages(own: Mapping[str, UUID], others: _Others) -> Iterator[Passed]:
    """What left about own cases, by their numbers, as far as it arrived, and what came to them."""
    with acting_as(SYSTEM):  # of no other cases than those that the asker sees
        left = Outgoing.objects.filter(case__in=own.values(), state__in=_LEFT)
        out = list(left.order_by("-asked_at")[:_MOST])
        into = Incoming.objects.filter(~Q(number=""), number__in=list(own))
        came = list(into.filter(state=Taken.DONE).order_by("-came_at")[:_MOST])
    for row in out:
        said = others.of(row.connector, row.organisation, row.message, row.asked_at)
        got = Passed(row.asked_at, "got", *said, row.number, row.case_id, row.simulated)
        yield got
        if row.answered_at is not None and others.answers_at_once(row):
            yield replace(got, at=row.answered_at, way="gave")
    for one in came:
        said = others.of(one.connector, one.organisation, one.message, one.came_at)
        yield Passed(one.came_at, "gave", *said, one.number, own[one.number])


def _in_registers(
    entries: Iterable[journal.Entry], others: _Others, known: Mapping[str, registers.Used]
) -> Iterator[Passed]:
    """What other systems read in registers here about the asker, and what they recorded."""
    for entry in entries:
        data = {name: str(entry.data.get(name) or "") for name in _SAID}
        who, what, _, basis = others.of(
            data["connector"], data["organisation"], data["message"], entry.at
        )
        way: Way = "read" if data["did"] == "read" else "recorded"
        rule = _given(data["rule"]) if data["rule"] else basis
        yield Passed(entry.at, way, who, what, _register(known, data["register"]), rule)


_SAID = ("connector", "organisation", "message", "register", "did", "rule")


def _once(entry: journal.Entry) -> str:
    """What stands as source in a fact that a message has recorded; see `targets.Came.once`."""
    return f"{entry.data.get('organisation')}:{entry.data.get('message_id')}"


def _recorded(
    facts: Iterable[registers.State], known: Mapping[str, registers.Used], told: set[str]
) -> Iterator[Passed]:
    """What offices here recorded; `told` are the sources of what is listed as a message."""
    known_cases = {c.number: c.pk for c in cases.numbered({fact.source for fact in facts})}
    for fact in facts:
        if fact.source in told:
            continue
        case = known_cases.get(fact.source)
        name = _register(known, fact.register)
        what = RECORD if fact.data is not None else ENDED
        who, basis = _department(known, fact.register), _law(known, fact.register)
        number = fact.source if case else ""
        yield Passed(fact.recorded_at, "recorded", who, what, name, basis, number, case)


def _told(
    own: Iterable[Case], facts: Iterable[registers.State], known: Mapping[str, registers.Used]
) -> Iterator[Passed]:
    """What registers told about the asker when a case was filed, so that its form did not ask."""
    by_register: dict[str, list[registers.State]] = {}
    for fact in facts:
        by_register.setdefault(fact.register, []).append(fact)
    for case in own:
        filed = case.submitted_at
        for code in _sources(case):
            declared = known[code].declaration if code in known else None
            if declared is None or not declared.may_prefill(case.version.code):
                continue
            held = state_in(by_register.get(code, ()), timezone.localdate(filed), filed)
            if held is not None and held.data is not None:
                said = (_department(known, code), FILLED, _register(known, code))
                yield Passed(filed, "gave", *said, _law(known, code), case.number, case.pk)


def _sources(case: Case) -> Iterable[str]:
    """The registers that answer questions of a case's form."""
    asked = (question.source or "" for question in cases.pack_of(case).form.questions)
    return dict.fromkeys(code for code, _, field in (s.partition(".") for s in asked) if field)


def _register(known: Mapping[str, registers.Used], code: str) -> Text:
    return known[code].name if code in known else _given(code)


def _department(known: Mapping[str, registers.Used], code: str) -> Text:
    """The department that a register belongs to; its own name where it is nobody's."""
    return (known[code].department_name if code in known else None) or _register(known, code)


def _law(known: Mapping[str, registers.Used], code: str) -> Text:
    declared = known[code].declaration if code in known else None
    return declared.laws[0].words if declared is not None and declared.laws else _given("")


def _plain(value: object) -> object:
    return value.to_json() if isinstance(value, Text) else value


def _given(words: str) -> Text:
    return Text.given(words, words)


RECORD = Text("一条关于您的记录", "a record about you")
ENDED = Text("注销关于您的一条记录", "that a record about you has ended")
FILLED = Text("已有的信息，您不用再填", "what is known already, so that you need not fill it in")
