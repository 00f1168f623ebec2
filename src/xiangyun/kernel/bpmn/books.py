"""The books of a case that runs in memory: what is open, what is awaited, what is due next.

The engine says by commands what it opens and closes; whoever carries them out notes them here.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from xiangyun.kernel.bpmn.commands import (
    CallWanted,
    Command,
    DecisionWanted,
    MessageAwaited,
    MessageUnawaited,
    ServiceWanted,
    SignalAwaited,
    SignalUnawaited,
    TaskClosed,
    TaskOpened,
    TimerCancelled,
    TimerSet,
    WorkCancelled,
)

Open = (
    TaskOpened
    | DecisionWanted
    | ServiceWanted
    | CallWanted
    | TimerSet
    | MessageAwaited
    | SignalAwaited
)
_OPENED = frozenset(
    (
        TaskOpened,
        DecisionWanted,
        ServiceWanted,
        CallWanted,
        TimerSet,
        MessageAwaited,
        SignalAwaited,
    )
)
_CLOSED = frozenset((TaskClosed, WorkCancelled, TimerCancelled, MessageUnawaited, SignalUnawaited))
Kind = TypeVar("Kind", bound=Open)


class Books:
    """What is open, by id, in the order in which it was opened."""

    def __init__(self) -> None:
        self.open: dict[str, Open] = {}

    def note(self, command: Command) -> None:
        """Note what a command opens or closes."""
        kind = type(command)
        if kind in _OPENED:
            self.open[command.id] = command  # type: ignore[union-attr, assignment]
        elif kind in _CLOSED:
            self.open.pop(command.id, None)  # type: ignore[union-attr]

    def of(self, kind: type[Kind]) -> list[Kind]:
        """What is open of one kind, the oldest first."""
        return [each for each in self.open.values() if isinstance(each, kind)]

    def next_due(self, by: datetime | None = None) -> TimerSet | None:
        """The timer that rings next, if it is due by this moment."""
        timer = min(self.of(TimerSet), key=lambda timer: timer.due, default=None)
        return None if timer is None or (by is not None and timer.due > by) else timer

    def awaited(self, name: str) -> MessageAwaited | None:
        """The oldest wait for a message of this name."""
        return next((each for each in self.of(MessageAwaited) if each.name == name), None)
