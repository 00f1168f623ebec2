"""Lanes of a resource: read from its file, and who or what may use one.

A condition is FEEL over the facts of a booking: `party.kind` (`person`, `organisation`, `place`,
`thing`), `application` with the answers of the case that books (null outside of one), and
`records`, what the register of the lane holds about the party. Only what comes out true may pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Forbidden, Place, Refused, Text
from xiangyun.kernel.occasion.resource import Lane, Resource
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.formulas import Formula, node_formula

Facts = Mapping[str, Value]
FACTS: Final = ("party", "application", "records")
"""Names that a condition knows."""
NO_FACTS: Final[Facts] = {"party": {"kind": None}, "application": None, "records": []}


def facts_of(
    kind: str | None, application: Value = None, records: Sequence[Mapping[str, Value]] = ()
) -> Facts:
    """The facts of a booking: the kind of its party, the answers of its case, its records."""
    found: list[Value] = [dict(each) for each in records]
    return {"party": {"kind": kind}, "application": application, "records": found}


def written_facts(given: Mapping[str, Any]) -> Facts:
    """Facts as an example writes them: `party` is a kind, the others are as JSON has them."""
    said = {**NO_FACTS, **{name: from_json(each) for name, each in given.items()}}
    if isinstance(said["party"], str):
        said["party"] = {"kind": said["party"]}
    return said


def read_condition(f: Fields) -> tuple[Formula | None, Text | None, str]:
    """`for`, `told` and `register` of a lane; a condition stands with its words."""
    node, told = f.take("for", required=False), f.text("told", required=False)
    register = f.string("register", required=False)
    if node is None:
        if told or register:
            f.report(_alone(f.place()))
        return None, None, ""
    condition = node_formula(node, f.report)
    if condition is not None:
        for finding in condition.unknown(FACTS):
            f.report(finding)
    if told is None:
        f.report(_untold(node.place))
    return condition, told, register


def unconditional(resource: Resource) -> Iterator[Finding]:
    """A warning for each lane that goes before another and takes everybody."""
    last = max((lane.priority for lane in resource.lanes), default=0)
    for lane in resource.lanes if len(resource.lanes) > 1 else ():
        if lane.condition is None and lane.priority < last:
            yield fault(
                "pack.W442",
                Text("通道“{lane}”先于别的通道，但谁都可以选。",
                     "The lane “{lane}” goes before others, and anybody may choose it.",
                     lane=lane.name),
                resource.place,
                Text("请写 for: =… 和 told，说明谁、什么可以走。",
                     "Say by `for: =…` and `told` who or what may use it."),
            )  # fmt: skip


def unknown_registers(
    resource: Resource, registers: Mapping[str, object], place: Place
) -> Iterator[Finding]:
    """Registers that lanes ask, or that hold those who have one each, and nobody declares."""
    named = [lane.register for lane in resource.lanes]
    named += [resource.each.register] if resource.each is not None else []
    for register in named:
        if register and register not in registers:
            kind = Text("库", "register")
            yield unknown("pack.E443", kind, register, registers, place)


def may_use(lane: Lane, facts: Facts) -> bool:
    """Whether a booking with these facts may use a lane."""
    if lane.condition is None:
        return True
    try:
        return lane.condition.value(facts) is True
    except Refused:  # it used up what an evaluation may cost
        return False


def admitted(lane: Lane, facts: Facts) -> None:
    """Raises Forbidden `booking.E025` where a booking may not use a lane."""
    if not may_use(lane, facts):
        raise Forbidden([Finding(
            "booking.E025",
            "error",
            Text("“{lane}”通道不能用于这个预约：{told}",
                 "The lane “{lane}” is not for this booking: {told}",
                 lane=lane.name, told=lane.told or Text("条件不符。", "its condition is not met.")),
            None,
            Text("请换一个通道。", "Choose another lane."),
        )])  # fmt: skip


def _alone(place: Place) -> Finding:
    return fault(
        "pack.E440",
        Text("通道有 told 或 register，没有条件。",
             "A lane has `told` or `register` and no condition."),
        place,
        Text("请写 for: =…，或者删去它们。", "Add `for: =…`, or take them out."),
    )  # fmt: skip


def _untold(place: Place) -> Finding:
    return fault(
        "pack.E441",
        Text("通道有条件，但没有写明谁可以走。",
             "A lane has a condition, and its words are missing."),
        place,
        Text("请写 told: {example}。", "Add told: {example}.",
             example="{zh-Hans: 只限鲜活货物。, en: For fresh goods alone.}"),
    )  # fmt: skip
