"""How a finding names an element, the same everywhere."""

from __future__ import annotations

from xiangyun.kernel.bpmn.model import Element, Process
from xiangyun.kernel.findings import Finding, Place, Severity, Text

KINDS: dict[str, Text] = {
    "startEvent": Text("开始事件", "start event"),
    "endEvent": Text("结束事件", "end event"),
    "intermediateCatchEvent": Text("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": Text("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": Text("边界事件", "boundary event"),
    "task": Text("未定类型的任务", "task of no type"),
    "userTask": Text("用户任务", "user task"),
    "serviceTask": Text("服务任务", "service task"),
    "businessRuleTask": Text("业务规则任务", "business rule task"),
    "scriptTask": Text("脚本任务", "script task"),
    "sendTask": Text("发送任务", "send task"),
    "receiveTask": Text("接收任务", "receive task"),
    "manualTask": Text("手工任务", "manual task"),
    "callActivity": Text("调用活动", "call activity"),
    "subProcess": Text("子流程", "sub-process"),
    "transaction": Text("事务子流程", "transaction"),
    "adHocSubProcess": Text("特设子流程", "ad-hoc sub-process"),
    "exclusiveGateway": Text("排他网关", "exclusive gateway"),
    "parallelGateway": Text("并行网关", "parallel gateway"),
    "inclusiveGateway": Text("包容网关", "inclusive gateway"),
    "eventBasedGateway": Text("事件网关", "event-based gateway"),
    "complexGateway": Text("复杂网关", "complex gateway"),
}


def quoted(element: Element) -> Text:
    """Kind, name and id of an element, for the middle of a sentence."""
    kind = KINDS.get(element.kind, Text.given(element.kind, element.kind))
    return Text(
        "{kind}“{label}”（{id}）",
        "{kind} “{label}” ({id})",
        kind=kind,
        label=element.label,
        id=element.id,
    )


def fault(
    process: Process,
    number: str,
    element: Element,
    words: Text,
    hint: Text,
    severity: Severity = "error",
    line: int = 0,
) -> Finding:
    """A finding about an element: who, where, what, what to do. `number` such as `E011`."""
    who = quoted(element)
    return Finding(
        f"bpmn.{number}",
        severity,
        Text("{who}{words}。", "The {who} {words}.", who=who, words=words),
        Place(process.file, line or element.line),
        hint,
    )
