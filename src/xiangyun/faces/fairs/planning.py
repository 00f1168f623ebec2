"""A fair planned from its registers, by who may write them: booths, talks, interviews."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.registers import access, loading
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.loading import Order
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs.known import Known
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.record import Register
from xiangyun.kernel.record.data import check_record
from xiangyun.kernel.worktime import office_zone

if TYPE_CHECKING:
    from xiangyun.adapters.fairtables import Taking, Unfit

KEPT = ("booths", "talks", "interviews")
SOURCE = "fair:{code}"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan came to: how many come, have interviews, and so on; and what was named in vain,
    the demand, the offer and why."""

    demands: int
    have: int
    interviews: int
    booths: int
    talks: int
    in_vain: int


def may_plan(actor: Actor, found: Known) -> bool:
    """Whether an official may write every register that keeps the plan."""
    kept = [registers.used(found.fair.kept[name]) for name in KEPT]
    division = int(found.fair.division)
    return actor.is_official and all(access.may_write(one, actor, division) for one in kept)


def refuse(actor: Actor, found: Known) -> None:
    """Raise Forbidden `fair.E006` for who may not, Conflict `fair.E007` once somebody has come."""
    if not may_plan(actor, found):
        raise Forbidden([_MAY_NOT])
    with acting_as(SYSTEM):
        begun = registers.search(found.fair.kept["arrivals"], limit=1).states
    if begun:
        raise Conflict([_BEGUN])


def plan(actor: Actor, code: str, *, at: datetime) -> Planned:
    """Plan a fair anew, and write the plan into its registers: all of it or nothing.

    What an earlier plan said and this one does not is ended. Raises as `refuse` does, and Refused
    where there are not booths, rooms or slots enough, or a record is not right.
    """
    # Solver and tables take a while to load, and only the worker plans.
    from xiangyun.adapters.fairtables import HEADS, guests_of, plan_rows  # noqa: PLC0415 - DuckDB
    from xiangyun.adapters.highs import solve  # noqa: PLC0415 - the solver
    from xiangyun.adapters.pairing import Asked  # noqa: PLC0415 - DuckDB
    from xiangyun.kernel.fair import make_plan  # noqa: PLC0415 - arrays

    found = fairs.known(code)
    refuse(actor, found)
    names = (found.exhibitors, found.offers, found.demands)
    declared = {name: _declared(name) for name in names}
    asked = Asked(found.matching, declared)
    with tempfile.TemporaryDirectory() as scratch:
        guests, unfit = guests_of(found.fair, asked, _taking(found, declared), Path(scratch))
    made = make_plan(found.fair, guests, solve)
    rows = plan_rows(found.fair, guests, made, office_zone())
    with transaction.atomic(), acting_as(SYSTEM):
        for name in KEPT:
            table = [dict(zip(HEADS[name], row, strict=True)) for row in rows[name]]
            _write(actor, found, found.fair.kept[name], table, at)
    return _planned(guests.demands, made, unfit)


def _planned(demands: Sequence[object], made: Any, unfit: Sequence[Unfit]) -> Planned:
    return Planned(
        len(demands),
        len(demands) - len(made.without),
        len(made.interviews),
        len(made.booths),
        len(made.talks),
        len(unfit),
    )


def _declared(name: str) -> Register:
    declared = registers.used(name).declaration
    assert declared is not None  # a fair is of declared registers
    return declared


def _taking(found: Known, declared: Mapping[str, Register]) -> Taking:
    from xiangyun.adapters.fairtables import Taking  # noqa: PLC0415 - DuckDB

    keys = (found.fair.exhibitors.key, found.matching.offers.key, found.matching.demands.key)
    sides = []
    with acting_as(SYSTEM):
        for name, key in zip((found.exhibitors, found.offers, found.demands), keys, strict=True):
            sides.append(_checked(declared[name], name, key))
    return Taking(*sides)


def _checked(register: Register, name: str, key: str) -> dict[str, Mapping[str, Any]]:
    """The records in force; sensitive values stay encrypted, and no plan reads them."""
    found: dict[str, Mapping[str, Any]] = {}
    wrong: list[Finding] = []
    for state in fairs.all_of(name):
        data = {k: v for k, v in (state.data or {}).items() if k not in register.sensitive}
        checked = check_record(register, data, partial=True)
        wrong += checked.errors
        found[str(checked.values.get(key, state.key))] = checked.values
    if wrong:
        raise Refused(wrong)
    return found


def _write(
    actor: Actor, found: Known, register: str, table: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    source, today = SOURCE.format(code=found.fair.code), timezone.localdate(at)
    now = {str(row["code"]) for row in table}
    why = Text("重新编排", "planned anew").zh
    for state in list(fairs.all_of(register)):
        if state.key not in now:
            writing.end(register, state.key, on=today, why=why, source=source, at=at, actor=actor)
    order = Order(register, source, at, today, why, actor, using="default")
    loading.load(order, _Rows(f"{register} {at.isoformat()}", table), _refused)


def _refused(some: Sequence[loading.Refusal]) -> None:
    if some:
        raise Refused([finding for _, finding in some])


class _Rows:
    """Rows of a plan, as loading reads a file; no two plans are the same file."""

    written = True

    def __init__(self, name: str, table: Sequence[Mapping[str, Any]]) -> None:
        self.name = self.digest = name
        self._table = table

    @property
    def share(self) -> float:
        return 1.0

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        yield from enumerate(self._table[done:], done + 1)


_MAY_NOT = fault(
    "fair.E006",
    Text("您不能编排这场招聘会。", "You may not plan this fair."),
    None,
    Text(
        "要能写展位、宣讲和面试三个库的人才能编排。",
        "Whoever may write the registers of booths, talks and interviews plans it.",
    ),
)
_BEGUN = fault(
    "fair.E007",
    Text("已经有人签到，不能重新编排。", "Somebody has arrived: it cannot be planned anew."),
    None,
    Text("请在登记库里逐条更正。", "Correct single records in the registers."),
)
