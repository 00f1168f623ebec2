"""`xiangyun items`: an item as one file and back, and the national exchange tables."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from django.utils import timezone

from xiangyun.adapters.packzip import unzipped, zipped
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.queries import national
from xiangyun.domain.catalogue import drafts, queries
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.divisions.queries import Division
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.service import nationaltables as tables

from .account import BY, acting
from .place import PLACE
from .telling import Failed, WrongUsage, end_refused, tell

_OUT = click.Path(path_type=Path)
_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_YEAR = timedelta(days=365)


@click.group()
def items() -> None:
    """Items as files: one pack byte for byte; the national exchange tables."""


@items.command()
@click.argument("code")
@click.argument("file", type=_OUT)
def export(code: str, file: Path) -> None:
    """Write the published pack CODE as the ZIP FILE."""
    with acting_as(SYSTEM):
        files = queries.pack_files(code.strip("/"))
    if not files:
        raise Failed(Text("目录里没有在用的 {code}。", "Nothing of {code} is in force.", code=code))
    file.write_bytes(zipped(files))
    tell(Text("{file}：{n} 个文件", "{file}: {n} {n|file|files}",
              file=file.name, n=len(files)), indent="✓ ")  # fmt: skip


@items.command("import")
@click.argument("file", type=_IN)
@click.option("--code", help="The code of the pack: area/name; that of its service.yaml.")
@BY
def import_(file: Path, code: str | None, by: str | None) -> None:
    """Begin a draft of what the ZIP FILE holds; it is checked and agreed to like any other."""
    try:
        files = unzipped(file.read_bytes(), file.name)
        named = code or _code_in(files)
    except Refused as refused:
        end_refused(refused)
    if not named:
        raise WrongUsage(Text("{file} 里没有 service.yaml，请用 --code 写明是哪一包。",
                              "There is no service.yaml in {file}: say by --code which pack it is.",
                              file=file.name))  # fmt: skip
    now = timezone.now()
    made = acting(by, lambda actor: drafts.begin(named, files, actor=actor, at=now))
    tell(Text("草稿 {id}，{n} 个文件。", "Draft {id}, {n} {n|file|files}.",
              id=str(made.pk), n=len(files)), indent="✓ ")  # fmt: skip


def _code_in(files: Mapping[str, str]) -> str:
    """What service.yaml calls itself, if it is there."""
    found = re.search(
        r"(?m)^code:\s*([a-z0-9-]+/[a-z0-9-]+)\s*(?:#|$)", files.get("service.yaml", "")
    )
    return found[1] if found else ""


@items.command("tables")
@click.argument("folder", type=_OUT)
@click.option(
    "--division", type=PLACE, default="220000000000", help="Whose authority the items have."
)
@click.option("--since", type=_DAY, help="Cases and certificates from this day on.")
def tables_(folder: Path, division: Division, since: datetime | None) -> None:
    """Write the tables of items, cases and certificates as CSV into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    start = timezone.make_aware(since) if since else timezone.now() - _YEAR
    with acting_as(SYSTEM):
        code = f"{division.code:012}"
        known = list(queries.items())
        rows: list[tuple[tables.Table, Sequence[tables.Values]]] = [
            (tables.BASIC, [tables.basic_values(each, division.words, code) for each in known]),
            (tables.EXTEND, [tables.extend_values(each, code) for each in known]),
            (
                tables.MATERIAL,
                [row for each in known for row in tables.material_values(each, code)],
            ),
            (tables.ACCEPT, national.accepted_rows(start)),
            (tables.PROCESS, national.process_rows(start)),
            (tables.RESULT, national.result_rows(start)),
            (tables.LICENCES, certificates.national_rows(start)),
        ]
    for table, some in rows:
        file = folder / f"{table.name}.csv"
        file.write_bytes(tables.written(table, some).encode())
        tell(Text("{file}：{n} 行", "{file}: {n} {n|row|rows}",
                  file=file.name, n=len(some)), indent="✓ ")  # fmt: skip


@items.command()
@click.argument("file", type=_IN)
def read(file: Path) -> None:
    """Read the table FILE, named like one of the tables, and print its rows as JSON."""
    table = tables.TABLES.get(file.stem)
    if table is None:
        named = list(tables.TABLES)
        raise Failed(Text("没有表“{name}”，有 {named}。", "No table “{name}”; there are {named}.",
                          name=file.stem, named=named))  # fmt: skip
    try:
        rows = tables.read(table, file.read_bytes().decode("utf-8-sig", "replace"), file.name)
    except Refused as refused:
        end_refused(refused)
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))


@items.command("certificate-types")
def certificate_types() -> None:
    """The types of certificates, who issues each and who accepts it."""
    with acting_as(SYSTEM):
        for each in queries.types_of_certificates():
            click.echo(f"{each.id}  {each.code}  {each.name.zh}")
            for mark, some in (("←", each.issued_by), ("→", each.accepted_by)):
                for one in some:
                    click.echo(f"  {mark} {one.code}")
