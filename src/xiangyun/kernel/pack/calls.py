"""Processes of a pack that call each other: is what is called there, and what does each know?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.reader import PackSources, is_called_file
from xiangyun.kernel.pack.variables import STARTING
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.spelling import did_you_mean


def known_variables(processes: tuple[Process, ...]) -> dict[str, frozenset[str]]:
    """By process, the variables that a case of it may have: its own, and what calls bring it.

    A called process knows what is mapped into its call, or everything that its caller knows.
    """
    by_id = {process.id: process for process in processes}
    known = {
        process.id: {*STARTING, *process.sets, *brought_by(process, by_id)} for process in processes
    }
    calls = [
        (process.id, element, element.called.text)
        for process in processes
        for element in process.elements.values()
        if element.called is not None and element.called.text in by_id
    ]
    before = -1
    while before < (now := sum(map(len, known.values()))):
        before = now
        for caller, element, called in calls:
            known[called] |= _given(element) if element.inputs else known[caller]
    return {id: frozenset(names) for id, names in known.items()}


def brought_by(process: Process, by_id: Mapping[str, Process]) -> frozenset[str]:
    """What the calls of a process set in it: everything, where no output says what."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [process]
    while waiting:
        for element in waiting.pop().elements.values():
            called = by_id.get(element.called.text) if element.called else None
            open_ = element.propagate_all and not element.outputs
            if called is not None and open_ and called.id not in seen:
                seen.add(called.id)
                found |= called.sets
                waiting.append(called)
    return frozenset(found)


def _given(element: Element) -> set[str]:
    return {transfer.target.partition(".")[0] for transfer in element.inputs}


def check_calls(sources: PackSources) -> Iterator[Finding]:
    """Calls that lead nowhere, called processes that nothing calls, ids that are used twice."""
    names = {process.id for process in sources.called.values()}
    complete = all(path in sources.called for path in sources.files if is_called_file(path))
    called: set[str] = set()
    for process in sources.processes:
        for element in process.elements.values():
            if element.called is None:
                continue
            called.add(element.called.text)
            place = Place(process.file, element.line)
            if element.called.text.startswith("="):
                yield _computed(element, place)
            elif element.called.text not in names and complete:
                yield _not_there(element, names, place)
    if sources.process is not None:
        for file, process in sources.called.items():
            if process.id not in called:
                yield _uncalled(process, file)
    yield from _used_twice(sources)


def _computed(element: Element, place: Place) -> Finding:
    text = element.called.text if element.called else ""
    return fault(
        "pack.E019",
        Text(
            "“{label}”调用哪个流程要到办理时才算出（{text}），发布前无法检查。",
            "Which process “{label}” calls is worked out while a case runs ({text}): "
            "nobody can check it before.",
            label=element.label,
            text=text,
        ),
        place,
        Text(
            "请直接写流程编号；要选择时，用排他网关分到两个调用活动。",
            "Write the id of the process; to choose, lead an exclusive gateway to two calls.",
        ),
    )


def _not_there(element: Element, names: set[str], place: Place) -> Finding:
    text = element.called.text if element.called else ""
    return fault(
        "pack.E019",
        Text(
            "“{label}”调用的流程“{text}”不在 processes/ 里。",
            "“{label}” calls the process “{text}”, which is not in processes/.",
            label=element.label,
            text=text,
        ),
        place,
        did_you_mean(text, names),
    )


def _uncalled(process: Process, file: str) -> Finding:
    return fault(
        "pack.W002",
        Text("没有流程调用“{id}”。", "No process calls “{id}”.", id=process.id),
        Place(file),
        Text("请在流程里调用它，或者删去这个文件。", "Call it from a process, or delete the file."),
    )


def _used_twice(sources: PackSources) -> Iterator[Finding]:
    """Words, work and the journal know elements by their ids, whatever process they stand in."""
    first: dict[str, Place] = {}
    for process in sources.processes:
        places = {
            process.id: process.line,
            **{flow.id: flow.line for flow in process.flows.values()},
            **{element.id: element.line for element in process.elements.values()},
        }
        for id, line in places.items():
            place = Place(process.file, line)
            other = first.setdefault(id, place)
            if other != place:
                yield fault(
                    "pack.E018",
                    Text(
                        "编号“{id}”在 {other} 已经用过。",
                        "The id “{id}” stands in {other} too.",
                        id=id,
                        other=other,
                    ),
                    place,
                    Text("请换一个编号。", "Give it another id."),
                )
