"""How cases of a service come to be (立件): by whom or by what, as service.yaml says.

    openings:
      - applicant                        # by an application, the usual way
      - anonymous                        # by somebody who stays unknown and gets a receipt code
      - official: [acceptor, visitor]    # on a page of the office, by these roles
      - case                             # by a service task `case.open` of another case
      - message: child.reported          # by a message of the interface,
        by: [intake]                     # sent by these roles
      - duty                             # by a duty; see duties.yaml
      - draw                             # drawn by lot; see draws.yaml
      - timer: ["222404000000"]          # at the times of a start event, for these divisions

Without the section a service is applied for. A start event of the drawing for the message, or for
the time, is where such a case begins; without one it begins where all others do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xiangyun.kernel.bpmn.model import ROOT, Element, Process
from xiangyun.kernel.codes import division
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node

APPLICANT, ANONYMOUS, OFFICIAL = "applicant", "anonymous", "official"
CASE, MESSAGE, DUTY, DRAW, TIMER = "case", "message", "duty", "draw", "timer"
HOW: Mapping[str, Text] = {
    APPLICANT: Text("当事人申请", "applied for"),
    ANONYMOUS: Text("不具名报告", "reported by somebody unknown"),
    OFFICIAL: Text("工作人员立件", "opened by an official"),
    CASE: Text("由另一办件转来", "opened by another case"),
    MESSAGE: Text("由其他系统发来", "sent by another system"),
    DUTY: Text("按职责到期", "due by a duty"),
    DRAW: Text("抽查抽中", "drawn by lot"),
    TIMER: Text("按时开始", "begun by the clock"),
}
"""The ways in which a case may open, in words."""
_NAMES: Mapping[str, Text] = {
    OFFICIAL: Text("哪些角色", "the roles"),
    MESSAGE: Text("哪条消息", "the message"),
    TIMER: Text("哪些区划", "the divisions"),
}
"""What is said besides of some ways."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One way in which cases of a service open.

    `names`: the roles that open them, the message, or the divisions; `by`: the roles of whoever may
    send the message.
    """

    how: str
    names: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    place: Place | None = None


USUAL = (Opening(APPLICANT),)


def read_openings(f: Fields, roles: tuple[str, ...]) -> tuple[Opening, ...]:
    """The section `openings`; without it a service is applied for."""
    if not f.has("openings"):
        return USUAL
    found = [opening for node in f.each("openings") if (opening := _read(f, node, roles))]
    for number, each in enumerate(found):
        if each.how != MESSAGE and any(other.how == each.how for other in found[:number]):
            f.report(
                fault(
                    "pack.E080",
                    Text("“{how}”写了两次。", "“{how}” stands there twice.", how=each.how),
                    each.place,
                    Text("请合成一条。", "Make one entry of both."),
                )
            )
    return tuple(found)


def _read(f: Fields, node: Node, roles: tuple[str, ...]) -> Opening | None:
    written = dict(node.items()) if isinstance(node.value, dict) else {str(node.value): None}
    how = next((key for key in written if key in HOW), "")
    if not how:
        named = next(iter(written), "")
        f.report(unknown("pack.E080", Text("立件方式", "way of opening"), named, HOW, node.place))
        return None
    found = Opening(how, _names(written.pop(how)), _names(written.pop("by", None)), node.place)
    if written or (how in _NAMES) != bool(found.names) or (how == MESSAGE) != bool(found.by):
        f.report(_says(how, node))
        return None
    for name in (*found.by, *(found.names if how == OFFICIAL else ())):
        if name not in roles:
            f.report(unknown("pack.E022", Text("角色", "role"), name, roles, node.place))
    for name in found.names if how == TIMER else ():
        if wrong := division.problem(name):
            f.report(replace(wrong, place=node.place))
    return found


def _names(said: Node | None) -> tuple[str, ...]:
    if said is None or said.value is None:
        return ()
    items = said.value if isinstance(said.value, list) else [said]
    return tuple(item.value for item in items if isinstance(item.value, str) and item.value)


def _says(how: str, node: Node) -> Finding:
    example = {
        OFFICIAL: "[acceptor]",
        MESSAGE: "child.reported, by: [intake]",
        TIMER: '["222404000000"]',
    }
    if how not in _NAMES:
        return fault(
            "pack.E080",
            Text("“{how}”不用再写别的。", "Nothing is said besides “{how}”.", how=how),
            node.place,
        )
    return fault(
        "pack.E080",
        Text("“{how}”要写明{what}。", "“{how}” names {what}.", how=how, what=_NAMES[how]),
        node.place,
        Text(
            "例如 {how}: {example}。",
            "For example {how}: {example}.",
            how=how,
            example=example[how],
        ),
    )


def start_for(process: Process, opening: Opening, message: str = "") -> str:
    """The start event at which a case begins that opened so; empty for the usual one."""
    wanted = {MESSAGE: "message", TIMER: "timer"}.get(opening.how)
    for event in _starts(process, wanted):
        if wanted != MESSAGE or (event.trigger and event.trigger.name == message):
            return event.id
    return ""


def start_of(process: Process, openings: tuple[Opening, ...], came: Mapping[str, object]) -> str:
    """The same for a case with the variable `opening`; empty for one that was applied for."""
    how, message = str(came.get("how") or ""), str(came.get("message") or "")
    way = next((each for each in openings if each.how == how), None)
    return start_for(process, way, message) if way else ""


def check_starts(openings: tuple[Opening, ...], process: Process) -> Iterator[Finding]:
    """Start events that nothing begins at, and openings that have none to begin at."""
    messages = {name for each in openings if each.how == MESSAGE for name in each.names}
    timed = any(each.how == TIMER for each in openings)
    for event in _starts(process, MESSAGE):
        name = event.trigger.name if event.trigger else ""
        if name not in messages:
            yield _never_begun(process, event, f"message: {name}")
    for event in _starts(process, TIMER):
        if not timed:
            yield _never_begun(process, event, "timer: [...]")
    usual = not _starts(process, None) and bool(_starts(process, MESSAGE, TIMER))
    for each in openings:
        own = {TIMER: _starts(process, TIMER), MESSAGE: _of(process, each.names)}.get(each.how)
        if (each.how == TIMER and not own) or (usual and not own):
            yield fault(
                "pack.E081",
                Text(
                    "流程里没有“{how}”可以开始的事件。",
                    "The process has no start event at which “{how}” could begin.",
                    how=HOW[each.how],
                ),
                each.place,
                Text("请在流程图上画一个开始事件。", "Draw a start event for it."),
            )


def _of(process: Process, names: tuple[str, ...]) -> list[Element]:
    found = _starts(process, MESSAGE)
    return [each for each in found if each.trigger and each.trigger.name in names]


def _starts(process: Process, *kinds: str | None) -> list[Element]:
    """The start events of the whole process with a trigger of these kinds, None for none."""
    found = process.wiring.starts.get(ROOT, ())
    return [
        each
        for each in found
        if (each.trigger.kind if each.trigger and each.trigger.kind != "none" else None) in kinds
    ]


def _never_begun(process: Process, event: Element, entry: str) -> Finding:
    return fault(
        "pack.E081",
        Text(
            "没有办件从“{label}”开始：service.yaml 的 openings 里没有“{entry}”。",
            "No case begins at “{label}”: `openings` of service.yaml lacks “{entry}”.",
            label=event.label,
            entry=entry,
        ),
        Place(process.file, event.line),
        Text("请加上“{entry}”，或删去这个事件。", "Add “{entry}”, or remove it.", entry=entry),
    )
