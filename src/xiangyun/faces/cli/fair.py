"""`xiangyun fair`: who talks with whom and when, where everybody stands, who speaks when."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
import duckdb

from xiangyun.adapters.fairtables import (
    HEADS,
    Files,
    Unfit,
    from_files,
    guests_of,
    plan_rows,
    write_rows,
)
from xiangyun.adapters.highs import solve
from xiangyun.adapters.pairing import Asked
from xiangyun.kernel.fair import Fair, make_plan
from xiangyun.kernel.fair.plan import wrong_in
from xiangyun.kernel.findings import NotFound, Place, Refused, Text
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.worktime import office_zone

from .match import declared_around, with_registers
from .telling import Failed, end_refused, help_of, tell

_GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("pack")
@click.option("--fair", "code", help="Which fair; may be left out if there is one.")
@click.option("--exhibitors", type=_GIVEN, required=True, help="Who stands there: CSV, JSON lines.")
@click.option("--offers", type=_GIVEN, required=True, help="What they offer: CSV or JSON lines.")
@click.option("--demands", type=_GIVEN, required=True, help="Who comes: CSV or JSON lines.")
@click.option(
    "--out",
    type=_FOLDER,
    help=help_of(
        Text(
            "把方案写进这个文件夹：interviews、booths、talks 和 unfit 四个 CSV。",
            "Write interviews, booths, talks and unfit (.csv) into this folder.",
        )
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fair(
    pack: str,
    code: str | None,
    exhibitors: Path,
    offers: Path,
    demands: Path,
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan the fair of PACK: interviews, booths and talks.

    Interviews are stable: no two would rather have each other. Nobody is at
    two places at once. The same files always give the same plan.
    """
    try:
        declared, asked = _asked(pack, code)
        with tempfile.TemporaryDirectory() as scratch:
            taking = from_files(declared, asked, Files(exhibitors, offers, demands))
            guests, unfit = guests_of(declared, asked, taking, Path(scratch))
        plan = make_plan(declared, guests, solve)
    except Refused as refused:
        end_refused(refused)
    except duckdb.Error as error:
        raise Failed(
            Text("读不了这些表：{error}", "Cannot read the tables: {error}", error=str(error))
        ) from None
    rows = plan_rows(declared, guests, plan, office_zone())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, some in rows.items():
            write_rows(out / f"{name}.csv", HEADS[name], some)
        head = ("offer", "demand", "named_by", "why", "why_en")
        write_rows(out / "unfit.csv", head, [_refused(each) for each in unfit])
    wrong = list(wrong_in(declared, guests, plan))
    if as_json:
        found = {
            **{name: [dict(zip(HEADS[name], row, strict=True)) for row in some]
               for name, some in rows.items()},
            "without": list(plan.without),
            "unfit": [dict(zip(("offer", "demand", "named_by", "why", "why_en"),
                                 _refused(each), strict=True)) for each in unfit],
            "wrong": wrong,
        }  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    tell(
        Text(
            "{demands:,} 人中 {have:,} 人有面试，共 {interviews:,} 场；{booths} 个展位，"
            "{talks} 场宣讲；不稳定或冲突 {wrong} 处。",
            "{have:,} of {demands:,} who come have interviews, {interviews:,} in all; {booths} "
            "booths, {talks} talks; unstable or clashing: {wrong}.",
            demands=len(guests.demands),
            have=len(guests.demands) - len(plan.without),
            interviews=len(plan.interviews),
            booths=len(plan.booths),
            talks=len(plan.talks),
            wrong=len(wrong),
        )
    )
    tell(
        Text(
            "志愿和邀请里有 {unfit:,} 对不相配，理由见 unfit.csv。",
            "{unfit:,} wishes and invitations do not fit; unfit.csv has the reasons.",
            unfit=len(unfit),
        )
    )


def _asked(pack: str, code: str | None) -> tuple[Fair, Asked]:
    declarations, known = declared_around(pack)
    there = {each.code: each for each in declarations if each.kind == "fair"}
    chosen = code or (next(iter(there)) if len(there) == 1 else "")
    if chosen not in there:
        kind = Text("招聘会和对接会", "fair")
        raise NotFound([unknown("fair.E004", kind, chosen or "?", there, Place(pack))])
    found: Fair = there[chosen].value
    matching = known.all("matching").get(found.matching)
    if matching is None:
        kind, others = Text("撮合", "matching"), known.all("matching")
        raise NotFound([unknown("fair.E004", kind, found.matching, others, found.place)])
    return found, with_registers(matching.value, known)


def _refused(unfit: Unfit) -> tuple[str, ...]:
    """Both sides read the same: what would have to change."""
    named_by = "demand" if unfit.wished else "offer"
    why = [each.change for each in unfit.judged.unmet]
    return (
        unfit.offer,
        unfit.demand,
        named_by,
        "；".join(each.zh for each in why),
        "; ".join(each.en for each in why),
    )
