"""BPMN 2.0: a durable engine as values.

`advance(process, state, event, data)` gives a new state and commands; it calls nothing itself.

    process = read_process(text)                       # once: checked, compiled, proved sound
    step = advance(process, None, Started(at), data)   # then event by event
    for command in step.commands: ...                  # TaskOpened, DecisionWanted, TimerSet, ...
    step = advance(process, step.state, TaskCompleted(id, {"action": "accept"}, at), data)

The caller stores `step.state.to_json()` and the root variables, merges `VariablesSet` (always the
first command), and answers the other commands by events that carry the command's id. A called
process (`CallWanted`) is a case of its own: nothing of it is copied into the caller's state.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from xiangyun.kernel.bpmn.books import Books
from xiangyun.kernel.bpmn.check import check_process, read_process, read_processes
from xiangyun.kernel.bpmn.commands import (
    CallWanted,
    CaseEnded,
    CaseFailed,
    Command,
    DecisionWanted,
    EscalationRaised,
    IncidentRaised,
    MessageAwaited,
    MessageSent,
    MessageUnawaited,
    ServiceWanted,
    SignalAwaited,
    SignalThrown,
    SignalUnawaited,
    TaskClosed,
    TaskOpened,
    TimerCancelled,
    TimerSet,
    VariablesSet,
    WorkCancelled,
)
from xiangyun.kernel.bpmn.engine import Endless, NotWaiting, Step, abandoned, advance
from xiangyun.kernel.bpmn.events import (
    CallCompleted,
    CallEscalated,
    CallFailed,
    DataChanged,
    DecisionMade,
    Event,
    IncidentResolved,
    MessageReceived,
    ServiceCompleted,
    ServiceFailed,
    SignalReceived,
    Started,
    TaskCompleted,
    TimerFired,
)
from xiangyun.kernel.bpmn.extensions import check_extensions
from xiangyun.kernel.bpmn.model import Element, Flow, Formula, Process
from xiangyun.kernel.bpmn.read import Document, read_document
from xiangyun.kernel.bpmn.state import State, element_of
from xiangyun.kernel.bpmn.write import write_document, write_process

if TYPE_CHECKING:
    from xiangyun.kernel.bpmn.drawing import Mark, draw

__all__ = [
    "Books",
    "CallCompleted",
    "CallEscalated",
    "CallFailed",
    "CallWanted",
    "CaseEnded",
    "CaseFailed",
    "Command",
    "DataChanged",
    "DecisionMade",
    "DecisionWanted",
    "Document",
    "Element",
    "Endless",
    "EscalationRaised",
    "Event",
    "Flow",
    "Formula",
    "IncidentRaised",
    "IncidentResolved",
    "Mark",
    "MessageAwaited",
    "MessageReceived",
    "MessageSent",
    "MessageUnawaited",
    "NotWaiting",
    "Process",
    "ServiceCompleted",
    "ServiceFailed",
    "ServiceWanted",
    "SignalAwaited",
    "SignalReceived",
    "SignalThrown",
    "SignalUnawaited",
    "Started",
    "State",
    "Step",
    "TaskClosed",
    "TaskCompleted",
    "TaskOpened",
    "TimerCancelled",
    "TimerFired",
    "TimerSet",
    "VariablesSet",
    "WorkCancelled",
    "abandoned",
    "advance",
    "check_extensions",
    "check_process",
    "draw",
    "element_of",
    "read_document",
    "read_process",
    "read_processes",
    "write_document",
    "write_process",
]


def __getattr__(name: str) -> object:
    """`draw` and `Mark`, loaded when somebody draws: checking and running never do."""
    if name not in ("Mark", "draw"):
        raise AttributeError(name)
    return getattr(import_module("xiangyun.kernel.bpmn.drawing"), name)
