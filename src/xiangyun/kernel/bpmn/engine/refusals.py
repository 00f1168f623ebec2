"""Why an event is refused; in both cases nothing of the step is kept."""

from __future__ import annotations

from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.findings import Conflict, Finding, Place, Stale, Text


class NotWaiting(Stale):
    """The case does not wait for this event: it was answered, interrupted, or never asked."""

    def __init__(self, process: Process, what: str) -> None:
        super().__init__(
            [
                Finding(
                    "bpmn.E100",
                    "error",
                    Text(
                        "办件此刻没有在等：{what}。",
                        "The case does not wait for {what}.",
                        what=what,
                    ),
                    Place(process.file, process.line),
                    Text(
                        "它可能已经办完、已被中断，请刷新后再看。",
                        "It may be answered or interrupted already: look at the case again.",
                    ),
                )
            ]
        )


class Endless(Conflict):
    """A case went round without ever waiting; nothing of the step is kept."""

    def __init__(self, process: Process, element: str) -> None:
        held = process.elements[element]
        super().__init__(
            [
                Finding(
                    "bpmn.E101",
                    "error",
                    Text(
                        "办件在“{label}”一带不停地循环，没有等任何人。",
                        "The case goes round at “{label}” without waiting for anybody.",
                        label=held.label,
                    ),
                    Place(process.file, held.line),
                    Text(
                        "请检查这个循环的条件，或在其中放一个任务。",
                        "Look at the conditions of this loop, or put a task into it.",
                    ),
                )
            ]
        )


class Unworkable(Conflict):
    """What an event brings could not be worked into the case; nothing of the step is kept."""

    def __init__(self, process: Process, why: Text) -> None:
        super().__init__(
            [
                Finding(
                    "bpmn.E102",
                    "error",
                    Text("这一步没有办成：{why}", "The step could not be taken: {why}", why=why),
                    Place(process.file, process.line),
                    Text(
                        "请让所说的公式少算一些，再试一次。",
                        "Let the formula named compute less, and try again.",
                    ),
                )
            ]
        )
