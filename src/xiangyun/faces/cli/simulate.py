"""`xiangyun simulate`: a service against the calendar with a staff, before anyone publishes it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

import click
from rich.console import Console

from xiangyun.adapters.calendar import PACKAGED, chinese_calendar_with
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.requirement import requirements_in
from xiangyun.kernel.pack.kinds.role import roles_in
from xiangyun.kernel.simulation import (
    Arrival,
    Office,
    Opening,
    Report,
    Staffing,
    Timetable,
    expected,
    fewest_hours,
    plan_arrivals,
    plan_by_hour,
    queue_chart,
    simulated,
    smallest_staff,
)
from xiangyun.kernel.worktime import Calendar, office_zone

from . import figures, simulationasked
from .folder import read_folder
from .packpath import PACK
from .packtree import known_around
from .patience import Patience
from .telling import Failed, WrongUsage, end_refused, tell

MOST_ARRIVALS = 100_000
EVERY_DAY = Calendar(lambda day: True, range(date.min.year, date.max.year + 1))


@click.command()
@click.argument("pack", type=PACK)
@click.option(
    "--arrivals",
    default="20/day",
    metavar="RATE|FILE",
    help="Applications on a working day (40/day, 200/week), or a CSV of hours and lanes.",
)
@click.option("--staff", multiple=True, metavar="ROLE=N", help="Officials of a role; else 1.")
@click.option("--days", default=20, type=click.IntRange(1, 500), help="Working days simulated.")
@click.option("--from", "first", metavar="DATE", help="First day; else today.")
@click.option("--mix", multiple=True, metavar="EXAMPLE=WEIGHT", help="Which situations come.")
@click.option("--minutes", multiple=True, metavar="ELEMENT=N", help="Usual time of a task.")
@click.option("--hours", default="8:30-12:00,13:00-16:30", help="Office hours of a day.")
@click.option(
    "--open",
    "open_",
    default="working",
    type=click.Choice(["working", "daily"]),
    help="Open on working days, or on every day.",
)
@click.option("--lane", multiple=True, metavar="LANE=N", help="Who goes first: 1 before 2.")
@click.option("--lane-by", default="lane", metavar="QUESTION", help="Whose answer is the lane.")
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
    open_: str,
    lane: tuple[str, ...],
    lane_by: str,
    target: float,
    search: bool,
    seed: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Run PACK with a staff: queues, share in time, and the smallest staff that meets 99 %.

    The drawing and rules are those that will run; applications are the pack's examples. With
    arrivals by the hour, also the waiting by lane and the earliest closing that meets the target.
    """
    files = read_folder(pack)
    service, known = _pack(pack, files), known_around(pack.resolve().parent.parent)
    service = replace(
        service,
        connectors={**connectors_in(known), **service.connectors},
        requirements={**requirements_in(known), **service.requirements},
    )
    roles, declared = roles_in(known), registers_in(known)
    calendar = counting_by_weekends() if open_ == "working" else EVERY_DAY
    timetable = Timetable(
        simulationasked.day(first), simulationasked.hours(hours), calendar, office_zone()
    )
    weights = simulationasked.mix(service, mix)
    lanes = simulationasked.lanes(service, files, lane_by, lane)
    table = Path(arrivals)
    hourly = simulationasked.by_hour(service, table, lanes) if table.is_file() else ()
    per_day = (
        expected(timetable, hourly, days) / days if hourly else simulationasked.per_day(arrivals)
    )
    _bearable(arrivals, per_day * days, days)
    office = Office(service, timetable, simulationasked.minutes(service, minutes), declared)
    people = simulationasked.staff(service, staff)
    source = random.Random(seed)
    if hourly:
        coming = plan_by_hour(
            service,
            timetable,
            hourly,
            lanes=lanes,
            days=days,
            mix=weights,
            source=source,
            registers=declared,
        )
    else:
        coming = plan_arrivals(
            service,
            timetable,
            per_day=per_day,
            days=days,
            mix=weights,
            source=source,
            registers=declared,
        )
    with Patience(len(coming)) as patience:
        runs = _Runs(coming, days, patience)
        report = runs.run(office, people)
        found = runs.staffing(office, report, target / 100) if search else None
        opening = runs.opening(office, people, target / 100) if search and hourly else None
    if svg is not None:
        words = figures.words_of_roles(report, roles)
        svg.write_text(queue_chart(report, timetable, words), "utf-8")
    asked = figures.SimulationRequest(service, roles, per_day, days, seed, weights, target / 100)
    if as_json:
        shown = figures.as_json(asked, report, found, opening)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        figures.show(Console(highlight=False), asked, report, found, opening)
        if svg is not None:
            click.echo(f"✓ {svg}")
    if open_ == "working" and report.last.year >= PACKAGED.stop:
        tell(
            Text(
                "! {stop} 年起的节假日尚未录入，按周末推算。",
                "! The holidays from {stop} on are not known: counted by weekends alone.",
                stop=PACKAGED.stop,
            ),
            err=True,
        )


@dataclass(frozen=True)
class _Runs:
    """The same applications, run by one office after another."""

    coming: Sequence[Arrival]
    days: int
    patience: Patience

    def run(self, office: Office, staff: Mapping[str, int]) -> Report:
        self.patience.begin()
        return simulated(office, self.coming, staff, days=self.days, progress=self.patience.tell)

    def staffing(self, office: Office, report: Report, target: float) -> Staffing:
        return smallest_staff(lambda staff: self.run(office, staff), report, target)

    def opening(self, office: Office, staff: Mapping[str, int], target: float) -> Opening:
        def until(closing: time) -> Report:
            return self.run(office.with_hours(office.timetable.until(closing)), staff)

        return fewest_hours(until, office.timetable.hours.spans[-1][1], target)


def _bearable(arrivals: str, count: float, days: int) -> None:
    if count > MOST_ARRIVALS:
        raise WrongUsage(
            Text(
                "--arrivals {arrivals}：{days} 天共 {count} 件，一次最多 {most} 件。",
                "--arrivals {arrivals}: {count} applications in {days} days; at most {most} are"
                " simulated.",
                arrivals=arrivals,
                days=days,
                count=f"{count:.6g}",
                most=MOST_ARRIVALS,
            )
        )


def counting_by_weekends() -> Calendar:
    """The known calendar, and mere weekends in years that are not announced yet."""
    return chinese_calendar_with().with_weekends()


def _pack(folder: Path, files: Mapping[str, str]) -> Pack:
    try:
        pack = read_pack(files)
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
