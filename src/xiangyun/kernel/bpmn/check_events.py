"""What events need so that the engine can wait for them or throw them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xiangyun.kernel.bpmn.model import ROOT, Element, Formula, Process, Trigger
from xiangyun.kernel.bpmn.times import parse_cycle, parse_span, recurrence_refused
from xiangyun.kernel.bpmn.words import fault
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.worktime import Schedule

_CAN: dict[str, frozenset[str]] = {
    "startEvent": frozenset(("none", "message", "timer", "signal", "conditional")),
    "endEvent": frozenset(
        ("none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel")
    ),
    "intermediateThrowEvent": frozenset(
        ("none", "message", "signal", "escalation", "link", "compensate")
    ),
    "intermediateCatchEvent": frozenset(("message", "timer", "signal", "conditional", "link")),
    "boundaryEvent": frozenset(
        ("message", "timer", "signal", "conditional", "error", "escalation", "compensate", "cancel")
    ),
}
EVENT_SUBPROCESS = frozenset(("message", "timer", "signal", "conditional", "error", "escalation"))
_INTERRUPTS = frozenset(("error", "cancel"))
_ONE_CATCHES = frozenset(("error", "escalation", "cancel", "compensate"))
_BEHIND_EVENT_GATE = frozenset(("message", "timer", "signal", "conditional"))


def boundary_findings(process: Process, element: Element) -> Iterator[Finding]:
    """A boundary event stands on an activity; a compensating one leads to what undoes it."""
    host = process.elements.get(element.attached_to)
    if host is None or not host.is_activity or element.incoming:
        yield fault(
            process,
            "E040",
            element,
            Text(
                "没有附着在活动上，或有顺序流进入",
                "is not attached to an activity, or a sequence flow leads to it",
            ),
            Text(
                "请把它放在一个任务或子流程的边上。",
                "Place it on the edge of a task or sub-process.",
            ),
        )
    kind = element.trigger.kind if element.trigger else "none"
    if kind == "compensate" and element.attached_to not in process.wiring.compensations:
        yield fault(
            process,
            "E043",
            element,
            Text("没有连到补偿活动", "leads to no compensation activity"),
            Text(
                "请用关联线连到一个标为补偿的任务。",
                "Connect it by an association to a task marked for compensation.",
            ),
        )

    elif kind == "cancel" and (host is None or host.kind != "transaction"):
        yield fault(
            process,
            "E046",
            element,
            Text(
                "是取消事件，却不在事务子流程的边上",
                "is a cancel event at the edge of something that is no transaction",
            ),
            Text("只有事务子流程可以被取消。", "Only a transaction can be cancelled."),
        )
    elif kind in _INTERRUPTS and not element.interrupting:
        yield _must_interrupt(process, element)
    elif host is not None:
        yield from _same_catch(process, element, process.wiring.boundaries.get(host.id, ()))


def handler_findings(process: Process, element: Element) -> Iterator[Finding]:
    """An event sub-process for an error takes the place of its scope, and it alone hears it."""
    if not element.event_driven:
        return
    beside = [start for _, start in process.wiring.handlers.get(element.parent, ())]
    for start in process.wiring.starts.get(element.id, ()):
        if start.trigger and start.trigger.kind in _INTERRUPTS and not start.interrupting:
            yield _must_interrupt(process, start)
        yield from _same_catch(process, start, beside)


def _must_interrupt(process: Process, element: Element) -> Finding:
    return fault(
        process,
        "E044",
        element,
        Text(
            "不中断，而错误总是中断它所离开的活动",
            "does not interrupt, but an error always ends the activity that it leaves",
        ),
        Text(
            "请设为中断；只要通知、不要中断时用升级事件。",
            "Let it interrupt; to tell somebody and go on, use an escalation.",
        ),
    )


def _same_catch(process: Process, element: Element, beside: Iterable[Element]) -> Iterator[Finding]:
    """Of several events for one code only the first would ever be asked."""
    trigger = element.trigger
    if trigger is None or trigger.kind not in _ONE_CATCHES:
        return
    for other in beside:
        if other.id == element.id:
            return
        if other.trigger and (other.trigger.kind, other.trigger.name) == (
            trigger.kind,
            trigger.name,
        ):
            yield fault(
                process,
                "E045",
                element,
                Text(
                    "与“{label}”（{id}）等的是同一个 {name}",
                    "waits for the same {name} as “{label}” ({id})",
                    label=other.label,
                    id=other.id,
                    name=trigger.name or trigger.kind,
                ),
                Text(
                    "请只留一个，或给它另一个代码。",
                    "Keep one of them, or give it a code of its own.",
                ),
            )
            return


def event_gate_findings(process: Process, element: Element) -> Iterator[Finding]:
    """Behind an event-based gateway only events are awaited."""
    for flow in process.wiring.ways[element.id]:
        target = process.elements[flow.target]
        kind = target.trigger.kind if target.trigger else "none"
        fits = target.kind in ("intermediateCatchEvent", "receiveTask")
        if not fits or kind not in _BEHIND_EVENT_GATE or len(target.incoming) != 1:
            yield fault(
                process,
                "E041",
                element,
                Text(
                    "之后的“{label}”不是只由它到达的等待事件",
                    "is followed by “{label}”, which is no event reached only from here",
                    label=target.label,
                ),
                Text(
                    "事件网关之后只能是消息、定时、信号或条件的中间事件。",
                    "Only message, timer, signal or conditional events follow such a gateway.",
                ),
            )


def trigger_findings(process: Process, element: Element, trigger: Trigger) -> Iterator[Finding]:
    """Everything that keeps an event from being awaited or thrown."""
    allowed = _CAN.get(element.kind)
    inside = process.elements.get(element.parent)
    if element.kind == "startEvent" and inside is not None:
        allowed = EVENT_SUBPROCESS if inside.event_driven else frozenset(("none",))
    if allowed is not None and trigger.kind not in allowed:
        yield fault(
            process,
            "E004",
            element,
            Text(
                "的类型 {kind} 在这里不能执行",
                "has the type {kind}, which cannot be run here",
                kind=trigger.kind,
            ),
            Text("这里可以用：{allowed}。", "Possible here: {allowed}.", allowed=sorted(allowed)),
        )
        return
    if trigger.missing:
        yield _missing(process, element, trigger.reference)
    elif trigger.kind == "compensate":
        yield from _compensated(process, element, trigger.activity)
    elif trigger.kind == "cancel" and element.kind == "endEvent":
        yield from _cancel(process, element)
    elif trigger.kind == "message" and not trigger.name and element.type is None:
        yield nameless_message(process, element)
    elif trigger.kind == "timer":
        yield from _timer(process, element, trigger)
    elif trigger.kind == "conditional" and not is_feel(trigger.formula):
        yield fault(
            process,
            "E022",
            element,
            Text("没有以 = 开头的条件", "has no condition beginning with ="),
            Text("请写 FEEL 条件。", "Write a FEEL condition."),
        )
    elif _lacks_name(element, trigger):
        yield fault(
            process,
            "E035",
            element,
            Text("没有名称或代码", "has no name or code"),
            Text(
                "请为信号写名称、为错误和升级写代码、为链接写名称。",
                "Name its signal or link, or give its error or escalation a code.",
            ),
        )
    elif (
        trigger.kind == "link"
        and element.kind == "intermediateThrowEvent"
        and (element.parent, trigger.name) not in process.wiring.links
    ):
        yield fault(
            process,
            "E035",
            element,
            Text(
                "的链接“{name}”没有对应的目标",
                "has a link “{name}” without a target",
                name=trigger.name,
            ),
            Text("请画一个同名的链接捕获事件。", "Draw a link catch event of the same name."),
        )


def _missing(process: Process, element: Element, reference: str) -> Finding:
    return fault(
        process,
        "E007",
        element,
        Text(
            "指向“{reference}”，而文件里没有它，或它是别的东西",
            "refers to “{reference}”, which is not in the file, or is something else",
            reference=reference,
        ),
        Text(
            "请从已有的消息、信号、错误、升级或活动中选择。",
            "Choose one of the messages, signals, errors, escalations or activities there are.",
        ),
    )


def _compensated(process: Process, element: Element, activity: str) -> Iterator[Finding]:
    """What a thrown compensation names must be an activity that it can reach (clause 13.5.5)."""
    if element.kind == "boundaryEvent" or not activity:
        return
    named = process.elements.get(activity)
    if named is None or not named.is_activity:
        yield _missing(process, element, activity)
        return
    scopes = [element.parent]
    while scopes[-1] != ROOT and process.elements[scopes[-1]].event_driven:
        scopes.append(process.elements[scopes[-1]].parent)
    if not any(process.is_within(named, scope) for scope in scopes):
        yield fault(
            process,
            "E007",
            element,
            Text(
                "要撤销“{label}”（{id}），但那在别的子流程里，从这里够不着",
                "undoes “{label}” ({id}), which lies in another sub-process, out of reach",
                label=named.label,
                id=named.id,
            ),
            Text(
                "请在办那件事的子流程里撤销，或撤销整个子流程。",
                "Undo it where it was done, or undo the whole sub-process.",
            ),
        )


def _cancel(process: Process, element: Element) -> Iterator[Finding]:
    at = element.parent
    while at != ROOT and process.elements[at].kind != "transaction":
        at = process.elements[at].parent
    if at == ROOT:
        yield fault(
            process,
            "E046",
            element,
            Text("取消事务，却不在事务子流程里", "cancels a transaction but does not lie in one"),
            Text(
                "请放进事务子流程，或用补偿、终止结束事件。",
                "Place it in a transaction, or use a compensation or terminate end event.",
            ),
        )


def _lacks_name(element: Element, trigger: Trigger) -> bool:
    """Signals and links always need one; errors and escalations where they are thrown."""
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    needs = ("signal", "link", "error", "escalation") if throws else ("signal", "link")
    return trigger.kind in needs and not trigger.name


def _timer(process: Process, element: Element, trigger: Trigger) -> Iterator[Finding]:
    formula = trigger.formula
    if formula is not None and formula.text.startswith("="):
        yield from _asked(process, element)
        return
    text = formula.text if formula else ""
    if element.decision is None and _is_time(element, trigger.timer, text):
        return
    why = recurrence_refused(text) if trigger.timer == "cycle" else None
    yield fault(
        process,
        "E034",
        element,
        Text("的时间“{text}”不能用", "has a time that cannot be used: “{text}”", text=text),
        why
        or Text(
            "例如时长 P5D 或 8 working hours、周期 R3/P1D 或 0 9 * * 1-5，"
            "或以 = 开头的 FEEL 表达式。",
            "For example the duration P5D or 8 working hours, the cycle R3/P1D or 0 9 * * 1-5,"
            " or FEEL beginning with =.",
        ),
        line=trigger.line,
    )


def _asked(process: Process, element: Element) -> Iterator[Finding]:
    """A timer whose decision is asked when it rings says under which name its formula sees it."""
    if element.decision is not None and not element.result_variable:
        yield fault(
            process,
            "E031",
            element,
            Text("没有写决策结果放进哪个变量", "does not say which variable takes the result"),
            Text("请填写 resultVariable。", "Fill in its resultVariable."),
        )


def _is_time(element: Element, kind: str, text: str) -> bool:
    """Whether a written time can be used here."""
    if not text or kind == "date":
        return bool(text)
    if kind == "duration":
        return parse_span(text) is not None
    cycle = parse_cycle(text)
    if cycle is None or not cycle.moves_on:
        return False
    # On the way of a token only the next time counts: one that is written with its repetitions,
    # or from the moment itself, means something else.
    here = element.kind in ("startEvent", "boundaryEvent")
    return here or (isinstance(cycle.every, Schedule) and cycle.every.repeats is None)


def nameless_message(process: Process, element: Element) -> Finding:
    """The fault of a message that nobody could send."""
    return fault(
        process,
        "E033",
        element,
        Text("的消息没有名称", "has a message without a name"),
        Text("请为它选择一个有名称的消息。", "Choose a message with a name for it."),
    )


def is_feel(formula: Formula | None) -> bool:
    """Whether a text begins as FEEL does here, with =."""
    return formula is not None and formula.text.startswith("=")
