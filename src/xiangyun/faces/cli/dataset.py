"""`xiangyun dataset`: check, build, publish, compare and withdraw releases of data sets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.datasets import actions, building, listing, releases
from xiangyun.domain.datasets.ports import workshop
from xiangyun.domain.datasets.releases import Release
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, end_refused, tell

_BY = click.option("--by", metavar="LOGIN", help="The data steward who does it.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _actor(login: str | None) -> Actor:
    found = SYSTEM if login is None else accounts.actor_by_login(login)
    if found is None:
        raise WrongUsage(Text("没有账号 {login}。", "There is no account {login}.", login=login))
    return found


@click.group()
def dataset() -> None:
    """Data sets that packs declare: what is open, in releases that never change."""


@dataset.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """Every data set with its newest release, what waits, and what is late."""
    waiting = {each.dataset: each for each in releases.waiting()}
    told = []
    for one in releases.standings(timezone.localdate()):
        waits, latest = waiting.get(one.dataset.code), one.latest
        told.append(
            {
                "dataset": one.dataset.code,
                "release": latest.number if latest else None,
                "rows": latest.rows if latest else None,
                "waiting": waits.number if waits else None,
                "late": one.late.code if one.late else None,
            }
        )
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in told:
        shown = [f"v{row['release']}" if row["release"] else "-", str(row["rows"] or "")]
        shown += [f"waiting v{row['waiting']}"] if row["waiting"] else []
        shown += [f"late {row['late']}"] if row["late"] else []
        click.echo(f"{row['dataset']:<32} {'  '.join(shown)}")


@dataset.command()
@click.argument("code")
@click.option("--on", "written", metavar="DATE", help="As of this day; today.")
@click.option("--file", "file", type=click.Path(exists=True, path_type=Path), help="Its CSV.")
def check(code: str, written: str | None, file: Path | None) -> None:
    """Build CODE and say what is wrong with it; nothing is kept."""
    try:
        found = building.declared(code)
        with workshop().folder() as folder:
            built = building.build(found, 0, 0, _day(written), folder, file)
    except Refused as refused:
        end_refused(refused)
    tell(
        Text("{code}：{rows} 行，没有问题。", "{code}: {rows} {rows|row|rows}, nothing is wrong.",
             code=code, rows=built.rows),
        indent="✓ ",
    )  # fmt: skip


@dataset.command()
@click.argument("code")
@click.option("--on", "written", metavar="DATE", help="As of this day; today.")
@click.option("--file", "file", type=click.Path(exists=True, path_type=Path), help="Its CSV.")
@_BY
@_JSON
def build(code: str, written: str | None, file: Path | None, by: str | None, as_json: bool) -> None:
    """Build the next release of CODE; it waits for somebody else to publish it."""
    try:
        made = actions.build_release(
            code, actor=_actor(by), at=timezone.now(), on=_day(written), file=file
        )
    except Refused as refused:
        end_refused(refused, Text("没有编制。", "Nothing was built."))
    if made is None:
        tell(Text("和上一版相同。", "Nothing has changed since the last release."), indent="· ")
        return
    _tell(made, as_json=as_json)


@dataset.command()
@click.argument("code")
@_BY
@_JSON
def publish(code: str, by: str | None, as_json: bool) -> None:
    """Publish the release of CODE that waits: never who built it."""
    try:
        made = actions.publish(code, actor=_actor(by), at=timezone.now())
    except Refused as refused:
        end_refused(refused, Text("没有发布。", "Nothing was published."))
    _tell(made, as_json=as_json)


@dataset.command()
@click.argument("code")
@_JSON
def diff(code: str, as_json: bool) -> None:
    """How the waiting or the newest release of CODE differs from the one before."""
    one = releases.standing(code, timezone.localdate())
    waiting = next((r for r in releases.waiting() if r.dataset == code), None)
    release = waiting or (one.latest if one else None)
    if release is None:
        raise WrongUsage(Text("“{code}”还没有版本。", "“{code}” has no release.", code=code))
    _tell(release, as_json=as_json)


@dataset.command()
@click.argument("code")
@click.argument("number", type=int)
@click.option("--why", required=True, help="The reason; it stands on the page.")
@_BY
def withdraw(code: str, number: int, why: str, by: str | None) -> None:
    """Take release NUMBER of CODE back; a stone says when and why."""
    try:
        actions.withdraw(code, number, why, actor=_actor(by), at=timezone.now())
    except Refused as refused:
        end_refused(refused, Text("没有任何改动。", "Nothing was changed."))
    tell(
        Text("已撤下第 {number} 版。", "Release {number} is withdrawn.", number=number), indent="✓ "
    )


@dataset.command()
@click.option("--on", "written", metavar="DATE", help="As of this day; today.")
def due(written: str | None) -> None:
    """Build and publish what is due and follows by itself; the worker does so every night."""
    failed = False
    for code, made in actions.publish_what_is_due(_day(written), at=timezone.now()):
        if isinstance(made, Refused):
            failed = True
            tell(made.summary, indent=f"✗ {code} ")
        elif made is None:
            tell(Text("等人发布", "waits for somebody"), indent=f"· {code} ")
        else:
            _tell(made, as_json=False)
    raise SystemExit(1 if failed else 0)


@dataset.command()
def relist() -> None:
    """Write the entries of the catalogue anew."""
    count = listing.relist_all()
    tell(Text("{count} 项。", "{count} {count|entry|entries}.", count=count), indent="✓ ")


def _day(written: str | None) -> date:
    if written is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUsage(
            Text(
                "--on {written} 读不懂，例如 2026-04-30。",
                "--on {written} is not understood; for example 2026-04-30.",
                written=written,
            )
        ) from None


def _tell(release: Release, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {
            "dataset": release.dataset,
            "release": release.number,
            "state": release.state,
            "rows": release.rows,
            "digest": release.digest,
            "difference": release.difference,
            "hidden": release.hidden,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    tell(
        Text(
            "{code} 第 {number} 版：{rows} 行。",
            "{code} v{number}: {rows} {rows|row|rows}.",
            code=release.dataset,
            number=release.number,
            rows=release.rows,
        ),
        indent="✓ ",
    )
    if release.difference is not None:
        changed = release.difference
        tell(
            Text(
                "比第 {since} 版多 {came} 行，少 {went} 行。",
                "{came} came and {went} went since v{since}.",
                since=changed["since"],
                came=changed["came"],
                went=changed["went"],
            ),
            indent="  ",
        )
        for words, names in (
            (Text("增加的列：{names}", "Columns added: {names}"), changed["columns_added"]),
            (Text("减少的列：{names}", "Columns removed: {names}"), changed["columns_removed"]),
            (Text("改变的列：{names}", "Columns changed: {names}"), changed["columns_changed"]),
        ):
            if names:
                tell(words.filled({"names": list(names)}), indent="  ")
