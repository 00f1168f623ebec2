"""`xiangyun indicators`: compute figures, or show them."""

from __future__ import annotations

import json
from datetime import date

import click
from django.utils import timezone

from xiangyun.domain.datasets import figures, queries
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text

from .telling import WrongUsage, tell

_PROVINCE = 220000000000


@click.command()
@click.option(
    "--on", "written", metavar="DATE", help="Through this day, such as 2026-04-30; today."
)
@click.option("--since", "begin", metavar="DATE", help="From this day on, where never computed.")
@click.option("--only", metavar="ID", default="", help="One indicator, and what it is made of.")
@click.option("--anew", is_flag=True, help="Also what is computed already.")
@click.option("--show", "place", metavar="DIVISION", default="", help="Only show those of a place.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def indicators(
    written: str | None, begin: str | None, only: str, anew: bool, place: str, as_json: bool
) -> None:
    """Compute the figures that packs declare, through a day; the worker does so every day."""
    now = timezone.now()
    on = _day("--on", written) if written else timezone.localdate(now)
    if only and only not in queries.indicators():
        raise WrongUsage(Text("没有指标“{only}”。", "There is no indicator “{only}”.", only=only))
    if place:
        _show(codes.typed(place) or _PROVINCE, on, only, as_json=as_json)
        return
    since = _day("--since", begin) if begin else None
    ran = figures.compute(on, at=now, only=only, since=since, anew=anew)
    if as_json:
        told = [
            {
                "indicator": each.id,
                "periods": each.periods,
                "figures": each.figures,
                "problem": each.problem.to_json() if each.problem else None,
            }
            for each in ran
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in ran:
            _tell(each)
    raise SystemExit(1 if any(each.problem for each in ran) else 0)


def _tell(ran: figures.Ran) -> None:
    if ran.problem is not None:
        tell(ran.problem, indent=f"✗ {ran.id} ")
        return
    tell(
        Text(
            "{id}：{periods} 期，{figures} 个数。",
            "{id}: {periods} {periods|period|periods}, {figures} {figures|figure|figures}.",
            id=ran.id,
            periods=ran.periods,
            figures=ran.figures,
        ),
        indent="✓ ",
    )


def _show(place: int, on: date, only: str, *, as_json: bool) -> None:
    board = queries.board(place, on, only=[only] if only else ())
    told = [
        {
            "indicator": each.indicator.id,
            "period": each.period.code,
            "value": None if each.value is None else str(each.value.normalize()),
            "change": None if each.change is None else str(each.change.normalize()),
        }
        for each in board.figures
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in told:
        click.echo(f"{row['indicator']:<28} {row['period']:<10} {row['value'] or '-'}")


def _day(option: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUsage(
            Text(
                "{option} {written} 读不懂，例如 2026-04-30。",
                "{option} {written} is not understood; for example 2026-04-30.",
                option=option,
                written=written,
            )
        ) from None
