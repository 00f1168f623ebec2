"""What happened to a case, in words, and where it stands in its drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.cases import clock, ports, sealing
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.rows import (
    decisions_of,
    drawn_items,
    entries_of,
    items_of,
    service_calls_of,
)
from xiangyun.domain.cases.store import MOVED
from xiangyun.domain.vault.sealing import MASK, is_masking
from xiangyun.kernel.bpmn import element_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.clocks import stage_of as stage_said_by
from xiangyun.kernel.worktime import Clock

from .answered import Answered, answered_in
from .entries import entry_words, is_grave, names_in, written
from .one import pack_of

Mark = Literal["done", "here", "ahead", "failed"]


StageState = Literal["done", "here", "ahead"]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of the journal in words: when, who, at which desk, what, and the written note."""

    at: datetime
    who: Text
    desk: Text
    verb: str
    what: Text
    note: str
    grave: bool = False
    answered: Answered | None = None


NOBODY = UUID(int=0)
_PLATFORM = Text("祥云平台", "Xiangyun")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the service for this case; `at`: when it began, `lead`: whose stage it is."""

    key: str
    name: Text
    state: StageState
    at: datetime | None
    lead: Text | None = None
    clock: Clock | None = None


def history(case: Case) -> list[HistoryLine]:
    """Every step of the case in order, from the journal."""
    pack, answered = pack_of(case), answered_in(case)
    # Who applied is named by entries, too; whoever reads masks is not told.
    hidden = case.owner if sealing.is_sealed(case) and is_masking() else NOBODY
    done = {(work_item.element, work_item.closed_at): work_item for work_item in items_of(case)}
    entries = [entry for entry in entries_of(case) if entry.verb != MOVED]
    names = names_in(entry.data for entry in entries)
    office = _office(case)
    return [
        HistoryLine(
            at=entry.at,
            who=_who(MASK if entry.actor == hidden else entry.actor_name),
            desk=office if entry.desk == office.zh else Text.given(entry.desk, entry.desk),
            verb=entry.verb,
            what=entry_words(entry.verb, entry.data, pack, names),
            note=(work_item.note if work_item else "") or written(entry),
            grave=is_grave(entry.verb),
            answered=answered.get(work_item.token) if work_item else None,
        )
        for entry in entries
        for work_item in [done.get((entry.data.get("task"), entry.at))]
    ]


def _office(case: Case) -> Text:
    """The body that decides: the journal keeps its Chinese name alone."""
    said = case.variables.get("authority")
    name, other = (said.get("name"), said.get("name_en")) if isinstance(said, dict) else ("", "")
    return Text.given(str(name or ""), str(other or name or ""))


def _who(name: str) -> Text:
    """Whoever acted, by name; the platform itself has one in each language."""
    return _PLATFORM if name == SYSTEM.name else Text.given(name, name)


def stages_of(case: Case) -> list[Stage]:
    """The stages in the service's order, without those that never came and will not."""
    pack = pack_of(case)
    names = pack.service.stages
    began: dict[str, datetime] = dict.fromkeys(names[:1], case.submitted_at)
    here: set[str] = set()
    for work_item in drawn_items(case):
        stage = work_item.headers.get("stage", "")
        began.setdefault(stage, work_item.opened_at)
        if work_item.closed_at is None:
            here.add(stage)
    for call in service_calls_of(case):
        stage = call.headers.get("stage", "")
        began.setdefault(stage, call.asked_at)
        if call.answered_at is None:
            here.add(stage)
    here |= {stage_said_by(pack.elements[call]) for call in _calls(case)} - {""}
    outcome = pack.service.outcome(case.outcome)
    if outcome and outcome.stage and case.ended_at:
        began.setdefault(outcome.stage, case.ended_at)
    time, calendar = clock.time_of(case, pack.service), ports.counting_calendar()
    unannounced = pack.service.unannounced
    last = max((names.index(name) for name in began if name in names), default=0)
    stages = []
    for place, name in enumerate(names):
        if name not in began and (case.ended_at or place < last or name in unannounced):
            continue
        state: StageState = "here" if name in here else "done" if name in began else "ahead"
        words, limit = pack.words(f"stage.{name}"), pack.service.stage_limit(name)
        lead = limit.lead if limit is not None else None
        ticking = time.stage_clock(name, pack.service, calendar, words)
        stages.append(Stage(name, words, state, began.get(name), lead, ticking))
    return stages


def stage_of(case: Case) -> Text:
    """Where the case is, in a word."""
    pack = pack_of(case)
    if case.ended_at is not None:
        return pack.words(f"outcome.{case.outcome}")
    work_item = next((each for each in drawn_items(case) if each.closed_at is None), None)
    if work_item is not None and work_item.headers.get("stage"):
        return pack.words(f"stage.{work_item.headers['stage']}")
    waits = [call for call in service_calls_of(case) if call.answered_at is None]
    for call in sorted(waits, key=lambda call: (call.asked_at, call.pk)):
        if stage := call.headers.get("stage"):
            return pack.words(f"stage.{stage}")
    for element in _calls(case):
        if stage := stage_said_by(pack.elements[element]):
            return pack.words(f"stage.{stage}")
    return [stage.name for stage in stages_of(case) if stage.state != "ahead"][-1]


def marks(case: Case) -> dict[str, Mark]:
    """Which elements of the drawing are done, and where the token stands."""
    found: dict[str, Mark] = dict.fromkeys(case.passed, "done")
    for work_item in drawn_items(case):
        found[work_item.element] = "here" if work_item.closed_at is None else "done"
    for decision in decisions_of(case):
        found.setdefault(decision.element, "done")
    for call in service_calls_of(case):
        found[call.element] = "done" if call.answered_at else "here"
    found |= dict.fromkeys(_calls(case), "here")
    return _led_there(pack_of(case), found)


def _calls(case: Case) -> list[str]:
    """The call activities whose processes are under way, the outer ones first."""
    rows = (case.parts or {}).items()
    return [element_of(row["call"]) for number, row in rows if number]


def _led_there(pack: Pack, found: dict[str, Mark]) -> dict[str, Mark]:
    """With the starts and gates that lie before what was reached."""
    elements = pack.elements
    ways = [
        (flow.source, flow.target)
        for flow in pack.flows.values()
        if elements[flow.source].kind == "startEvent"
        or elements[flow.source].kind.endswith("Gateway")
    ]
    before = -1
    while before < len(found):
        before = len(found)
        entered = {elements[e].parent for e in found if e in elements}
        for source, target in ways:
            if target in found or target in entered:
                found.setdefault(source, "done")
    return found
