"""`xiangyun mandate`: which official does what for which office, and who stands in."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from django.utils import timezone

from xiangyun.domain.staff import mandates, queries, sheets
from xiangyun.kernel.findings import Text

from .account import BY, acting, as_json_, read_text
from .telling import tell

_DAY = click.DateTime(["%Y-%m-%d"])
_FROM = click.option("--from", "from_on", type=_DAY, help="The first day; today unless said.")
_TO = click.option("--to", "to_on", type=_DAY, help="The last day; none: until further notice.")
_AT = click.option("--division", required=True, help="The place: a code, or its first digits.")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@click.group()
def mandate() -> None:
    """Give, end and list the mandates of officials; name deputies for those who are absent."""


@mandate.command()
@click.argument("login")
@click.argument("role")
@_AT
@click.option("--department", default="", help="Also as part of ROLE, as in reviewer:fire.")
@click.option("--office", default="", help="The office's name; that of the person unless said.")
@_FROM
@_TO
@BY
def give(
    login: str,
    role: str,
    division: str,
    department: str,
    office: str,
    from_on: datetime | None,
    to_on: datetime | None,
    by: str | None,
) -> None:
    """Give the official LOGIN the role ROLE in a division and all below it."""
    given = acting(
        by,
        lambda actor: mandates.give(
            actor,
            queries.by_login(actor, login).account,
            role=role,
            division=division,
            department=department,
            office=office,
            from_on=_day(from_on),
            to_on=_day(to_on),
            at=timezone.now(),
        ),
    )
    tell(
        Text(
            "✓ {login}：{role} {division}。",
            "✓ {login}: {role} in {division}.",
            login=login,
            role=given.role,
            division=given.division_id,
        )
    )


@mandate.command()
@click.argument("login")
@click.argument("role")
@_AT
@click.option("--on", type=_DAY, help="The last day; without it nothing is left today.")
@BY
def end(login: str, role: str, division: str, on: datetime | None, by: str | None) -> None:
    """End the mandate of the official LOGIN for ROLE (such as reviewer:fire) in a division."""
    acting(
        by,
        lambda actor: mandates.end_by_name(
            actor,
            queries.by_login(actor, login).account,
            role=role,
            division=division,
            on=_day(on),
            at=timezone.now(),
        ),
    )
    tell(Text("✓ 已终止 {login} 的职责。", "✓ The mandate of {login} has ended.", login=login))


@mandate.command("list")
@click.option("--csv", "as_csv", is_flag=True, help="As `import` reads it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@BY
def list_(as_csv: bool, as_json: bool, by: str | None) -> None:
    """List the mandates that have not ended."""
    if as_csv or not as_json:
        click.echo(acting(by, sheets.mandates_out), nl=False)
        return
    found = acting(by, queries.people)
    click.echo(json.dumps([as_json_(one) for one in found], ensure_ascii=False, indent=1))


@mandate.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@BY
def import_(file: Path, by: str | None) -> None:
    """Give a mandate for each line of FILE, all or none.

    Columns: login,role,department,division,office,from,to.
    """
    text = read_text(file)
    done = acting(
        by, lambda actor: sheets.give_mandates(actor, text, at=timezone.now(), name=str(file))
    )
    tell(Text("✓ 授予 {n} 项职责。", "✓ {n} {n|mandate|mandates} given.", n=done.lines))


@mandate.command()
@click.argument("absent")
@click.argument("login")
@_FROM
@click.option("--to", "to_on", type=_DAY, required=True, help="The last day of the absence.")
@click.option("--reason", default="", help="Why; it stands in the journal.")
@BY
def deputy(
    absent: str,
    login: str,
    from_on: datetime | None,
    to_on: datetime,
    reason: str,
    by: str | None,
) -> None:
    """Let the official LOGIN act with the mandates of the official ABSENT for a time."""
    acting(
        by,
        lambda actor: mandates.name_deputy(
            actor,
            queries.by_login(actor, absent).account,
            queries.by_login(actor, login).account,
            from_on=_day(from_on) or timezone.localdate(),
            to_on=to_on.date(),
            reason=reason,
            at=timezone.now(),
        ),
    )
    tell(
        Text(
            "✓ {login} 代理 {absent}。",
            "✓ {login} stands in for {absent}.",
            login=login,
            absent=absent,
        )
    )
