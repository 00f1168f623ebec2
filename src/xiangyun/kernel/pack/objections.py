"""What a service says of the objections that it takes: what its form shows, what it puts right."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.pack.registers import Drawn
from xiangyun.kernel.record import OBJECTED
from xiangyun.kernel.service.tasks import register_rectify

_SAYING = frozenset({"value", "why"})
"""What a task that puts a value right is told that may say a value of a person."""


def told(service: Drawn) -> dict[str, str]:
    """What a form shows of an objection: names of `kernel.record.objected`, by question."""
    asked = service.form.questions if service.form else ()
    sources = ((each.key, (each.source or "").partition(".")) for each in asked)
    return {key: name for key, (code, _, name) in sources if code == OBJECTED.code}


def rectifies(service: Drawn) -> bool:
    """Whether a process puts right what somebody objects to."""
    return any(_tasks(service))


def proposing(service: Drawn) -> Iterator[str]:
    """The questions that say what a value should be."""
    return _answering(service, frozenset({"value"}))


def in_clear(service: Drawn) -> list[str]:
    """The questions by which a sensitive value could stand in clear in a sealed case.

    They show it, say what it should be, or why, and are not marked `sensitive`.
    """
    sensitive = service.form.sensitive if service.form else frozenset()
    shown = {key for key, name in told(service).items() if name == "value"}
    return sorted((shown | {*_answering(service, _SAYING)}) - sensitive)


def _answering(service: Drawn, inputs: frozenset[str]) -> Iterator[str]:
    """The questions that go straight into these inputs of the task."""
    for element in _tasks(service):
        for given in element.inputs:
            scope, _, name = given.source.text.removeprefix("=").strip().partition(".")
            if given.target in inputs and scope == "application":
                yield name


def _tasks(service: Drawn) -> Iterator[Element]:
    for process in service.processes:
        for element in process.elements.values():
            if element.type is not None and element.type.text == register_rectify.TYPE.name:
                yield element
