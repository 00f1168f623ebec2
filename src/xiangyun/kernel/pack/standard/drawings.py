"""The drawings of the standard ways, each a process of its own (BPMN 2.0), without a layout.

A standard way is frozen once it has landed: published versions and their cases live by it. What
is to change becomes a further way (`standard/promised-2`); a test holds the hash of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape  # as XML has it; what is meant for XML loads a client of HTTP

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"\
 xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions_{id}"\
 targetNamespace="urn:xiangyun:standard" modeler:executionPlatform="Camunda Cloud"\
 modeler:executionPlatformVersion="8.6.0">
<bpmn:process id="{id}" name="{name}" isExecutable="true">
<bpmn:startEvent id="filed" name="提交申请" />
"""
_FOOT = """</bpmn:process>
<bpmn:message id="message_withdraw" name="withdraw"><bpmn:extensionElements>\
<zeebe:subscription correlationKey="=case_number" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>
"""
_WITHDRAWN = """<bpmn:boundaryEvent id="withdrawn" name="撤回" attachedToRef="examine">\
<bpmn:messageEventDefinition id="withdrawn_message" messageRef="message_withdraw" />\
</bpmn:boundaryEvent>
"""
_OVERDUE = """<bpmn:boundaryEvent id="overdue" name="逾期未补正" attachedToRef="correct">\
<bpmn:timerEventDefinition id="overdue_timer">\
<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">\
=duration("P" + string(parameters.correction_days) + "D")</bpmn:timeDuration>\
</bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:endEvent id="end_overdue" name="逾期" />
"""
_RESULT = "{action: action, note: note, by: by, at: at}"


def _task(
    id: str,
    name: str,
    group: str,
    headers: Sequence[tuple[str, str]],
    outputs: str,
    clock: str = "",
) -> str:
    """A user task; `outputs` are the mappings into variables, written out."""
    return (
        f'<bpmn:userTask id="{id}" name="{name}"><bpmn:extensionElements><zeebe:userTask />'
        f'<zeebe:assignmentDefinition candidateGroups="{group}" />'
        f"<zeebe:ioMapping>{outputs}</zeebe:ioMapping>{_headers(headers)}{_clock(clock)}"
        "</bpmn:extensionElements></bpmn:userTask>\n"
    )


def _service(
    id: str, name: str, kind: str, headers: Sequence[tuple[str, str]], outputs: str, clock: str = ""
) -> str:
    mapping = f"<zeebe:ioMapping>{outputs}</zeebe:ioMapping>" if outputs else ""
    return (
        f'<bpmn:serviceTask id="{id}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{kind}" />{mapping}{_headers(headers)}{_clock(clock)}'
        "</bpmn:extensionElements></bpmn:serviceTask>\n"
    )


def _attribute(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


def _headers(headers: Sequence[tuple[str, str]]) -> str:
    # Of all that stands here only the id of a certificate is not ours.
    lines = "".join(
        f'<zeebe:header key="{key}" value="{_attribute(value)}" />' for key, value in headers
    )
    return f"<zeebe:taskHeaders>{lines}</zeebe:taskHeaders>"


def _clock(effect: str) -> str:
    return (
        f'<zeebe:properties><zeebe:property name="clock" value="{effect}" /></zeebe:properties>'
        if effect
        else ""
    )


def _into(source: str, target: str) -> str:
    return f"<zeebe:output source='={source}' target=\"{target}\" />"


def _letter(name: str, words: str, stage: str, clock: str = "", outputs: str = "") -> str:
    headers = (("letter", name), ("stage", stage))
    return _service(f"letter_{name}", words, "letter.send", headers, outputs, clock)


def _end(id: str, name: str, outcome: str) -> str:
    return (
        f'<bpmn:endEvent id="{id}" name="{name}"><bpmn:extensionElements><zeebe:properties>'
        f'<zeebe:property name="outcome" value="{outcome}" /></zeebe:properties>'
        "</bpmn:extensionElements></bpmn:endEvent>\n"
    )


def _gate(id: str, otherwise: str = "") -> str:
    default = f' default="{id}_to_{otherwise}"' if otherwise else ""
    return f'<bpmn:exclusiveGateway id="{id}"{default} />\n'


def _flow(source: str, target: str, name: str = "", condition: str = "") -> str:
    named = f' name="{name}"' if name else ""
    when = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}"{named} sourceRef="{source}"'
        f' targetRef="{target}">{when}</bpmn:sequenceFlow>\n'
    )


def _correction() -> str:
    """The letter that asks, the applicant's corrections, and their end of time."""
    headers = (("actions", "resubmit"), ("form", "answers"), ("stage", "correct"))
    outputs = _into("application", "application") + _into('"made"', "correction")
    return (
        _letter("correction", "告知补正", "correct", outputs=_into('"asked"', "correction"))
        + _task("correct", "补正", "applicant", headers, outputs, "pauses")
        + _OVERDUE
        + _flow("letter_correction", "correct")
        + _flow("overdue", "end_overdue")
    )


def _outcomes(certificate: str, granted: str) -> str:
    """What follows once it is decided: certificate and letter, refusal, or lapse."""
    given = _flow("gate_outcome", "letter_issued", "准予", granted)
    if certificate:
        headers = (("certificate", certificate), ("stage", "issue"))
        outputs = _into("{identifier: identifier, issued_on: issued_on}", "licence")
        given = (
            _service("issue_certificate", "发证", "certificate.issue", headers, outputs)
            + _flow("gate_outcome", "issue_certificate", "准予", granted)
            + _flow("issue_certificate", "letter_issued")
        )
    return (
        _WITHDRAWN
        + _end("end_withdrawn", "已撤回", "withdrawn")
        + _gate("gate_outcome", "letter_refused")
        + given
        + _letter("issued", "送达结果", "issue", "stops")
        + _end("end_issued", "已办结", "issued")
        + _letter("refused", "发不予决定", "decide", "stops")
        + _end("end_refused", "不予办理", "refused")
        + _end("end_lapsed", "视为撤回", "lapsed")
        + _flow("filed", "examine")
        + _flow("examine", "gate_outcome")
        + _flow("gate_outcome", "end_lapsed", "逾期", 'correction = "asked"')
        + _flow("gate_outcome", "letter_refused", "不予")
        + _flow("letter_issued", "end_issued")
        + _flow("letter_refused", "end_refused")
        + _flow("withdrawn", "end_withdrawn")
    )


def _process(id: str, name: str, inner: str) -> str:
    return _HEAD.replace("{id}", id).replace("{name}", name) + inner + _FOOT


def _examine(name: str, inner: str) -> str:
    return f'<bpmn:subProcess id="examine" name="{name}">\n{inner}</bpmn:subProcess>\n'


def immediate(certificate: str) -> str:
    """即办件: one official looks and decides at once."""
    words = ("当场办理", "当场办理", "已决定")
    return _looked_at(
        "standard_immediate", "即办件", "approve-at-once", "approver", words, certificate
    )


def promised(certificate: str) -> str:
    """承诺件: accepted by one, decided by another within the promised time."""
    accepting = (
        ("actions", "accept-application,ask-correction,refuse-application"),
        ("note_required", "ask-correction,refuse-application"),
        ("stage", "accept"),
    )
    deciding = (
        ("actions", "approve-application,refuse-application"),
        ("note_required", "refuse-application"),
        ("not_by", "accept"),
        ("stage", "decide"),
    )
    inner = (
        '<bpmn:startEvent id="examine_start" />\n'
        + _gate("again")
        + _task("accept", "受理", "acceptor", accepting, _into(_RESULT, "acceptance"))
        + _gate("gate_acceptance", "end_not_accepted")
        + _correction()
        + _letter("accepted", "发受理通知", "accept", "starts")
        + _task("decide", "决定", "approver", deciding, _into(_RESULT, "decision"))
        + '<bpmn:endEvent id="end_decided" name="已决定" />\n'
        + '<bpmn:endEvent id="end_not_accepted" name="不受理" />\n'
        + _flow("examine_start", "again")
        + _flow("again", "accept")
        + _flow("accept", "gate_acceptance")
        + _flow(
            "gate_acceptance",
            "letter_accepted",
            "受理",
            'acceptance.action = "accept-application"',
        )
        + _flow(
            "gate_acceptance", "letter_correction", "要补正", 'acceptance.action = "ask-correction"'
        )
        + _flow("gate_acceptance", "end_not_accepted", "不受理")
        + _flow("correct", "again", "补正后")
        + _flow("letter_accepted", "decide")
        + _flow("decide", "end_decided")
    )
    granted = 'decision != null and decision.action = "approve-application"'
    inner = _examine("受理和决定", inner) + _outcomes(certificate, granted)
    return _process("standard_promised", "承诺件", inner)


def report(certificate: str) -> str:
    """备案: the receipt comes at once; an official looks afterwards whether it is complete."""
    words = ("收件和核对", "核对备案", "已核对")
    receipt = _letter("received", "发收件凭证", "submit")
    return _looked_at(
        "standard_report", "备案", "put-on-file", "acceptor", words, certificate, receipt
    )


def _looked_at(
    id: str,
    name: str,
    grants: str,
    group: str,
    words: tuple[str, str, str],
    certificate: str,
    receipt: str = "",
) -> str:
    """A way with one task, whose action `grants` ends it well; `words` of all, task and end."""
    whole, task, end = words
    headers = (
        ("actions", f"{grants},ask-correction,refuse-application"),
        ("note_required", "ask-correction,refuse-application"),
        ("stage", "decide"),
    )
    first = "letter_received" if receipt else "again"
    inner = (
        '<bpmn:startEvent id="examine_start" />\n'
        + receipt
        + _gate("again")
        + _task("decide", task, group, headers, _into(_RESULT, "decision"))
        + _gate("gate_decision", "end_decided")
        + _correction()
        + f'<bpmn:endEvent id="end_decided" name="{end}" />\n'
        + _flow("examine_start", first)
        + (_flow("letter_received", "again") if receipt else "")
        + _flow("again", "decide")
        + _flow("decide", "gate_decision")
        + _flow(
            "gate_decision", "letter_correction", "要补正", 'decision.action = "ask-correction"'
        )
        + _flow("gate_decision", "end_decided", end)
        + _flow("correct", "again", "补正后")
    )
    granted = f'correction != "asked" and decision.action = "{grants}"'
    return _process(id, name, _examine(whole, inner) + _outcomes(certificate, granted))
