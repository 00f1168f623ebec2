"""A past case walked again, by its own version and by another: does it come out the same?

What people did stays as recorded; rules, gates and deadlines are those of the version. Both
versions are walked in memory from the same record, so where they part is due to them alone. A
version that wants what nobody did then leaves the case waiting there: it is said, not guessed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from xiangyun.kernel.bpmn import (
    Event,
    MessageAwaited,
    MessageReceived,
    ServiceCompleted,
    ServiceWanted,
    SignalAwaited,
    SignalReceived,
    Started,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    TimerSet,
)
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack, starting_variables
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED
from xiangyun.kernel.pack.inmemory import InMemoryCase, Result, Trace
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.pack.simulated import SimulatedServices
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.openings import start_of
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.worktime import Calendar, office_time

from .filed import answered

LookUp = Callable[[str, str, Value, date], Sequence[Mapping[str, Value]]]
"""(register, field, value, day) -> the records that the register held on that day, with keys."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One thing that happened to a past case, in order: `kind` task, message, signal or service.

    `name`: the element, or the message's name. `result`: what was answered. `inputs` tell apart
    tasks of one element that are open at once, such as those of several departments; `part` is the
    number of the called process it happened in, empty for the main one.
    """

    kind: str
    name: str
    at: datetime
    result: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    part: str = ""


_Waiting = TaskOpened | ServiceWanted | MessageAwaited | SignalAwaited


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of a past case. `until`: when it ended, or now for one that still runs.

    `answers`: what machines answered at once, by element. `exact` is False where the record does
    not hold everything, such as the first of two corrections. `rang`: when the timers of an element
    rang, in order, which may be later than they were due. `opening`: the variable of that name.
    """

    number: str
    application: Mapping[str, Value]
    division: Mapping[str, Value]
    filed_at: datetime
    filed_at_desk: str
    filed_by: str
    recorded_events: tuple[RecordedEvent, ...]
    answers: Mapping[str, Result]
    until: datetime
    outcome: str
    exact: bool = True
    rang: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    opening: Mapping[str, Value] = field(default_factory=dict)
    signature: Value = None
    """How the applicant signed; see `service.signing`."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How a case comes out: its outcome, empty while it waits for `open` or is `stuck`.

    `unused`: what happened then and found nobody waiting for it.
    """

    outcome: str
    trail: tuple[Trace, ...]
    open: tuple[str, ...]
    stuck: Text | None
    unused: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One case by two versions. `parted`: the first steps that differ, None for no step at all."""

    recorded: Recorded
    old: Walked
    new: Walked
    parted: tuple[Trace | None, Trace | None] | None

    @property
    def differs(self) -> bool:
        """Whether it would come out otherwise."""
        return (self.old.outcome, self.old.stuck) != (self.new.outcome, self.new.stuck)

    @property
    def reproduced(self) -> bool:
        """Whether the old version, walked again, does what it did then, with nothing left over."""
        return self.old.outcome == self.recorded.outcome and not self.old.unused


def replay(
    old: Pack,
    new: Pack,
    recorded: Recorded,
    calendar: Calendar,
    look_up: LookUp,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> Replayed:
    """Walk a past case by both versions and compare them step by step.

    `registers`: the declared ones, which say what is known of an applicant.
    """
    one = walk(old, recorded, calendar, look_up, registers)
    other = walk(new, recorded, calendar, look_up, registers)
    parted = next(
        ((a, b) for a, b in zip_longest(one.trail, other.trail) if a != b),
        None,
    )
    return Replayed(recorded, one, other, parted)


def walk(
    pack: Pack,
    recorded: Recorded,
    calendar: Calendar,
    look_up: LookUp,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> Walked:
    """Walk a record by one version of its service, to its end or as far as the record goes."""
    running = _in_memory(pack, recorded, calendar, look_up, registers)
    running.happens(
        Started(recorded.filed_at, start_of(pack.process, pack.service.openings, recorded.opening))
    )
    left, now = list(recorded.recorded_events), recorded.filed_at
    rang = {element: deque(moments) for element, moments in recorded.rang.items()}
    while not running.over:
        found = ((each, _waiting(running, each)) for each in left)
        happening, waiting = next(((h, w) for h, w in found if w is not None), (None, None))
        at = recorded.until if happening is None else max(happening.at, now)
        # A deadline of this version may have come before what happened next by the record.
        # It rings when it rang then: `today()` may be a later day than the one it was due on.
        timer = running.books.next_due(at)
        moments = rang.get(timer.element) if timer is not None else None
        rings = max(timer.due, moments[0] if moments else timer.due) if timer is not None else at
        if timer is not None and (rings < at or happening is None):
            if moments:
                moments.popleft()
            now = max(rings, now)
            running.happens(TimerFired(timer.id, now))
        elif happening is not None and waiting is not None:
            left.remove(happening)
            now = at
            running.happens(_event(waiting, happening, at))
        else:
            break
    books = running.books
    open_ = (
        *(task.element for task in books.of(TaskOpened)),
        *(wanted.element for wanted in books.of(ServiceWanted)),
        *(timer.element for timer in books.of(TimerSet)),
    )
    return Walked(running.outcome, tuple(running.trail), open_, running.stuck, tuple(left))


def recorded_answers(pack: Pack, variables: Mapping[str, Value]) -> dict[str, Result]:
    """What machines answered at once, read back from the variables it was stored in.

    What is asked again (a register) is left out: a later question has overwritten the answer.

    An output `=records` to `same_names` says that `records` was what `same_names` is. An answer
    stored by any other formula cannot be read back and is left out.
    """
    found: dict[str, Result] = {}
    for element in pack.elements.values():
        if element.type is None or _asks_again(element.type.text) or not element.outputs:
            continue
        names = [(t.source.text.removeprefix("=").strip(), t.target) for t in element.outputs]
        if all(name.isidentifier() and target in variables for name, target in names):
            found[element.id] = {name: variables[target] for name, target in names}
    return found


def _asks_again(type_: str) -> bool:
    known = service_types().get(type_)
    return known is not None and known.asked_again


class _PastRegisters:
    """The real registers as they were on a day; what the case enters again is entered already."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up, self.today = look_up, date.min

    def look_up(self, register: str, field: str, value: Value) -> Sequence[Mapping[str, Value]]:
        return self._look_up(register, field, value, self.today)

    def record(self, register: str, key: str, data: Mapping[str, Value]) -> str:
        return key

    def correct(self, register: str, key: str, changes: Mapping[str, Value]) -> None:
        pass

    def rectify(
        self, register: str, key: str, field: str, text: str, *, objected: str, service: str
    ) -> None:
        pass

    def end(self, register: str, key: str) -> None:
        pass


def _in_memory(
    pack: Pack,
    recorded: Recorded,
    calendar: Calendar,
    look_up: LookUp,
    registers: Mapping[str, Register],
) -> InMemoryCase:
    past = _PastRegisters(look_up)
    simulated = SimulatedServices(pack, past, always_free=True)
    later = {each.name for each in recorded.recorded_events if each.kind == "service"}

    def serve(running: InMemoryCase, wanted: ServiceWanted) -> Result | None:
        if wanted.element in later:
            return None
        past.today = running.now.date()
        if wanted.element in recorded.answers and not _asks_again(wanted.type):
            return recorded.answers[wanted.element]
        known = {**running.pack.unset, **running.seen(wanted.id)}
        if simulated.waits(wanted, known, running.now):
            return None
        return answered(running, simulated, wanted, running.now)

    today: date = office_time(recorded.filed_at).date()
    variables = starting_variables(
        pack,
        recorded.application,
        division=recorded.division,
        filed_on=today,
        case_number=recorded.number,
        filed_at_desk=recorded.filed_at_desk,
        filed_by=recorded.filed_by,
        opening=recorded.opening,
        signature=recorded.signature,
        registers=registers,
    )
    return InMemoryCase(pack, variables, calendar, serve)


def _waiting(running: InMemoryCase, happening: RecordedEvent) -> _Waiting | None:
    """What of the case waits for this now, and would take it.

    Of several it is the one in the same part, with the same inputs; of those, the oldest.
    """
    books, name = running.books, happening.name
    found: list[_Waiting] = []
    match happening.kind:
        case "message":
            found += [each for each in books.of(MessageAwaited) if each.name == name]
        case "signal":
            found += [each for each in books.of(SignalAwaited) if each.name == name]
        case "service":
            found += [each for each in books.of(ServiceWanted) if each.element == name]
        case _:
            found += [each for each in books.of(TaskOpened) if _offers(each, happening)]

    def likeness(each: _Waiting) -> tuple[bool, bool]:
        inputs = each.inputs if isinstance(each, TaskOpened) else {}
        return divided(each.id)[0] == happening.part, inputs == happening.inputs

    return max(found, key=likeness, default=None)


def _offers(task: TaskOpened, happening: RecordedEvent) -> bool:
    action = happening.result.get("action")
    return task.element == happening.name and action in listed(task.headers, "actions")


def _event(waiting: _Waiting, happening: RecordedEvent, at: datetime) -> Event:
    match waiting:
        case MessageAwaited():
            return MessageReceived(waiting.name, waiting.key, happening.result, at)
        case SignalAwaited():
            return SignalReceived(waiting.name, happening.result, at)
        case ServiceWanted():
            return ServiceCompleted(waiting.id, happening.result, at)
    return TaskCompleted(waiting.id, happening.result, at)
