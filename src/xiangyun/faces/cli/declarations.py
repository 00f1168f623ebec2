"""`xiangyun declarations`: what is published and in force, of every kind."""

from __future__ import annotations

import json
from datetime import datetime

import click

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.kinds import kinds
from xiangyun.kernel.worktime import office_time

from .telling import beside, tell

_COLUMNS = Text(
    "依次为：种类、代码、版本、事项包、发布日、引用名、名称。",
    "In this order: kind, code, version, pack, since, reference, name.",
)


@click.command()
@click.argument("kind", required=False, type=click.Choice(sorted(kinds())))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def declarations(kind: str | None, as_json: bool) -> None:
    """List what is published and in force: all of it, or of one KIND.

    Each has a reference, by which `xiangyun unpublish` withdraws it and the interface reads it.
    """
    with acting_as(SYSTEM):
        found = catalogue.in_force(kind or "")
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo(beside(Text("还没有发布任何内容。", "Nothing is published yet.")))
        return
    tell(_COLUMNS)
    rows = [
        (each.kind, each.code, str(each.version), each.pack, _day(each.since), each.reference)
        for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, each in zip(rows, found, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join((*cells, beside(each.name))))


def _day(moment: datetime) -> str:
    return f"{office_time(moment):%Y-%m-%d}"


def _as_json(one: catalogue.InForce) -> dict[str, object]:
    return {
        "kind": one.kind,
        "code": one.code,
        "name": one.name.to_json(),
        "version": one.version,
        "pack": one.pack,
        "since": one.since.isoformat(),
        "reference": one.reference,
    }
