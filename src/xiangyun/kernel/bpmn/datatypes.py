"""Attributes by their XML Schema types (XML Schema part 2, clause 3), and what is none of them.

A boolean is `true`, `false`, `1` or `0`, an integer may have a sign and leading zeros; white space
around either is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiangyun.kernel.bpmn.markup import BPMN, BPMNDI, Markup
from xiangyun.kernel.findings import Finding, Place, Text

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_INTEGER = re.compile(r"[+-]?[0-9]+")

BOOLEAN = frozenset(
    (
        "cancelActivity",
        "cancelRemainingInstances",
        "instantiate",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isExpanded",
        "isForCompensation",
        "isHorizontal",
        "isImmediate",
        "isInterrupting",
        "isMarkerVisible",
        "isMessageVisible",
        "isReference",
        "isSequential",
        "isUnlimited",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
        "waitForCompletion",
    )
)
"""Attributes of `xsd:boolean` in BPMN 2.0.2 and its DI."""
INTEGER = frozenset(("completionQuantity", "loopMaximum", "maximum", "minimum", "startQuantity"))
"""Attributes of `xsd:integer` and `xsd:int`."""


def flag(node: Markup, name: str, default: bool = False) -> bool:
    """A boolean attribute; the default where it is absent, or is no boolean."""
    return _BOOLEANS.get(node.get(name), default)


def integer(node: Markup, name: str) -> int | None:
    """An integer attribute; None where it is absent, or is no integer."""
    text = node.get(name)
    return int(text) if _INTEGER.fullmatch(text) else None


def datatype_findings(root: Markup, file: str) -> Iterator[Finding]:
    """Attributes whose text is not of their type; a reader would have to guess."""
    for node in root.walk():
        if node.space not in (BPMN, BPMNDI):
            continue
        for name, text in node.attributes.items():
            value = text.strip()
            if name in BOOLEAN and value not in _BOOLEANS:
                yield _no_value(node, name, value, file, "true, false, 1, 0")
            elif name in INTEGER and not _INTEGER.fullmatch(value):
                yield _no_value(node, name, value, file, "0, 1, 2, …")


def _no_value(node: Markup, name: str, value: str, file: str, possible: str) -> Finding:
    label = node.get("name") or node.get("id") or node.name
    return Finding(
        "bpmn.E006",
        "error",
        Text(
            "“{label}”的属性 {name} 不能是“{value}”。",
            "The attribute {name} of “{label}” cannot be “{value}”.",
            label=label,
            name=name,
            value=value,
        ),
        Place(file, node.line),
        Text("可以写：{possible}。", "Possible here: {possible}.", possible=possible),
    )
