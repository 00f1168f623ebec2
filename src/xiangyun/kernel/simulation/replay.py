"""A past case walked again, by its own version and by another: does it come out the same?

What people did stays as recorded; rules, gates and deadlines are those of the version. Both
versions are walked in memory from the same record, so where they part is due to them alone. A
version that wants what nobody did then leaves the case waiting there: it is said, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from xiangyun.kernel.bpmn import (
    MessageReceived,
    Process,
    ServiceCompleted,
    ServiceWanted,
    Started,
    TaskCompleted,
    TaskOpened,
    TimerFired,
)
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.pack import Pack, host_functions, starting_variables
from xiangyun.kernel.pack.simulated import Outside
from xiangyun.kernel.worktime import Calendar

from .course import Course, Result, Trace
from .filed import answered

LOOK_UP = "register.lookup"
LookUp = Callable[[str, str, str, date], Sequence[Mapping[str, object]]]
"""(register, field, value, day) -> the records that the register held on that day."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a past case, in order: `kind` task, message or service.

    `name`: the element, or the message's name. `result`: what was answered. `inputs` tell apart
    tasks of one element that are open at once, such as those of several departments.
    """

    kind: str
    name: str
    at: datetime
    result: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of a past case. `until`: when it ended, or now for one that still runs.

    `answers`: what machines answered at once, by element. `exact` is False where the record does
    not hold everything, such as the first of two corrections.
    """

    number: str
    application: Mapping[str, Value]
    division: Mapping[str, Value]
    filed_at: datetime
    filed_at_desk: str
    filed_by: str
    happenings: tuple[Happening, ...]
    answers: Mapping[str, Result]
    until: datetime
    outcome: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Walked:
    """How a case comes out: its outcome, empty while it waits for `open` or is `stuck`.

    `unused`: what happened then and found nobody waiting for it.
    """

    outcome: str
    trail: tuple[Trace, ...]
    open: tuple[str, ...]
    stuck: str
    unused: tuple[Happening, ...]


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
    old: Pack, new: Pack, recorded: Recorded, calendar: Calendar, look_up: LookUp
) -> Replayed:
    """Walk a past case by both versions and compare them step by step."""
    one = walk(old, recorded, calendar, look_up)
    other = walk(new, recorded, calendar, look_up)
    parted = next(
        ((a, b) for a, b in zip_longest(one.trail, other.trail) if a != b),
        None,
    )
    return Replayed(recorded, one, other, parted)


def walk(pack: Pack, recorded: Recorded, calendar: Calendar, look_up: LookUp) -> Walked:
    """Walk a record by one version of its service, to its end or as far as the record goes."""
    course = _course(pack, recorded, calendar, look_up)
    course.happens(Started(recorded.filed_at))
    left, now = list(recorded.happenings), recorded.filed_at
    while not course.over:
        happening = next((each for each in left if _fits(course, each)), None)
        at = recorded.until if happening is None else max(happening.at, now)
        # A deadline of this version may have come before what happened next by the record.
        timer = min(course.timers.values(), key=lambda timer: timer.due, default=None)
        if timer is not None and (timer.due < at or (happening is None and timer.due <= at)):
            now = max(timer.due, now)
            course.happens(TimerFired(timer.id, now))
        elif happening is not None:
            left.remove(happening)
            now = at
            course.happens(_event(course, happening, at))
        else:
            break
    waiting = (
        *(task.element for task in course.tasks.values()),
        *(wanted.element for wanted in course.services.values()),
        *(timer.element for timer in course.timers.values()),
    )
    return Walked(course.outcome, tuple(course.trail), waiting, course.stuck, tuple(left))


def recorded_answers(process: Process, variables: Mapping[str, Value]) -> dict[str, Result]:
    """What machines answered at once, read back from the variables it was stored in.

    An output `=records` to `same_names` says that `records` was what `same_names` is. An answer
    stored by any other formula cannot be read back and is left out.
    """
    found: dict[str, Result] = {}
    for element in process.elements.values():
        if element.type is None or element.type.text == LOOK_UP or not element.outputs:
            continue  # a register is asked again: a later question has overwritten the answer
        names = [(t.source.text.removeprefix("=").strip(), t.target) for t in element.outputs]
        if all(name.isidentifier() and target in variables for name, target in names):
            found[element.id] = {name: variables[target] for name, target in names}
    return found


def _course(pack: Pack, recorded: Recorded, calendar: Calendar, look_up: LookUp) -> Course:
    outside = Outside(pack, {})
    later = {each.name for each in recorded.happenings if each.kind == "service"}

    def serve(course: Course, wanted: ServiceWanted) -> Result | None:
        if wanted.element in later:
            return None
        if wanted.type == LOOK_UP:
            question = (wanted.headers["register"], wanted.headers["key"])
            value = str(wanted.inputs.get("value"))
            return {"records": from_json(list(look_up(*question, value, course.now.date())))}
        if wanted.element in recorded.answers:
            return recorded.answers[wanted.element]
        return answered(course, outside, wanted, course.now)

    today: date = recorded.filed_at.date()
    variables = starting_variables(
        pack,
        recorded.application,
        division=recorded.division,
        filed_on=today,
        case_number=recorded.number,
        filed_at_desk=recorded.filed_at_desk,
        filed_by=recorded.filed_by,
    )
    return Course(pack, variables, host_functions(calendar), serve)


def _fits(course: Course, happening: Happening) -> bool:
    """Whether the case waits for this now, and would take it."""
    if happening.kind == "message":
        return any(each.name == happening.name for each in course.messages.values())
    if happening.kind == "service":
        return any(each.element == happening.name for each in course.services.values())
    task = _task(course, happening)
    actions = task.headers.get("actions", "").split(",") if task else []
    return happening.result.get("action") in {word.strip() for word in actions}


def _task(course: Course, happening: Happening) -> TaskOpened | None:
    """The open task that was done: of several, the one with the same inputs."""
    tasks = [task for task in course.tasks.values() if task.element == happening.name]
    same = [task for task in tasks if task.inputs == happening.inputs]
    return next(iter(same or tasks), None)


def _event(
    course: Course, happening: Happening, at: datetime
) -> TaskCompleted | MessageReceived | ServiceCompleted:
    if happening.kind == "message":
        awaited = next(m for m in course.messages.values() if m.name == happening.name)
        return MessageReceived(awaited.name, awaited.key, happening.result, at)
    if happening.kind == "service":
        ident = next(i for i, s in course.services.items() if s.element == happening.name)
        return ServiceCompleted(ident, happening.result, at)
    task = _task(course, happening)
    assert task is not None  # it fits
    return TaskCompleted(task.id, happening.result, at)
