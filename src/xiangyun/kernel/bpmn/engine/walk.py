"""The bench of one `advance`: a private copy of the state, the commands so far, and the work left.

The families of elements (tasks, gateways, events, scopes, loops) change the state only through
here and hand work to each other as names (`later("enter", …)`), so none needs to import another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from xiangyun.kernel.bpmn.commands import (
    Command,
    DecisionWanted,
    IncidentRaised,
    MessageAwaited,
    MessageUnawaited,
    SignalAwaited,
    SignalUnawaited,
    TaskClosed,
    TimerCancelled,
    TimerSet,
    WorkCancelled,
)
from xiangyun.kernel.bpmn.model import ROOT, Element, Formula, Process, Transfer
from xiangyun.kernel.bpmn.state import (
    ASKED,
    FIRST,
    NO_NEXT,
    Live,
    State,
    Wait,
    asked_since,
    element_of,
    is_asked,
)
from xiangyun.kernel.bpmn.times import FOREVER, counts_working_days, due, iso, next_due
from xiangyun.kernel.feel import DateTime, from_json
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime import Calendar, NotCovered, office_time

NOTHING: Mapping[str, Any] = {}
AWAITED = frozenset(("timer", "message", "signal", "conditional"))
"""Triggers that wait for the outside; errors and escalations are found when they are thrown."""


class Work(NamedTuple):
    """A piece of work left in this step: what, in which scope, with what."""

    what: str
    scope: str
    args: tuple[Any, ...]


class Stuck(Exception):
    """A token cannot go on; `advance` turns it into an incident."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def no_time(element: Element, value: Any) -> Text:
    """What an incident says of a timer whose formula gives no time, or a cycle that stands."""
    return Text(
        "“{label}”的时间 {value} 不是可用的日期、时长或向前走的周期。",
        "The time {value} of “{label}” is no date, duration or cycle that moves on.",
        label=element.label,
        value=repr(value),
    )


def repeats(element: Element) -> bool:
    """Whether a timer here may ring again; one on the way of a token lets it on, once."""
    return element.kind in ("startEvent", "boundaryEvent")


class Walk:
    """Mutable only while one event is worked off."""

    def __init__(
        self,
        process: Process,
        state: State,
        data: Mapping[str, Any],
        at: datetime,
        calendar: Calendar,
    ) -> None:
        self.process = process
        self.calendar = calendar
        self.wiring = process.wiring
        self._moment = at
        self._at: datetime | None = None
        self._now: DateTime | None = None
        self.count = state.count
        self.live = dict(state.live)
        self.waits = dict(state.waits)
        self.joins = dict(state.joins)
        self.undos = list(state.undos)
        self.last = state.last
        self.ended = state.ended
        self.root = data
        self.changes: dict[str, Any] = {}
        self.changed = False
        self.commands: list[Command] = []
        self.work: deque[Work] = deque()
        self.touched: dict[str, None] = {}

    def state(self) -> State:
        """The new state as a value."""
        return State(
            self.count,
            self.live,
            self.waits,
            self.joins,
            tuple(self.undos),
            self.last,
            self.ended,
        )

    def fresh(self, element: str) -> str:
        """The next id for this element."""
        self.count += 1
        return f"{element}~{self.count}"

    def element(self, ident: str) -> Element:
        """The element of an instance or a wait."""
        return self.process.elements[element_of(ident)]

    # -- work -------------------------------------------------------------------------------

    def later(self, what: str, scope: str, *args: Any) -> None:
        """Leave work for this same step."""
        self.work.append(Work(what, scope, args))

    def leave(self, element: Element, scope: str) -> None:
        """Send tokens out of an element that is not a gateway; without a way on its token ends."""
        ways = self.wiring.ways[element.id]
        if not ways:
            if element.kind != "endEvent" and not element.event_driven:
                self.name_outcome(scope, element)
            self.touched[scope] = None
        elif len(ways) == 1 and ways[0].condition is None:
            self.later("enter", scope, ways[0].target, ways[0].id)
        else:
            self.later("leave", scope, element.id, "")

    def name_outcome(self, scope: str, element: Element, forced: bool = False) -> None:
        """The end that names the outcome: the last one at the top, one with a word for it first.

        An event sub-process of the case (a withdrawal) stands at the top too.
        """
        while scope != ROOT:
            if not self.element(scope).event_driven:
                return
            scope = self.live[scope].scope
        named = self.last and "outcome" in self.process.elements[self.last].properties
        if forced or not named or "outcome" in element.properties:
            self.last = element.id

    def holds(self, formula: Formula, scope: str, name: str) -> bool:
        """Whether a condition is true; anything but true or false holds the token."""
        value = self.value(formula, self.context(scope))
        if value is True or value is False:
            return bool(value)
        why = formula.why(self.context(scope), self.now) or Text(
            "{value}", "{value}", value=repr(value)
        )
        raise Stuck(
            Text(
                "流向“{name}”的条件 {text} 不是真或假：{why}",
                "The condition {text} of “{name}” is neither true nor false: {why}",
                name=name,
                text=formula.text,
                why=why,
            )
        )

    @property
    def at(self) -> datetime:
        """The moment of the event on the clock of the office; most steps never ask for it."""
        if self._at is None:
            self._at = office_time(self._moment)
        return self._at

    @property
    def now(self) -> DateTime:
        """The moment of the event, which `now()` and `today()` give in all of its step."""
        if self._now is None:
            self._now = cast("DateTime", from_json(self.at))
        return self._now

    def value(self, formula: Formula, context: Mapping[str, Any]) -> Any:
        """What a formula comes to at the moment of the event.

        One that uses up its budget holds the token: its null would be no answer.
        """
        if formula.expression is None:
            return formula.text
        try:
            return formula.value(context, self.now if formula.asks_when else None)
        except Refused as refused:
            said = refused.findings[0].message
            raise Stuck(Text("{said}。", "{said}.", said=said)) from None

    # -- variables --------------------------------------------------------------------------

    def context(self, scope: str) -> Mapping[str, Any]:
        """All variables seen from a scope, the inner ones over the outer ones."""
        layers: list[Mapping[str, Any]] = []
        while scope:
            live = self.live[scope]
            if live.locals:
                layers.append(live.locals)
            scope = live.scope
        if not layers:
            return self.root
        merged = dict(self.root)
        for layer in reversed(layers):
            merged.update(layer)
        return merged

    def assign(self, scope: str, name: str, value: Any) -> None:
        """Set a variable where it lives, looking outwards; where nobody has it, at the root."""
        self.changed = True
        while scope:
            live = self.live[scope]
            if name in live.locals:
                self.live[scope] = live._replace(locals={**live.locals, name: value})
                return
            scope = live.scope
        if not self.changes:
            self.root = dict(self.root)
        self.changes[name] = value
        self.root[name] = value  # type: ignore[index]

    def propagate(
        self,
        element: Element,
        scope: str,
        own: Mapping[str, Any],
        result: Mapping[str, Any],
        private: Collection[str] = (),
    ) -> Mapping[str, Any]:
        """Carry a result into the scope as Zeebe does; what was carried.

        With output mappings only these, evaluated over the result in their order, each seeing
        those before it; without, every key. `private` names are worked out but go nowhere.
        """
        if not element.outputs:
            for name, value in result.items():
                self.assign(scope, name, value)
            return result
        context = {**self.context(scope), **own, **result}
        carried: dict[str, Any] = {}
        for transfer in element.outputs:
            name, *path = transfer.target.split(".")
            value = self.value(transfer.source, context)
            if path:
                held = carried[name] if name in carried else self.context(scope).get(name)
                value = _nested(held, path, value)
            carried[name] = context[name] = value
            if name not in private:
                self.assign(scope, name, value)
        return carried

    def inputs(
        self,
        transfers: tuple[Transfer, ...],
        scope: str,
        own: Mapping[str, Any],
        seen: Mapping[str, Any] = NOTHING,
    ) -> Any:
        """Local values of an activity: its `own` plus its input mappings, in their order.

        `seen` are values that the mappings may use and that do not stay.
        """
        if not transfers:
            return own
        values = dict(own)
        context = {**self.context(scope), **seen, **own}
        for transfer in transfers:
            path = transfer.target.split(".")
            value = self.value(transfer.source, context)
            if len(path) > 1:
                value = _nested(values.get(path[0]), path[1:], value)
            values[path[0]] = context[path[0]] = value
        return values

    # -- waiting ----------------------------------------------------------------------------

    def arm(self, element: Element, owner: str, scope: str) -> None:
        """Begin to wait for an event on behalf of `owner`; formulas are seen from `scope`."""
        trigger = element.trigger
        if trigger is None or trigger.kind not in AWAITED:
            return
        if trigger.kind == "timer":
            ident = self.fresh(element.id)
            self.waits[ident] = Wait(owner, NO_NEXT, FIRST)
            if element.decision is not None:
                self.ask_when(ident, scope)
            elif (stuck := self.set_timer(ident, self.context(scope))) is not None:
                raise Stuck(stuck)
        elif trigger.kind == "message":
            key = self.key(element, scope)
            ident = self.fresh(element.id)
            self.waits[ident] = Wait(owner, key)
            self.commands.append(MessageAwaited(ident, trigger.name, key))
        elif trigger.kind == "signal":
            ident = self.fresh(element.id)
            self.waits[ident] = Wait(owner)
            self.commands.append(SignalAwaited(ident, trigger.name))
        else:
            self.waits[self.fresh(element.id)] = Wait(owner)
            self.changed = True

    def set_timer(self, ident: str, context: Mapping[str, Any]) -> Text | None:
        """Set a timer for its first or its next time; why not, where its formula gives none now.

        A repeating timer counts from when it was due, not from when it rang.
        """
        wait, element = self.waits[ident], self.element(ident)
        trigger = element.trigger
        assert trigger is not None
        value = self.value(trigger.formula, context) if trigger.formula else None
        last = asked_since(wait.key)
        since = office_time(datetime.fromisoformat(last)) if last else self.at
        try:
            if wait.left == FIRST:
                found = due(trigger.timer, value, self.at, self.calendar)
            else:
                moment = next_due(value, since, self.calendar)
                left = wait.left if wait.left == FOREVER else wait.left - 1
                found = (moment, left) if moment else None
        except NotCovered as refused:
            return refused.findings[0].message
        if found is None:
            return no_time(element, value)
        moment, left = found
        if not repeats(element):
            left = 0
        self.waits[ident] = Wait(wait.owner, moment.isoformat() if left else None, left)
        written = iso(value)
        counted = written if counts_working_days(value) else ""
        self.commands.append(TimerSet(ident, element.id, moment, since, counted, written))
        return None

    def ask_when(self, ident: str, scope: str) -> None:
        """Ask the decision of a timer, anew each round; what it says, its formula sees."""
        wait, element = self.waits[ident], self.element(ident)
        decision = element.decision
        assert decision is not None
        context = self.context(scope)
        name = self.value(decision, context)
        if not isinstance(name, str) or not name:
            raise Stuck(no_time(element, name))
        self.waits[ident] = wait._replace(key=ASKED + asked_since(wait.key))
        given = None if context is self.root else context
        self.commands.append(
            DecisionWanted(ident, element.id, name, given, element.result_variable)
        )

    def seen_by(self, ident: str) -> str:
        """The scope from which the formulas of a wait are seen."""
        wait, element = self.waits[ident], self.element(ident)
        if element.kind == "startEvent" or element_of(wait.owner) == element.id:
            return wait.owner
        return self.live[wait.owner].scope

    def key(self, element: Element, scope: str) -> str | None:
        """The correlation key of a message seen from a scope, as text; None when none is asked."""
        formula = element.trigger.formula if element.trigger else None
        if formula is None:
            return None
        value = self.value(formula, self.context(scope))
        if value is None or value == "":
            raise Stuck(
                Text(
                    "“{label}”的消息关联键 {text} 没有值。",
                    "The correlation key {text} of “{label}” has no value.",
                    label=element.label,
                    text=formula.text,
                )
            )
        return value if isinstance(value, str) else str(value)

    def disarm(self, owner: str) -> None:
        """Stop all waiting on behalf of `owner`."""
        for ident in [ident for ident, wait in self.waits.items() if wait.owner == owner]:
            self.unwait(ident)

    def disarm_handlers(self, scope: str) -> None:
        """Stop listening for the event sub-processes of a scope; its boundary events stay."""
        for ident in [ident for ident, wait in self.waits.items() if wait.owner == scope]:
            if self.element(ident).kind == "startEvent":
                self.unwait(ident)

    def unwait(self, ident: str, fired: bool = False) -> None:
        """End one wait; `fired` when the outside already knows of it."""
        wait = self.waits.pop(ident)
        trigger = self.element(ident).trigger
        kind = trigger.kind if trigger else "none"
        if kind == "message":
            self.commands.append(MessageUnawaited(ident))
        elif kind == "signal":
            self.commands.append(SignalUnawaited(ident))
        elif kind == "timer" and wait.key == NO_NEXT:
            self.commands.append(TaskClosed(ident, "interrupted"))
        elif kind == "timer" and is_asked(wait.key):
            self.commands.append(WorkCancelled(ident, self.element(ident).id))
        elif kind == "timer" and not fired:
            self.commands.append(TimerCancelled(ident))

    # -- cancelling -------------------------------------------------------------------------

    def cancel(self, ident: str) -> None:
        """Take an instance and all within it away."""
        self.clear(ident)
        self.undos = [undo for undo in self.undos if undo.scope != ident]
        live = self.live.pop(ident)
        self.disarm(ident)
        if live.phase in ("stuck", "failed"):
            self.commands.append(TaskClosed(ident, "interrupted"))
        if live.phase:
            return
        element = self.element(ident)
        if element.kind == "userTask":
            self.commands.append(TaskClosed(ident, "interrupted"))
        elif element.type or element.decision or element.called:
            self.commands.append(WorkCancelled(ident, element.id))

    def clear(self, scope: str) -> None:
        """Take away everything inside a scope, tokens under way included.

        The scope stays, and so does what was completed in it: it can still be compensated.
        """
        for ident in [ident for ident, live in self.live.items() if live.scope == scope]:
            if ident in self.live:
                self.cancel(ident)
        for key in [key for key in self.joins if key[0] == scope]:
            del self.joins[key]
        self.work = deque(item for item in self.work if item.scope != scope)

    def stick(self, what: str, scope: str, element: str, came: str, text: Text) -> None:
        """Hold a token where it is until a person has mended the cause, then do `what` again."""
        ident = self.fresh(element)
        self.live[ident] = Live(scope, {}, "stuck", {"what": what, "came": came})
        self.commands.append(IncidentRaised(ident, element, text))

    def rollback(self, count: int, commands: int, work: int) -> None:
        """Undo what a piece of work began before it stuck; later entries lie at the end."""
        for held in (self.live, self.waits):
            while held and int(next(reversed(held)).rpartition("~")[2]) > count:
                held.popitem()
        del self.commands[commands:]
        while len(self.work) > work:
            self.work.pop()
        self.count = count

    def children(self, scope: str) -> list[str]:
        """The instances directly inside a scope, oldest first."""
        return [ident for ident, live in self.live.items() if live.scope == scope]

    def is_within(self, scope: str, whole: str) -> bool:
        """Whether a scope is another one, or lies in it."""
        while scope != whole and scope in self.live:
            scope = self.live[scope].scope
        return scope == whole

    def is_body(self, scope: str) -> bool:
        """Whether a scope is only the body of a loop, around its instances."""
        return scope != ROOT and self.live[scope].phase == "body"

    def is_empty(self, scope: str) -> bool:
        """Whether no instance and no waiting token is left in a scope."""
        return not any(live.scope == scope for live in self.live.values()) and not any(
            key[0] == scope for key in self.joins
        )


def _nested(held: Any, path: list[str], value: Any) -> dict[str, Any]:
    """A context with the value placed at a path below it, other entries kept."""
    base = dict(held) if isinstance(held, Mapping) else {}
    head, *rest = path
    base[head] = _nested(base.get(head), rest, value) if rest else value
    return base
