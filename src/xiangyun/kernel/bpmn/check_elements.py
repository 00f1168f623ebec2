"""What each kind of element needs so that the engine can run it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xiangyun.kernel.bpmn.check_events import (
    EVENT_SUBPROCESS,
    boundary_findings,
    event_gate_findings,
    handler_findings,
    is_feel,
    nameless_message,
    trigger_findings,
)
from xiangyun.kernel.bpmn.engine.advance import RUNNING
from xiangyun.kernel.bpmn.model import Element, Formula, Process
from xiangyun.kernel.bpmn.words import fault
from xiangyun.kernel.findings import Finding, Text


def element_findings(process: Process, element: Element) -> Iterator[Finding]:
    """Everything that keeps this one element from running."""
    if element.kind not in RUNNING:
        yield _cannot_run(
            process, element, Text("不能由本平台执行", "cannot be run by this platform")
        )
        return
    for note in element.notes:
        yield _cannot_run(
            process,
            element,
            Text("带有不能执行的 {note}", "carries {note}, which cannot be run", note=note),
        )
    for need in _NEEDS.get(element.kind, ()):
        yield from need(process, element)
    if element.loop is not None:
        yield from _loop(process, element)
    if element.trigger is not None:
        yield from trigger_findings(process, element, element.trigger)


def _cannot_run(process: Process, element: Element, words: Text) -> Finding:
    hints = {"complexGateway": Text("请改用包容网关。", "Use an inclusive gateway.")}
    hint = hints.get(element.kind, Text("请改用其他元素。", "Use another element."))
    return fault(process, "E004", element, words, hint)


def _abstract(process: Process, element: Element) -> Iterator[Finding]:
    yield fault(
        process,
        "N004",
        element,
        Text("没有类型：到这里就算办完", "is of no type: it is done as soon as it is reached"),
        Text(
            "如果有人或系统要办这件事，请改成用户任务、服务任务等。",
            "If a person or a machine does it, make it a user task, a service task, …",
        ),
        severity="note",
    )


def _user(process: Process, element: Element) -> Iterator[Finding]:
    if element.groups is None:
        yield fault(
            process,
            "E032",
            element,
            Text("没有写由谁办理", "does not say who does it"),
            Text(
                "请在分配中填写候选组（candidateGroups），例如 acceptor。",
                "Fill in the candidate groups of its assignment, for example acceptor.",
            ),
        )


def _service(process: Process, element: Element) -> Iterator[Finding]:
    if element.type is None:
        yield fault(
            process,
            "E030",
            element,
            Text("没有写服务类型", "has no service type"),
            Text(
                "请填写任务类型（taskDefinition type），例如 register.enter。",
                "Fill in its task definition type, for example register.enter.",
            ),
        )


def _rule(process: Process, element: Element) -> Iterator[Finding]:
    if element.decision is None and element.type is None:
        yield fault(
            process,
            "E031",
            element,
            Text("没有写调用哪个决策", "names no decision"),
            Text(
                "请填写被调用的决策（calledDecision decisionId）。",
                "Fill in its called decision's decisionId.",
            ),
        )
    elif element.decision is not None and not element.result_variable:
        yield fault(
            process,
            "E031",
            element,
            Text("没有写决策结果放进哪个变量", "does not say which variable takes the result"),
            Text("请填写 resultVariable。", "Fill in its resultVariable."),
        )


def _script(process: Process, element: Element) -> Iterator[Finding]:
    whole = element.script is not None and element.script.text.startswith("=")
    if element.type is None and not (whole and element.result_variable):
        yield fault(
            process,
            "E036",
            element,
            Text("没有 FEEL 表达式或结果变量", "has no FEEL expression or no result variable"),
            Text(
                "请填写 zeebe:script 的 expression（以 = 开头）和 resultVariable。",
                "Fill in expression (beginning with =) and resultVariable of its zeebe:script.",
            ),
        )


def _call(process: Process, element: Element) -> Iterator[Finding]:
    if element.called is None:
        yield fault(
            process,
            "E037",
            element,
            Text("没有写调用哪个流程", "names no process to call"),
            Text(
                "请填写 calledElement 的 processId。",
                "Fill in the processId of its called element.",
            ),
        )


def _message_task(process: Process, element: Element) -> Iterator[Finding]:
    if element.trigger is None and element.type is None:
        yield nameless_message(process, element)


def _subprocess(process: Process, element: Element) -> Iterator[Finding]:
    if not element.event_driven:
        return
    starts = process.wiring.starts.get(element.id, ())
    kinds = {start.trigger.kind for start in starts if start.trigger}
    if not kinds or kinds - EVENT_SUBPROCESS:
        yield fault(
            process,
            "E042",
            element,
            Text(
                "是事件子流程，但它的开始事件不是可用的事件",
                "is an event sub-process whose start event is none that can start it",
            ),
            Text(
                "请用消息、定时、信号、条件、错误或升级开始事件。",
                "Use a message, timer, signal, conditional, error or escalation start event.",
            ),
        )
    surplus = [
        (element.incoming or element.outgoing, Text("顺序流", "sequence flows")),
        (element.loop, Text("循环或多实例", "loop and no multi-instance")),
        (process.wiring.boundaries.get(element.id), Text("边界事件", "boundary events")),
        (element.for_compensation, Text("补偿标记", "mark for compensation")),
    ]
    for held, words in surplus:
        if held:
            yield fault(
                process,
                "E042",
                element,
                Text(
                    "是事件子流程，不能有{words}",
                    "is an event sub-process and takes no {words}",
                    words=words,
                ),
                Text(
                    "请删除{words}。",
                    "Remove the {words}; the event that starts it says when and how often it runs.",
                    words=words,
                ),
            )


def _transaction(process: Process, element: Element) -> Iterator[Finding]:
    edges = process.wiring.boundaries.get(element.id, ())
    caught = any(edge.trigger and edge.trigger.kind == "cancel" for edge in edges)
    if not caught and any(process.is_within(each, element.id) for each in _cancelling(process)):
        yield fault(
            process,
            "E046",
            element,
            Text(
                "可能被取消，但边上没有取消事件，取消之后没有路",
                "can be cancelled but has no cancel event at its edge: no way leads on from there",
            ),
            Text("请在它的边上画取消边界事件。", "Draw a cancel boundary event at its edge."),
        )
    if element.event_driven:
        yield from _subprocess(process, element)


def _cancelling(process: Process) -> list[Element]:
    """The cancel end events of a process."""
    return [
        each
        for each in process.elements.values()
        if each.kind == "endEvent" and each.trigger and each.trigger.kind == "cancel"
    ]


_Need = Callable[[Process, Element], Iterator[Finding]]
_NEEDS: dict[str, tuple[_Need, ...]] = {
    "userTask": (_user,),
    "serviceTask": (_service,),
    "businessRuleTask": (_rule,),
    "scriptTask": (_script,),
    "callActivity": (_call,),
    "sendTask": (_message_task,),
    "receiveTask": (_message_task,),
    "task": (_abstract,),
    "subProcess": (_subprocess, handler_findings),
    "transaction": (_transaction, handler_findings),
    "boundaryEvent": (boundary_findings,),
    "eventBasedGateway": (event_gate_findings,),
}


def _loop(process: Process, element: Element) -> Iterator[Finding]:
    loop = element.loop
    if loop is None:
        return
    if loop.collection is not None and loop.cardinality is not None:
        yield fault(
            process,
            "E038",
            element,
            Text(
                "既写了集合，又写了次数（loopCardinality）",
                "names a collection and a number of times (loopCardinality)",
            ),
            Text(
                "请只留一个：集合有多少项，就办多少次。",
                "Keep one of them: a collection says by its length how often.",
            ),
            line=loop.line,
        )
    if loop.cardinality is not None and not _is_count(loop.cardinality):
        yield fault(
            process,
            "E038",
            element,
            Text(
                "的次数“{text}”不是自然数，也不是以 = 开头的 FEEL 表达式",
                "is done “{text}” times: no whole number, and no FEEL formula",
                text=loop.cardinality.text,
            ),
            Text("例如 3，或 =count(places)。", "For example 3, or =count(places)."),
            line=loop.line,
        )
    if loop.kind != "standard" and loop.cardinality is None and not is_feel(loop.collection):
        yield fault(
            process,
            "E038",
            element,
            Text("是多实例，但没有写逐项办理的集合", "is multi-instance but names no collection"),
            Text(
                "请填写 loopCharacteristics 的 inputCollection（以 = 开头）。",
                "Fill in the inputCollection (beginning with =) of its loop characteristics.",
            ),
            line=loop.line,
        )
    if loop.maximum is not None and loop.maximum < 0:
        yield fault(
            process,
            "E038",
            element,
            Text(
                "的次数上限 {maximum} 小于零",
                "has a maximum below zero: {maximum}",
                maximum=loop.maximum,
            ),
            Text("请写自然数。", "Write a whole number."),
            line=loop.line,
        )
    if loop.kind == "standard" and loop.condition is None and loop.maximum is None:
        yield fault(
            process,
            "E038",
            element,
            Text(
                "会无休止地重复：没有循环条件，也没有次数上限",
                "would repeat for ever: it has neither a loop condition nor a maximum",
            ),
            Text(
                "请写 loopCondition 或 loopMaximum。", "Give it a loopCondition or a loopMaximum."
            ),
            line=loop.line,
        )
    if loop.condition is not None and not is_feel(loop.condition):
        yield fault(
            process,
            "E022",
            element,
            Text(
                "的循环条件“{text}”不是以 = 开头的 FEEL 表达式",
                "has a loop condition that is no FEEL formula: “{text}”",
                text=loop.condition.text,
            ),
            Text("请以 = 开头。", "Begin it with =."),
            line=loop.line,
        )


def _is_count(formula: Formula) -> bool:
    text = formula.text
    return is_feel(formula) or (text.isascii() and text.isdigit())
