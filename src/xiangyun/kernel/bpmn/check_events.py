"""What events need so that the engine can wait for them or throw them."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.bpmn.model import Element, Formula, Process, Trigger
from xiangyun.kernel.bpmn.times import parse_cycle, parse_duration
from xiangyun.kernel.bpmn.words import fault
from xiangyun.kernel.findings import Finding

_CAN: dict[str, frozenset[str]] = {
    "startEvent": frozenset(("none", "message", "timer", "signal", "conditional")),
    "endEvent": frozenset(
        ("none", "message", "signal", "error", "escalation", "terminate", "compensate")
    ),
    "intermediateThrowEvent": frozenset(
        ("none", "message", "signal", "escalation", "link", "compensate")
    ),
    "intermediateCatchEvent": frozenset(("message", "timer", "signal", "conditional", "link")),
    "boundaryEvent": frozenset(
        ("message", "timer", "signal", "conditional", "error", "escalation", "compensate")
    ),
}
EVENT_SUBPROCESS = frozenset(("message", "timer", "signal", "conditional", "error", "escalation"))
_BEHIND_EVENT_GATE = frozenset(("message", "timer", "signal", "conditional"))


def boundary_findings(process: Process, element: Element) -> Iterator[Finding]:
    """A boundary event stands on an activity; a compensating one leads to what undoes it."""
    host = process.elements.get(element.attached_to)
    activity = host is not None and "Event" not in host.kind and "Gateway" not in host.kind
    if not activity or element.incoming:
        yield fault(
            process,
            "E040",
            element,
            "没有附着在活动上，或有顺序流进入",
            "is not attached to an activity, or a sequence flow leads to it",
            "请把它放在一个任务或子流程的边上。",
            "Place it on the edge of a task or sub-process.",
        )
    kind = element.trigger.kind if element.trigger else "none"
    if kind == "compensate" and element.attached_to not in process.wiring.compensations:
        yield fault(
            process,
            "E043",
            element,
            "没有连到补偿活动",
            "leads to no compensation activity",
            "请用关联线连到一个标为补偿的任务。",
            "Connect it by an association to a task marked for compensation.",
        )


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
                f"之后的“{target.label}”不是只由它到达的等待事件",
                f"is followed by “{target.label}”, which is no event reached only from here",
                "事件网关之后只能是消息、定时、信号或条件的中间事件。",
                "Only message, timer, signal or conditional events follow an event-based gateway.",
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
            f"的类型 {trigger.kind} 在这里不能执行",
            f"has the type {trigger.kind}, which cannot be run here",
            f"这里可以用：{'、'.join(sorted(allowed))}。",
            f"Possible here: {', '.join(sorted(allowed))}.",
        )
        return
    if trigger.kind == "message" and not trigger.name and element.type is None:
        yield nameless_message(process, element)
    elif trigger.kind == "timer":
        yield from _timer(process, element, trigger)
    elif trigger.kind == "conditional" and not is_feel(trigger.formula):
        yield fault(
            process,
            "E022",
            element,
            "没有以 = 开头的条件",
            "has no condition beginning with =",
            "请写 FEEL 条件。",
            "Write a FEEL condition.",
        )
    elif _lacks_name(element, trigger):
        yield fault(
            process,
            "E035",
            element,
            "没有名称或代码",
            "has no name or code",
            "请为信号写名称、为错误和升级写代码、为链接写名称。",
            "Name its signal or link, or give its error or escalation a code.",
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
            f"的链接“{trigger.name}”没有对应的目标",
            f"has a link “{trigger.name}” without a target",
            "请画一个同名的链接捕获事件。",
            "Draw a link catch event of the same name.",
        )


def _lacks_name(element: Element, trigger: Trigger) -> bool:
    """Signals and links always need one; errors and escalations where they are thrown."""
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    needs = ("signal", "link", "error", "escalation") if throws else ("signal", "link")
    return trigger.kind in needs and not trigger.name


def _timer(process: Process, element: Element, trigger: Trigger) -> Iterator[Finding]:
    formula = trigger.formula
    repeats = element.kind in ("startEvent", "boundaryEvent")
    wrong = formula is None or not formula.text or (trigger.timer == "cycle" and not repeats)
    if formula is not None and not formula.text.startswith("="):
        wrong = wrong or (trigger.timer == "duration" and parse_duration(formula.text) is None)
        wrong = wrong or (trigger.timer == "cycle" and parse_cycle(formula.text) is None)
    if wrong:
        yield fault(
            process,
            "E034",
            element,
            f"的时间“{formula.text if formula else ''}”不能用",
            f"has a time that cannot be used: “{formula.text if formula else ''}”",
            "例如时长 P5D、周期 R3/P1D，或以 = 开头的 FEEL 表达式。",
            "For example the duration P5D, the cycle R3/P1D, or FEEL beginning with =.",
            line=trigger.line,
        )


def nameless_message(process: Process, element: Element) -> Finding:
    """The fault of a message that nobody could send."""
    return fault(
        process,
        "E033",
        element,
        "的消息没有名称",
        "has a message without a name",
        "请为它选择一个有名称的消息。",
        "Choose a message with a name for it.",
    )


def is_feel(formula: Formula | None) -> bool:
    """Whether a text begins as FEEL does here, with =."""
    return formula is not None and formula.text.startswith("=")
