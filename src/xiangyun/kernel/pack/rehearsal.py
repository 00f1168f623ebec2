"""Walking an example through the whole service in memory: engine, rules, letters, certificate."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from xiangyun.kernel.bpmn import (
    CaseEnded,
    Command,
    DecisionMade,
    DecisionWanted,
    Event,
    IncidentRaised,
    MessageAwaited,
    MessageReceived,
    MessageUnawaited,
    ServiceCompleted,
    ServiceWanted,
    Started,
    State,
    TaskClosed,
    TaskCompleted,
    TaskOpened,
    TimerCancelled,
    TimerFired,
    TimerSet,
    VariablesSet,
    advance,
)
from xiangyun.kernel.dmn import Decided, decide
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.formspec import from_json as read_answers
from xiangyun.kernel.pack import differences as differ
from xiangyun.kernel.pack.examples import Act, Answers, Example
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.rehearsed import Rehearsal
from xiangyun.kernel.pack.ruling import findings_of
from xiangyun.kernel.pack.simulated import Outside
from xiangyun.kernel.pack.variables import host_functions, starting_variables
from xiangyun.kernel.worktime import Calendar

_PAUSE = timedelta(minutes=10)
"""Between two acts of an example."""
_WEEKDAYS = Calendar(lambda day: day.weekday() < 5, range(1900, 2200))


def rehearse(pack: Pack, example: Example, calendar: Calendar = _WEEKDAYS) -> Rehearsal:
    """Walk an example. It never raises for a fault of the pack: `findings` hold what went wrong."""
    walk = _Walk(pack, example, calendar)
    findings = walk.run()
    made = Rehearsal(
        example,
        (),
        tuple(walk.decisions),
        tuple(walk.path),
        tuple(walk.outside.letters),
        walk.outcome,
        walk.outside.certificate,
        walk.variables,
    )
    return replace(made, findings=tuple(findings or differ.differences(example, made)))


class _Walk:
    """One example under way."""

    def __init__(self, pack: Pack, example: Example, calendar: Calendar) -> None:
        self.pack, self.example = pack, example
        self.functions = host_functions(calendar)
        self.outside = Outside(pack, example.registers)
        self.answers: Answers = example.answers
        self.variables: dict[str, Value] = {}
        self.state: State | None = None
        self.at = example.filed_at
        self.tasks: dict[str, TaskOpened] = {}
        self.timers: dict[str, TimerSet] = {}
        self.messages: dict[str, MessageAwaited] = {}
        self.done_by: dict[str, set[str]] = {}
        self.decisions: list[Decided] = []
        self.path: list[str] = []
        self.outcome = ""
        self.incidents: list[str] = []
        self.faults: list[Finding] = []

    @property
    def today(self) -> date:
        return self.at.date()

    def run(self) -> list[Finding]:
        """Walk to the end; findings when it cannot be walked."""
        application, findings = self._application(self.answers)
        findings = findings or differ.elsewhere(self.pack.item, self.example, application)
        if findings:
            return findings
        self.variables = self._start(application)
        try:
            self._work(Started(self.at))
            for act in self.example.acts:
                self.at += _PAUSE
                if findings := self._act(act):
                    return findings
        except Refused as refusal:
            return [differ.cannot_go_on(self.example.place, str(refusal))]
        except KeyError as error:
            return [differ.cannot_go_on(self.example.place, f"{error} is missing")]
        if self.incidents:
            return [differ.cannot_go_on(self.example.place, text) for text in self.incidents]
        if self.faults:
            return self.faults
        return [] if self.outcome else [differ.not_ended(self.example, self._open())]

    def _application(self, answers: Answers) -> tuple[dict[str, Value], list[Finding]]:
        """The answers as FEEL values, with null for every question that was not asked."""
        given = differ.with_files(self.pack.form, answers)
        reading = read_answers(self.pack.form, given, on=self.today)
        findings = [differ.wrong_answer(self.example, k, f) for k, f in reading.errors.items()]
        empty: dict[str, Value] = {question.key: None for question in self.pack.form.questions}
        return {**empty, **reading.answers}, findings

    def _start(self, application: Mapping[str, Value]) -> dict[str, Value]:
        place = self.example.division
        division: dict[str, Value] = {
            "code": place.code,
            "name": place.name,
            "path": list(place.path),
        }
        return starting_variables(
            self.pack,
            application,
            division=division,
            filed_on=self.today,
            case_number=f"{place.code[:6]}{self.today:%Y%m%d}000001",
            filed_at_desk=self.example.filed_at_desk,
            filed_by=self.example.filed_by,
        )

    # -- the engine ------------------------------------------------------------------------------

    def _work(self, first: Event) -> None:
        """Advance until the case waits for a person, a message or a timer."""
        events = deque([first])
        while events and not self.outcome:
            data = {**self.variables, **self.functions}
            step = advance(self.pack.process, self.state, events.popleft(), data)
            self.state = step.state
            for command in step.commands:
                answer = self._carry_out(command)
                if answer is not None:
                    events.append(answer)

    def _carry_out(self, command: Command) -> Event | None:
        match command:
            case VariablesSet():
                self.variables.update(command.values)
            case TaskOpened():
                self.path.append(command.element)
                self.tasks[command.id] = command
                self.faults += differ.strangers(self.pack.item, command, self.example)
            case TaskClosed():
                self.tasks.pop(command.id, None)
            case TimerSet():
                self.timers[command.id] = command
            case TimerCancelled():
                self.timers.pop(command.id, None)
            case MessageAwaited():
                self.messages[command.id] = command
            case MessageUnawaited():
                self.messages.pop(command.id, None)
            case IncidentRaised():
                self.incidents.append(command.text)
            case CaseEnded():
                self.path.append(command.element)
                self.outcome = command.outcome
            case DecisionWanted():
                self.path.append(command.element)
                return DecisionMade(command.id, self._decide(command), self.at)
            case ServiceWanted():
                self.path.append(command.element)
                result = self.outside.answer(command, self._known(), self.today)
                return ServiceCompleted(command.id, result, self.at)
        return None

    def _known(self) -> dict[str, Value]:
        """All variables, null where none was set yet."""
        return {**dict.fromkeys(self.pack.process.sets), **self.variables}

    def _decide(self, command: DecisionWanted) -> Value:
        if self.pack.rules is None:
            raise KeyError("rules.dmn")
        given = self.variables if command.inputs is None else command.inputs
        decided = decide(self.pack.rules, command.decision, {**given, **self.functions})
        self.decisions.append(decided)
        self.outside.findings = findings_of(decided)
        return decided.value

    # -- acts ------------------------------------------------------------------------------------

    def _act(self, act: Act) -> list[Finding]:
        if act.kind == "message":
            return self._message(act)
        if act.kind == "timer":
            return self._timer(act)
        if act.until is not None:
            return self._wait(act.until)
        task = next((t for t in self.tasks.values() if _is_meant(act, t)), None)
        if task is None:
            return [differ.not_open(act, self._open())]
        if wrong := differ.wrong_action(act, task) or differ.same_hand(act, task, self.done_by):
            return [wrong]
        self.done_by.setdefault(act.name, set()).add(act.by)
        result: dict[str, Value] = {
            "action": act.action,
            "note": act.note or None,
            "by": act.by,
            "at": from_json(self.at),
        }
        if task.headers.get("form") == "answers":
            self.answers = {**self.answers, **act.answers}
            result["application"], findings = self._application(self.answers)
            if findings:
                return findings
        self._work(TaskCompleted(task.id, result, self.at))
        return []

    def _message(self, act: Act) -> list[Finding]:
        awaited = next((m for m in self.messages.values() if m.name == act.name), None)
        if awaited is None:
            return [differ.not_open(act, self._open())]
        payload: dict[str, Value] = {"note": act.note or None, "by": act.by}
        payload["at"] = from_json(self.at)
        self._work(MessageReceived(awaited.name, awaited.key, payload, self.at))
        return []

    def _timer(self, act: Act) -> list[Finding]:
        timer = min(
            (t for t in self.timers.values() if t.element == act.name), key=self._due, default=None
        )
        if timer is None:
            return [differ.not_open(act, self._open())]
        self._ring(timer)
        return []

    def _wait(self, until: datetime) -> list[Finding]:
        """Time goes by, and every timer that is due meanwhile rings, the earliest first."""
        while not self.outcome and self.timers:
            timer = min(self.timers.values(), key=self._due)
            if self._due(timer) > until:
                break
            self._ring(timer)
        self.at = max(self.at, until)
        return []

    def _ring(self, timer: TimerSet) -> None:
        self.timers.pop(timer.id)  # one that repeats is set anew
        self.at = max(self.at, self._due(timer))
        self._work(TimerFired(timer.id, self.at))

    def _due(self, timer: TimerSet) -> datetime:
        due = timer.due
        return due if due.tzinfo else due.replace(tzinfo=self.at.tzinfo)

    def _open(self) -> list[str]:
        """What could happen next."""
        return [
            *(task.element for task in self.tasks.values()),
            *(message.name for message in self.messages.values()),
            *(timer.element for timer in self.timers.values()),
        ]


def _is_meant(act: Act, task: TaskOpened) -> bool:
    return task.element == act.name and (not act.role or act.role in task.groups)
