"""What happened to a case, in words, and where it stands in its drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from xiangyun.domain.cases import clock, extension, ports
from xiangyun.domain.cases.models import (
    Case,
    Decision,
    ServiceCall,
    WorkItem,
)
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.bpmn import element_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.clocks import stage_of as stage_said_by
from xiangyun.kernel.worktime import Clock, Unit, count_words, day_words

from .one import drawn_items, pack_of, task_words

Mark = Literal["done", "here", "ahead", "failed"]


StageState = Literal["done", "here", "ahead"]


OPTIONAL = ("correct",)  # stages that most cases never see are not announced


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step of the journal in words: when, who, at which desk, what, and the written note."""

    at: datetime
    who: str
    desk: str
    verb: str
    what: Text
    note: str


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
    pack = pack_of(case)
    notes = {
        (work_item.element, work_item.closed_at): work_item.note
        for work_item in WorkItem.objects.filter(case=case)
    }
    return [
        HistoryLine(
            at=entry.at,
            who=entry.actor_name,
            desk=entry.desk,
            verb=entry.verb,
            what=_what(entry.verb, entry.data, pack),
            note=notes.get((entry.data.get("task"), entry.at), "") or _said(entry),
        )
        for entry in journal.history(case.number)
    ]


def _said(entry: Entry) -> str:
    """What was written when an extension was asked, granted or denied."""
    if not entry.verb.startswith("extension."):
        return ""
    return str(entry.private.get("note") or entry.private.get("reason") or "")


def stages_of(case: Case) -> list[Stage]:
    """The stages in the service's order, without those that never came and will not."""
    pack = pack_of(case)
    began: dict[str, datetime] = {"submit": case.submitted_at}
    here: set[str] = set()
    for work_item in drawn_items(case).order_by("opened_at", "id"):
        stage = work_item.headers.get("stage", "")
        began.setdefault(stage, work_item.opened_at)
        if work_item.closed_at is None:
            here.add(stage)
    for call in ServiceCall.objects.filter(case=case):
        stage = call.headers.get("stage", "")
        began.setdefault(stage, call.asked_at)
        if call.answered_at is None:
            here.add(stage)
    here |= {stage_said_by(pack.elements[call]) for call in _calls(case)} - {""}
    if case.outcome == "issued" and case.ended_at:
        began.setdefault("issue", case.ended_at)
    names = pack.service.stages
    time, calendar = clock.time_of(case, pack.service), ports.counting_calendar()
    last = max((names.index(name) for name in began if name in names), default=0)
    stages = []
    for place, name in enumerate(names):
        if name not in began and (case.ended_at is not None or place < last or name in OPTIONAL):
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
    work_item = drawn_items(case).filter(closed_at=None).order_by("opened_at", "id").first()
    if work_item is not None and work_item.headers.get("stage"):
        return pack.words(f"stage.{work_item.headers['stage']}")
    if case.service_calls.filter(answered_at=None).exists():
        return pack.words("stage.follow_up")
    for call in _calls(case):
        if stage := stage_said_by(pack.elements[call]):
            return pack.words(f"stage.{stage}")
    return pack.words("stage.submit")


def marks(case: Case) -> dict[str, Mark]:
    """Which elements of the drawing are done, and where the token stands."""
    found: dict[str, Mark] = dict.fromkeys(case.passed, "done")
    for work_item in drawn_items(case):
        found[work_item.element] = "here" if work_item.closed_at is None else "done"
    for decision in Decision.objects.filter(case=case):
        found.setdefault(decision.element, "done")
    for call in ServiceCall.objects.filter(case=case):
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


def _what(verb: str, data: Mapping[str, str], pack: Pack) -> Text:
    """A journal entry in words."""
    if verb == "task.done":
        task = pack.words(f"task.{data['task']}")
        action = pack.words(f"task.{data['task']}.{data['action']}")
        return Text(f"{task.zh}：{action.zh}", f"{task.en}: {action.en}")
    if verb == "letter.sent":
        title = extension.LETTER_TITLE
        if data["letter"] != extension.LETTER:
            title = pack.words(f"letter.{data['letter']}.title")
        return Text(f"发出《{title.zh}》", f"Letter sent: {title.en}")
    if verb in ("department.notified", "service.answered", "service.parked"):
        key = data.get("department") or data.get("element", "")
        work = pack.words(f"work.{key}") if "department" in data else _element(pack, key)
        done = _VERBS[verb]
        return Text(f"{done.zh}：{work.zh}", f"{done.en}: {work.en}")
    if verb in ("call.completed", "call.failed"):
        done, call = _VERBS[verb], _element(pack, data["element"])
        return Text(f"{done.zh}：{call.zh}", f"{done.en}: {call.en}")
    if verb == "case.ended":
        outcome = pack.words(f"outcome.{data['outcome']}")
        return Text(f"办结：{outcome.zh}", f"Ended: {outcome.en}")
    if verb == "decision.made":
        rows: Sequence[str] = data.get("rows", ())
        fired = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        return Text(f"规则自动判断，命中 {len(rows)} 行", f"Rules decided: {fired} fired")
    if verb in ("extension.asked", "extension.granted"):
        more, done = count_words(int(data["days"]), _unit(data["unit"])), _VERBS[verb]
        return Text(f"{done.zh} {more.zh}", f"{done.en} by {more.en}")
    if verb == "task.escalated":
        task, due = task_words(data["task"], pack), day_words(date.fromisoformat(data["due"]))
        return Text(
            f"“{task.zh}”应于{due.zh}前办理，已超期，转督办",
            f"“{task.en}” was due on {due.en} and is overdue; its overseer was told",
        )
    return _VERBS.get(verb, Text(verb, verb))


def _unit(written: str) -> Unit:
    return "natural" if written == "natural" else "working"


def _element(pack: Pack, element: str) -> Text:
    return pack.words(f"element.{element}")


_VERBS = {
    "case.submitted": Text("提交申请", "Application sent"),
    "case.withdrawn": Text("撤回申请", "Application withdrawn"),
    "case.rated": Text("申请人作出评价", "Rated by the applicant"),
    "case.read": Text("查看了申请", "Looked at the application"),
    "case.migrated": Text("转入事项新版本", "Moved to a newer version of the service"),
    "case.resumed": Text("督办后再试", "Tried again by a supervisor"),
    "case.escalated": Text("流程升级提示", "The process asked for attention"),
    "message.sent": Text("向其他办件发出消息", "A message left for another case"),
    "message.received": Text("收到其他办件的消息", "A message came from another case"),
    "signal.received": Text("收到通告", "A signal came"),
    "signal.thrown": Text("发出通告", "A signal went out"),
    "case.stuck": Text("流程停滞，已转督办", "The process stands still; a supervisor sees it"),
    "call.completed": Text("已办完", "Done"),
    "call.failed": Text("没有办成", "Could not be done"),
    "timer.rang": Text("期限已到", "A time limit has come"),
    "deadline.moved": Text("日历有变，期限重新计算", "The calendar changed; counted anew"),
    "extension.asked": Text("报请延长期限", "Asked for an extension"),
    "extension.granted": Text("批准延长期限", "Time limit extended"),
    "extension.denied": Text("不批准延长期限", "Extension denied"),
    "certificate.issued": Text("签发证照", "Certificate issued"),
    "certificate.revoked": Text("撤销证照", "Certificate revoked"),
    "department.notified": Text("已推送", "Passed on"),
    "service.answered": Text("已办妥", "Completed"),
    "timer.parked": Text(
        "期限已到，后续步骤多次失败，已转督办", "A time limit came; what follows failed"
    ),
    "message.parked": Text("消息多次处理失败，已转督办", "A message could not be taken"),
    "service.parked": Text("多次未答复，已转督办", "No answer after several tries"),
}
