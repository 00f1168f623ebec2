"""Processes of one application, beside each other: ids, what each sees, what ends with what."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from xiangyun.kernel.bpmn import (
    CallFailed,
    CallWanted,
    Command,
    Event,
    MessageReceived,
    SignalReceived,
    Started,
    TaskClosed,
    TaskCompleted,
    TaskOpened,
    TimerCancelled,
    VariablesSet,
    WorkCancelled,
)
from xiangyun.kernel.bpmn.read import read_document
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, mapping, node, start, timer, user
from xiangyun.kernel.pack.calldata import MOST_DEEP, TOO_DEEP
from xiangyun.kernel.pack.instances import Part, ProcessInstances, addressed
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.worktime import WEEKDAYS

AT = datetime.fromisoformat("2026-04-09T08:40:00+08:00")


def call(ident: str, process: str, extension: str = "") -> str:
    called = f'<zeebe:calledElement processId="{process}" />{extension}'
    return node("callActivity", ident, extension=called)


def parts(variables: dict[str, Any] | None = None, **drawn: str) -> ProcessInstances:
    """Of drawings by name; that of `main` is the main one."""
    read = {
        name: read_document(text.replace('process id="case"', f'process id="{name}"'), name)
        for name, text in drawn.items()
    }
    processes = {name: document.processes[0] for name, document in read.items()}
    pack = SimpleNamespace(process=processes["main"], process_of=processes.__getitem__)
    return ProcessInstances(cast("Pack", pack), WEEKDAYS, variables or {})


def walked(held: ProcessInstances, part: Part, event: Event) -> list[Command]:
    """A step, and the steps of all that is called in it."""
    told = held.advance(part, event)
    for command in list(told):
        if isinstance(command, VariablesSet):
            held.assign(part, command.values)
        if isinstance(command, CallWanted):
            number, begun = held.call(part, command, AT)
            if not isinstance(begun, CallFailed):
                told += walked(held, held.by_number[number], begun)
    return told


MAIN = bpmn(start(), call("ask", "middle"), end(), flows("start > ask > end"))
MIDDLE = bpmn(
    start("s"),
    call("look", "inner"),
    node("boundaryEvent", "late", timer("duration", "PT1H"), attachedToRef="look"),
    end("e"),
    end("too_late"),
    flows("s > look > e", "late > too_late"),
)
INNER = bpmn(start("i"), user("see"), end("seen"), flows("i > see > seen"))


def test_the_ids_of_a_called_process_begin_with_the_numbers_of_its_callers():
    held = parts(main=MAIN, middle=MIDDLE, inner=INNER)
    told = walked(held, held.main, Started(AT))
    assert [c.id for c in told if isinstance(c, CallWanted)] == ["ask~1", "1/look~1"]
    assert [c.id for c in told if isinstance(c, TaskOpened)] == ["1-1/see~1"]
    assert list(held.by_number) == ["", "1", "1-1"]


def test_what_is_dropped_closes_all_that_is_open_in_it_and_in_what_it_called():
    held = parts(main=MAIN, middle=MIDDLE, inner=INNER)
    walked(held, held.main, Started(AT))
    assert held.drop(WorkCancelled("ask~1", "ask"), AT) == [
        TimerCancelled("1/late~2"),
        WorkCancelled("1/look~1", "look"),
        TaskClosed("1-1/see~1", "interrupted"),
    ]
    assert list(held.by_number) == [""]
    assert held.drop(WorkCancelled("other~1", "other"), AT) == []


def test_a_process_that_calls_itself_for_ever_is_told_so_by_an_error():
    again = bpmn(start("s"), call("again", "again"), end("e"), flows("s > again > e"))
    held = parts(main=MAIN.replace('"middle"', '"again"'), again=again)
    told = walked(held, held.main, Started(AT))
    assert len(held.by_number) == 1 + MOST_DEEP
    last = [command for command in told if isinstance(command, CallWanted)][-1]
    number, failed = held.call(held.by_number[last.id.split("/")[0]], last, AT)
    assert isinstance(failed, CallFailed)
    assert (failed.code, failed.id) == (TOO_DEEP, "again~1")
    assert number.count("-") == MOST_DEEP - 1


def test_a_called_process_sees_what_is_mapped_and_the_application_as_it_stands():
    mapped = MAIN.replace('"middle"', '"inner"').replace(
        'processId="inner" />', 'processId="inner" />' + mapping({"what": "=secret"})
    )
    result = INNER.replace("</bpmn:extensionElements>", "__", 1)
    corrected = result.replace(
        "__",
        mapping(None, {"application": "=application", "found": "=found"})
        + "</bpmn:extensionElements>",
    )
    held = parts({"application": {"a": 1}, "secret": 7, "other": 8}, main=mapped, inner=corrected)
    walked(held, held.main, Started(AT))
    part = held.by_number["1"]
    assert held.seen(part) == {"application": {"a": 1}, "what": 7}
    done = {"application": {"a": 2}, "found": 9}
    walked(held, part, TaskCompleted("see~1", done, AT))
    assert held.main.variables == {"application": {"a": 2}, "secret": 7, "other": 8}
    assert part.variables == {"what": 7, "found": 9}


def test_the_oldest_wait_takes_a_message_and_every_process_a_signal_once():
    message, signal = MessageReceived("m", None, {}, AT), SignalReceived("s", {}, AT)
    waits = ["1/b~7", "a~3", "1/c~2"]
    assert addressed(message, waits) == [("1", message)]
    assert addressed(message, []) == []
    assert addressed(signal, waits) == [("1", signal), ("", signal)]
