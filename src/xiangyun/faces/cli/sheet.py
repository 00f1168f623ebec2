"""`xiangyun sheet`: check, keep, hand in and approve the sheet of a place; what a change breaks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import sheetload, sheets
from xiangyun.domain.catalogue.sheets import SheetVersion
from xiangyun.domain.divisions.queries import Division
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import read_pack

from .account import BY, acting
from .folder import read_folder
from .packpath import PACK
from .place import PLACE
from .telling import Failed, end_refused, tell, told

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_ITEM = click.argument("item")
_PLACE = click.argument("division", type=PLACE)
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def sheet() -> None:
    """Implementation sheets: what a place does better than the item asks of everybody."""


@sheet.command()
@_FILE
def check(file: Path) -> None:
    """Prove that the sheet in FILE is no worse than what stands above it."""
    with acting_as(SYSTEM):
        findings = sheets.check(file.read_text(encoding="utf-8"), timezone.localdate())
    if findings:
        end_refused(Refused(findings))
    tell(Text("没有一处比事项差。", "It is nowhere worse than the item."), indent="✓ ")


@sheet.command()
@_FILE
@click.option("--revision", default=0, help="The revision that you changed; 0 for a new draft.")
@BY
def save(file: Path, revision: int, by: str | None) -> None:
    """Keep FILE as the draft of its place."""
    text = file.read_text(encoding="utf-8")
    _tell(
        acting(by, lambda actor: sheets.save(
            text, revision=revision, actor=actor, at=timezone.now()))
    )  # fmt: skip


@sheet.command()
@_ITEM
@_PLACE
@BY
def submit(item: str, division: Division, by: str | None) -> None:
    """Hand in the draft of ITEM in DIVISION."""
    _tell(
        acting(by, lambda actor: sheets.submit(
            (one := _open(item, division)).pk, revision=one.revision, actor=actor,
            at=timezone.now()))
    )  # fmt: skip


@sheet.command()
@_ITEM
@_PLACE
@click.option("--from", "from_on", type=_DAY, help="The first day; today unless said.")
@BY
def approve(item: str, division: Division, from_on: datetime | None, by: str | None) -> None:
    """Put what was handed in for ITEM in DIVISION into force; never by its author."""
    day = from_on.date() if from_on else timezone.localdate()
    _tell(
        acting(by, lambda actor: sheets.approve(
            (one := _open(item, division)).pk, revision=one.revision, from_on=day, actor=actor,
            at=timezone.now()))
    )  # fmt: skip


@sheet.command(name="return")
@_ITEM
@_PLACE
@click.option("--why", required=True, help="The reason; it stands in the journal.")
@BY
def return_(item: str, division: Division, why: str, by: str | None) -> None:
    """Give what was handed in for ITEM in DIVISION back to its author."""
    _tell(
        acting(by, lambda actor: sheets.return_to_author(
            (one := _open(item, division)).pk, why, revision=one.revision, actor=actor,
            at=timezone.now()))
    )  # fmt: skip


@sheet.command("set-aside")
@_ITEM
@_PLACE
@click.option("--why", required=True, help="The reason; it stands in the journal.")
@BY
def set_aside(item: str, division: Division, why: str, by: str | None) -> None:
    """End the sheet of ITEM in DIVISION: what stands above it holds there again."""

    def verb(actor: Actor) -> SheetVersion:
        row = sheets.sheet_in_force(item, division.code, timezone.localdate())
        return sheets.set_aside(row.pk, why, actor=actor, at=timezone.now())

    _tell(acting(by, verb))


@sheet.command("list")
@_ITEM
def list_(item: str) -> None:
    """The sheets of ITEM that are in force, the widest place first."""
    with acting_as(SYSTEM):
        for row in sheets.in_force(item, timezone.localdate()):
            click.echo(f"{row.division:012}  v{row.number}  {row.from_on}  {row.author_name}")


@sheet.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--from", "from_on", type=_DAY, help="The first day; today unless said.")
def load(folder: Path, from_on: datetime | None) -> None:
    """Put all sheets (.yaml) in FOLDER into force, those that places had before."""
    files = sorted(folder.rglob("*.yaml"))
    texts = {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}
    if not texts:
        raise Failed(
            Text("{folder}：没有实施清单。", "{folder}: there are no sheets.", folder=folder)
        )
    day = from_on.date() if from_on else timezone.localdate()
    with acting_as(SYSTEM) as actor:
        done, refused = sheetload.load(texts, from_on=day, actor=actor, at=timezone.now())
    tell(Text("{n} 份实施清单。", "{n} {n|sheet|sheets}.", n=done), indent="✓ ")
    if refused:
        end_refused(Refused([each for why in refused.values() for each in why.findings]))


@sheet.command()
@_ITEM
@_PLACE
@click.option("--number", type=int, help="Which version; the newest unless said.")
def show(item: str, division: Division, number: int | None) -> None:
    """Print a version of the sheet of ITEM in DIVISION, byte for byte."""
    with acting_as(SYSTEM):
        found = sheets.version(item, division.code, number)
    click.echo(found.text, nl=False)


@sheet.command()
@click.argument("pack", type=PACK)
def affected(pack: Path) -> None:
    """List every sheet that publishing PACK would make worse; ends with 1 where there is one."""
    try:
        new = read_pack(read_folder(pack))
    except Refused as refused:
        end_refused(refused)
    with acting_as(SYSTEM):
        broken = sheets.broken_by(new, timezone.localdate())
        kept = len(sheets.in_force(new.code, timezone.localdate()))
    for each in broken:
        for why in each.why:
            click.echo(told(Text("{code} 第 {n} 版：{why}", "{code} v{n}: {why}",
                                 code=f"{each.division:012}", n=each.number, why=why.message),
                            "✗ "))  # fmt: skip
    tell(Text("{broken} 份会变差，{kept} 份仍然更好，会随新版生效。",
              "{broken} would be worse; {kept} {kept|stays|stay} better and {kept|follows|follow}.",
              broken=len(broken), kept=max(0, kept - len(broken))))  # fmt: skip
    raise SystemExit(1 if broken else 0)


def _open(item: str, division: Division) -> SheetVersion:
    return sheets.open_sheet(item, division.code)


def _tell(row: SheetVersion) -> None:
    tell(
        Text("{item} {place} 第 {number} 版：{state}（修订号 {revision}）。",
             "{item} {place} v{number}: {state} (revision {revision}).",
             item=row.item, place=f"{row.division:012}", number=row.number,
             state=sheets.state_words(row.state), revision=row.revision),
        indent="✓ ",
    )  # fmt: skip
