"""The draws of a simulated year: objects are enlisted; one hand orders a lot, another draws it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.draws import access, actions
from xiangyun.domain.registers import queries as known
from xiangyun.faces.cli.madeup import GIVEN, SURNAMES
from xiangyun.kernel.findings import Conflict, Refused
from xiangyun.kernel.occasion.draws import DeclaredDraw
from xiangyun.kernel.record import Register

from .cast import Cast
from .enlisting import enlist, named

_FIRST, _EVERY = 3, 60
"""Days: when the first lots are ordered, and how long until the next."""
_NOTHING_TO_DRAW = "draw.E017"


class Lots:
    """Every declared draw, every two months, by the officials of a cast."""

    def __init__(self, cast: Cast, source: random.Random) -> None:
        self.cast, self.source = cast, source
        self._ordered: list[tuple[str, str, UUID | None]] = []

    def enlist(self, refused: Counter[str]) -> None:
        """Have the registers of draws know the companies of the cast, and who inspects them."""
        with acting_as(SYSTEM):
            draws = [each.value for each in catalogue.declared("draw")]
            companies = [accounts.account(one) for one in self.cast.companies]
            for draw in draws:
                objects = known.used(draw.frame.register).declaration
                if objects is not None and objects.subject == "organisation":
                    for company in companies:
                        self._object(draw, objects, company, refused)
            counties = sorted({each.division_id for each in companies if each and each.division_id})
            for draw in draws:
                self._inspectors(draw, counties, refused)

    def _object(
        self, draw: DeclaredDraw, declared: Register, company: Any, refused: Counter[str]
    ) -> None:
        stratum = declared.by_name[draw.frame.stratum]
        row = {declared.key: company.id_number, **named(declared, company.name)}
        if stratum.options:
            row[stratum.name] = self.source.choice(stratum.options).value
        enlist(declared, row, company.division_id, self.cast.first, refused)

    def _inspectors(self, draw: DeclaredDraw, counties: list[int], refused: Counter[str]) -> None:
        """In every county as many of each team as go on a visit, and one more."""
        people = draw.inspectors
        declared = known.used(people.register).declaration
        if declared is None:
            return
        for county in counties:
            for team, number in draw.teams:
                for nth in range(number + 1):
                    name = f"{self.source.choice(SURNAMES)}样{self.source.choice(GIVEN)}"
                    row = {
                        declared.key: f"YN{county // 10**6}-{team}-{nth}",
                        people.team: team,
                        **named(declared, name),
                        **({people.account: ""} if people.account else {}),
                    }
                    enlist(declared, row, county, self.cast.first, refused)

    def of_the_day(self, number: int, refused: Counter[str], *, at: datetime) -> None:
        """Draw what was ordered before; on some days, the first being number 0, order anew."""
        self._ordered = [each for each in self._ordered if not self._drawn(*each, at)]
        if number % _EVERY != _FIRST:
            return
        day = timezone.localdate(at)
        with acting_as(SYSTEM):
            declared = [(each.code, each.value) for each in catalogue.declared("draw")]
        for code, draw in declared:
            role = _role(draw)
            orders = self.cast.official(role)
            try:
                actions.plan(code, day.year, day.month, actor=orders, at=at)
                made = actions.order(code, day, {"kind": "journal"}, actor=orders, at=at)
                self._ordered.append((made.number, role, orders.account))
            except Refused as problem:
                for each in problem.findings:
                    if each.id != _NOTHING_TO_DRAW:  # a register may hold nothing yet
                        refused[f"{each.id} {code}"] += 1

    def _drawn(self, number: str, role: str, by: UUID | None, at: datetime) -> bool:
        """Whether another hand than the one that ordered it could draw it by now."""
        try:
            actions.reveal(number, None, actor=self.cast.official(role, beside=by), at=at)
        except Conflict:  # the journal has not come as far as the order names
            return False
        return True


def _role(draw: DeclaredDraw) -> str:
    """The role that orders it, narrowed to the department of its register."""
    return access.roles_of(draw)[1]
