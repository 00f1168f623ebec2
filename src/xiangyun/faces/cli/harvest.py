"""`xiangyun harvest`: catalogues of others, entered, read and removed."""

from __future__ import annotations

import json
from typing import Any

import click
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor
from xiangyun.domain.datasets import harvesting
from xiangyun.domain.datasets.harvesting import Harvested
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
def harvest() -> None:
    """Catalogues of others: another CKAN, or DCAT in Turtle, JSON-LD or RDF/XML."""


@harvest.command()
@click.argument("name")
@click.argument("address")
@click.option("--kind", type=click.Choice(harvesting.KINDS), default="ckan", show_default=True)
@_BY
def add(name: str, address: str, kind: str, by: str | None) -> None:
    """Enter the catalogue at ADDRESS as NAME; `run` reads it."""
    try:
        harvesting.add(name, address, kind, actor=_actor(by))
    except Refused as refused:
        end_refused(refused, Text("没有任何改动。", "Nothing was changed."))
    tell(Text("已登记“{name}”。", "“{name}” is entered.", name=name), indent="✓ ")


@harvest.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """Every catalogue, when it was read, what changed then, and what went wrong."""
    told = [
        {
            "name": each.name,
            "kind": each.kind,
            "address": each.address,
            "at": each.at.isoformat() if each.at else None,
            "holds": len(each.seen),
            "result": each.result,
            "problem": each.problem or None,
        }
        for each in harvesting.harvests()
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in told:
        click.echo(f"{row['name']:<24} {row['kind']:<5} {row['holds']:>7}  {row['address']}")
        if row["problem"]:
            click.echo(f"  ✗ {row['problem']}")


@harvest.command()
@click.argument("name", required=False)
@click.option("--emptied", is_flag=True, help="It may be empty now although it was not.")
@_BY
@_JSON
def run(name: str | None, emptied: bool, by: str | None, as_json: bool) -> None:
    """Read the catalogue NAME, or every one, and take over what changed."""
    at, failed, told = timezone.now(), None, dict[str, Any]()
    if name is None:
        every = list(harvesting.run_all(at=at))
    else:
        try:
            every = [(name, harvesting.run(name, actor=_actor(by), at=at, emptied=emptied))]
        except Refused as refused:
            end_refused(refused, Text("没有任何改动。", "Nothing was changed."))
    for one, made in every:
        if isinstance(made, Refused):
            failed = made
            told[one] = {"problem": [each.id for each in made.findings]}
        else:
            told[one] = {"came": made.came, "changed": made.changed, "went": made.went,
                         "same": made.same}  # fmt: skip
        if not as_json:
            _tell(one, made)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    raise SystemExit(1 if failed else 0)


def _tell(name: str, made: Harvested | Refused) -> None:
    if isinstance(made, Refused):
        tell(made.summary, indent=f"✗ {name} ")
        return
    tell(
        Text(
            "新增 {came}，更新 {changed}，移除 {went}，未变 {same}。",
            "{came} came, {changed} changed, {went} went, {same} as they were.",
            came=made.came,
            changed=made.changed,
            went=made.went,
            same=made.same,
        ),
        indent=f"✓ {name} ",
    )


@harvest.command()
@click.argument("name")
@_BY
def remove(name: str, by: str | None) -> None:
    """Remove the catalogue NAME with all that came by it."""
    try:
        went = harvesting.remove(name, actor=_actor(by), at=timezone.now())
    except Refused as refused:
        end_refused(refused, Text("没有任何改动。", "Nothing was changed."))
    tell(Text("已移除 {went} 项。", "{went} {went|entry|entries} removed.", went=went), indent="✓ ")
