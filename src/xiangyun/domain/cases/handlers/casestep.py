"""The course of a case: what is at hand while its process runs, and who answers service tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.cases import (
    access,
    assignment,
    clock,
    extension,
    queue,
    recording,
    sealing,
    store,
)
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.rows import entries_of, forget_entries
from xiangyun.domain.cases.store import OpenWorkItem, Writes
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.reading import is_reading
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, from_json, to_stored
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.casetime import CaseTime, clock_properties_of
from xiangyun.kernel.service.headers import TASK_DEPARTMENT
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.worktime import Calendar


@dataclass
class CaseStep:
    """One case on its way: everything an answer may look at or change.

    Answers write nothing themselves: what they want written collects in `writes`, and `keep`
    writes it all in one statement. `work_items` are the open tasks, `completed_by` who did what
    before.
    """

    case: Case
    pack: Pack
    actor: Actor
    at: datetime
    data: dict[str, Value]
    # FEEL functions that the pack may call besides its variables, such as `working days after`.
    functions: Mapping[str, Value]
    calendar: Calendar
    work_items: dict[str, OpenWorkItem] = field(default_factory=dict)
    completed_by: list[tuple[str, UUID]] = field(default_factory=list)
    row_snapshot: bytes = b""  # what the row has of what may move
    writes: Writes = field(default_factory=Writes)
    entries: list[journal.NewEntry] = field(default_factory=list)  # recorded with what is written
    closed: set[str] = field(default_factory=set)
    seen: Mapping[str, Value] | None = (
        None  # by the called process that does a step; see processes.py
    )
    shared: bool = False  # whether services write in the same transaction
    place: int | None = None  # of the task that is done, where it is another than the case's
    said: str = ""  # what the official wrote who does this step: it goes into its letters
    moved: bool = False  # whether the clocks did, so that deadlines are to be counted anew

    @cached_property
    def local(self) -> datetime:
        """The moment `at` by the clock of the office."""
        return self.at.astimezone(timezone.get_default_timezone())

    @property
    def moment(self) -> Value:
        """The moment `at` as a FEEL value, to the second: when people did what they did."""
        return from_json(self.local.replace(microsecond=0))

    @property
    def today(self) -> date:
        """The day of `at` where the office is."""
        return self.local.date()

    @property
    def counting(self) -> date:
        """When this step moves clocks: today, or its moment where the service counts hours."""
        return self.local if self.pack.service.counts_hours else self.today

    @property
    def context(self) -> dict[str, Value]:
        """What a FEEL expression of the pack sees: the variables and the host functions."""
        return {**self.functions, **(self.data if self.seen is None else self.seen)}

    @property
    def overall(self) -> dict[str, Value]:
        """What one of the main process sees, whatever process it is that does a step."""
        return {**self.functions, **self.data}

    def record_platform(
        self, verb: str, data: Mapping[str, Any], private: Mapping[str, Any] | None = None
    ) -> None:
        """Write down what the platform did by itself, for the authority and not for the actor."""
        authority = self.data.get("authority")
        desk = str(authority.get("name") or "") if isinstance(authority, dict) else ""
        self._collect(self._entry(verb, data, private, SYSTEM, desk))

    def record(
        self, verb: str, data: Mapping[str, Any], private: Mapping[str, Any] | None = None
    ) -> None:
        """Write one entry about this case into the journal; `private` only as salted digests."""
        self._collect(self._entry(verb, data, private, self.actor, self._desk()))

    def note(self, verb: str, data: Mapping[str, Any]) -> None:
        """Write down at once what changes nothing of the case, such as that somebody looked."""
        journal.record(self._entry(verb, data, None, self.actor, self._desk()))

    def note_look(self, verb: str, data: Mapping[str, Any]) -> None:
        """Write down that somebody looked, once a day."""
        since = self.local.replace(hour=0, minute=0, second=0, microsecond=0)
        look = self._entry(verb, data, None, self.actor, self._desk())
        if is_reading() and journal_reads.is_among(look, entries_of(self.case), since):
            return
        journal.record_once(look, since)
        forget_entries(self.case)

    def _desk(self) -> str:
        place = self.case.division if self.place is None else self.place
        return self.actor.desk_in(place) or case_desk(self.case, self.actor)

    def _collect(self, entry: journal.NewEntry) -> None:
        self.entries.append(entry)

    def _entry(
        self,
        verb: str,
        data: Mapping[str, Any],
        private: Mapping[str, Any] | None,
        actor: Actor,
        desk: str,
    ) -> journal.NewEntry:
        return recording.about(
            self.case,
            verb,
            actor=actor.account,
            actor_name=actor.name,
            desk=desk,
            at=self.at,
            data=data,
            private=private,
        )

    def merge(self, values: Mapping[str, Value]) -> None:
        """Change root variables."""
        self.data.update(values)
        self.writes.variables.update(to_stored(dict(values)))

    def signed_at_filing(self, signature: Value) -> None:
        """Keep how the applicant of a new case signed, as processes see it."""
        if signature is not None:
            filing = self.data["filing"]
            assert isinstance(filing, dict)
            self.data["filing"] = {**filing, "signature": signature}
            self.case.variables = to_stored(self.data)

    @cached_property
    def time(self) -> CaseTime:
        """What moved the clocks of the case so far."""
        return clock.time_of(self.case, self.pack.service)

    def retime(self, time: CaseTime) -> None:
        """The clocks have moved; the deadlines follow when the step is kept."""
        if time == self.time:
            return
        clock.put(self.case, time)
        self.time = time
        self.moved = True
        for token in extension.over(self.work_items, time):
            self.unpark(token)

    def passed(self, element: str) -> None:
        """An element is done: clocks may start or stop with it."""
        clock_properties = self.clock_properties(element)
        if "clock" in clock_properties:
            service = self.pack.service
            self.retime(self.time.passed(clock_properties, self.counting, service, self.overall))

    def clock_properties(self, element: str) -> Mapping[str, str]:
        """What an element of the drawing says about time."""
        found = self.pack.elements.get(element)
        return clock_properties_of(found.headers, found.properties) if found is not None else {}

    def put(
        self,
        work_item: OpenWorkItem,
        name: str,
        inputs: Mapping[str, Any],
        deadline: Mapping[str, Any],
        *,
        parked: bool = False,
    ) -> None:
        """Put a work item into the queue of the case's division; `inputs` as stored JSON.

        `parked`: it may have been open before, under the same token.
        """
        department = str(inputs.get(TASK_DEPARTMENT) or "")
        groups = access.addressed(work_item.groups, self.pack.service, self.case.matter, department)
        said = assignment.placed(work_item.headers, inputs, groups, self.case, self.completed_by)
        headers = {**work_item.headers, **said} if said else work_item.headers
        work_item = work_item._replace(groups=groups, headers=headers)
        self.work_items[work_item.token] = work_item
        if parked:
            self.writes.reopened.append(work_item.token)
        self.writes.opened.append(
            {
                **work_item._asdict(),
                "name": name,
                "inputs": inputs,
                "division": access.place_of_task(work_item, self.case),
                "matter": access.matter_of(groups, self.case),
                "service": catalogue.service_of(self.case.version_id),
                "opened_at": self.at,
                **deadline,
            }
        )

    def close(self, token: str, action: str, note: str = "", by: Actor | None = None) -> None:
        """Take a work item out of the queue; `by`: whose hand did it, where one did."""
        self.closed.add(token)
        for opened in self.writes.opened:
            if opened["token"] == token:  # opened and ended within this step: nobody ever saw it
                self.writes.opened.remove(opened)
                self.writes.reopened = [t for t in self.writes.reopened if t != token]
                return
        done = self.work_items.get(token)
        place = access.place_of_task(done, self.case) if done else self.case.division
        desk = by.desk_in(place) or self.case.filed_desk if by else ""
        self.writes.closed.append(
            {
                "token": token,
                "closed_at": self.at,
                "action": action,
                "note": note,
                "by": by.account if by else None,
                "by_name": by.name if by else "",
                "by_desk": desk,
            }
        )

    def stop_timer(self, token: str) -> None:
        """A timer has rung or is not wanted any more."""
        self.unpark(token)
        if token in clock.timers_of(self.case):
            clock.keep_timer(self.case, token, None)
        if token in self.writes.timers:
            self.writes.timers[token]["closed_at"] = self.at
        else:
            self.writes.stopped[token] = {"token": token, "closed_at": self.at}

    def unpark(self, token: str) -> None:
        """What waited before a supervisor under this token has come, or is not wanted any more."""
        if token in self.work_items:
            self.close(self.work_items.pop(token).token, "")

    def keep(self, *, midway: bool = False) -> None:
        """Write what has collected, in one statement, and the case as it stands now.

        `midway`: more of this step follows in the same transaction, and the process has not moved.

        Raises `store.StaleRevision`, with nothing written, when the case was changed meanwhile.
        """
        if self.moved:
            clock.set_due(self.case, self.pack.service, self.calendar)
            stages = (work_item.headers.get("stage", "") for work_item in self.work_items.values())
            self.writes.due, self.moved = (
                clock.moved(self.case, self.time, stages, self.counting),
                False,
            )
        self._ask_for_lapses()
        self.case.variables = {**self.case.variables, **self.writes.variables}
        if self.writes.variables:
            self._follow_subject()
        if not midway:
            self._say_where_it_stands()
        self.writes.entries = [journal.as_row(entry) for entry in self.entries]
        self.entries = []
        self.writes.jobs += queue.following(self.case.pk, self.writes)
        self.row_snapshot = store.keep(self.actor, self.case, self.writes, self.row_snapshot)
        self.writes = Writes()

    def _follow_subject(self) -> None:
        """Let the subject line, and what the case is found by, follow the variables they read."""
        if not self.pack.subject_reads.isdisjoint(self.writes.variables):
            self.case.subject = self.pack.subject(self.data)
        if sealing.is_sealed(self.case) and not self.case._state.adding:
            self.writes.terms = sealing.terms_of(self.case)

    def _ask_for_lapses(self) -> None:
        """Have a job come when a deadline in hours is over; once for each moment."""
        if self.case.ended_at is not None:
            return
        headers = [work_item.headers for work_item in self.work_items.values()]
        ends = clock.lapses(self.case, self.at, headers)
        asked = self.case.clocks.get("lapses", [])
        told = [end.isoformat() for end in ends]
        if new := [end for end in ends if end.isoformat() not in asked]:
            self.case.clocks = {**self.case.clocks, "lapses": told}
            self.writes.jobs += (queue.lapse(self.case.pk, end) for end in new)

    def _say_where_it_stands(self) -> None:
        """Let the last entry of the step say where it leaves the case, for the audit.

        A step that has nothing else to say says that it was one: none is without an entry.
        """
        if not self.entries:
            self.record_platform(store.MOVED, {})
        last = self.entries[-1]
        last.private = {**last.private, store.STANDING: store.standing_after(self.case)}


def case_desk(case: Case, actor: Actor) -> str:
    """The desk that filed, where it is the desk that acts."""
    return case.filed_desk if actor.account == case.filed_by else ""


ServiceHandler = Callable[[CaseStep, ServiceWanted], Mapping[str, Value] | None]
SERVICES: dict[str, ServiceHandler] = {}
"""Who answers service tasks for real, by their types."""


def service(name: str) -> Callable[[ServiceHandler], ServiceHandler]:
    """Register who does service tasks of a declared type (`kernel.service.tasks`) for real.

    The handler returns the result, or None when the answer comes later by
    `inbound.complete_service_call`. It runs in the transaction of the step: if it raises, nothing
    of the step has happened. Raises ValueError for a type that is not declared or has one already.
    """
    if name not in service_types():
        raise ValueError(f"no service task is declared as {name}")

    def register(handler: ServiceHandler) -> ServiceHandler:
        if name in SERVICES:
            raise ValueError(f"service tasks of type {name} have a handler already")
        SERVICES[name] = handler
        return handler

    return register


def check_handlers() -> None:
    """Raises ValueError where a declared type of service tasks has nobody who does it for real."""
    if missing := service_types().keys() - SERVICES.keys():
        raise ValueError(f"nobody does service tasks of type {', '.join(sorted(missing))}")
