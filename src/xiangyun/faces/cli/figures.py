"""How a simulation is printed: for people as tables, for machines as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xiangyun import manifest
from xiangyun.domain.accounts.roles import full_words, general
from xiangyun.faces.look import limits
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.simulation import Report, RoleFigures, Staffing

from .telling import marked

_FEW = 5
"""Desks that are named one by one in a sentence."""


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """What was asked to be simulated; `target` is a share."""

    pack: Pack
    per_day: float
    days: int
    seed: int
    mix: Mapping[str, float]
    target: float


def role_words(report: Report) -> dict[str, Text]:
    """The names of the roles; that of a department, `reviewer:water`, says which."""
    return {figures.role: full_words(figures.role) for figures in report.roles}


def show(
    console: Console, asked: SimulationRequest, report: Report, found: Staffing | None
) -> None:
    """Print everything, the answer last."""
    name = asked.pack.service.name
    console.print(
        f"[bold]{name.zh}[/]  [dim]{name.en}[/]\n"
        f"{asked.per_day:g} 件/工作日 × {asked.days} 个工作日"
        f"（{report.first:%Y-%m-%d} — {report.last:%Y-%m-%d}），种子 {asked.seed}"
        f"  [dim]{asked.per_day:g} a working day, {asked.days} days, seed {asked.seed}[/]"
    )
    if len(set(asked.mix.values())) == 1 and len(asked.mix) == len(asked.pack.examples):
        console.print(
            "各示例等比到来；实际的比例用 --mix 给出"
            "  [dim]every example comes alike; give real shares by --mix[/]"
        )
    console.print(_desks(report, found))
    _shares(console, asked, report)
    for example, why in report.stuck.items():
        console.print(f"[red]✗[/] {escape(example)}: {marked(why)}")
    if found is not None:
        _staffing(console, found)


def _desks(report: Report, found: Staffing | None) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("岗位\ndesk", overflow="fold")
    heads = [
        "人\nstaff",
        "件\ntasks",
        "平均等候\nmean wait",
        "95% 等候\n95 % wait",
        "忙\nbusy",
        "平均排队\nmean queue",
        "最长排队\nlongest",
    ]
    for head in heads if found is None else [*heads, "够用\nenough"]:
        table.add_column(head, justify="right")
    for f in report.roles:
        office = manifest.roles().get(general(f.role))
        row = [
            f"{f.role} [dim]{office.words.zh}[/]" if office else f.role,
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
    lines = [
        (pack.service.promised, report.promised, Text("承诺时限内", "within the promised time")),
        (pack.service.statutory, report.statutory, Text("法定时限内", "within the statutory time")),
    ]
    for each in pack.service.stage_limits:
        name = pack.words(f"stage.{each.stage}")
        said = Text("“{name}”阶段时限内", "within the time of the stage “{name}”", name=name)
        lines.append((each.limit, shares[each.stage], said))
    for limit, share, said in lines:
        mark = "[green]✓[/]" if share >= asked.target else "[red]✗[/]"
        days = limits.in_words(limits.span_on(pack, limit, on), limit)
        console.print(f"{mark} {said.zh} {share:7.2%}（{days.zh}）  [dim]{said.en}[/]")
    if pack.service.extension is not None:
        console.print("  均未计延期  [dim]no case is granted an extension[/]")
    outcomes = "，".join(
        f"{asked.pack.words(f'outcome.{key}').zh} {count}" for key, count in report.outcomes.items()
    )
    still = report.arrived - report.finished
    console.print(
        f"  到件 {report.arrived}，办结 {report.finished}"
        + (f"，未办结 {still}" if still else "")
        + f"：{outcomes}  [dim]came, ended, outcomes[/]"
    )


def _staffing(console: Console, found: Staffing) -> None:
    share = f"{found.report.promised:.2%}"
    tried = f"{share}，试了 {found.tries} 种"
    if found.staff is None:
        console.print(
            f"[red]✗[/] 加人也到不了 {found.target:.0%}（{tried}）：时间不是花在排队上。"
            f"\n  [dim]no staff reaches {found.target:.0%}: the time is not lost in queues[/]"
        )
        return
    words = role_words(found.report)
    people = "、".join(f"{words[role].zh} {n} 人" for role, n in found.staff.items())
    if len(found.staff) > _FEW:
        people = f"共 {sum(found.staff.values())} 人，见上表"
    options = " ".join(f"--staff {role}={n}" for role, n in found.staff.items())
    console.print(
        f"[green]✓[/] 达到 {found.target:.0%} 的最少人手：{people}（{tried}）"
        f"\n  [dim]smallest staff for {found.target:.0%}: {options}[/]"
    )


def _span(minutes: float) -> str:
    """Minutes of open office as hours:minutes."""
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02}"


def as_json(asked: SimulationRequest, report: Report, found: Staffing | None) -> dict[str, Any]:
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
