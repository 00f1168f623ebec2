"""`xiangyun year`: a simulated year over all packs, and what must agree in the end."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, ports
from xiangyun.kernel.findings import Text
from xiangyun.kernel.simulation import Hours, Timetable
from xiangyun.kernel.worktime import office_zone

from . import demonstration
from .progress import under_way
from .telling import Failed, beside, tell
from .yearly.agreement import Agreement, compared
from .yearly.cast import Cast
from .yearly.clock import Clock
from .yearly.play import Year

CASES = 1_200_000
"""Applications of a year in a province of 23 million: what the scale is a share of."""
_HOURS = Hours(((time(8, 30), time(12)), (time(13), time(16, 30))))
_PROVINCE = 10**10


@click.command()
@click.option("--scale", default=0.001, show_default=True, type=click.FloatRange(0, 0.1))
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 366))
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same year.")
def year(scale: float, days: int, seed: int) -> None:
    """Play a year up to today on an empty instance, then compare all that was written.

    Ends with 1 where journal, registers, statistics and open data do not agree.
    """
    with acting_as(SYSTEM):
        if access.cases_of(SYSTEM).exists():
            raise Failed(
                Text(
                    "这个实例已有办件。请在空的实例上模拟一年（另设 XIANGYUN_HOME）。",
                    "This instance has cases. Play a year on an empty one (another XIANGYUN_HOME).",
                )
            )
    source = random.Random(seed)
    first = timezone.localdate() - timedelta(days=days)
    clock = Clock(timezone.make_aware(datetime.combine(first, time(6))))
    province = demonstration.HUNCHUN // _PROVINCE * _PROVINCE
    with under_way() as steps, clock.told():
        with steps(Text("装载区划、事项、账号", "Divisions, services, accounts")):
            demonstration.prepare()
            cast = Cast(province, source, first)
            applications = round(CASES * scale * days / 365)
            cast.settle(max(10, applications // 3))
        timetable = Timetable(first, _HOURS, ports.counting_calendar(), office_zone())
        played = Year(cast, clock, timetable, source)
        with steps(Text("一年", "The year")) as report:
            played.play(applications, days, report)
        with steps(Text("对账", "Comparing")) as report:
            found = compared(province, report)
    _tell(played, found)
    raise SystemExit(0 if all(each.agrees for each in found) else 1)


def _tell(played: Year, found: list[Agreement]) -> None:
    console, counts = Console(highlight=False), played.counts
    tell(
        Text(
            "申请 {begun} 件，平台自开 {opened} 件，办结 {ended} 件，评价 {rated} 次。",
            "{begun} applications, {opened} opened by themselves, {ended} ended, {rated} rated.",
            begun=counts.begun.total(),
            opened=counts.opened.total(),
            ended=counts.ended.total(),
            rated=counts.rated,
        )
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in (
        Text("对账", "Compared"),
        Text("一边", "One side"),
        Text("另一边", "The other"),
    ):
        table.add_column(beside(column))
    for each in found:
        mark = "[green]✓[/]" if each.agrees else "[red]✗[/]"
        table.add_row(f"{mark} {beside(each.what)}", str(each.one), str(each.other))
    console.print(table)
    for title, counted in (
        (Text("没有受理", "Refused"), counts.refused),
        (Text("办不成，工作人员不予同意", "Not possible, and so declined"), counts.turned),
        (Text("没有做成的作业", "Jobs that failed"), played.jobs.failed),
    ):
        if counted:
            tell(title)
            for what, number in counted.most_common(20):
                console.print(f"  {number:>6}  {what}")
