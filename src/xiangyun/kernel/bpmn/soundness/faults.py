"""The faults of a proof, each with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xiangyun.kernel.bpmn.catching import catcher
from xiangyun.kernel.bpmn.model import SCOPES, Element, Process
from xiangyun.kernel.bpmn.soundness.ends import is_ended_from_outside
from xiangyun.kernel.bpmn.soundness.exploration import MOST_TOKENS, Exploration
from xiangyun.kernel.bpmn.soundness.marking import Marking, Token
from xiangyun.kernel.bpmn.soundness.outcomes import Outcomes
from xiangyun.kernel.bpmn.words import fault, quoted
from xiangyun.kernel.findings import Finding, Place, Text

PATH = 14
"""Elements of a path that are named; of a longer one the beginning and the end."""


def scope_findings(
    process: Process, explored: Exploration, most: int, outcomes: Mapping[str, Outcomes]
) -> list[Finding]:
    """What one scope does wrong; each kind of fault once for each place.

    `outcomes`: how every scope can be left.
    """
    findings = [] if explored.complete else [_too_large(process, explored, most)]
    for name, marking in explored.doubled.items():
        findings.append(_doubled(process, explored, process.elements[name], marking))
    seen: set[tuple[str, ...]] = set()
    stuck = list(_stuck(explored))
    ended = bool(stuck) and is_ended_from_outside(process, explored.scope, outcomes)
    for marking in stuck:
        gates = tuple(sorted({token.at for token in (*marking.waiting, *marking.resting)}))
        explored.has_end = explored.has_end and ended and not _is_standstill(explored, marking)
        if gates not in seen and _is_fault(process, explored, marking, ended):
            seen.add(gates)
            findings.append(_no_end(process, explored, marking))
    return findings


def _stuck(explored: Exploration) -> Iterator[Marking]:
    """Markings from which no end can be reached, the first ones met of each kind."""
    if not explored.complete:
        # Without all markings only a true standstill is certain.
        for marking, after in explored.after.items():
            if not after and not marking.is_final and marking not in explored.cut_off:
                yield marking
        return
    backward: dict[Marking, list[Marking]] = {}
    for marking, after in explored.after.items():
        for each in after:
            backward.setdefault(each, []).append(marking)
    todo = [each for each in explored.before if each.is_final or each in explored.cut_off]
    good = set(todo)
    while todo:
        for marking in backward.get(todo.pop(), ()):
            if marking not in good:
                good.add(marking)
                todo.append(marking)
    lost = [marking for marking in explored.before if marking not in good]
    standstill = [marking for marking in lost if not explored.after.get(marking)]
    yield from standstill or lost[:1]


def _is_fault(process: Process, explored: Exploration, marking: Marking, ended: bool) -> bool:
    """Whether a standstill or an endless round is this scope's own, and nothing ends it."""
    if _is_standstill(explored, marking):
        return True
    if any(
        process.elements[token.at].kind in SCOPES and not explored.game.inner[token.at].completes
        for token in marking.resting
    ):
        return False  # said of the sub-process that cannot end
    return not ended


def _is_standstill(explored: Exploration, marking: Marking) -> bool:
    """Whether tokens wait at a join, and nothing moves any more."""
    return bool(marking.waiting) and not explored.after.get(marking)


def _no_end(process: Process, explored: Exploration, marking: Marking) -> Finding:
    waiting = list(dict.fromkeys(token.at for token in marking.waiting))
    path = _named(process, explored.path(marking))
    if waiting and not explored.after.get(marking):
        gate = process.elements[waiting[0]]
        missing = _missing(process, gate, marking.waiting)
        return fault(
            process,
            "E051",
            gate,
            Text(
                "会永远等下去：沿 {path} 走到这里，等不到来自{missing}的分支",
                "can wait for ever: on the path {path} the branch from {missing} never comes",
                path=path,
                missing=missing,
            ),
            Text(
                "请让分开的路在同类网关汇合：排他分开用排他汇合，并行分开用并行汇合。",
                "Join what was split with the same kind of gateway: exclusive with exclusive, "
                "parallel with parallel.",
            ),
        )
    around = [token.at for token in (*marking.resting, *marking.moving, *marking.waiting)]
    element = process.elements[around[0]] if around else next(iter(process.elements.values()))
    return fault(
        process,
        "E052",
        element,
        Text(
            "之后再也到不了结束：沿 {path} 走到这里就只能一直循环",
            "can never lead to an end: after the path {path} the case only goes round",
            path=path,
        ),
        Text(
            "请从这个循环里画一条通向结束事件的路。", "Draw a way out of this loop to an end event."
        ),
    )


def _missing(process: Process, gate: Element, waiting: tuple[Token, ...]) -> Text:
    arrived = {token.flow for token in waiting if token.at == gate.id}
    sources = [
        quoted(process.elements[process.flows[flow].source])
        for flow in gate.incoming
        if flow not in arrived
    ]
    return Text("{all}", "{all}", all=list(sources))


def _doubled(
    process: Process, explored: Exploration, element: Element, marking: Marking
) -> Finding:
    ways = explored.paths_of_tokens(marking, element.id)
    first, second = (_named(process, way) for way in (ways[0], ways[-1]))
    words = Text(
        "会同时办两遍：第一个令牌沿 {first} 到这里，第二个沿 {second}",
        "can be under way twice: the first token comes by {first}, the second by {second}",
        first=first,
        second=second,
    )
    if len(ways) > MOST_TOKENS:
        words = Text(
            "{twice}，还会再来，超过 {most} 个",
            "{twice}, and more follow, above {most}",
            twice=words,
            most=MOST_TOKENS,
        )
    return fault(
        process,
        "E053",
        element,
        words,
        Text(
            "并行分开的路要用并行网关汇合，再往下走；"
            "若本来就要各办一遍，请写属性 multiple_tokens=true。",
            "Join parallel branches with a parallel gateway before going on; where each is meant "
            "to "
            "be done, say so by the property multiple_tokens=true.",
        ),
    )


def never_met(process: Process, explored: Exploration) -> list[Element]:
    """Elements of a scope to which no token ever came; of one without an end that says enough."""
    if not (explored.complete and explored.has_end) or explored.doubled:
        return []
    return [
        element
        for element in process.wiring.children.get(explored.scope, ())
        if element.id not in explored.met and not _is_silent(element)
    ]


def _is_silent(element: Element) -> bool:
    """Elements that are begun by something else than a token."""
    undoing = element.trigger is not None and element.trigger.kind == "compensate"
    return (
        element.event_driven or element.for_compensation or (undoing and bool(element.attached_to))
    )


def dead(process: Process, element: Element) -> Finding:
    """The fault of an element to which no token can ever come."""
    return fault(
        process,
        "E056",
        element,
        Text("永远不会发生", "can never happen"),
        Text("请检查通向它的路，或删除它。", "Look at the way that leads to it, or remove it."),
    )


def uncaught(process: Process, outcomes: Mapping[str, Outcomes]) -> Iterator[Finding]:
    """Error end events, and calls of processes that end so, whose error climbs out of the case."""
    for element in process.elements.values():
        if element.called is not None and element.id in outcomes:
            yield from _uncaught_call(process, element, sorted(outcomes[element.id].errors.codes))
        trigger = element.trigger
        if element.kind != "endEvent" or trigger is None or trigger.kind != "error":
            continue
        if catcher(process, element.parent, "error", trigger.name) is None:
            yield fault(
                process,
                "E054",
                element,
                Text(
                    "抛出的错误 {name} 没有人处理，办件会停在这里",
                    "throws the error {name} that nobody catches: the case would stop there",
                    name=trigger.name,
                ),
                Text(
                    "请在外层子流程边上画错误边界事件，或画错误事件子流程；"
                    "只供其他流程调用的流程，请写属性 called=true。",
                    "Catch it at the edge of the sub-process around it, or in an event sub-process;"
                    " "
                    "a process only called by others says so by the property called=true.",
                ),
            )


def _uncaught_call(process: Process, call: Element, codes: list[str]) -> Iterator[Finding]:
    """A service that fails in the called process makes that one stand still: it is not meant."""
    for code in codes:
        if catcher(process, call.parent, "error", code, call) is None:
            yield fault(
                process,
                "E055",
                call,
                Text(
                    "调用的流程可能以错误 {code} 结束，没有人处理，办件会停在这里",
                    "calls a process that may end in the error {code}, which nobody catches: "
                    "the case would stop there",
                    code=code,
                ),
                Text(
                    "请在它的边上画错误边界事件，或画错误事件子流程。",
                    "Catch it at its edge, or in an event sub-process.",
                ),
            )


def _too_large(process: Process, explored: Exploration, most: int) -> Finding:
    owner = process.elements.get(explored.scope)
    label = owner.label if owner else process.name or process.id
    return Finding(
        "bpmn.W050",
        "warning",
        Text(
            "“{label}”太大，没有证完：看过 {most} 种状态，其中没有别的毛病，其余没有看。",
            "“{label}” is too large to prove: {most} markings were seen, the rest was not.",
            label=label,
            most=most,
        ),
        Place(process.file, owner.line if owner else process.line),
        Text("请把并行的部分放进子流程，各自证明。", "Put parallel parts into sub-processes."),
    )


def _named(process: Process, path: list[str]) -> str:
    labels = [process.elements[ident].label for ident in path]
    names = [name for at, name in enumerate(labels) if at == 0 or name != labels[at - 1]]
    if len(names) > PATH:
        names = [*names[: PATH // 2], "…", *names[-PATH // 2 :]]
    return " → ".join(names)
