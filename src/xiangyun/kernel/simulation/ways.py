"""The ways of cases through a drawing, each walked once: later cases on it only follow.

Applications of one situation that meet the same events in the same order come to the same steps:
the engine, the rules and the services are asked for the first of them. What differs is time. A
timer is due by its own case's clock; where a drawing or a rule looks at the time itself, or repeats
a timer, nothing is shared and each case runs for itself (`shares_ways`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from xiangyun.kernel.bpmn import (
    Books,
    Command,
    Event,
    MessageReceived,
    Started,
    TimerSet,
    element_of,
)
from xiangyun.kernel.bpmn.books import Open
from xiangyun.kernel.bpmn.times import due
from xiangyun.kernel.feel import Value
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.free import walk
from xiangyun.kernel.feel.within import expressions
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.inmemory import InMemoryCase, Trace
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.worktime import Calendar, office_time

_Key = tuple[object, ...]
MakeCase = Callable[[], InMemoryCase]


def shares_ways(pack: Pack) -> bool:
    """Whether what happens to a case follows from its situation and the order of its events."""
    triggers = (element.trigger for element in pack.elements.values())
    return not (
        pack.asks_the_time
        or any(trigger is not None and trigger.timer == "cycle" for trigger in triggers)
        or _looks_at_moments(pack)
    )


def _looks_at_moments(pack: Pack) -> bool:
    """Whether a drawing or a rule does more with the moment of an event, `at`, than to put it by
    in a variable, or to hand it or what is worked out from it to a service."""
    kept, given = list[tuple[str, ast.Node]](), set[int]()
    for element in pack.elements.values():
        for each in (*element.inputs, *element.outputs):
            if each.source.expression is None:
                continue
            source = each.source.expression.syntax
            given.add(id(source))
            if element.kind != "serviceTask" or each in element.outputs:
                kept += _parts(each.target, source)
    moments = {"at"}
    while new := {target for target, part in kept if _names(part) & moments} - moments:
        moments |= new
    looking = (each.syntax for each in expressions(pack.processes, pack.rules))
    return any(_names(each) & moments for each in looking if id(each) not in given)


def _parts(target: str, source: ast.Node) -> list[tuple[str, ast.Node]]:
    """What a formula fills: a variable, or the members of one."""
    if isinstance(source, ast.ContextNode):
        return [part for key, value in source.entries for part in _parts(key, value)]
    return [(target, source)]


def _names(whole: ast.Node) -> set[str]:
    """The names that stand in a formula, members of values too."""
    nodes = list(walk(whole))
    return {node.name for node in nodes if isinstance(node, ast.Name)} | {
        node.member for node in nodes if isinstance(node, ast.Path)
    }


@dataclass(eq=False, slots=True)
class Way:
    """A place on the ways of one situation: what the last event came to, and where it goes on.

    `walker`: the case that came here first and has not gone on, so that whoever goes farther need
    not begin anew. `waits`: whether a timer is open here.
    """

    before: Way | None = None
    event: Event | None = None
    commands: tuple[Command, ...] = ()
    open: dict[str, Open] = field(default_factory=dict)
    waits: bool = False
    returned: tuple[str, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    outcome: str = ""
    stuck: Text | None = None
    trail: tuple[Trace, ...] = ()
    walker: InMemoryCase | None = None
    next: dict[_Key, Way] = field(default_factory=dict)


class FollowedCase:
    """A case that follows the ways of its situation; to the office it looks like an
    `InMemoryCase`, of which it walks a new one only where nobody has been."""

    def __init__(self, pack: Pack, calendar: Calendar, begin: Way, make: MakeCase) -> None:
        self.pack, self.calendar, self.make = pack, calendar, make
        self.way = begin
        self.books = Books()
        self.returned: list[str] = []
        self.timers: dict[str, Open] = {}

    @property
    def variables(self) -> Mapping[str, Value]:
        """Those of the main process, as they stand."""
        return self.way.variables

    @property
    def outcome(self) -> str:
        """How it ended; empty while it goes on."""
        return self.way.outcome

    @property
    def stuck(self) -> Text | None:
        """Why it cannot go on."""
        return self.way.stuck

    @property
    def trail(self) -> Sequence[Trace]:
        """What happened at which elements."""
        return self.way.trail

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return bool(self.way.outcome or self.way.stuck)

    def knows(self, event: Event) -> bool:
        """Whether a case before was where this event leads."""
        return _key(event) in self.way.next

    def happens(self, event: Event) -> Sequence[Command]:
        """Let something happen: found where a case before was, else walked by the engine."""
        key = _key(event)
        way = self.way.next.get(key)
        if way is None:
            way = self.way.next[key] = self._walk(event)
        self.way = way
        self.returned.extend(way.returned)
        if not way.waits:
            self.books.open = way.open
            return way.commands
        commands = [self._own(command, event.at) for command in way.commands]
        self.timers.update((each.id, each) for each in commands if isinstance(each, TimerSet))
        self.books.open = {id: self.timers.get(id, each) for id, each in way.open.items()}
        return commands

    def seen(self, id: str) -> Mapping[str, Value]:
        """The variables that a service sees: those of a case that walked to this place."""
        return self._walker().seen(id)

    def _walk(self, event: Event) -> Way:
        walker = self._walker()
        self.way.walker = None
        commands = tuple(walker.happens(event))
        returned = tuple(walker.returned)
        walker.returned.clear()
        opened = dict(walker.books.open)
        return Way(
            before=self.way,
            event=event,
            commands=commands,
            open=opened,
            waits=any(isinstance(each, TimerSet) for each in (*opened.values(), *commands)),
            returned=returned,
            variables=dict(walker.variables),
            outcome=walker.outcome,
            stuck=walker.stuck,
            trail=tuple(walker.trail),
            walker=walker,
        )

    def _walker(self) -> InMemoryCase:
        if self.way.walker is None:
            walker, events, way = self.make(), list[Event](), self.way
            while way.before is not None and way.event is not None:
                events.append(way.event)
                way = way.before
            for event in reversed(events):
                walker.happens(event)
            walker.returned.clear()
            self.way.walker = walker
        return self.way.walker

    def _own(self, command: Command, at: datetime) -> Command:
        """A command for this case: a timer counts from its own moment."""
        if not isinstance(command, TimerSet):
            return command
        trigger = self.pack.elements[element_of(divided(command.id)[1])].trigger
        assert trigger is not None
        now = office_time(at)
        found = due(trigger.timer, command.written, now, self.calendar)
        return command if found is None else replace(command, due=found[0], since=now)


def _key(event: Event) -> _Key:
    """What tells two events of one situation apart. What is answered at a task follows from the
    example, by what happened before."""
    if isinstance(event, MessageReceived):
        carried = {k: v for k, v in (event.payload or {}).items() if k not in ("by", "at")}
        return MessageReceived, event.name, event.key, repr(sorted(carried.items(), key=str))
    if isinstance(event, Started):
        return (Started,)
    return type(event), getattr(event, "id", "")
