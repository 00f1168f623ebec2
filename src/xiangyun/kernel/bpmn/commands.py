"""What the engine asks the outside to do; it does nothing itself.

The caller carries the commands out in order, in the transaction that stores the new state.
`VariablesSet`, when present, always comes first: merge it before acting on the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class VariablesSet:
    """Root variables that changed in this step, FEEL values by name."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A person is wanted; answered by `TaskCompleted` with the same id. `inputs`: local values."""

    id: str
    element: str
    name: str
    groups: tuple[str, ...]
    due: datetime | date | None = None
    form: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """Nobody is wanted any more for a `TaskOpened`, or an `IncidentRaised`, of this id.

    `completed` by an answer (an incident by `IncidentResolved`), `interrupted` by another event.
    """

    id: str
    reason: Literal["completed", "interrupted"]


@dataclass(frozen=True, slots=True)
class DecisionWanted:
    """A decision is wanted; answered by `DecisionMade`. `inputs` None: all root variables."""

    id: str
    element: str
    decision: str
    inputs: Mapping[str, Any] | None
    result_variable: str


@dataclass(frozen=True, slots=True)
class ServiceWanted:
    """Work of a machine; answered by `ServiceCompleted` or `ServiceFailed`."""

    id: str
    element: str
    type: str
    inputs: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CallWanted:
    """Another process is to run as a case of its own; answered by `CallCompleted`/`CallFailed`.

    A called process keeps its own state, version and journal: it is not a copy inside this state.
    """

    id: str
    element: str
    process: str
    inputs: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WorkCancelled:
    """A decision, service or call is no longer wanted: an answer would find nobody waiting."""

    id: str
    element: str


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Send `TimerFired(id)` at `due`.

    `since`: the moment from which it was counted. `counted`: the time as it was written, such as
    `5 working days`, where it is another when a holiday is entered (`times.recounted`).
    `written`: the time as it was written, whatever it is.
    """

    id: str
    element: str
    due: datetime
    since: datetime | None = field(default=None, compare=False)
    counted: str = field(default="", compare=False)
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TimerCancelled:
    """The timer of this id is no longer wanted."""

    id: str


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """The case waits for this message; key None means any message of this name to this case."""

    id: str
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class MessageUnawaited:
    """The wait of this id is over."""

    id: str


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message leaves the case."""

    name: str
    key: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignalAwaited:
    """The case wants `SignalReceived` for this name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SignalUnawaited:
    """The wait of this id is over."""

    id: str


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """Broadcast to every case that waits for this signal, the throwing one included."""

    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """An escalation was thrown. `caught`: the element that caught it, empty when nobody did.

    What a called case did not catch goes to its caller, as `CallEscalated`.
    """

    code: str
    element: str
    caught: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """The instance stands still and needs a person; `IncidentResolved(id)` tries again.

    At a join that can never open, `id` is the gateway's own: there is nothing to try again.
    """

    id: str
    element: str
    text: Text


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """The case is over. `element`: the last end event; `outcome`: its property, else its id."""

    element: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseFailed:
    """A called case (process property `called` = `true`) ended in an error it did not catch.

    The caller answers its own waiting case with `CallFailed`.
    """

    element: str
    code: str
    message: str


Command = (
    VariablesSet
    | TaskOpened
    | TaskClosed
    | DecisionWanted
    | ServiceWanted
    | CallWanted
    | WorkCancelled
    | TimerSet
    | TimerCancelled
    | MessageAwaited
    | MessageUnawaited
    | MessageSent
    | SignalAwaited
    | SignalUnawaited
    | SignalThrown
    | EscalationRaised
    | IncidentRaised
    | CaseEnded
    | CaseFailed
)
