"""What can happen to a case, each with the moment it happened (`at`, with a time zone)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The case begins at the none start event, or at the start event named by `element`."""

    at: datetime
    element: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A person has answered the user task `id`."""

    id: str
    result: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """The decision wanted by `id` came to `value`."""

    id: str
    value: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class ServiceCompleted:
    """The service wanted by `id` has answered."""

    id: str
    result: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class ServiceFailed:
    """A BPMN error of a service (or of any work `id`): caught by its code, else an incident."""

    id: str
    code: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallCompleted:
    """The called process has ended with these root variables."""

    id: str
    result: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class CallFailed:
    """The called process ended in an error that it did not catch."""

    id: str
    code: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallEscalated:
    """The called process threw an escalation that it did not catch; it may still be under way."""

    id: str
    code: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The timer `id` is due."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message came for this case; the oldest matching wait takes it."""

    name: str
    key: str | None
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal was broadcast; every wait for it takes it."""

    name: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class DataChanged:
    """The caller changed root variables: conditional events look again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    """What made `id` stand still is mended: it tries again."""

    id: str
    at: datetime


Event = (
    Started
    | TaskCompleted
    | DecisionMade
    | ServiceCompleted
    | ServiceFailed
    | CallCompleted
    | CallFailed
    | CallEscalated
    | TimerFired
    | MessageReceived
    | SignalReceived
    | DataChanged
    | IncidentResolved
)
