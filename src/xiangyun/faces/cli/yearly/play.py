"""The year as it happens: applications come, officials and applicants do what waits for them.

A heap of moments, as in `kernel.simulation`; but each step is a verb of the platform in a real
database. An example says who does what at which task. Where a case goes another way than its
example, because a register knows more by now, the first button that asks for no word is pressed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import exp
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts, objecting, secrecy, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.inbound import NotTaken
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.ratings import actions as ratings
from xiangyun.domain.registers import queries as known
from xiangyun.kernel.feel import from_json as feel_value
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import Form, from_json
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.record import OBJECTED
from xiangyun.kernel.service.examples import Act, Example
from xiangyun.kernel.service.openings import APPLICANT
from xiangyun.kernel.simulation import Timetable

from . import elsewhere, opening
from .asides import Asides
from .cast import Cast
from .clock import Clock
from .enlisting import found, know
from .lots import Lots
from .ownjobs import OwnJobs
from .papers import enclose, promised
from .retelling import Retelling

_USUAL, _SPREAD = 180.0, 1.3
"""Working minutes until an official has done a task: their median, and the sigma of a lognormal."""
_APPLICANTS, _OTHERS = 60.0 * 30, 60.0 * 6
_RATE = 0.4


@dataclass(slots=True)
class Played:
    """A case on its way: what its example says of it, and how much of that has happened."""

    case_id: UUID
    pack: Pack
    example: Example | None
    told: Retelling | None
    owner: UUID | None
    done: set[int] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Counts:
    """What became of the year: cases by service, and what was refused, by finding id."""

    begun: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    turned: Counter[str] = field(default_factory=Counter)
    """What an official had to refuse, because the platform took nothing else, by finding id."""
    rated: int = 0
    tasks: int = 0

    def refuse(self, refused: Refused, where: str = "") -> None:
        """Count what was refused, by the id of the finding and the question or register."""
        for each in refused.findings:
            asked = each.place.question if each.place else ""
            self.refused[" ".join(filter(None, (each.id, where, asked)))] += 1


class Year:
    """A year in one province. `clock` stands at its first day; `days` go by in `play`."""

    def __init__(
        self,
        cast: Cast,
        clock: Clock,
        timetable: Timetable,
        source: random.Random,
    ) -> None:
        self.cast, self.clock, self.timetable, self.source = cast, clock, timetable, source
        self.jobs, self.lots = OwnJobs(clock), Lots(cast, source)
        self.counts = Counts()
        self.playing: dict[UUID, Played] = {}
        self._seen: set[UUID] = set()
        self.asides = Asides(cast, timetable, source, self._plan)
        self._order = count()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._packs = {
            pack.code: [one for one in pack.examples if one.opened == APPLICANT and not one.late]
            for pack in catalogue.current_packs()
        }

    def play(self, applications: int, days: int, progress: Callable[[float], None]) -> None:
        """Let so many applications come in so many days, and all that follows from them.

        `progress` is told the share of the days that is over.
        """
        first = timezone.localdate(self.clock.now)
        self.lots.enlist(self.counts.refused)
        self._found_companies(days)
        offered = [code for code, examples in self._packs.items() if examples]
        opens = [day for day in self.timetable.days(days) if day < first + timedelta(days=days)]
        for _ in range(applications):
            day = self.source.choice(opens)
            hour = timedelta(hours=9 + 8 * self.source.random())
            at = _midnight(day) + hour
            self._plan(at, self._applying(self.source.choice(offered)))
        for number in range(days):
            self._until(_midnight(first + timedelta(days=number + 1)) - timedelta(minutes=5))
            day = first + timedelta(days=number)
            monthly = day.day == 2 or number == days - 1
            if monthly:
                self._refusable(partial(self.asides.of_the_month, self.clock.now))
                opening.open_first_releases(self.counts.refused, at=self.clock.now)
            self.lots.of_the_day(number, self.counts.refused, at=self.clock.now)
            self.jobs.rounds_of_the_day(monthly=monthly)
            self._look_around()
            progress((number + 1) / days)

    # -- what happens when ---------------------------------------------------------------------

    def _plan(self, at: datetime, happens: Callable[[], None]) -> None:
        heappush(self._agenda, (at, next(self._order), happens))

    def _until(self, end: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= end:
            at, _, happens = heappop(self._agenda)
            self.jobs.reach(at)
            self._refusable(happens)
            self.jobs.work()
        self.jobs.reach(end)

    def _refusable(self, happens: Callable[[], None]) -> None:
        """Let something happen; what is refused, or is there no more, is counted."""
        try:
            happens()
        except Refused as refused:
            self.counts.refuse(refused)
        except ObjectDoesNotExist:
            self.counts.refused["gone"] += 1

    def _found_companies(self, days: int) -> None:
        """Half of the companies of the cast are there already, the others are founded by and by."""
        first = timezone.localdate(self.clock.now)
        for number, company in enumerate(self.cast.companies):
            founding = partial(found, company, self.counts.refused)
            if number % 2:
                day = first + timedelta(days=self.source.randrange(days))
                self._plan(_midnight(day) + timedelta(hours=10), founding)
            else:
                founding()

    def _applying(self, code: str) -> Callable[[], None]:
        def apply() -> None:
            example = self.source.choice(self._packs[code])
            version = catalogue.current_version(code)
            pack = catalogue.pack(version.pk)
            applicant = self.cast.applicant(pack.service.applicants)
            assert applicant.account is not None
            with acting_as(SYSTEM):
                account = accounts.account(applicant.account)
            assert account is not None
            told = Retelling(
                example,
                account.name,
                account.id_number,
                self.cast.there(),
                self.source,
                timezone.localdate(self.clock.now),
            )
            know(example, told, self.cast.first, self.counts.refused)
            self.counts.begun[code] += 1
            at = self.clock.now
            with acting_as(applicant):
                draft = drafts.start_draft(
                    code, actor=applicant, at=at, objected=self._objected(code, applicant)
                )
                given = {
                    key: value
                    for key, value in told.told(example.answers).items()
                    if key not in _said_by_a_record(pack.form)
                }
                read = from_json(pack.form, given, on=at.date()).answers
                answers = {
                    key: value
                    for key, value in taskforms.without_files(pack.form, read).items()
                    if key in given
                }
                drafts.keep_answers(draft.id, answers, actor=applicant, at=at)
                instead = promised(draft.id, pack.form, given, applicant, at, self.source)
                papers = {key: value for key, value in given.items() if key not in instead}
                enclose(partial(drafts.add_material, draft.id), pack.form, papers, applicant, at)
                case = actions.submit_case(draft.id, actor=applicant, at=at)
            self._seen.add(case.pk)
            self.asides.sent_in(case.pk, applicant, at)
            self.playing[case.pk] = Played(case.pk, pack, example, told, applicant.account)
            self._look(self.playing[case.pk])

        return apply

    @staticmethod
    def _objected(code: str, applicant: Actor) -> objecting.Objected | None:
        """What an objection is to: something in a record about the applicant, as its page says it.

        None for every other service, and where no record about the applicant takes one.
        """
        with acting_as(SYSTEM):
            about = known.records_about(applicant.subject) if applicant.subject else []
        for state in about:
            declared = known.used(state.register).declaration
            if declared is None or declared.objection != code:
                continue
            for each in declared.fields:
                plain = (
                    each.type == "text" and not each.sensitive and each.name in (state.data or {})
                )
                if plain and declared.may_object(each.name):
                    return objecting.objected(
                        state.register, state.record, each.name, actor=applicant
                    )
        return None

    # -- cases on their way --------------------------------------------------------------------

    def _look_around(self) -> None:
        """Take up what the platform opened by itself, and plan what waits anywhere."""
        with acting_as(SYSTEM):
            new = access.cases_of(SYSTEM).filter(ended_at=None).exclude(pk__in=self._seen)
            found = [(case.pk, case.division, cases.pack_of(case)) for case in new]
        for case_id, division, pack in found:
            self._seen.add(case_id)
            self.counts.opened[pack.code] += 1
            ways = [one for one in pack.examples if one.opened != APPLICANT] or [*pack.examples]
            example = self.source.choice(ways) if ways else None
            told = self._told_there(example, division) if example else None
            self.playing[case_id] = Played(case_id, pack, example, told, None)
        self._look(*self.playing.values())

    def _told_there(self, example: Example, division: int) -> Retelling:
        """An example of a case that opened by itself: its people stay, place and days change."""
        county = division // 10**6 * 10**6
        there = self.cast.places.get(county)
        places = {county: there} if there is not None else self.cast.places
        today = timezone.localdate(self.clock.now)
        return Retelling(example, example.filed_by, "", places, self.source, today)

    def _look(self, *some: Played) -> None:
        """Plan each task that waits in these cases and is not planned; end what has ended."""
        with acting_as(SYSTEM):
            by_id = {played.case_id: played for played in some}
            standing = list(access.cases_of(SYSTEM).filter(pk__in=by_id))
            waiting = cases.waiting_in_each(
                [case for case in standing if case.ended_at is None], applicants=True
            )
        for case in standing:
            if case.ended_at is not None:
                self.counts.ended[case.outcome] += 1
                del self.playing[case.pk]
                self._rate(by_id[case.pk], case)
            else:
                self._plan_others(by_id[case.pk], case)
            self._plan_tasks(by_id[case.pk], waiting.get(case.pk, ()))

    def _plan_others(self, played: Played, case: cases.Case) -> None:
        """Plan what somebody outside does next, where the case waits for it."""
        found = played.example and elsewhere.next_by_others(played.example, played.done)
        if not found or (mark := f"act {found[0]}") in played.planned:
            return
        number, act = found
        owner = accounts.actor_by_account(played.owner) if played.owner else None
        if elsewhere.is_awaited(case, act, owner, self.clock.now):
            played.planned.add(mark)
            at = self.timetable.after(self.clock.now, self._takes(_OTHERS))
            self._plan(at, partial(self._by_others, played, number, act, owner))

    def _by_others(self, played: Played, number: int, act: Act, owner: Actor | None) -> None:
        played.done.add(number)
        if played.case_id in self.playing:
            with acting_as(SYSTEM):
                case = access.case_for(SYSTEM, played.case_id)
            told = self._said_by_others(played, act, case.number)
            try:
                elsewhere.happens(case, act, told, owner, self.clock.now)
            except NotTaken as problem:
                self.counts.refused[f"{problem} {played.pack.code} {act.name}"[:200]] += 1
            self._look(played)

    @staticmethod
    def _said_by_others(played: Played, act: Act, number: str) -> Mapping[str, Any]:
        example, told = played.example, played.told
        assert example is not None
        assert told is not None
        known = frozenset(elsewhere.texts([example.answers, *example.registers.values()]))
        said: Mapping[str, Any] = elsewhere.renumbered(act.answers, known, number[-8:])
        return told.told(said)  # type: ignore[no-any-return]  # a mapping of a mapping

    def _plan_tasks(self, played: Played, waiting: Sequence[cases.Waiting]) -> None:
        for task in waiting:
            if task.token not in played.planned:
                played.planned.add(task.token)
                minutes = self._takes(_APPLICANTS if "applicant" in task.groups else _USUAL)
                at = self.timetable.after(self.clock.now, minutes)
                self._plan(at, self._doing(played, task))

    def _takes(self, usual: float) -> float:
        return usual * exp(_SPREAD * self.source.gauss(0, 1))

    def _rate(self, played: Played, case: cases.Case) -> None:
        citizen = accounts.actor_by_account(played.owner) if played.owner else None
        if citizen is None:
            return
        self.asides.ended(case, citizen, self.clock.now)
        if self.source.random() > _RATE:
            return
        stars = self.source.choice((5, 5, 5, 5, 4, 4, 3, 2, 1))
        with acting_as(citizen):
            try:
                ratings.rate_case(played.case_id, stars, "", actor=citizen, at=self.clock.now)
                self.counts.rated += 1
            except Refused as refused:
                self.counts.refuse(refused)

    def _doing(self, played: Played, waiting: cases.Waiting) -> Callable[[], None]:
        def do() -> None:
            if played.case_id not in self.playing:
                return
            now = self._as_it_waits(played, waiting)
            who = self._who(played, now) if now is not None else None
            if now is not None and who is not None:
                try:
                    self._do(who, played, now)
                except Refused as refused:
                    self.counts.refuse(refused, f"{played.pack.code} {now.element}")
            self._look(played)

        return do

    @staticmethod
    def _as_it_waits(played: Played, planned: cases.Waiting) -> cases.Waiting | None:
        """The task as it waits now: somebody may have taken it over since it was planned.

        Of a case that only its handlers may know, nobody else of the role does it then.
        """
        with acting_as(SYSTEM):
            case = access.case_for(SYSTEM, played.case_id)
            waiting = cases.waiting_in_each([case], applicants=True).get(case.pk, ())
        return next((each for each in waiting if each.token == planned.token), None)

    def _who(self, played: Played, waiting: cases.Waiting) -> Actor | None:
        if waiting.account is not None:
            return accounts.actor_by_account(waiting.account)
        group = waiting.groups[0] if waiting.groups else ""
        if group == APPLICANT:
            return accounts.actor_by_account(played.owner) if played.owner else None
        return self.cast.official(group) if group else None

    def _do(self, who: Actor, played: Played, waiting: cases.Waiting) -> None:
        with acting_as(who):
            if not access.cases_of(who).filter(pk=played.case_id).exists():
                self._take_over(who)
            case = access.case_for(who, played.case_id)
            task = next((t for t in cases.open_tasks(who, case) if t.id == waiting.token), None)
            if task is None:
                return
            act = self._act(played, task.element)
            form = played.pack.task_form(task.element)
            told = played.told.told(act.answers) if act and played.told else act and act.answers
            if form is None and task.form and act is not None and told:
                self._correct(who, case.pk, task.id, played.pack.form, told)
                self.counts.tasks += 1
                return
            button = next((b for b in task.buttons if act and b.action == act.action), None)
            if button is None:
                plain = [b for b in task.buttons if not b.note_required and not b.signature]
                button = plain[0] if plain and act is None else None
            if button is None or (form is not None and act is None):
                return  # it waits, as some do
            note = (act.note if act else "") or ("（模拟）" if button.note_required else "")
            if form is None:
                self._press(who, played, task, button, note)
            else:
                self._answer(who, case.pk, task.id, form, told or {}, button.action, note)
            self.counts.tasks += 1

    def _press(
        self, who: Actor, played: Played, task: cases.OpenTask, button: cases.Button, note: str
    ) -> None:
        """Press a button; where the platform refuses what follows, the one that says no.

        The slot that was asked for may be over by the time somebody looks, and what an application
        names may be nowhere: an official then refuses, and says why.
        """
        at, case = self.clock.now, played.case_id
        try:
            actions.complete_task(case, task.id, action=button.action, note=note, actor=who, at=at)
        except Refused as refused:
            other = next((b for b in task.buttons if b.note_required and not b.signature), None)
            if other is None or button.note_required or APPLICANT in task.groups:
                raise
            found = refused.findings[0]
            said = found.message.zh
            actions.complete_task(case, task.id, action=other.action, note=said, actor=who, at=at)
            self.counts.turned[f"{found.id} {played.pack.code} {task.element}"] += 1

    def _correct(
        self, who: Actor, case: UUID, token: str, form: Form, told: Mapping[str, Any]
    ) -> None:
        """Change answers of an application, and add the files that are among them."""
        at = self.clock.now
        enclose(partial(drafts.add_material, case), form, told, who, at)
        plain = taskforms.without_files(form, told)
        changed = {key: feel_value(value) for key, value in plain.items()}
        actions.correct_answers(case, token, changed, actor=who, at=at)

    def _answer(
        self,
        who: Actor,
        case: UUID,
        token: str,
        form: Form,
        told: Mapping[str, Any],
        action: str,
        note: str,
    ) -> None:
        at = self.clock.now
        form = taskforms.answering(case, token, actor=who).form  # with the options of the task
        told = self._offered(form, told)
        enclose(partial(taskforms.add_evidence, case, token), form, told, who, at)
        read = from_json(form, told, on=at.date()).answers
        given = {k: v for k, v in taskforms.without_files(form, read).items() if k in told}
        taskforms.answer_task(case, token, given, action=action, note=note, actor=who, at=at)

    def _offered(self, form: Form, told: Mapping[str, Any]) -> dict[str, Any]:
        """The answers, with one that the task offers where it does not offer what is told.

        What a task offers depends on what registers hold by now: its example knows one county.
        """
        made = dict(told)
        for question in form.questions:
            if question.rules.given is None or question.key not in made or question.questions:
                continue
            if question.option(made[question.key]) is None:
                del made[question.key]
                if question.options:
                    made[question.key] = self.source.choice(question.options).value
        return made

    def _take_over(self, who: Actor) -> None:
        while waiting := cases.untaken():
            for line in waiting:
                secrecy.take_over(line.item, actor=who, at=self.clock.now)

    @staticmethod
    def _act(played: Played, element: str) -> Act | None:
        """The next thing that its example says of a task."""
        if played.example is None:
            return None
        for number, act in enumerate(played.example.acts):
            if number not in played.done and act.kind == "task" and act.name == element:
                played.done.add(number)
                return act
        return None


def _said_by_a_record(form: Form) -> frozenset[str]:
    """The questions that nobody answers: the record says it that an objection is to."""
    mark = f"{OBJECTED.code}."
    return frozenset(each.key for each in form.questions if (each.source or "").startswith(mark))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
