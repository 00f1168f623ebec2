"""Faults of form: how flows, gates and scopes are connected (BPMN 2.0.2, clauses 10, 13)."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.bpmn.check_elements import element_findings
from xiangyun.kernel.bpmn.check_rings import spinning_findings
from xiangyun.kernel.bpmn.dialects import condition_of
from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Element, Flow, Process
from xiangyun.kernel.bpmn.words import fault, quoted
from xiangyun.kernel.findings import Finding, Place, Text


def structure_findings(process: Process) -> list[Finding]:
    """Faults of form in one process, soundness not yet asked."""
    findings = list(_flow_findings(process))
    for scope in (ROOT, *(e.id for e in process.elements.values() if e.kind in SCOPES)):
        findings += _scope_findings(process, scope)
    findings += spinning_findings(process)
    reached = _reached(process)
    for element in process.elements.values():
        findings += element_findings(process, element)
        findings += _way_findings(process, element)
        if element.id not in reached:
            findings.append(
                fault(
                    process,
                    "E013",
                    element,
                    Text("没有任何路径能到达它", "no path leads to it"),
                    Text(
                        "请用顺序流把它接上，或删除它。",
                        "Connect it with a sequence flow, or remove it.",
                    ),
                )
            )
    return findings


def _flow_findings(process: Process) -> Iterator[Finding]:
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            yield _flow_fault(
                process,
                "E010",
                flow,
                Text(
                    "一端没有接到元素（“{end}”）", "leads nowhere: one end is “{end}”", end=missing
                ),
                Text("请把两端都接到元素上。", "Attach both ends to elements."),
            )
        elif source.parent != target.parent:
            yield _flow_fault(
                process,
                "E010",
                flow,
                Text("穿过了子流程的边界", "crosses the border of a sub-process"),
                Text(
                    "请用子流程自己的开始和结束事件。",
                    "Use the sub-process's own start and end events.",
                ),
            )
        elif (words := _meaningless(source, target)) is not None:
            yield _flow_fault(
                process,
                "E017",
                flow,
                words,
                Text("请删除它，或接到别的元素上。", "Remove it, or attach it to another element."),
            )
        elif flow.condition is not None:
            yield from _condition_findings(process, flow, source)
    for element in process.elements.values():
        if element.default and element.default not in element.outgoing:
            yield fault(
                process,
                "E023",
                element,
                Text(
                    "缺省流向 {default} 不是从它出发的",
                    "its default flow {default} does not leave it",
                    default=element.default,
                ),
                Text("请重新选择缺省流向。", "Choose the default flow again."),
            )


def _meaningless(source: Element, target: Element) -> Text | None:
    """Why a flow between two elements says nothing; None when it does."""
    if target.kind == "startEvent":
        return Text(
            "通到{quoted}，而开始事件前面没有路", "leads into the {quoted}", quoted=quoted(target)
        )
    if source.kind == "endEvent":
        return Text(
            "从{quoted}出发，而结束事件之后没有路", "leaves the {quoted}", quoted=quoted(source)
        )
    for end, words in (
        (target, Text("通到", "leads to")),
        (source, Text("从", "leaves")),
    ):
        if end.for_compensation:
            return Text(
                "{words}补偿活动{quoted}，它只由补偿事件唤起",
                "{words} the {quoted}, which only compensation calls",
                words=words,
                quoted=quoted(end),
            )
    return None


def _condition_findings(process: Process, flow: Flow, source: Element) -> Iterator[Finding]:
    if flow.condition is None:
        return
    if not flow.condition.text.startswith("="):
        meant = condition_of(flow.condition.text) or '=acceptance = "accept"'
        yield _flow_fault(
            process,
            "E022",
            flow,
            Text(
                "的条件“{text}”不是以 = 开头的 FEEL 表达式",
                "has a condition that is no FEEL formula beginning with =: “{text}”",
                text=flow.condition.text,
            ),
            Text("例如：{meant}", "For example: {meant}", meant=meant),
        )
    if source.kind in ("parallelGateway", "eventBasedGateway") or flow.id == source.default:
        yield _flow_fault(
            process,
            "E024",
            flow,
            Text(
                "的条件不会起作用：它从{quoted}出发，那里不看条件",
                "has a condition that nobody asks: it leaves {quoted}",
                quoted=quoted(source),
            ),
            Text(
                "请删除条件，或改用排他网关。", "Remove the condition, or use an exclusive gateway."
            ),
        )


def _flow_fault(process: Process, number: str, flow: Flow, words: Text, hint: Text) -> Finding:
    source = process.elements.get(flow.source)
    after = source.label if source else flow.source
    return Finding(
        f"bpmn.{number}",
        "error",
        Text(
            "“{after}”之后的流向“{name}”（{id}）{words}。",
            "The flow “{name}” ({id}) after “{after}” {words}.",
            after=after,
            name=flow.name or flow.id,
            id=flow.id,
            words=words,
        ),
        Place(process.file, flow.line),
        hint,
    )


def _way_findings(process: Process, element: Element) -> Iterator[Finding]:
    ways = process.wiring.ways[element.id]
    if "Gateway" in element.kind:
        if not ways:
            yield fault(
                process,
                "E011",
                element,
                Text("没有出口", "is a gateway without a way out"),
                Text("请为它画出至少一条顺序流。", "Draw at least one sequence flow out of it."),
            )
        if element.kind in ("exclusiveGateway", "inclusiveGateway") and len(ways) > 1:
            yield from _branch_findings(process, element, ways)
    elif not ways and element.id not in process.wiring.ends and not _needs_no_way(element):
        yield fault(
            process,
            "E012",
            element,
            Text("之后没有路", "has no way on"),
            Text(
                "请接到下一步，或接到一个结束事件。",
                "Lead it to the next step, or to an end event.",
            ),
        )
    elif not ways and element.kind != "endEvent" and _ends_are_drawn(process, element):
        yield fault(
            process,
            "N012",
            element,
            Text(
                "之后没有路：这条路到这里就结束，而旁边的路画了结束事件",
                "has no way on: its path ends here, while others beside it have end events",
            ),
            Text(
                "如果忘了往下画，请接到下一步；否则接到一个结束事件更清楚。",
                "If the next step was forgotten, draw it; "
                "otherwise an end event says it more clearly.",
            ),
            severity="note",
        )


def _branch_findings(process: Process, gate: Element, ways: tuple[Flow, ...]) -> Iterator[Finding]:
    for flow in ways:
        if flow.id == gate.default or flow.condition is not None:
            continue
        yield _flow_fault(
            process,
            "E020",
            flow,
            Text("缺少条件", "has no condition"),
            Text(
                "请写条件，或把它设为缺省流向。",
                "Give it a condition, or make it the default flow.",
            ),
        )


def _needs_no_way(element: Element) -> bool:
    """Elements that no token leaves by a flow."""
    linked = element.trigger is not None and element.trigger.kind in ("link", "compensate")
    return element.event_driven or element.for_compensation or linked


def _ends_are_drawn(process: Process, element: Element) -> bool:
    beside = process.wiring.children.get(element.parent, ())
    return element.id in process.wiring.ends and any(each.kind == "endEvent" for each in beside)


def _scope_findings(process: Process, scope: str) -> Iterator[Finding]:
    """A scope needs one beginning, and an end unless something comes that ends it."""
    owner = process.elements.get(scope)
    label, line = (owner.label, owner.line) if owner else (process.name or process.id, process.line)
    starts = process.wiring.starts.get(scope, ())
    inside = process.wiring.children.get(scope, ())

    def found(number: str, words: Text, hint: Text) -> Finding:
        return Finding(
            f"bpmn.{number}",
            "error",
            Text(
                "“{label}”（{scope}）{words}。",
                "“{label}” ({scope}) {words}.",
                label=label,
                scope=scope or process.id,
                words=words,
            ),
            Place(process.file, line),
            hint,
        )

    if not starts:
        yield found(
            "E014",
            Text("没有开始事件", "has no start event"),
            Text("请画一个开始事件。", "Draw a start event."),
        )
    ends = any(each.id in process.wiring.ends for each in inside)
    if not ends and not _may_be_ended(process, scope):
        yield found(
            "E015",
            Text("没有结束事件", "has no end event"),
            Text("请画一个结束事件。", "Draw an end event."),
        )
    plain = [each for each in starts if each.trigger and each.trigger.kind == "none"]
    if len(plain) > 1 or (scope != ROOT and len(starts) > 1):
        yield found(
            "E016",
            Text("有不止一个开始事件", "has more than one start event"),
            Text("请只留一个。", "Keep one."),
        )


def _may_be_ended(process: Process, scope: str) -> bool:
    """Whether something around what goes on in a scope could end it; the proof asks further."""
    while True:
        if process.wiring.handlers.get(scope) or process.wiring.boundaries.get(scope):
            return True
        if scope == ROOT:
            return False
        scope = process.elements[scope].parent


def _reached(process: Process) -> set[str]:
    """Elements that some path can reach, from starts, boundaries, event sub-processes, links."""
    todo = [each.id for each in process.wiring.starts.get(ROOT, ())]
    todo += [sub.id for sub, _ in process.wiring.handlers.get(ROOT, ())]
    seen: set[str] = set()
    while todo:
        ident = todo.pop()
        element = process.elements.get(ident)
        if element is None or ident in seen:
            continue
        seen.add(ident)
        todo += [flow.target for flow in process.wiring.ways[ident]]
        todo += [boundary.id for boundary in process.wiring.boundaries.get(ident, ())]
        todo += [start.id for start in process.wiring.starts.get(ident, ())]
        todo += [sub.id for sub, _ in process.wiring.handlers.get(ident, ())]
        if ident in process.wiring.compensations:
            todo.append(process.wiring.compensations[ident])
        if element.kind == "intermediateThrowEvent" and element.trigger:
            todo.append(process.wiring.links.get((element.parent, element.trigger.name), ""))
    return seen
