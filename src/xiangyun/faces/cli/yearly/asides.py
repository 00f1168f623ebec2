"""What goes on beside the steps of cases: questions, parcels, urging, orders with an answer due."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.cases import access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.enquiries import actions as enquiries
from xiangyun.domain.enquiries import queries as asked
from xiangyun.domain.post import actions as post
from xiangyun.domain.post import queries as parcels
from xiangyun.domain.supervision import actions as supervision
from xiangyun.kernel.simulation import Timetable

from .cast import Cast

Plan = Callable[[datetime, Callable[[], None]], None]
_ASKS, _SENDS_FOR = 0.7, 0.8
"""Shares of applicants, where a service offers it: who ask while their case runs; who have a
result posted."""
_ANSWERED = 0.7
"""The share of what officials answer, or post, within this year."""
_MINUTES, _SOON = 60.0 * 24, 60.0
_URGED, _ORDERED = 3, 2
"""Of what is overdue, how much an overseer urges, and gives orders about, in a month."""
_SUPERVISOR, _ORDER = "supervisor", timedelta(days=7)


class Asides:
    """Applicants ask and have results posted; overseers urge. `plan` puts what follows on a day."""

    def __init__(self, cast: Cast, timetable: Timetable, source: random.Random, plan: Plan) -> None:
        self.cast, self.timetable, self.source, self.plan = cast, timetable, source, plan

    def sent_in(self, case: UUID, owner: Actor, now: datetime) -> None:
        """Perhaps whoever applied soon asks how it stands."""
        if self.source.random() < _ASKS:
            self.plan(self._later(now, _SOON), partial(self._ask, case, owner))

    def ended(self, case: cases.Case, owner: Actor, now: datetime) -> None:
        """Perhaps the result is to come by post, where it is sent so."""
        with acting_as(owner):
            may = parcels.may_ask(owner, case)
        if may and self.source.random() < _SENDS_FOR:
            self.plan(self._later(now), partial(self._send_for, case.pk, owner))

    def of_the_month(self, now: datetime) -> None:
        """An overseer urges some of what is overdue, and gives orders about some."""
        overseer, today = self.cast.official(_SUPERVISOR), timezone.localdate(now)
        with acting_as(overseer):
            late = cases.overdue_work(overseer, today=today).rows
            chosen = self.source.sample(late, min(len(late), _URGED + _ORDERED))
            for number, row in enumerate(chosen):
                case = access.case_for(overseer, row.case_id)
                waiting = cases.waiting_in(case)
                if case.need or not waiting:
                    continue
                if number < _URGED:
                    why = "请尽快办理。"
                    supervision.urge(case.pk, waiting[0].token, why=why, actor=overseer, at=now)
                    continue
                order = supervision.order(
                    case.pk,
                    waiting[0].token,
                    why="超期较久，请说明原因和办结日期。",
                    due_on=today + _ORDER,
                    actor=overseer,
                    at=now,
                )
                if self.source.random() < _ANSWERED and waiting[0].groups:
                    who = self.cast.official(waiting[0].groups[0])
                    self.plan(self._later(now), partial(self._answer_order, order.pk, who))

    # -- what follows --------------------------------------------------------------------------

    def _later(self, now: datetime, minutes: float = _MINUTES) -> datetime:
        return self.timetable.after(now, minutes * self.source.expovariate(1.0))

    def _ask(self, case: UUID, owner: Actor) -> None:
        now = timezone.now()
        with acting_as(owner):
            found = next((each for each in cases.my_cases(owner) if each.pk == case), None)
            if found is None or not asked.may_ask(owner, found):
                return
            made = enquiries.ask(case, "请问现在办到哪一步了？", actor=owner, at=now)
        if self.source.random() < _ANSWERED:
            who = self.cast.official(made.role)
            self.plan(self._later(now), partial(self._answer, made.pk, who))

    @staticmethod
    def _answer(enquiry: UUID, who: Actor) -> None:
        with acting_as(who):
            enquiries.answer(enquiry, "正在审查，办结后会通知您。", actor=who, at=timezone.now())

    def _send_for(self, case: UUID, owner: Actor) -> None:
        now = timezone.now()
        with acting_as(owner):
            parcel = post.ask(
                case,
                recipient=owner.name,
                phone="13900000000",
                address="样例路一号（虚构）",
                actor=owner,
                at=now,
            )
        if self.source.random() < _ANSWERED:
            self.plan(self._later(now), partial(self._post, parcel.pk))

    def _post(self, parcel: UUID) -> None:
        who = self.cast.official("desk")
        with acting_as(who):
            post.send(parcel, actor=who, at=timezone.now())

    @staticmethod
    def _answer_order(order: UUID, who: Actor) -> None:
        with acting_as(who):
            supervision.answer(order, "材料已补齐，本周内办结。", actor=who, at=timezone.now())
