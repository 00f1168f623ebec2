"""An application in the simulated office, its tasks, and the people who act as its example says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xiangyun.kernel.bpmn import DecisionWanted, ServiceWanted, TaskOpened
from xiangyun.kernel.dmn import Decided
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import Pack, signatures
from xiangyun.kernel.pack.heldregisters import DeclaredRegisters
from xiangyun.kernel.pack.inmemory import InMemoryCase, Judge, Result, judged
from xiangyun.kernel.pack.paid import PAYMENT
from xiangyun.kernel.pack.simulated import SimulatedServices
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.examples import Act
from xiangyun.kernel.service.signing import SIGNATURE_FOR_FEEL, rule_of
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.worktime import Calendar

from .plan import Arrival, Situation, lognormal
from .timing import Clocks, Timing
from .ways import FollowedCase, Way

Rulings = dict[tuple[object, ...], Decided]


@dataclass(eq=False)
class Task:
    """A task of a person: `queue` is the role it waits for, `by` the role that took it up."""

    filed: Filed
    opened: TaskOpened
    at: datetime
    minutes: float
    result: Mapping[str, Value]
    queue: str = ""
    by: str = ""
    taken: datetime | None = None
    done: datetime | None = None
    gone: bool = False
    """Closed by another event before it was finished."""


@dataclass(eq=False)
class Filed:
    """One application: its case in memory, its clock, and the acts of its example still to come."""

    arrival: Arrival
    running: InMemoryCase | FollowedCase
    timing: Timing
    acts: list[int]
    tasks: dict[str, Task] = field(default_factory=dict)
    drawn: int = 0
    ended: datetime | None = None

    def chance(self, usual: float) -> float:
        """How long the next thing takes that usually takes `usual` minutes."""
        luck = self.arrival.luck[self.drawn % len(self.arrival.luck)]
        self.drawn += 1
        return lognormal(usual, luck)

    def take(self, kind: str, name: str, groups: Sequence[str] = ()) -> int | None:
        """The number of the next act of this kind and name, which is then no longer to come.

        Of several tasks of one element, an act may mean the one that waits for its role.
        """
        for number in self.acts:
            act = self._act(number)
            if (act.kind, act.name) == (kind, name) and (not act.role or act.role in groups):
                self.acts.remove(number)
                # A moment that the example waits for before this act is over.
                self.acts = [n for n in self.acts if n > number or self._act(n).until is None]
                return number
        return None

    @property
    def is_written_to(self) -> bool:
        """Whether by the example a message comes next: what it may end is left to it."""
        coming = [number for number in self.acts if self._act(number).until is None]
        return bool(coming) and self._act(coming[0]).kind == "message"

    def next_message(self) -> Act | None:
        """The message that comes next by the example, once the case waits for it."""
        coming = [number for number in self.acts if self._act(number).until is None]
        act = self._act(coming[0]) if coming else None
        if act is None or act.kind != "message" or self.running.books.awaited(act.name) is None:
            return None
        self.acts.remove(coming[0])
        return act

    @property
    def lets_time_pass(self) -> bool:
        """Whether the example waits for time to pass: what it does not mention is left undone."""
        return any(self._act(number).kind in ("timer", "until") for number in self.acts)

    def paying(self, fee: str) -> Act | None:
        """What the payer of a fee does by the example, which is then no longer to come."""
        number = self.take(PAYMENT, fee)
        return None if number is None else self._act(number)

    def result(self, opened: TaskOpened, number: int | None, at: datetime) -> dict[str, Value]:
        """What is answered at a task: by the example's act, else by the first of its actions."""
        first = opened.headers.get("actions", "").split(",")[0].strip()
        act = self._act(number) if number is not None else None
        result: dict[str, Value] = {
            "action": act.action if act else first,
            "note": (act.note if act else "") or None,
            "by": act.by if act else "",
            "at": from_json(at),
        }
        if opened.headers.get("form") == "answers":
            corrected = self.arrival.situation.corrected
            result["application"] = corrected.get(
                -1 if number is None else number, self.running.variables["application"]
            )
        elif (form := self.running.pack.task_form(opened.element)) is not None:
            blank: dict[str, Value] = {question.key: None for question in form.questions}
            answered = self.arrival.situation.answered
            result[ANSWERS] = blank if number is None else answered.get(number, blank)
        element = self.running.pack.elements[opened.element]
        if act is not None and rule_of(element) is not None:
            made = signatures.of_act(element, act, result, result["at"])
            result[SIGNATURE_FOR_FEEL] = None if isinstance(made, Finding) else made
        return result

    def _act(self, number: int) -> Act:
        return self.arrival.situation.example.acts[number]


@dataclass(eq=False, slots=True)
class Known:
    """What an office has found out: rulings, and the ways of each situation by its example.

    `ways` is None where nothing is shared between cases."""

    clocks: Clocks
    rulings: Rulings = field(default_factory=dict)
    ways: dict[str, Way] | None = None

    def way(self, situation: Situation) -> Way:
        """Where the ways of a situation begin."""
        assert self.ways is not None
        key = situation.example.key
        if key not in self.ways:
            self.ways[key] = Way(variables=situation.variables)
        return self.ways[key]


def filed(
    pack: Pack,
    arrival: Arrival,
    calendar: Calendar,
    known: Known,
    later: Callable[[ServiceWanted], bool],
    registers: Mapping[str, Register],
) -> Filed:
    """An application that was just handed in. `later`: services whose answer takes its time."""
    situation, rulings = arrival.situation, known.rulings

    def judge(
        running: InMemoryCase, wanted: DecisionWanted, inputs: Mapping[str, Value]
    ) -> Decided:
        # The same situation at the same point of its way is judged once for all its applications,
        # and once a moment where anything asks what time it is.
        when = running.now if pack.asks_the_time else None
        key = (situation.example.key, wanted.element, tuple(made.acts), len(running.trail), when)
        if key not in rulings:
            rulings[key] = judged(running, wanted, inputs)
        return rulings[key]

    def case(judge: Judge | None = None) -> InMemoryCase:
        simulated = SimulatedServices(
            pack,
            DeclaredRegisters(situation.example.registers, registers),
            always_free=True,
            certificates=situation.example.certificates,
        )

        def serve(running: InMemoryCase, wanted: ServiceWanted) -> Result | None:
            # As on the example's own day, whenever it comes: a slot that it books is still to come.
            on = situation.example.filed_at
            known = {**running.pack.unset, **running.seen(wanted.id)}
            if later(wanted) or simulated.waits(wanted, known, on):
                return None
            return answered(running, simulated, wanted, on)

        return InMemoryCase(pack, situation.variables, calendar, serve, judge)

    running: InMemoryCase | FollowedCase
    if known.ways is None:
        running = case(judge)
    else:
        running = FollowedCase(pack, calendar, known.way(situation), case)
    timing = Timing(known.clocks, running.variables, arrival.at)
    made = Filed(arrival, running, timing, list(range(len(situation.example.acts))))
    return made


def answered(
    running: InMemoryCase | FollowedCase,
    simulated: SimulatedServices,
    wanted: ServiceWanted,
    at: datetime,
) -> Result:
    """What a service answers, made up as in a rehearsal. What answers nothing, such as a letter, is
    not done: writing letters is most of the work, and nothing on the case's way depends on it."""
    if not service_types()[wanted.type].results:
        return {}
    known = {**running.pack.unset, **running.seen(wanted.id)}
    return simulated.answer(wanted, known, at)
