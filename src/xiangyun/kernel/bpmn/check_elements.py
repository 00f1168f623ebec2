"""What each kind of element needs so that the engine can run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xiangyun.kernel.bpmn.engine.advance import RUNNING
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
_EVENT_SUBPROCESS = frozenset(("message", "timer", "signal", "conditional", "error", "escalation"))
_BEHIND_EVENT_GATE = frozenset(("message", "timer", "signal", "conditional"))


def element_findings(process: Process, element: Element) -> Iterator[Finding]:
    """Everything that keeps this one element from running."""
    if element.kind not in RUNNING:
        yield _cannot_run(process, element, "不能由本平台执行", "cannot be run by this platform")
        return
    for note in element.notes:
        yield _cannot_run(
            process, element, f"带有不能执行的 {note}", f"carries {note}, which cannot be run"
        )
    for need in _NEEDS.get(element.kind, ()):
        yield from need(process, element)
    if element.loop is not None:
        yield from _loop(process, element)
    if element.trigger is not None:
        yield from _trigger(process, element, element.trigger)


def _cannot_run(process: Process, element: Element, zh: str, en: str) -> Finding:
    hints = {
        "task": (
            "请改成用户任务、服务任务等确定的类型。",
            "Make it a user task, a service task, …",
        ),
        "transaction": (
            "请改成普通子流程，用补偿事件撤销。",
            "Use a sub-process and compensation.",
        ),
        "complexGateway": ("请改用包容网关。", "Use an inclusive gateway."),
    }
    hint_zh, hint_en = hints.get(element.kind, ("请改用其他元素。", "Use another element."))
    return fault(process, "E004", element, zh, en, hint_zh, hint_en)


def _user(process: Process, element: Element) -> Iterator[Finding]:
    if element.groups is None:
        yield fault(
            process,
            "E032",
            element,
            "没有写由谁办理",
            "does not say who does it",
            "请在分配中填写候选组（candidateGroups），例如 acceptor。",
            "Fill in the candidate groups of its assignment, for example acceptor.",
        )


def _service(process: Process, element: Element) -> Iterator[Finding]:
    if element.type is None:
        yield fault(
            process,
            "E030",
            element,
            "没有写服务类型",
            "has no service type",
            "请填写任务类型（taskDefinition type），例如 register.enter。",
            "Fill in its task definition type, for example register.enter.",
        )


def _rule(process: Process, element: Element) -> Iterator[Finding]:
    if element.decision is None and element.type is None:
        yield fault(
            process,
            "E031",
            element,
            "没有写调用哪个决策",
            "names no decision",
            "请填写被调用的决策（calledDecision decisionId）。",
            "Fill in its called decision's decisionId.",
        )
    elif element.decision is not None and not element.result_variable:
        yield fault(
            process,
            "E031",
            element,
            "没有写决策结果放进哪个变量",
            "does not say which variable takes the result",
            "请填写 resultVariable。",
            "Fill in its resultVariable.",
        )


def _script(process: Process, element: Element) -> Iterator[Finding]:
    whole = element.script is not None and element.script.text.startswith("=")
    if element.type is None and not (whole and element.result_variable):
        yield fault(
            process,
            "E036",
            element,
            "没有 FEEL 表达式或结果变量",
            "has no FEEL expression or no result variable",
            "请填写 zeebe:script 的 expression（以 = 开头）和 resultVariable。",
            "Fill in expression (beginning with =) and resultVariable of its zeebe:script.",
        )


def _call(process: Process, element: Element) -> Iterator[Finding]:
    if element.called is None:
        yield fault(
            process,
            "E037",
            element,
            "没有写调用哪个流程",
            "names no process to call",
            "请填写 calledElement 的 processId。",
            "Fill in the processId of its called element.",
        )


def _message_task(process: Process, element: Element) -> Iterator[Finding]:
    if element.trigger is None and element.type is None:
        yield _nameless_message(process, element)


def _nameless_message(process: Process, element: Element) -> Finding:
    return fault(
        process,
        "E033",
        element,
        "的消息没有名称",
        "has a message without a name",
        "请为它选择一个有名称的消息。",
        "Choose a message with a name for it.",
    )


def _subprocess(process: Process, element: Element) -> Iterator[Finding]:
    if not element.event_driven:
        return
    starts = process.wiring.starts.get(element.id, ())
    kinds = {start.trigger.kind for start in starts if start.trigger}
    if not kinds or kinds - _EVENT_SUBPROCESS:
        yield fault(
            process,
            "E042",
            element,
            "是事件子流程，但它的开始事件不是可用的事件",
            "is an event sub-process whose start event is none that can start it",
            "请用消息、定时、信号、条件、错误或升级开始事件。",
            "Use a message, timer, signal, conditional, error or escalation start event.",
        )
    if element.incoming or element.outgoing:
        yield fault(
            process,
            "E042",
            element,
            "是事件子流程，不能有顺序流进出",
            "is an event sub-process and takes no sequence flows",
            "请删除这些顺序流。",
            "Remove these sequence flows.",
        )


def _boundary(process: Process, element: Element) -> Iterator[Finding]:
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


def _event_gate(process: Process, element: Element) -> Iterator[Finding]:
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


_Need = Callable[[Process, Element], Iterator[Finding]]
_NEEDS: dict[str, tuple[_Need, ...]] = {
    "userTask": (_user,),
    "serviceTask": (_service,),
    "businessRuleTask": (_rule,),
    "scriptTask": (_script,),
    "callActivity": (_call,),
    "sendTask": (_message_task,),
    "receiveTask": (_message_task,),
    "subProcess": (_subprocess,),
    "boundaryEvent": (_boundary,),
    "eventBasedGateway": (_event_gate,),
}


def _loop(process: Process, element: Element) -> Iterator[Finding]:
    loop = element.loop
    if loop is None:
        return
    if loop.kind != "standard" and not _is_feel(loop.collection):
        yield fault(
            process,
            "E038",
            element,
            "是多实例，但没有写逐项办理的集合",
            "is multi-instance but names no collection",
            "请填写 loopCharacteristics 的 inputCollection（以 = 开头）。",
            "Fill in the inputCollection (beginning with =) of its loop characteristics.",
            line=loop.line,
        )
    if loop.kind == "standard" and loop.condition is None and loop.maximum is None:
        yield fault(
            process,
            "E038",
            element,
            "会无休止地重复：没有循环条件，也没有次数上限",
            "would repeat for ever: it has neither a loop condition nor a maximum",
            "请写 loopCondition 或 loopMaximum。",
            "Give it a loopCondition or a loopMaximum.",
            line=loop.line,
        )
    if loop.condition is not None and not _is_feel(loop.condition):
        yield fault(
            process,
            "E022",
            element,
            f"的循环条件“{loop.condition.text}”不是以 = 开头的 FEEL 表达式",
            f"has a loop condition that is no FEEL formula: “{loop.condition.text}”",
            "请以 = 开头。",
            "Begin it with =.",
            line=loop.line,
        )


def _trigger(process: Process, element: Element, trigger: Trigger) -> Iterator[Finding]:
    allowed = _CAN.get(element.kind)
    inside = process.elements.get(element.parent)
    if element.kind == "startEvent" and inside is not None:
        allowed = _EVENT_SUBPROCESS if inside.event_driven else frozenset(("none",))
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
        yield _nameless_message(process, element)
    elif trigger.kind == "timer":
        yield from _timer(process, element, trigger)
    elif trigger.kind == "conditional" and not _is_feel(trigger.formula):
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


def _is_feel(formula: Formula | None) -> bool:
    return formula is not None and formula.text.startswith("=")
