"""Processes that call each other: each is proved with what is known of those it calls.

How a process can end follows from how those end that it calls, so what is known of all grows until
nothing new comes of it. Whatever can end so only by calling itself once more cannot end at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from xiangyun.kernel.bpmn.model import Element, Process
from xiangyun.kernel.bpmn.soundness import Outcomes, Proof, prove
from xiangyun.kernel.bpmn.words import fault
from xiangyun.kernel.findings import Finding, Text

_NOT_SEEN = Outcomes(completes=False)


def calls_of(process: Process) -> Iterator[tuple[Element, str]]:
    """The call activities of a process, each with the id of the process that it calls."""
    for element in process.elements.values():
        if element.called is not None and element.called.expression is None:
            yield element, element.called.text


def proved_together(processes: Mapping[str, Process]) -> dict[str, list[Finding]]:
    """What the proofs of well-formed processes find, by the ids of the processes."""
    proofs = _grown(processes)
    ends = {name: proof.outcomes for name, proof in proofs.items()}
    lost = {name for name, out in ends.items() if not out.completes and not out.errors}
    if not lost:
        return {name: proof.findings for name, proof in proofs.items()}
    # What is wrong with a lost process is said there, and not again of everything that calls it.
    hoped = {**ends, **{name: replace(ends[name], completes=True) for name in lost}}
    return {
        name: [*prove(process, hoped).findings, *_endless(process, processes, lost)]
        for name, process in processes.items()
    }


def _grown(processes: Mapping[str, Process]) -> dict[str, Proof]:
    """Every proof, the called ones first; again where a called process ends in more ways."""
    known = dict.fromkeys(processes, _NOT_SEEN)
    calls = {name: {to for _, to in calls_of(each)} for name, each in processes.items()}
    proofs: dict[str, Proof] = {}
    waiting = _callees_first(calls)
    while waiting:
        name = waiting.pop(0)
        proofs[name] = prove(processes[name], known)
        if proofs[name].outcomes != known[name]:
            known[name] = proofs[name].outcomes
            again = [other for other in proofs if name in calls[other] and other not in waiting]
            waiting += again
    return proofs


def _callees_first(calls: Mapping[str, set[str]]) -> list[str]:
    order: dict[str, None] = {}

    def visit(name: str, above: frozenset[str]) -> None:
        for called in sorted(calls[name] & calls.keys() - above - order.keys()):
            visit(called, above | {called})
        order.setdefault(name)

    for name in calls:
        visit(name, frozenset({name}))
    return list(order)


def _endless(
    process: Process, processes: Mapping[str, Process], lost: set[str]
) -> Iterator[Finding]:
    """Calls by which a process that cannot end comes back to itself."""
    for element, called in calls_of(process):
        way = _way_back(called, process.id, processes) if {process.id, called} <= lost else ()
        if way:
            round_ = " → ".join((process.id, *way))
            yield fault(
                process,
                "E058",
                element,
                Text(
                    "没有尽头：{round}，每条路都要再调用自己一次",
                    "has no end: {round}, and every way calls it once more",
                    round=round_,
                ),
                Text(
                    "请让其中一条路不经过这个调用就结束。",
                    "Draw a way to an end that does not pass this call.",
                ),
            )


def _way_back(begin: str, goal: str, processes: Mapping[str, Process]) -> tuple[str, ...]:
    """The shortest chain of calls from one process to another, both named; empty if none."""
    todo: list[tuple[str, ...]] = [(begin,)]
    seen = {begin}
    while todo:
        way = todo.pop(0)
        if way[-1] == goal:
            return way
        for _, called in calls_of(processes[way[-1]]):
            if called in processes and called not in seen:
                seen.add(called)
                todo.append((*way, called))
    return ()
