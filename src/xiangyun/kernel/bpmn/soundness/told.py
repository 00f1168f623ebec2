"""The faults of a proof, each told with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xiangyun.kernel.bpmn.model import Element, Process
from xiangyun.kernel.bpmn.soundness.explored import (
    Explored,
    doubled_place,
    edge_triggers,
    handled_errors,
)
from xiangyun.kernel.bpmn.soundness.game import Marking, Outcomes, Token
from xiangyun.kernel.bpmn.words import fault, quoted
from xiangyun.kernel.findings import Finding, Place, Text

PATH = 14
"""Elements of a path that are told; of a longer one the beginning and the end."""


def scope_findings(process: Process, explored: Explored, most: int) -> Iterator[Finding]:
    """What one scope does wrong; each kind of fault once for each place."""
    if not explored.complete:
        yield _too_large(process, explored, most)
    stuck = list(_stuck(explored))
    for name, marking in explored.doubled.items():
        yield _doubled(process, explored, process.elements[name], marking)
    told: set[tuple[str, ...]] = set()
    for marking in stuck:
        gates = tuple(sorted({token.at for token in (*marking.waiting, *marking.resting)}))
        if gates not in told:
            told.add(gates)
            yield _no_end(process, explored, marking)
    if explored.complete and not stuck and not explored.doubled:
        yield from _dead(process, explored)


def _stuck(explored: Explored) -> Iterator[Marking]:
    """Markings from which no end can be reached, the first ones met of each kind."""
    if not explored.complete:
        # Without all markings only a true standstill is certain.
        for marking, after in explored.after.items():
            if not after and not marking.is_final and marking not in explored.doubled.values():
                yield marking
        return
    backward: dict[Marking, list[Marking]] = {}
    for marking, after in explored.after.items():
        for each in after:
            backward.setdefault(each, []).append(marking)
    doubled = {marking for marking in explored.after if doubled_place(marking)}
    todo = [marking for marking in explored.before if marking.is_final or marking in doubled]
    good = set(todo)
    while todo:
        for marking in backward.get(todo.pop(), ()):
            if marking not in good:
                good.add(marking)
                todo.append(marking)
    lost = [marking for marking in explored.before if marking not in good]
    standstill = [marking for marking in lost if not explored.after.get(marking)]
    yield from standstill or lost[:1]


def _no_end(process: Process, explored: Explored, marking: Marking) -> Finding:
    waiting = list(dict.fromkeys(token.at for token in marking.waiting))
    path = _told(process, explored.path(marking))
    if waiting and not explored.after.get(marking):
        gate = process.elements[waiting[0]]
        missing = _missing(process, gate, marking.waiting)
        return fault(
            process,
            "E051",
            gate,
            f"会永远等下去：沿 {path} 走到这里，等不到来自{missing.zh}的分支",
            f"can wait for ever: on the path {path} the branch from {missing.en} never comes",
            "请让分开的路在同类网关汇合：排他分开用排他汇合，并行分开用并行汇合。",
            "Join what was split with the same kind of gateway: exclusive with exclusive, "
            "parallel with parallel.",
        )
    around = [token.at for token in (*marking.resting, *marking.moving, *marking.waiting)]
    element = process.elements[around[0]] if around else next(iter(process.elements.values()))
    return fault(
        process,
        "E052",
        element,
        f"之后再也到不了结束：沿 {path} 走到这里就只能一直循环",
        f"can never lead to an end: after the path {path} the case only goes round",
        "请从这个循环里画一条通向结束事件的路。",
        "Draw a way out of this loop to an end event.",
    )


def _missing(process: Process, gate: Element, waiting: tuple[Token, ...]) -> Text:
    arrived = {token.flow for token in waiting if token.at == gate.id}
    sources = [
        quoted(process.elements[process.flows[flow].source])
        for flow in gate.incoming
        if flow not in arrived
    ]
    return Text("、".join(each.zh for each in sources), ", ".join(each.en for each in sources))


def _doubled(process: Process, explored: Explored, element: Element, marking: Marking) -> Finding:
    path = _told(process, explored.path(marking))
    return fault(
        process,
        "E053",
        element,
        f"会同时办两遍：沿 {path}，有两个令牌到了这里，结束时会留下一个",
        f"can be under way twice: on the path {path} two tokens come here, one is left behind",
        "并行分开的路要用并行网关汇合，再往下走。",
        "Join parallel branches with a parallel gateway before going on.",
    )


def _dead(process: Process, explored: Explored) -> Iterator[Finding]:
    for element in process.wiring.children.get(explored.scope, ()):
        silent = element.event_driven or element.for_compensation
        undoing = element.trigger is not None and element.trigger.kind == "compensate"
        if element.id in explored.met or silent or (undoing and element.attached_to):
            continue
        yield fault(
            process,
            "E056",
            element,
            "永远不会发生",
            "can never happen",
            "请检查通向它的路，或删除它。",
            "Look at the way that leads to it, or remove it.",
        )


def uncaught(process: Process, outcomes: Mapping[str, Outcomes]) -> Iterator[Finding]:
    """Error end events, and calls of processes that end so, whose error climbs out of the case."""
    for element in process.elements.values():
        if element.called is not None and element.id in outcomes:
            yield from _uncaught_call(process, element, outcomes[element.id].errors)
        trigger = element.trigger
        throws = element.kind == "endEvent" and trigger is not None and trigger.kind == "error"
        if throws and trigger is not None and not _is_caught(process, element, trigger.name):
            yield fault(
                process,
                "E054",
                element,
                f"抛出的错误 {trigger.name} 没有人处理，办件会停在这里",
                f"throws the error {trigger.name} that nobody catches: the case would stop there",
                "请在外层子流程边上画错误边界事件，或画错误事件子流程；"
                "只供其他流程调用的流程，请写属性 called=true。",
                "Catch it at the edge of the sub-process around it, or in an event sub-process; "
                "a process only called by others says so by the property called=true.",
            )


def _uncaught_call(process: Process, call: Element, errors: frozenset[str]) -> Iterator[Finding]:
    """A service that fails in the called process makes that one stand still: it is not meant."""
    at_edge = {name for kind, name in edge_triggers(process, call) if kind == "error"}
    for code in sorted(errors - {"*"}):
        if not at_edge & {"", code} and not _is_caught(process, call, code):
            yield fault(
                process,
                "E055",
                call,
                f"调用的流程可能以错误 {code} 结束，没有人处理，办件会停在这里",
                f"calls a process that may end in the error {code}, which nobody catches: "
                "the case would stop there",
                "请在它的边上画错误边界事件，或画错误事件子流程。",
                "Catch it at its edge, or in an event sub-process.",
            )


def _is_caught(process: Process, element: Element, code: str) -> bool:
    """Whether anybody on the way out catches it; a handler does not catch what handlers throw."""
    scope, by_handler = element.parent, False
    while True:
        if not by_handler and handled_errors(process, scope) & {"", code}:
            return True
        owner = process.elements.get(scope)
        if owner is None:
            return False
        if any(
            kind == "error" and name in ("", code) for kind, name in edge_triggers(process, owner)
        ):
            return True
        scope, by_handler = owner.parent, owner.event_driven


def _too_large(process: Process, explored: Explored, most: int) -> Finding:
    owner = process.elements.get(explored.scope)
    label = owner.label if owner else process.name or process.id
    return Finding(
        "bpmn.W050",
        "warning",
        Text(
            f"“{label}”太大，没有证完：看过 {most} 种状态，其中没有别的毛病，其余没有看。",
            f"“{label}” is too large to prove: {most} markings were seen, the rest was not.",
        ),
        Place(process.file, owner.line if owner else process.line),
        Text("请把并行的部分放进子流程，各自证明。", "Put parallel parts into sub-processes."),
    )


def _told(process: Process, path: list[str]) -> str:
    names = [process.elements[ident].label for ident in path]
    told = [name for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
    if len(told) > PATH:
        told = [*told[: PATH // 2], "…", *told[-PATH // 2 :]]
    return " → ".join(told)
