"""`xiangyun simulate`: a service against the calendar with a staff, before anyone publishes it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from math import inf
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console

from xiangyun.adapters.calendar import PACKAGED, chinese_calendar_with
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import roles_in
from xiangyun.kernel.simulation import (
    APPLICANT,
    Arrival,
    Hours,
    Office,
    Report,
    Staffing,
    Timetable,
    plan_arrivals,
    queue_chart,
    simulated,
    smallest_staff,
)
from xiangyun.kernel.worktime import Calendar, office_zone

from . import figures
from .folder import read_folder
from .packpath import PACK
from .packtree import known_around
from .patience import Patience
from .telling import Failed, WrongUsage, end_refused, tell

N = TypeVar("N", int, float)
MOST_ARRIVALS = 100_000
_LARGEST = 1_000_000
"""Of officials, minutes and weights: what is more is a slip of the pen."""


@click.command()
@click.argument("pack", type=PACK)
@click.option(
    "--arrivals", default="20/day", help="Applications on a working day: 40/day, 200/week."
)
@click.option("--staff", multiple=True, metavar="ROLE=N", help="Officials of a role; else 1.")
@click.option("--days", default=20, type=click.IntRange(1, 500), help="Working days simulated.")
@click.option("--from", "first", metavar="DATE", help="First day; else today.")
@click.option("--mix", multiple=True, metavar="EXAMPLE=WEIGHT", help="Which situations come.")
@click.option("--minutes", multiple=True, metavar="ELEMENT=N", help="Usual time of a task.")
@click.option("--hours", default="8:30-12:00,13:00-16:30", help="Office hours of a working day.")
@click.option("--target", default=99.0, type=click.FloatRange(1, 100), help="Per cent in time.")
@click.option("--search/--no-search", default=True, help="Look for the smallest staff.")
@click.option("--seed", default=1, help="The same seed gives the same run.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write a chart.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def simulate(
    pack: Path,
    arrivals: str,
    staff: tuple[str, ...],
    days: int,
    first: str | None,
    mix: tuple[str, ...],
    minutes: tuple[str, ...],
    hours: str,
    target: float,
    search: bool,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Run PACK with a staff: queues, share in time, and the smallest staff that meets 99 %.

    The drawing and rules are those that will run; applications are the pack's examples.
    """
    per_day = _per_day(arrivals)
    if per_day * days > MOST_ARRIVALS:
        raise WrongUsage(
            Text(
                "--arrivals {arrivals}：{days} 天共 {count} 件，一次最多 {most} 件。",
                "--arrivals {arrivals}: {count} applications in {days} days; at most {most} are"
                " simulated.",
                arrivals=arrivals,
                days=days,
                count=f"{per_day * days:.6g}",
                most=MOST_ARRIVALS,
            )
        )
    service, known = _pack(pack), known_around(pack.resolve().parent.parent)
    service = replace(service, connectors={**connectors_in(known), **service.connectors})
    roles = roles_in(known)
    begin = _day(first)
    timetable = Timetable(begin, _hours(hours), counting_by_weekends(), office_zone())
    weights = _mix(service, mix)
    declared = registers_in(known)
    office = Office(service, timetable, _minutes(service, minutes), declared)
    people = _staff(service, staff)
    coming = plan_arrivals(
        service,
        timetable,
        per_day=per_day,
        days=days,
        mix=weights,
        source=random.Random(seed),
        registers=declared,
    )
    with Patience(len(coming)) as patience:
        report = _run(office, coming, people, days, patience)
        found = _search(office, coming, report, target, days, patience) if search else None
    if svg is not None:
        words = figures.words_of_roles(report, roles)
        svg.write_text(queue_chart(report, timetable, words), "utf-8")
    asked = figures.SimulationRequest(service, roles, per_day, days, seed, weights, target / 100)
    if as_json:
        click.echo(json.dumps(figures.as_json(asked, report, found), ensure_ascii=False, indent=1))
    else:
        figures.show(Console(highlight=False), asked, report, found)
        if svg is not None:
            click.echo(f"✓ {svg}")
    if report.last.year >= PACKAGED.stop:
        tell(
            Text(
                "! {stop} 年起的节假日尚未录入，按周末推算。",
                "! The holidays from {stop} on are not known: counted by weekends alone.",
                stop=PACKAGED.stop,
            ),
            err=True,
        )


def _run(
    office: Office,
    coming: Sequence[Arrival],
    staff: Mapping[str, int],
    days: int,
    patience: Patience,
) -> Report:
    patience.begin()
    return simulated(office, coming, staff, days=days, progress=patience.tell)


def _search(
    office: Office,
    coming: Sequence[Arrival],
    report: Report,
    target: float,
    days: int,
    patience: Patience,
) -> Staffing:
    def run(staff: Mapping[str, int]) -> Report:
        return _run(office, coming, staff, days, patience)

    return smallest_staff(run, report, target / 100)


def counting_by_weekends() -> Calendar:
    """The known calendar, and mere weekends in years that are not announced yet."""
    return chinese_calendar_with().with_weekends()


# -- what was asked --------------------------------------------------------------------------------


def _pack(folder: Path) -> Pack:
    try:
        pack = read_pack(read_folder(folder))
    except Refused as refused:
        end_refused(
            refused,
            Text(
                "{folder}：事项有错误，不能仿真。",
                "{folder}: a pack with errors cannot be simulated.",
                folder=folder,
            ),
        )
    if not pack.examples:
        raise Failed(
            Text(
                "{folder}：没有示例，不知道来什么样的申请。",
                "{folder}: without examples nobody knows what applications come.",
                folder=folder,
            )
        )
    return pack


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(office_zone()).date()
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise WrongUsage(
        Text(
            "--from {text} 读不懂，例如 2026-03-02。",
            "--from {text} is not understood; for example 2026-03-02.",
            text=text,
        )
    )


def _hours(text: str) -> Hours:
    with suppress(ValueError):
        return Hours.parse(text)
    raise WrongUsage(
        Text(
            "--hours {text} 读不懂，例如 8:30-12:00,13:00-16:30。",
            "--hours {text} is not understood; for example 8:30-12:00,13:00-16:30.",
            text=text,
        )
    )


def _per_day(text: str) -> float:
    number, _, per = text.partition("/")
    with suppress(ValueError, KeyError):
        found = float(number) / {"": 1, "day": 1, "week": 5}[per]
        if 0 < found < inf:
            return found
    raise WrongUsage(
        Text(
            "--arrivals {text} 读不懂，例如 40/day、200/week。",
            "--arrivals {text} is not understood; for example 40/day, 200/week.",
            text=text,
        )
    )


def _staff(pack: Pack, given: Sequence[str]) -> dict[str, int]:
    """Officials by role; `reviewer` also stands for every `reviewer:department` not named."""
    roles = [role for role in pack.service.roles if role != APPLICANT]
    bases = [role.partition(":")[0] for role in roles]
    found = _pairs("--staff", given, list(dict.fromkeys([*roles, *bases])), int)
    return {
        role: found.get(role, found.get(base, 1)) for role, base in zip(roles, bases, strict=True)
    }


def _minutes(pack: Pack, given: Sequence[str]) -> dict[str, float]:
    elements = [e.id for e in pack.elements.values() if e.kind.endswith("Task")]
    return _pairs("--minutes", given, elements, float)


def _mix(pack: Pack, given: Sequence[str]) -> dict[str, float]:
    keys = [example.key for example in pack.examples]
    if not given:
        return dict.fromkeys(keys, 1.0)
    whole = []
    for each in given:  # 01=80 is enough where one example begins with 01
        name, sign, weight = each.partition("=")
        begun = [key for key in keys if key.startswith(name)]
        whole.append(f"{begun[0] if len(begun) == 1 else name}{sign}{weight}")
    return _pairs("--mix", whole, keys, float)


def _pairs(
    option: str, given: Sequence[str], known: Sequence[str], number: Callable[[str], N]
) -> dict[str, N]:
    found: dict[str, N] = {}
    for each in given:
        name, _, text = each.partition("=")
        if name not in known:
            raise WrongUsage(
                Text(
                    "{option} {each}：没有“{name}”；有：{known}。",
                    "{option} {each}: there is no “{name}”; there are: {known}.",
                    option=option,
                    each=each,
                    name=name,
                    known=list(known),
                )
            )
        try:
            found[name] = number(text)
        except ValueError:
            raise WrongUsage(
                Text(
                    "{option} {each} 读不懂，例如 {name}=2。",
                    "{option} {each} is not understood; for example {name}=2.",
                    option=option,
                    each=each,
                    name=name,
                )
            ) from None
        if not 0 <= found[name] <= _LARGEST:
            raise WrongUsage(
                Text(
                    "{option} {each}：不能小于零，也不能大于 {most}。",
                    "{option} {each}: not below zero and not above {most}.",
                    option=option,
                    each=each,
                    most=f"{_LARGEST:,}",
                )
            )
    return found
