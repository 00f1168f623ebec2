"""The verb of duties: open what is due, once, oldest first, so many in one run.

Each row is a transaction of its own, with the case and where the duty stands with the row; killed
in the middle, the next run goes on. The case's id follows from duty, row and day, so that nothing
opens twice whatever happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import openings
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.ports import counting_calendar
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import inforce, settled
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.occasion import Due, Duty, due_by, read_every
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.occasion.periods import NoInterval
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.pack.kinds.duty import FIGURES
from xiangyun.kernel.record import as_seen
from xiangyun.kernel.service.openings import DUTY
from xiangyun.kernel.worktime import Calendar

from .candidates import AT_A_TIME, Asked, Candidate, asked
from .models import Progress, Standing

_TOMORROW = timedelta(days=1)
MARGIN = 10_000
"""Facts that are looked at once more: during an upgrade processes of the version before write some
of which `settled` knows nothing."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that a duty opened, or would open: of which row, due when, since when it waits."""

    duty: str
    service: str
    key: str
    division: int
    due: date
    case: str = ""


@dataclass
class Ran:
    """What one run of a duty did. `left`: more is due than it may open at once.

    `ahead`: rows with which a run for a later day was first. What lies between is not opened after
    it, or an outage would end in a flood; so a run for an earlier day has nothing to do with them.
    """

    code: str
    name: Text
    opened: list[Opening] = field(default_factory=list)
    waiting: int = 0
    problems: list[tuple[str, Text]] = field(default_factory=list)
    left: bool = False
    ahead: int = 0


def run(on: date, *, at: datetime, only: str = "", dry: bool = False) -> list[Ran]:
    """Let every duty in force do what is due on a day; `dry` tells it alone.

    Done again it opens nothing more.
    """
    with acting_as(SYSTEM):
        found = [d for d in catalogue.declared("duty") if only in ("", d.code)]
    return [_Run(each, on, at, dry=dry).run() for each in found]


class _Run:
    """One run of one duty."""

    def __init__(self, declaration: Declaration, on: date, at: datetime, *, dry: bool) -> None:
        self.code, self.on, self.at, self.dry = declaration.code, on, at, dry
        self.duty: Duty = declaration.value.duty
        self.rules = declaration.value.rules
        self.figures = declaration.value.figures.on(on)
        self.version = catalogue.declared_version("duty", declaration.code)
        self.ran = Ran(declaration.code, declaration.name)
        self.calendar: Calendar

    def run(self) -> Ran:
        with acting_as(SYSTEM):
            self.calendar = counting_calendar()
            before = Progress.objects.filter(code=self.code).first()
            newest = settled.newest_fact()
            fact = before.fact if before and before.version == self.version else None
            question = asked(self.code, self.duty, self.on, fact)
            if not self.dry:
                self._look_again_later(question, fact)
        if self.on < timezone.localdate(self.at):
            with acting_as(SYSTEM):
                self.ran.ahead = Standing.objects.filter(duty=self.code, last__gt=self.on).count()
        after: tuple[date, int] | None = None
        while not self.ran.left:
            with acting_as(SYSTEM):
                found = question.candidates(after)
                under_way = (
                    set()
                    if self.duty.beside
                    else cases.under_way([each.case for each in found if each.case])
                )
            for each in found:
                if len(self.ran.opened) >= self.duty.at_most:
                    self.ran.left = True
                    break
                self._one(question, each, under_way)
                after = (each.next_on or self.on, each.record)
            if len(found) < AT_A_TIME:
                break
        if not (self.dry or self.ran.left):
            self._done(max(newest - MARGIN, 0))
        return self.ran

    def _done(self, fact: int) -> None:
        given = {"version": self.version, "fact": fact, "ran_at": self.at}
        with acting_as(SYSTEM):
            Progress.objects.update_or_create(code=self.code, defaults=given)

    def _look_again_later(self, question: Asked, fact: int | None) -> None:
        """What was recorded for a day that lies ahead is looked at on that day."""
        values = {"fact": fact or 0, "register": question.register.code, "on": self.on}
        for record, day in inforce.beginning(values):
            known = Standing.objects.filter(duty=self.code, record=record)
            known.filter(next_on__gt=day).update(next_on=day)
            known.filter(next_on=None).update(next_on=day)

    # -- one row ---------------------------------------------------------------------------------

    def _one(self, question: Asked, row: Candidate, under_way: set[UUID]) -> None:
        declared = question.register.declaration
        assert declared is not None
        plain = {k: v for k, v in row.data.items() if k not in declared.sensitive}
        seen = {**as_seen(declared, plain), ON: self.on}
        try:
            due = self._due(row, seen)
            if due.on is None:
                self._stand(row, next_on=due.next)
            elif row.case in under_way:
                self.ran.waiting += 1
                self._stand(row, next_on=self.on + _TOMORROW)
            else:
                self._open(row, seen, due)
        except (Refused, NoInterval, ObjectDoesNotExist) as problem:
            self.ran.problems.append((row.key, _said(problem)))
            # Still due: the next run of the day tries again. Not later than it was due before, so
            # that this run does not meet the row a second time.
            still = min(row.next_on or self.on, self.on)
            self._stand(row, next_on=still, problem=str(problem)[:500])

    def _due(self, row: Candidate, seen: dict[str, Value]) -> Due:
        value: Value
        if self.duty.every.decision and self.rules is not None:
            asked = {**seen, FIGURES: self.figures}
            made = decide(self.rules, self.duty.every.decision, asked, now=from_json(self.at))
            value = made.value
            if isinstance(value, dict):  # of several outputs the one that says the interval
                value = value.get("interval")
        elif self.duty.every.formula is not None:
            value = self.duty.every.formula.value(seen)
        else:
            value = self.duty.every.written
        every = read_every(value)
        return due_by(every, row.last, row.since or self.on, self.on, self.calendar)

    def _open(self, row: Candidate, seen: dict[str, Value], due: Due) -> None:
        assert due.on is not None
        division = self._place(row)
        made = Opening(self.code, self.duty.service, row.key, division, due.on)
        if self.dry:
            self.ran.opened.append(made)
            return
        begun = openings.Begun(
            DUTY,
            f"{self.code}:{row.record}:{due.on.isoformat()}",
            openings.Subject(row.holder),
            {name: formula.value(seen) for name, formula in self.duty.answers.items()},
            place=division,
            by=self.code,
            source=due.on.isoformat(),
        )
        with acting_as(SYSTEM), transaction.atomic():
            case, _ = openings.open_case(self.duty.service, begun, at=self.at)
            by = cases.first_due([case.pk]).get(case.pk)
            self._stand(row, last=due.on, next_on=due.next, case=case.pk, due_on=by)
        self.ran.opened.append(
            Opening(self.code, self.duty.service, row.key, division, due.on, case.number)
        )

    def _place(self, row: Candidate) -> int:
        given = row.data.get(self.duty.division) if self.duty.division else row.division
        return int(str(given or row.division))

    def _stand(self, row: Candidate, **changed: Any) -> None:
        if self.dry:
            return
        given = {"division": row.division, "fact": row.fact, "problem": "", **changed}
        with acting_as(SYSTEM):
            since = row.since or self.on
            standing = Standing(duty=self.code, record=row.record, since=since, **given)
            Standing.objects.bulk_create(
                [standing],
                update_conflicts=True,
                unique_fields=["duty", "record"],
                update_fields=[*given],
            )


def _said(problem: Exception) -> Text:
    if isinstance(problem, Refused):
        return problem.summary
    text = str(problem) or type(problem).__name__
    return Text.given(text, text)
