"""A process as values: elements, flows, formulas and the drawing, compiled once and never changed.

`kind` is the tag name of BPMN 2.0 (OMG formal/2011-01-03): `userTask`, `exclusiveGateway`, ...
Lines tell where a thing stands in a file; they are no part of what it is, and not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xiangyun.kernel.bpmn.markup import Page
from xiangyun.kernel.feel import DateTime, Expression
from xiangyun.kernel.findings import Text

ROOT = ""
"""The scope of the whole case: parent of top-level elements, id of the root scope in a state."""

SCOPES = ("subProcess", "transaction")
"""Kinds of activity that hold a scope of their own."""

TriggerKind = Literal[
    "none",
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "conditional",
    "compensate",
    "terminate",
    "link",
    "cancel",
    "multiple",
]


@dataclass(frozen=True, slots=True)
class Formula:
    """A text of the drawing: FEEL when it starts with `=`, otherwise the words themselves."""

    text: str
    element: str
    line: int = field(compare=False)
    expression: Expression | None = None

    @property
    def asks_when(self) -> bool:
        """Whether it may ask for the moment of the step, by `now()` or `today()`."""
        return "now" in self.text or "today" in self.text

    def value(self, context: Mapping[str, Any], now: DateTime | None = None) -> Any:
        """The FEEL value in this context, or the static text; `now` is what `now()` gives.

        Raises:
            Refused: when FEEL used up the budget of an evaluation (`feel.E004`).
        """
        return self.text if self.expression is None else self.expression.result(context, now)

    def why(self, context: Mapping[str, Any], now: DateTime | None = None) -> Text | None:
        """Why FEEL came to null in this context, or None when it did not."""
        warnings = self.expression.explain(context, now).warnings if self.expression else ()
        return warnings[0].message if warnings else None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One `zeebe:input` or `zeebe:output`: a formula and the variable (or path) it fills."""

    source: Formula
    target: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event waits for or throws.

    `name`: name of the message, signal or link; code of the error or escalation (empty catches
    all). `formula`: time, correlation key or condition. `timer`: `date`, `duration` or `cycle`.
    `activity`: what a compensation event names.
    """

    kind: TriggerKind
    line: int = field(compare=False)
    name: str = ""
    reference: str = ""
    formula: Formula | None = None
    timer: str = ""
    activity: str = ""
    missing: bool = False
    """Whether `reference` names nothing in the file."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance (`parallel`, `sequential`) or `standard` loop of an activity."""

    kind: Literal["parallel", "sequential", "standard"]
    line: int = field(compare=False)
    collection: Formula | None = None
    item: str = ""
    output_collection: str = ""
    output_element: Formula | None = None
    output_name: str = ""
    """The variable that the output element is, or is a part of; empty for any other formula."""
    cardinality: Formula | None = None
    """How many instances, where no collection says it."""
    condition: Formula | None = None
    """completionCondition of a multi-instance, loopCondition of a standard loop."""
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    line: int = field(compare=False)
    source: str
    target: str
    parent: str
    condition: Formula | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node: event, activity or gateway, with all that the engine and the pages ask of it."""

    id: str
    kind: str
    name: str
    line: int = field(compare=False)
    parent: str = ROOT
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    trigger: Trigger | None = None
    interrupting: bool = True
    attached_to: str = ""
    loop: Loop | None = None
    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()
    type: Formula | None = None
    decision: Formula | None = None
    result_variable: str = ""
    groups: Formula | None = None
    due: Formula | None = None
    form: str = ""
    script: Formula | None = None
    called: Formula | None = None
    propagate_all: bool = False
    event_driven: bool = False
    """An event sub-process (`triggeredByEvent`)."""
    for_compensation: bool = False
    lane: str = ""
    notes: tuple[str, ...] = ()
    """What cannot run here, in BPMN's words (`instantiate`, `executionListeners`, ...)."""

    @property
    def is_activity(self) -> bool:
        """Whether it is work: a task, a call, or a sub-process of any kind."""
        return "Event" not in self.kind and "Gateway" not in self.kind

    @property
    def label(self) -> str:
        """How a person finds it: the name, or the id when it has none."""
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Shape:
    """Bounds of a flow node or of another drawn thing, with the bounds of its label."""

    of: str
    x: float
    y: float
    width: float
    height: float
    label: tuple[float, float, float, float] | None = None
    expanded: bool = True
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """The points of a drawn flow or association."""

    of: str
    points: tuple[tuple[float, float], ...]
    label: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """BPMN DI: where everything lies."""

    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn but does not run: lane, pool, annotation, data object, group."""

    id: str
    kind: str
    name: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """The drawing compiled for walking: every question of the engine is one look-up."""

    ways: Mapping[str, tuple[Flow, ...]]
    """element -> its outgoing flows, in the file's order"""
    children: Mapping[str, tuple[Element, ...]]
    """scope element (or ROOT) -> its flow nodes"""
    boundaries: Mapping[str, tuple[Element, ...]]
    """activity -> boundary events attached to it"""
    starts: Mapping[str, tuple[Element, ...]]
    """scope element -> its start events"""
    handlers: Mapping[str, tuple[tuple[Element, Element], ...]]
    """scope element -> (event sub-process, its start event)"""
    links: Mapping[tuple[str, str], str]
    """(scope, link name) -> catching link event"""
    reach: Mapping[str, Mapping[str, frozenset[str]]]
    """inclusive join -> incoming flow -> elements from which a token can come in over that flow"""
    ends: frozenset[str]
    """elements at which a token ends: end events, and what has no way on and needs none"""
    compensations: Mapping[str, str]
    """activity -> the activity that undoes it"""


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """One process: immutable, compiled once; two readings are two values (hash by identity)."""

    id: str
    name: str
    file: str
    line: int
    executable: bool
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    wiring: Wiring
    diagram: Diagram
    drawn: Mapping[str, Drawn]
    associations: tuple[tuple[str, str, str], ...]
    formulas: tuple[Formula, ...]
    """Every FEEL expression, for whoever checks the names they use."""
    sets: frozenset[str]
    """Names the process itself brings about: result variables, output targets, loop items."""
    documentation: str
    properties: Mapping[str, str]
    page: Page

    def is_within(self, element: Element, scope: str) -> bool:
        """Whether an element lies in a scope, however deep."""
        at = element.parent
        while at not in (scope, ROOT):
            at = self.elements[at].parent
        return at == scope

    @property
    def is_called(self) -> bool:
        """Whether it says (zeebe:property `called` = `true`) that other processes call it.

        Then an error that it does not catch ends it, and is its caller's to catch.
        """
        return self.properties.get("called") == "true"
