"""`xiangyun calendar`: which days offices work, and what this instance says about it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.calendar import actions, queries
from xiangyun.domain.cases import queue
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, beside, end_refused, tell

_WORDS = {"works": True, "rest": False}


_DAY = click.DateTime(["%Y-%m-%d"])
_REASON = click.option("--reason", required=True, help="The announcement it rests on.")
_BY = click.option("--by", metavar="LOGIN", help="The official who enters it; else the platform.")

_WORKS, _RESTS = Text("上班", "works"), Text("放假", "rest")


@click.group()
def calendar() -> None:
    """Days and years entered over the packaged calendar; running deadlines follow them."""


@calendar.command("list")
@click.option("--year", type=int, help="The days of this year only.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(year: int | None, as_json: bool) -> None:
    """Which years are known, and every day that was entered."""
    with acting_as(SYSTEM):
        covered = queries.calendar().covered
        years, days = queries.years(), queries.days(year)
    if as_json:
        click.echo(json.dumps(_as_json(covered, years, days), ensure_ascii=False, indent=1))
        return
    tell(
        Text(
            "已知年份：{start}–{stop}。",
            "Known years: {start}–{stop}.",
            start=covered.start,
            stop=covered.stop - 1,
        )
    )
    for whole in years:
        tell(
            Text(
                "{year}  整年  {reason}  {entered_by_name}",
                "{year}  the whole year  {reason}  {entered_by_name}",
                year=whole.year,
                reason=whole.reason,
                entered_by_name=whole.entered_by_name,
            )
        )
    for day in days:
        word = beside(_WORKS if day.works else _RESTS)
        click.echo(f"{day.date}  {word}  {day.reason}  {day.entered_by_name}")


def _as_json(
    covered: range, years: Sequence[queries.Year], days: Sequence[queries.Day]
) -> dict[str, object]:
    def who(entry: queries.Year | queries.Day) -> dict[str, str]:
        return {
            "reason": entry.reason,
            "by": entry.entered_by_name,
            "at": entry.entered_at.isoformat(),
        }

    return {
        "known": [covered.start, covered.stop - 1],
        "years": [{"year": each.year, **who(each)} for each in years],
        "days": [
            {"date": each.date.isoformat(), "works": each.works, **who(each)} for each in days
        ],
    }


@calendar.command("set")
@click.argument("day", type=_DAY)
@click.argument("what", type=click.Choice(list(_WORDS)))
@_REASON
@_BY
def set_day(day: datetime, what: str, reason: str, by: str | None) -> None:
    """Say of one DAY whether offices work; its year does not become known by that."""
    _enter(
        lambda actor: actions.set_day(
            day.date(), _WORDS[what], reason=reason, actor=actor, at=timezone.now()
        ),
        by,
        day.date(),
    )
    click.echo(f"✓ {day:%Y-%m-%d} {what}")


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=int, required=True, help="The year that the file holds as a whole.")
@_REASON
@_BY
def import_year(file: Path, year: int, reason: str, by: str | None) -> None:
    """Enter a whole year from FILE, lines such as 2027-01-01,rest and 2027-02-14,works."""
    days = _read(file)
    _enter(
        lambda actor: actions.enter_year(year, days, reason=reason, actor=actor, at=timezone.now()),
        by,
        date(year, 1, 1),
    )
    with acting_as(SYSTEM):
        covered = queries.calendar().covered
    tell(
        Text(
            "✓ {year}：录入 {count} 天。",
            "✓ {year}: {count} {count|day|days} entered.",
            year=year,
            count=len(days),
        )
    )
    tell(
        Text(
            "已知年份：{start}–{stop}。",
            "Known years: {start}–{stop}.",
            start=covered.start,
            stop=covered.stop - 1,
        )
    )


@calendar.command("recount")
@click.option("--since", type=_DAY, required=True, help="Deadlines on this day or later.")
def recount(since: datetime) -> None:
    """Count running deadlines anew, such as after a newer packaged calendar was installed."""
    with acting_as(SYSTEM):
        queue.recount(since.date())
    _told_of_recount()


def _enter(verb: Callable[[Actor], object], by: str | None, since: date) -> None:
    """Enter something, and have the deadlines that reach it counted anew, in one transaction."""
    actor = SYSTEM if by is None else accounts.actor_by_login(by)
    if actor is None:
        raise WrongUsage(Text("没有账号 {by}。", "There is no account {by}.", by=by))
    try:
        with transaction.atomic(), acting_as(actor):
            verb(actor)
            queue.recount(since)
    except Refused as refused:
        end_refused(refused, Text("没有录入。", "Nothing was entered."))
    _told_of_recount()


def _told_of_recount() -> None:
    tell(
        Text(
            "在办件的期限由后台重新计算。", "The worker counts the deadlines of running cases anew."
        )
    )


def _read(file: Path) -> dict[date, bool]:
    """The days of a file; every line that is none is named with its number."""
    found: dict[date, bool] = {}
    wrong: list[str] = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            words = [word.strip() for word in row]
            if not words or words[0].startswith("#") or words[0] == "date":
                continue
            try:
                day, works = date.fromisoformat(words[0]), _WORDS[words[1]]
            except (ValueError, KeyError, IndexError):
                wrong.append(f"{file}:{number}: {','.join(row)}")
                continue
            if found.setdefault(day, works) != works:
                wrong.append(f"{file}:{number}: {day} ×2")
    if wrong:
        for line in wrong:
            click.echo(f"✗ {line}", err=True)
        raise WrongUsage(
            Text(
                "每行写成 2027-01-01,rest 或 2027-02-14,works。",
                "Write each line as 2027-01-01,rest or 2027-02-14,works.",
            )
        )
    return found
