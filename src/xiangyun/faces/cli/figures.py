"""How a simulation is printed: for people as tables, for machines as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xiangyun.domain.accounts.roles import full_words, general
from xiangyun.faces.look import limits
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.kinds.role import DeclaredRole
from xiangyun.kernel.simulation import Opening, Report, RoleFigures, Staffing

from .telling import lines, marked, told

_FEW = 5
"""Desks that are named one by one in a sentence."""


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """What was asked to be simulated; `target` is a share."""

    pack: Pack
    known: Mapping[str, DeclaredRole]
    per_day: float
    days: int
    seed: int
    mix: Mapping[str, float]
    target: float


def words_of_roles(report: Report, known: Mapping[str, DeclaredRole]) -> dict[str, Text]:
    """The names of the roles; that of a department, `reviewer:water`, says which."""
    return {figures.role: full_words(figures.role, known) for figures in report.roles}


def show(
    console: Console,
    asked: SimulationRequest,
    report: Report,
    found: Staffing | None,
    opening: Opening | None = None,
) -> None:
    """Print everything, the answer last."""
    run = Text(
        "{per_day:g} 件/工作日 × {days} 个工作日（{first} — {last}），种子 {seed}",
        "{per_day:g} a working day, {days} {days|day|days} ({first} — {last}), seed {seed}",
        per_day=asked.per_day,
        days=asked.days,
        first=f"{report.first:%Y-%m-%d}",
        last=f"{report.last:%Y-%m-%d}",
        seed=asked.seed,
    )
    console.print(f"[bold]{marked(asked.pack.service.name)}[/]\n{marked(run)}")
    if len(set(asked.mix.values())) == 1 and len(asked.mix) == len(asked.pack.examples):
        console.print(
            marked(
                Text(
                    "各示例等比到来；实际的比例用 --mix 给出",
                    "every example comes alike; give real shares by --mix",
                )
            )
        )
    console.print(_desks(asked, report, found))
    if report.lanes:
        console.print(_lanes(report))
    _shares(console, asked, report)
    for example, why in report.stuck.items():
        console.print(f"[red]✗[/] {escape(example)}: {marked(why)}")
    if found is not None:
        _staffing(console, asked, found)
    if opening is not None:
        _closing(console, opening)


def _lanes(report: Report) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(told(Text("通道", "lane")), overflow="fold")
    for head in (
        Text("件", "came"),
        Text("平均等候", "mean wait"),
        Text("95% 等候", "95 % wait"),
        Text("承诺时限内", "in time"),
    ):
        table.add_column(told(head), justify="right")
    for each in report.lanes:
        table.add_row(
            each.lane,
            str(each.arrived),
            _span(each.mean_wait),
            _span(each.p95_wait),
            f"{each.promised:.1%}",
        )
    return table


def _closing(console: Console, found: Opening) -> None:
    share = f"{found.report.promised:.2%}"
    if found.closing is None:
        none = Text(
            "人手不变，开到半夜也到不了 {target:.0%}（{share}）。",
            "With this staff no closing reaches {target:.0%} ({share}).",
            target=found.target,
            share=share,
        )
        console.print(f"[red]✗[/] {marked(none)}")
        return
    earliest = Text(
        "人手不变时达到 {target:.0%} 的最早关闭时间：{closing}（{share}）",
        "earliest closing for {target:.0%} with this staff: {closing} ({share})",
        target=found.target,
        closing=f"{found.closing:%H:%M}",
        share=share,
    )
    console.print(f"[green]✓[/] {marked(earliest)}")


def _desks(asked: SimulationRequest, report: Report, found: Staffing | None) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(told(Text("岗位", "desk")), overflow="fold")
    heads = [
        Text("人", "staff"),
        Text("件", "tasks"),
        Text("平均等候", "mean wait"),
        Text("95% 等候", "95 % wait"),
        Text("忙", "busy"),
        Text("平均排队", "mean queue"),
        Text("最长排队", "longest"),
    ]
    for head in heads if found is None else [*heads, Text("够用", "enough")]:
        table.add_column(told(head), justify="right")
    for f in report.roles:
        office = asked.known.get(general(f.role))
        row = [
            f"{f.role} [dim]{lines(office.words)[0]}[/]" if office else f.role,
            str(f.staff),
            str(f.tasks),
            _span(f.mean_wait),
            _span(f.p95_wait),
            f"{f.utilisation:.0%}",
            f"{f.mean_queue:.1f}",
            str(f.longest_queue),
        ]
        if found is not None:
            row.append(str((found.staff or {}).get(f.role, "–")))
        table.add_row(*row)
    return table


def _shares(console: Console, asked: SimulationRequest, report: Report) -> None:
    pack, on = asked.pack, report.first.date()
    shares = {figures.stage: figures.in_time for figures in report.stages}
    limited = [
        (pack.service.promised, report.promised, Text("承诺时限内", "within the promised time")),
        (pack.service.statutory, report.statutory, Text("法定时限内", "within the statutory time")),
    ]
    for each in pack.service.stage_limits:
        name = pack.words(f"stage.{each.stage}")
        said = Text("“{name}”阶段时限内", "within the time of the stage “{name}”", name=name)
        limited.append((each.limit, shares[each.stage], said))
    for limit, share, said in limited:
        mark = "[green]✓[/]" if share >= asked.target else "[red]✗[/]"
        days = limits.in_words(limits.span_on(pack, limit, on), limit)
        row = Text(
            "{said} {share:7.2%}（{days}）",
            "{said} {share:7.2%} ({days})",
            said=said,
            share=share,
            days=days,
        )
        console.print(f"{mark} {marked(row)}")
    if pack.service.extension is not None:
        console.print(f"  {marked(Text('均未计延期', 'no case is granted an extension'))}")
    outcomes = [
        Text("{outcome} {n}", "{outcome} {n}", outcome=asked.pack.words(f"outcome.{key}"), n=count)
        for key, count in report.outcomes.items()
    ]
    said = Text(
        "到件 {arrived}，办结 {finished}，未办结 {still}：{outcomes}",
        "{arrived} came, {finished} ended, {still} under way: {outcomes}",
        arrived=report.arrived,
        finished=report.finished,
        still=report.arrived - report.finished,
        outcomes=outcomes,
    )
    console.print(f"  {marked(said)}")


def _staffing(console: Console, asked: SimulationRequest, found: Staffing) -> None:
    share = f"{found.report.promised:.2%}"
    tried = Text(
        "{share}，试了 {tries} 种", "{share}, {tries} tried", share=share, tries=found.tries
    )
    if found.staff is None:
        none = Text(
            "加人也到不了 {target:.0%}（{tried}）：时间不是花在排队上。",
            "No staff reaches {target:.0%} ({tried}): the time is not lost in queues.",
            target=found.target,
            tried=tried,
        )
        console.print(f"[red]✗[/] {escape(told(none)).replace(chr(10), chr(10) + '  ')}")
        return
    words = words_of_roles(found.report, asked.known)
    people: Text | list[Text] = [
        Text("{role} {n} 人", "{role} {n}", role=words[role], n=n)
        for role, n in found.staff.items()
    ]
    if len(found.staff) > _FEW:
        everybody = sum(found.staff.values())
        people = Text("共 {n} 人，见上表", "{n} in all, see above", n=everybody)
    smallest = Text(
        "达到 {target:.0%} 的最少人手：{people}（{tried}）",
        "smallest staff for {target:.0%}: {people} ({tried})",
        target=found.target,
        people=people,
        tried=tried,
    )
    options = " ".join(f"--staff {role}={n}" for role, n in found.staff.items())
    console.print(f"[green]✓[/] {marked(smallest)}\n  [dim]{options}[/]")


def _span(minutes: float) -> str:
    """Minutes of open office as hours:minutes."""
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02}"


def as_json(
    asked: SimulationRequest,
    report: Report,
    found: Staffing | None,
    opening: Opening | None = None,
) -> dict[str, Any]:
    """All figures; waiting and work in minutes of open office, shares from 0 to 1."""
    return {
        "service": asked.pack.code,
        "asked": {
            "per_day": asked.per_day,
            "days": asked.days,
            "seed": asked.seed,
            "mix": dict(asked.mix),
            "target": asked.target,
        },
        "run": _report(report),
        "staffing": None
        if found is None
        else {
            "staff": None if found.staff is None else dict(found.staff),
            "tries": found.tries,
            "run": _report(found.report),
        },
        "opening": None
        if opening is None
        else {
            "closing": None if opening.closing is None else f"{opening.closing:%H:%M}",
            "tries": opening.tries,
            "run": _report(opening.report),
        },
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "arrived": report.arrived,
        "finished": report.finished,
        "outcomes": dict(report.outcomes),
        "stuck": {example: why.to_json() for example, why in report.stuck.items()},
        "within_promised": report.promised,
        "within_statutory": report.statutory,
        "stages": [
            {"stage": each.stage, "cases": each.cases, "within": each.in_time}
            for each in report.stages
        ],
        "roles": [_role(figures) for figures in report.roles],
        "lanes": [
            {
                "lane": each.lane,
                "arrived": each.arrived,
                "mean_wait": round(each.mean_wait, 2),
                "p95_wait": round(each.p95_wait, 2),
                "within_promised": each.promised,
            }
            for each in report.lanes
        ],
    }


def _role(figures: RoleFigures) -> dict[str, Any]:
    return {
        "role": figures.role,
        "staff": figures.staff,
        "tasks": figures.tasks,
        "mean_wait": round(figures.mean_wait, 2),
        "p95_wait": round(figures.p95_wait, 2),
        "load": round(figures.load, 3),
        "utilisation": round(figures.utilisation, 4),
        "mean_queue": round(figures.mean_queue, 3),
        "longest_queue": figures.longest_queue,
        "queue": [[at.isoformat(), length] for at, length in figures.queue],
    }
