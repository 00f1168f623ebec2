"""Walking an example through the whole service in memory: engine, rules, letters, certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from xiangyun.kernel.bpmn import (
    CallWanted,
    CaseEnded,
    CaseFailed,
    Command,
    DecisionWanted,
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
from xiangyun.kernel.dmn import Decided
from xiangyun.kernel.feel import DateTime, Value, from_json
from xiangyun.kernel.findings import Finding, NotFound, Refused
from xiangyun.kernel.formspec import from_json as read_answers
from xiangyun.kernel.pack import differences as differ
from xiangyun.kernel.pack import signatures
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED, DeclaredRegisters
from xiangyun.kernel.pack.inmemory import InMemoryCase, Result, judged
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.outcome import Moment, Rehearsal
from xiangyun.kernel.pack.simulated import SimulatedServices
from xiangyun.kernel.pack.taskforms import ANSWERS, read_task
from xiangyun.kernel.pack.variables import opening_of, starting_variables
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.casetime import clock_properties_of, pauses
from xiangyun.kernel.service.examples import Act, Answers, Example
from xiangyun.kernel.service.openings import CASE, DUTY, MESSAGE, start_of
from xiangyun.kernel.service.ruling import findings_of
from xiangyun.kernel.service.signing import SIGNATURE_FOR_FEEL, start_in
from xiangyun.kernel.worktime import Calendar, is_weekday, office_time

_PAUSE = timedelta(minutes=10)
"""Between two acts of an example."""
_WEEKDAYS = Calendar(is_weekday, range(1900, 2200))


def rehearse(
    pack: Pack,
    example: Example,
    calendar: Calendar = _WEEKDAYS,
    *,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> Rehearsal:
    """Walk an example. It never raises for a fault of the pack: `findings` hold what went wrong.

    `registers`: the declared ones by their codes; what is not among them keeps what it is given.
    """
    return rehearse_by_steps(pack, example, calendar, registers=registers)[0]


def rehearse_by_steps(
    pack: Pack,
    example: Example,
    calendar: Calendar = _WEEKDAYS,
    *,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> tuple[Rehearsal, tuple[Moment, ...]]:
    """As `rehearse`, with where the case stood after its opening and after each act."""
    walk = _Walk(pack, example, calendar, registers)
    findings = walk.run()
    made = Rehearsal(
        example,
        (),
        tuple(walk.decisions),
        tuple(walk.path),
        tuple(walk.simulated.letters),
        walk.running.outcome if walk.running else "",
        walk.simulated.certificate,
        walk.running.variables if walk.running else {},
        tuple(walk.simulated.recorded),
        tuple(walk.simulated.messages),
        tuple(walk.simulated.entries),
        tuple(walk.simulated.payers.refunds),
        tuple(str(each) for each in walk.pauses.values()),
    )
    said = tuple(findings or differ.differences(example, made))
    return replace(made, findings=said), tuple(walk.moments)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A fee that is asked for: the task, the variables it sees, and since when."""

    wanted: ServiceWanted
    known: Mapping[str, Value]
    at: datetime

    @property
    def fee(self) -> str:
        return self.wanted.headers["fee"]

    def amount(self, pack: Pack) -> Decimal:
        return self._item(pack).amount_of(self.known, self._now)

    def due(self, pack: Pack) -> datetime:
        return self._item(pack).due(self.at, self.known, self._now)

    @property
    def _now(self) -> DateTime:
        now = from_json(office_time(self.at))
        assert isinstance(now, DateTime)
        return now

    def _item(self, pack: Pack) -> FeeItem:
        found = pack.service.fee_item(self.fee)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class _Pause:
    """What the clocks stand still for, since a day, until another once it is over."""

    element: str
    since: date
    until: date | None = None

    def __str__(self) -> str:
        return f"{self.element} {self.since} {self.until or ''}".rstrip()


class _Walk:
    """One example under way."""

    def __init__(
        self,
        pack: Pack,
        example: Example,
        calendar: Calendar,
        registers: Mapping[str, Register],
    ) -> None:
        self.pack, self.example = pack, example
        self.calendar = calendar
        self.declared = registers
        self.simulated = SimulatedServices(
            pack,
            DeclaredRegisters(example.registers, registers),
            certificates=example.certificates,
        )
        self.answers: Answers = example.answers
        self.running: InMemoryCase | None = None
        self.at = example.filed_at
        self.done_by: dict[str, set[str]] = {}
        self.decisions: list[Decided] = []
        self.path: list[str] = []
        self.faults: list[Finding] = []
        self.signature: Value = None
        self.asked: dict[str, _Asked] = {}
        self.pauses: dict[str, _Pause] = {}
        self.moments: list[Moment] = []

    @property
    def today(self) -> date:
        return office_time(self.at).date()

    @property
    def moment(self) -> Value:
        """The moment of an act, as what people do is answered with: to the second."""
        return from_json(office_time(self.at).replace(microsecond=0))

    def run(self) -> list[Finding]:
        """Walk to the end; findings when it cannot be walked."""
        application, findings = self._application(self.answers)
        findings = findings or differ.not_opened_so(self.pack.service, self.example)
        findings = findings or differ.none_to_be_late(self.pack.elements, self.example)
        findings = findings or differ.elsewhere(self.pack.service, self.example, application)
        if findings:
            return findings
        start = start_in(self.pack.process, _start(self.pack, self.example))
        made = signatures.of_start(start, self.example, application, self.moment)
        if isinstance(made, Finding):
            return [made]
        self.signature = made
        self.running = running = self._begun(application)
        self._happens(running, Started(self.at, _start(self.pack, self.example)))
        self._note(running, None)
        for act in self.example.acts:
            self.at += _PAUSE
            findings = self._act(running, act)
            self._note(running, act)
            if running.stuck:
                break
            if findings:
                return findings
        if running.stuck:
            return [differ.cannot_go_on(self.example.place, running.stuck)]
        if self.faults:
            return self.faults
        return [] if running.outcome else [differ.not_ended(self.example, _open(running))]

    def _note(self, running: InMemoryCase, act: Act | None) -> None:
        """Where the case stands now."""
        waiting = [each.element for each in running.books.of(TaskOpened)]
        waiting += [each.element for each in running.books.of(ServiceWanted)]
        self.moments.append(
            Moment(
                act,
                self.at,
                tuple(self.path),
                tuple(dict.fromkeys(waiting)),
                tuple(letter.name for letter in self.simulated.letters),
                tuple(self.decisions),
                running.outcome,
                running.stuck,
            )
        )

    def _application(self, answers: Answers) -> tuple[dict[str, Value], list[Finding]]:
        """The answers as FEEL values, with null for every question that was not asked."""
        given = differ.with_files(self.pack.form, answers)
        reading = read_answers(self.pack.form, given, on=self.today)
        findings = [differ.wrong_answer(self.example, k, f) for k, f in reading.errors.items()]
        empty: dict[str, Value] = {question.key: None for question in self.pack.form.questions}
        return {**empty, **reading.answers}, findings

    def _begun(self, application: Mapping[str, Value]) -> InMemoryCase:
        place = self.example.division
        division: dict[str, Value] = {
            "code": place.code,
            "name": place.name,
            "path": list(place.path),
        }
        variables = starting_variables(
            self.pack,
            application,
            division=division,
            filed_on=self.today,
            filed_at_desk=self.example.filed_at_desk,
            filed_by=self.example.filed_by,
            signature=self.signature,
            opening=opened(self.example),
            registers=self.declared,
        )
        return InMemoryCase(self.pack, variables, self.calendar, self._serve, self._judge)

    # -- machines --------------------------------------------------------------------------------

    def _serve(self, running: InMemoryCase, wanted: ServiceWanted) -> Result | None:
        if wanted.element in self.example.late:
            return None
        known = {**self.pack.unset, **running.seen(wanted.id)}
        if self.simulated.waits(wanted, known, self.at):
            self.asked[wanted.id] = _Asked(wanted, known, self.at)
            return None
        return self._answered(running, wanted)

    def _answered(self, running: InMemoryCase, wanted: ServiceWanted) -> Result:
        known = {**self.pack.unset, **running.seen(wanted.id)}
        return self.simulated.answer(wanted, known, self.at)

    def _judge(
        self, running: InMemoryCase, wanted: DecisionWanted, inputs: Mapping[str, Value]
    ) -> Decided:
        decided = judged(running, wanted, inputs)
        self.decisions.append(decided)
        self.simulated.findings = findings_of(decided)
        return decided

    def _happens(self, running: InMemoryCase, event: Event) -> None:
        """Let something happen, and note the path from there to the next wait."""
        told = running.happens(event)
        self._stand_still(running, told)
        for command in told:
            if isinstance(command, _ON_THE_PATH):
                self.path.append(command.element)
            if isinstance(command, TaskOpened):
                self.faults += differ.strangers(self.pack.service, command, self.example)

    def _stand_still(self, running: InMemoryCase, told: Iterable[Command]) -> None:
        """Note what the clocks stand still for from now on, and for what no longer."""
        for command in told:
            if isinstance(command, TaskOpened | ServiceWanted) and command.id in running.books.open:
                element = self.pack.elements[command.element]
                if pauses(clock_properties_of(element.headers, element.properties)):
                    self.pauses[command.id] = _Pause(command.element, self.today)
        for token, each in self.pauses.items():
            if each.until is None and (running.over or token not in running.books.open):
                self.pauses[token] = replace(each, until=self.today)

    # -- acts ------------------------------------------------------------------------------------

    def _act(self, running: InMemoryCase, act: Act) -> list[Finding]:
        match act.kind:
            case "until":
                return self._wait(running, act.until or self.at)
            case "register":
                return self._changed(act)
            case "payment":
                return self._paid(running, act)
            case "timer":
                return self._timer(running, act)
            case "answer":
                return self._answer(running, act)
            case "message" | "signal":
                return self._heard(running, act)
        return self._done(running, act)

    def _done(self, running: InMemoryCase, act: Act) -> list[Finding]:
        """Somebody does a task, with the answers of its form."""
        task = next((t for t in running.books.of(TaskOpened) if _is_meant(act, t)), None)
        if task is None:
            return [differ.not_open(act, _open(running))]
        if wrong := differ.wrong_action(act, task) or differ.same_hand(act, task, self.done_by):
            return [wrong]
        self.done_by.setdefault(act.name, set()).add(act.by)
        result: dict[str, Value] = {
            "action": act.action,
            "note": act.note or None,
            "by": act.by,
            "at": self.moment,
        }
        if task.headers.get("form") == "answers":
            self.answers = {**self.answers, **act.answers}
            result["application"], findings = self._application(self.answers)
            if findings:
                return findings
        elif (form := self.pack.task_form(task.element)) is not None:
            asked = form.given(task.inputs)
            given = read_task(asked, differ.with_files(form, act.answers), self.today)
            result[ANSWERS] = given.answers
            if given.errors:
                return [differ.wrong_answer(act, k, found) for k, found in given.errors.items()]
        elif act.answers:
            return [differ.no_form(act)]
        made = signatures.of_act(self.pack.elements[task.element], act, result, self.moment)
        if isinstance(made, Finding):
            return [made]
        if made is not None:
            result[SIGNATURE_FOR_FEEL] = made
        self._happens(running, TaskCompleted(task.id, result, self.at))
        return []

    def _heard(self, running: InMemoryCase, act: Act) -> list[Finding]:
        """A message comes, or a signal; `answers` of the step are what it carries."""
        payload = {name: from_json(value) for name, value in act.answers.items()}
        payload |= {"note": act.note or None, "by": act.by, "at": self.moment}
        message = running.books.awaited(act.name)
        if act.kind == "message" and message is not None:
            self._happens(running, MessageReceived(act.name, message.key, payload, self.at))
            return []
        signals = running.books.of(SignalAwaited)
        if act.kind == "signal" and any(each.name == act.name for each in signals):
            self._happens(running, SignalReceived(act.name, payload, self.at))
            return []
        return [differ.not_open(act, _open(running))]

    def _answer(self, running: InMemoryCase, act: Act) -> list[Finding]:
        """What was asked of somebody else and stayed open is answered."""
        asked = (each for each in running.books.of(ServiceWanted) if each.element == act.name)
        wanted = next(asked, None)
        if wanted is None:
            return [differ.not_open(act, _open(running))]
        try:
            result = self._answered(running, wanted)
        except Refused as refusal:
            return [differ.wrong_change(act, found) for found in refusal.findings]
        self._happens(running, ServiceCompleted(wanted.id, result, self.at))
        return []

    def _changed(self, act: Act) -> list[Finding]:
        """A register says something else from now on; a record that it lacks is entered."""
        registers = self.simulated.registers
        values = {name: from_json(value) for name, value in act.answers.items()}
        try:
            try:
                registers.correct(act.name, act.key, values)
            except NotFound:
                registers.record(act.name, act.key, values)
        except Refused as refusal:
            return [differ.wrong_change(act, found) for found in refusal.findings]
        return []

    def _paid(self, running: InMemoryCase, act: Act) -> list[Finding]:
        """Somebody pays a fee, or lets it expire."""
        asked = next((each for each in self._fees(running) if each.fee == act.name), None)
        if asked is None:
            return [differ.not_open(act, _open(running))]
        if act.amount and (amount := f"{asked.amount(self.pack):.2f}") != act.amount:
            return [differ.another_amount(act, amount)]
        if act.action == "expired":
            return self._wait(running, asked.due(self.pack))
        self._pay(running, asked, act.action)
        return []

    def _fees(self, running: InMemoryCase) -> list[_Asked]:
        """The fees that are asked for now, the oldest first."""
        open_ = {each.id for each in running.books.of(ServiceWanted)}
        return [each for id, each in self.asked.items() if id in open_]

    def _pay(self, running: InMemoryCase, asked: _Asked, action: str) -> None:
        self.simulated.payers.does(asked.fee, action)
        result = self.simulated.answer(asked.wanted, asked.known, self.at)
        self._happens(running, ServiceCompleted(asked.wanted.id, result, self.at))

    def _timer(self, running: InMemoryCase, act: Act) -> list[Finding]:
        timers = [timer for timer in running.books.of(TimerSet) if timer.element == act.name]
        if not timers:
            return [differ.not_open(act, _open(running))]
        self._ring(running, min(timers, key=lambda timer: timer.due))
        return []

    def _wait(self, running: InMemoryCase, until: datetime) -> list[Finding]:
        """Time goes by: timers that are due ring, and fees that nobody pays expire, in order."""
        while not running.over:
            timer = running.books.next_due(until)
            fees = [(each.due(self.pack), each) for each in self._fees(running)]
            end, fee = min(fees, key=lambda pair: pair[0], default=(None, None))
            if end is not None and fee is not None and end <= (timer.due if timer else until):
                self.at = max(self.at, end)
                self._pay(running, fee, "expired")
            elif timer is not None:
                self._ring(running, timer)
            else:
                break
        self.at = max(self.at, until)
        return []

    def _ring(self, running: InMemoryCase, timer: TimerSet) -> None:
        self.at = max(self.at, timer.due)
        self._happens(running, TimerFired(timer.id, self.at))


def opened(example: Example) -> Mapping[str, Value]:
    """The variable `opening` of the case of an example; what it came from is made up."""
    day = example.filed_at.date()
    source = {
        CASE: f"{example.division.code[:6]}{day:%Y%m%d}900000",
        MESSAGE: "1",
        DUTY: day.isoformat(),
    }.get(example.opened, "")
    return opening_of(example.opened, by=example.filed_by, source=source, message=example.message)


def _start(pack: Pack, example: Example) -> str:
    return start_of(pack.process, pack.service.openings, opened(example))


_ON_THE_PATH = (TaskOpened, DecisionWanted, ServiceWanted, CallWanted, CaseEnded, CaseFailed)


def _open(running: InMemoryCase) -> list[str]:
    """What could happen next."""
    return [
        *(task.element for task in running.books.of(TaskOpened)),
        *(message.name for message in running.books.of(MessageAwaited)),
        *(signal.name for signal in running.books.of(SignalAwaited)),
        *(timer.element for timer in running.books.of(TimerSet)),
        *(asked.headers.get("fee", asked.element) for asked in running.books.of(ServiceWanted)),
    ]


def _is_meant(act: Act, task: TaskOpened) -> bool:
    return task.element == act.name and (not act.role or act.role in task.groups)
