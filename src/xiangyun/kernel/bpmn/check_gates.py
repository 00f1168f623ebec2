"""Gates proved over the variables of their conditions: no value without a way, none with two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiangyun.kernel.bpmn.model import Element, Flow, Process
from xiangyun.kernel.bpmn.words import quoted
from xiangyun.kernel.conditions.gates import Choices, Proved, Witness, proved
from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.findings import Finding, Place, Text

_GATES = ("exclusiveGateway", "inclusiveGateway")


def gate_findings(process: Process, choices: Choices) -> Iterator[Finding]:
    """What the conditions of each gate leave open, with values that show it."""
    for gate in process.elements.values():
        flows = [flow for flow in process.wiring.ways[gate.id] if flow.id != gate.default]
        if gate.kind not in _GATES or len(process.wiring.ways[gate.id]) < 2:
            continue
        conditions = _conditions(flows)
        found = proved(conditions, choices) if conditions is not None else None
        if found is not None:
            yield from _told(process, gate, flows, found)


def _conditions(flows: Sequence[Flow]) -> list[Expression] | None:
    """The conditions as expressions; None where one is missing or cannot be read."""
    found = [flow.condition.expression if flow.condition else None for flow in flows]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _told(
    process: Process, gate: Element, flows: Sequence[Flow], found: Proved
) -> Iterator[Finding]:
    if found.gap is not None and not gate.default:
        yield _gap(process, gate, found.gap)
    if gate.kind == "exclusiveGateway":
        for (first, second), witness in found.overlaps.items():
            yield _overlap(process, gate, flows[first], flows[second], witness)


def _gap(process: Process, gate: Element, witness: Witness) -> Finding:
    return Finding(
        "bpmn.E025" if witness.sure else "bpmn.W025",
        "error" if witness.sure else "warning",
        Text(
            "{gate}的条件没有覆盖所有情形：{witness} 时没有一条路可走，又没有缺省流向。",
            "The conditions of {gate} leave values without a way: no flow is taken at {witness},"
            " and there is no default flow.",
            gate=quoted(gate),
            witness=str(witness),
        ),
        Place(process.file, gate.line),
        Text("请补一条路，或设一个缺省流向。", "Add a flow, or make one the default flow."),
    )


def _overlap(
    process: Process, gate: Element, first: Flow, second: Flow, witness: Witness
) -> Finding:
    one, other = first.name or first.id, second.name or second.id
    return Finding(
        "bpmn.N027",
        "note",
        Text(
            "{gate}的条件有重叠：{witness} 时“{one}”和“{other}”都成立，先画的“{one}”说了算。",
            "The conditions of {gate} overlap: at {witness} both “{one}” and “{other}” hold, and"
            " “{one}”, drawn first, is taken.",
            gate=quoted(gate),
            witness=str(witness),
            one=one,
            other=other,
        ),
        Place(process.file, second.line),
        Text("请把条件分开。", "Keep the conditions apart."),
    )
