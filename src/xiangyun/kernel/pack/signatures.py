"""Signatures in rehearsals: an example says who signs, as the drawing asks."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.examples import Act, Example
from xiangyun.kernel.service.signing import PAPER, PASSKEY, SignatureRule, rule_of, seen_by_feel


def of_start(
    start: Element | None, example: Example, application: Mapping[str, Value], at: Value
) -> Value | Finding:
    """How the applicant of an example signed; None for not at all."""
    return _signed(rule_of(start), example, example.filed_by, application, at)


def of_act(element: Element, act: Act, result: Mapping[str, Value], at: Value) -> Value | Finding:
    """How somebody signed what was done; None for not at all."""
    rule, answers = rule_of(element), result.get(ANSWERS)
    if rule is not None and not rule.asks(act.action):
        rule = None
    given = answers if isinstance(answers, dict) else {}
    return _signed(rule, act, act.by, given, at)


def _signed(
    rule: SignatureRule | None,
    of: Act | Example,
    name: str,
    answers: Mapping[str, Value],
    at: Value,
) -> Value | Finding:
    if rule is None:
        return _not_asked(of) if of.signature else None
    if of.signature:
        return seen_by_feel(name, PASSKEY, at)
    if rule.paper and answers.get(rule.paper):
        return seen_by_feel(name, PAPER, at)
    return _unsigned(of, rule) if rule.required else None


def _unsigned(of: Act | Example, rule: SignatureRule) -> Finding:
    by_passkey = Text("请写 signature: passkey。", "Write `signature: passkey`.")
    either = Text(
        "请写 signature: passkey，或者在“{paper}”里写签好的文件。",
        "Write `signature: passkey`, or name the signed file in “{paper}”.",
        paper=rule.paper,
    )
    return fault(
        "pack.E413",
        Text("这一步要签名，示例里没有签。", "This step wants a signature; the example has none."),
        of.place,
        either if rule.paper else by_passkey,
    )


def _not_asked(of: Act | Example) -> Finding:
    return fault(
        "pack.E414",
        Text("这一步没有要签名。", "This step asks for no signature."),
        of.place,
        Text(
            "请删去 signature，或者在流程图里写属性 signature。",
            "Remove `signature`, or give the element the property `signature`.",
        ),
    )
