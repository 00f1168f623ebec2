"""An office at work: applications come, officials take tasks, the clock of every case runs.

A discrete-event simulation: a heap of moments, and what happens then. It drives the engine and
the rules that run in the real office; only people and other departments are imagined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from xiangyun.kernel.bpmn import (
    Event,
    MessageReceived,
    ServiceCompleted,
    ServiceWanted,
    Started,
    TaskClosed,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    TimerSet,
    WorkCancelled,
    element_of,
)
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED, DeclaredRegisters
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.pack.simulated import SimulatedServices
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.examples import Act
from xiangyun.kernel.service.openings import start_of
from xiangyun.kernel.service.tasks import service_types

from .filed import Filed, Known, Task, answered, filed
from .hours import Timetable
from .plan import APPLICANT_MINUTES, MINUTES, Arrival, usual_minutes
from .timing import Clocks
from .ways import FollowedCase, shares_ways

APPLICANT = "applicant"
CHANGE_OF_MIND = 120.0
"""Minutes after which an applicant who takes the application back has usually done so."""
_MINUTE = timedelta(minutes=1)
_Happening = Callable[[datetime], None]
_Waiting = tuple[int, date, int, Task]


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of one run: every case, every task of an official, the queues through time."""

    filed: tuple[Filed, ...]
    tasks: tuple[Task, ...]
    queues: Mapping[str, tuple[tuple[datetime, int], ...]]
    """Role to (moment, tasks waiting from then on)."""


class Office:
    """What stays the same whatever the staff; `minutes`: usual times by element id.

    Times given here go before those of the drawing (property `minutes`). `registers`: the declared
    ones by their codes, by which those of the examples are read, as in a rehearsal.
    """

    def __init__(
        self,
        pack: Pack,
        timetable: Timetable,
        minutes: Mapping[str, float] | None = None,
        registers: Mapping[str, Register] = NONE_DECLARED,
    ) -> None:
        self.pack, self.timetable, self.minutes = pack, timetable, dict(minutes or {})
        self.registers = registers
        self.known = Known(Clocks(pack), ways={} if shares_ways(pack) else None)

    def work(
        self,
        arrivals: Sequence[Arrival],
        staff: Mapping[str, int],
        progress: Callable[[int], None] = lambda ended: None,
    ) -> Worked:
        """Handle applications to their end with so many officials by role.

        `progress` is told how many cases have ended. What needs a role without officials stays
        open for ever.
        """
        return _Run(self, staff, progress).run(arrivals)

    def with_hours(self, timetable: Timetable) -> Office:
        """The same office open at other hours; what it has found out it keeps."""
        other = Office(self.pack, timetable, self.minutes, self.registers)
        other.known = self.known
        return other

    def usual(self, element: str, otherwise: float) -> float:
        """How many minutes an element usually takes."""
        return usual_minutes(self.pack.elements[element], self.minutes, otherwise)

    def answers_later(self, wanted: ServiceWanted) -> bool:
        """Whether a service takes time, by day and night: its property `minutes` says so."""
        return self.usual(wanted.element, 0) > 0


class _Run:
    """One run of the office with one staff. Moments that coincide happen in the order planned."""

    def __init__(
        self, office: Office, staff: Mapping[str, int], progress: Callable[[int], None]
    ) -> None:
        self.office, self.progress, self.timetable = office, progress, office.timetable
        self.free = dict(staff)
        self.waiting: dict[tuple[str, ...], list[_Waiting]] = {}
        self.queued = 0
        self.lengths: dict[str, int] = dict.fromkeys(staff, 0)
        self.queues: dict[str, list[tuple[datetime, int]]] = {role: [] for role in staff}
        self.filed: list[Filed] = []
        self.tasks: list[Task] = []
        self.ended = 0
        self.order = count()
        self.agenda: list[tuple[datetime, int, _Happening]] = []
        self.opening: datetime | None = None

    def run(self, arrivals: Sequence[Arrival]) -> Worked:
        for arrival in arrivals:
            self._plan(arrival.at, self._arriving(arrival))
        while self.agenda:
            at, _, happens = heappop(self.agenda)
            happens(at)
            if self.queued:
                self._hand_out(at)
        queues = {role: tuple(changes) for role, changes in self.queues.items()}
        return Worked(tuple(self.filed), tuple(self.tasks), queues)

    def _plan(self, at: datetime, happens: _Happening) -> None:
        heappush(self.agenda, (at, next(self.order), happens))

    # -- cases ---------------------------------------------------------------------------------

    def _arriving(self, arrival: Arrival) -> _Happening:
        office = self.office

        def arrive(at: datetime) -> None:
            made = filed(
                office.pack,
                arrival,
                office.timetable.calendar,
                office.known,
                office.answers_later,
                office.registers,
            )
            self.filed.append(made)
            came = arrival.situation.variables.get("opening") or {}
            self._happens(
                made, Started(at, start_of(office.pack.process, office.pack.service.openings, came))
            )

        return arrive

    def _happens(self, case: Filed, event: Event) -> None:
        """Let something happen to a case, and plan what follows from it."""
        running, at = case.running, event.at
        told = running.happens(event)
        case.timing.variables = running.variables
        for command in told:
            match command:
                case TaskOpened():
                    self._open(case, command, at)
                case TaskClosed():
                    self._close(case, command, at)
                case TimerSet():
                    self._plan(max(command.due, at), self._ringing(case, command))
                case WorkCancelled():
                    case.timing.closed(command.id, at)
                case ServiceWanted() if command.id in running.books.open:
                    case.timing.asked(command.id, at)
                    self._wait_for(case, command, at)
                case ServiceWanted():
                    case.timing.passed(command.element, at)
        while running.returned:
            case.timing.passed(running.returned.pop(0), at)
        if running.over and case.ended is None:
            self._end(case, at)
        elif message := case.next_message():
            later = at + _MINUTE * case.chance(CHANGE_OF_MIND)
            self._plan(later, self._sending(case, message))

    def _end(self, case: Filed, at: datetime) -> None:
        case.ended = at
        for task in list(case.tasks.values()):
            self._drop(task, at)
        self.ended += 1
        self.progress(self.ended)

    def _ringing(self, case: Filed, timer: TimerSet) -> _Happening:
        def ring(at: datetime) -> None:
            # A timer that was cancelled, or set anew for another moment, does not ring.
            if not case.running.over and case.running.books.open.get(timer.id) == timer:
                case.take("timer", timer.element)
                self._happens(case, TimerFired(timer.id, at))

        return ring

    def _wait_for(self, case: Filed, wanted: ServiceWanted, at: datetime) -> None:
        """A service takes its time, or somebody outside does what the example says of it."""
        usual, acts = self.office.usual(wanted.element, 0), list[Act]()
        if service_types()[wanted.type].waits is not None:
            act = case.paying(wanted.headers.get("fee", ""))
            if act is None and (case.lets_time_pass or case.is_written_to):
                return
            usual = usual or APPLICANT_MINUTES
            acts = [act] if act is not None else []
        minutes = case.chance(usual)
        self._plan(at + _MINUTE * minutes, self._answering(case, wanted, acts))

    def _answering(
        self, case: Filed, wanted: ServiceWanted, acts: Sequence[Act] = ()
    ) -> _Happening:
        held = case.arrival.situation.example.registers
        simulated = SimulatedServices(
            self.office.pack,
            DeclaredRegisters(held, self.office.registers),
            always_free=True,
            acts=acts,
            certificates=case.arrival.situation.example.certificates,
        )

        def answer(at: datetime) -> None:
            if not case.running.over and wanted.id in case.running.books.open:
                event = ServiceCompleted(wanted.id, {}, at)
                if not (isinstance(case.running, FollowedCase) and case.running.knows(event)):
                    result = answered(case.running, simulated, wanted, at)
                    event = ServiceCompleted(wanted.id, result, at)
                case.timing.closed(wanted.id, at)
                case.timing.passed(wanted.element, at)
                self._happens(case, event)

        return answer

    def _sending(self, case: Filed, act: Act) -> _Happening:
        def send(at: datetime) -> None:
            awaited = case.running.books.awaited(act.name)
            if awaited is not None and not case.running.over:
                said = {"note": act.note or None, "by": act.by, "at": from_json(at)}
                payload = {**from_json(act.answers), **said}
                self._happens(case, MessageReceived(awaited.name, awaited.key, payload, at))

        return send

    # -- tasks ---------------------------------------------------------------------------------

    def _open(self, case: Filed, opened: TaskOpened, at: datetime) -> None:
        case.timing.opened(opened.id, at)
        act = case.take("task", opened.element, opened.groups)
        if act is None and (case.lets_time_pass or case.is_written_to):
            return
        applicants = APPLICANT in opened.groups
        usual = self.office.usual(opened.element, APPLICANT_MINUTES if applicants else MINUTES)
        task = Task(case, opened, at, case.chance(usual), case.result(opened, act, at))
        case.tasks[opened.id] = task
        if applicants:
            self._plan(at + _MINUTE * task.minutes, self._finishing(task))
        else:
            self._queue(task, at)

    def _queue(self, task: Task, at: datetime) -> None:
        """Who has precedence comes first, then the most urgent, as in the officials' own queue."""
        groups = tuple(map(self._staffed, task.opened.groups)) or tuple(self.free)
        task.queue = next((role for role in groups if role in self.free), groups[0])
        due = self._due(task) or at.date()
        entry = (task.filed.arrival.rank, due, next(self.order), task)
        heappush(self.waiting.setdefault(groups, []), entry)
        self.tasks.append(task)
        self._count(task, at, 1)

    def _staffed(self, group: str) -> str:
        """The role whose officials take a group: one for all departments takes that of each."""
        role = group.partition(":")[0]
        return role if group not in self.free and role in self.free else group

    def _due(self, task: Task) -> date | None:
        """The task's own deadline, or that of its case."""
        own = task.opened.due
        if own is not None:
            return own.date() if isinstance(own, datetime) else own
        return task.filed.timing.due(task.opened.element, self.timetable.calendar)

    def _count(self, task: Task, at: datetime, change: int) -> None:
        self.queued += change
        length = self.lengths.get(task.queue, 0) + change
        self.lengths[task.queue] = length
        self.queues.setdefault(task.queue, []).append((at, length))

    def _hand_out(self, at: datetime) -> None:
        """Give waiting tasks to officials who are free, while the office is open."""
        opening = self.timetable.opening(at)
        if opening > at:
            if self.opening != opening:
                self.opening = opening
                self._plan(opening, lambda at: None)
            return
        for role in self.free:
            while self.free[role] and (task := self._most_urgent(role)):
                self.free[role] -= 1
                task.by, task.taken = role, at
                self._count(task, at, -1)
                self._plan(self.timetable.after(at, task.minutes), self._finishing(task))

    def _most_urgent(self, role: str) -> Task | None:
        heaps = [heap for groups, heap in self.waiting.items() if role in groups]
        for heap in heaps:
            while heap and heap[0][3].gone:
                heappop(heap)
        best = min((heap for heap in heaps if heap), key=lambda heap: heap[0][:3], default=None)
        return heappop(best)[3] if best else None

    def _finishing(self, task: Task) -> _Happening:
        def finish(at: datetime) -> None:
            if task.gone:
                return
            task.done = at
            if task.by:
                self.free[task.by] += 1
            result = {**task.result, "at": from_json(at)}
            self._happens(task.filed, TaskCompleted(task.opened.id, result, at))

        return finish

    def _close(self, case: Filed, closed: TaskClosed, at: datetime) -> None:
        case.timing.closed(closed.id, at)
        task = case.tasks.pop(closed.id, None)
        if closed.reason == "completed":
            case.timing.passed(element_of(divided(closed.id)[1]), at)
        elif task is not None:
            self._drop(task, at)

    def _drop(self, task: Task, at: datetime) -> None:
        """Nobody wants the task any more: it leaves the queue, or the official's desk."""
        if task.gone or task.done is not None:
            return
        task.gone = True
        if task.taken is not None:
            task.done = at
            self.free[task.by] += 1
        elif task.queue:
            self._count(task, at, -1)
