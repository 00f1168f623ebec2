"""`xiangyun siting`: where to build, and how good that is proven to be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from xiangyun.adapters.highs import solve
from xiangyun.domain.divisions.packaged import packaged
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.siting.declaration import SitingDeclaration, read_siting
from xiangyun.kernel.siting.drawing import plan_map
from xiangyun.kernel.siting.ground import Ground, Known, invented
from xiangyun.kernel.siting.median import median
from xiangyun.kernel.siting.model import Sited, Sites
from xiangyun.kernel.siting.orlib import distances, read_orlib
from xiangyun.kernel.siting.plan import Plan, make_plan
from xiangyun.kernel.siting.report import plan_csv, plan_json
from xiangyun.kernel.siting.table import read_spots

from .telling import WrongUsage, beside, end_refused, help_of, readers, tell

_GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
_WRITTEN = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_GIVEN)
@click.option(
    "--orlib",
    is_flag=True,
    help=help_of(
        Text(
            "文件是 OR-Library 的 p-中位问题。", "The file is a p-median problem of the OR-Library."
        )
    ),
)
@click.option("--choose", type=click.IntRange(0), help="How many further sites; else as FILE says.")
@click.option("--sites", type=_GIVEN, help="CSV of the sites: code, name, …, built.")
@click.option("--places", type=_GIVEN, help="CSV of where people live: code, name, …, people.")
@click.option("--csv", "as_csv", type=_WRITTEN, help="Write the chosen sites into this file.")
@click.option("--map", "as_map", type=_WRITTEN, help="Draw the plan into this SVG file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def siting(
    file: Path,
    orlib: bool,
    choose: int | None,
    sites: Path | None,
    places: Path | None,
    as_csv: Path | None,
    as_map: Path | None,
    as_json: bool,
) -> None:
    """Choose sites by FILE so that people are near, and say how far the best may be off."""
    if (sites is None) != (places is None):
        raise WrongUsage(
            Text("--sites 和 --places 要一起给。", "--sites and --places are given together.")
        )
    try:
        if orlib:
            return _tell_orlib(_of_orlib(file), as_json=as_json)
        asked = _asked(file, choose)
        plan = make_plan(asked, _ground(asked, sites, places), solve)
    except Refused as refused:
        end_refused(refused)
    if as_csv:
        as_csv.write_text(plan_csv(plan_json(plan)), "utf-8")
    if as_map:
        as_map.write_text(plan_map(plan, language=readers()[0], named=_named), "utf-8")
    if as_json:
        click.echo(json.dumps(plan_json(plan), ensure_ascii=False, indent=2))
    else:
        _tell_plan(plan)


def _named(code: int, name: str) -> str:
    """How a map calls a division: counties have names where they are real ones."""
    return name or next((one.name for one in packaged() if one.code == code), "")


def _of_orlib(file: Path) -> Sited:
    network = read_orlib(file.read_text("utf-8", errors="replace"), file.name)
    return median(distances(network, file.name), Sites(network.vertices, network.medians), solve)


def _tell_orlib(found: Sited, *, as_json: bool) -> None:
    if as_json:
        chosen = [site + 1 for site in found.chosen]
        values = {"objective": found.objective, "bound": found.bound, "gap": found.gap}
        click.echo(json.dumps({**values, "chosen": chosen}))
    else:
        click.echo(f"objective {found.objective}, gap {found.gap:.3g}")


def _asked(file: Path, choose: int | None) -> SitingDeclaration:
    faults: list[Finding] = []
    asked = read_siting(file.read_text("utf-8", errors="replace"), faults.append)
    if asked is None or any(fault.severity == "error" for fault in faults):
        raise Refused(faults)
    return asked if choose is None else replace(asked, choose=choose)


def _ground(asked: SitingDeclaration, sites: Path | None, places: Path | None) -> Ground:
    if sites is not None and places is not None:
        return Ground(
            read_spots(sites.read_text("utf-8"), sites.name),
            read_spots(places.read_text("utf-8"), places.name),
            False,
        )
    known = (Known(one.code, one.name, one.longitude, one.latitude) for one in packaged())
    return invented(known, int(asked.within), asked.existing)


def _tell_plan(plan: Plan) -> None:
    asked = plan.asked
    tell(asked.name)
    click.echo(f"objective {plan.sited.objective}, gap {plan.sited.gap:.3g}")
    for site in plan.new:
        others = "  ".join(f"{other.site.name} -{other.loses}" for other in site.alternatives)
        of = site.site
        click.echo(f"  {of.code:012}  {site.gains:>7,}  {of.name}  ↔ {others or '—'}")
    tell(
        Text(
            "步行 {minutes} 分钟可到的人：{before:,} → {after:,}，共 {people:,} 人。",
            "People within {minutes} minutes on foot: {before:,} → {after:,}, of {people:,}.",
            minutes=asked.walk.minutes,
            before=plan.before,
            after=plan.after,
            people=plan.people,
        )
    )
    tell(
        Text(
            "目标：{towns:,} 个乡镇（街道）的 {share}%，即 {wanted} 个；本方案之后还差 {more} 个。",
            "The target is {share} % of {towns:,} towns, that is {wanted}; this plan leaves {more} "
            "to be built.",
            towns=plan.towns,
            share=asked.share,
            wanted=plan.wanted,
            more=plan.more,
        )
    )
    for cost in plan.costs:
        borne = "  ".join(f"{level} {amount:,}" for level, amount in cost.bears.items())
        name = beside(cost.facility.name)
        click.echo(f"  {name}  × {cost.number:,}  {cost.build:,} + {cost.yearly:,}/a  ({borne})")
    if plan.ground.invented:
        tell(
            Text(
                "坐标和人数是虚构的：县城以外的位置没有公开数据；道路系数 {road}。",
                "Coordinates and people are made up: none are known below county seats; roads are "
                "{road} times a line.",
                road=str(asked.walk.road),
            )
        )
