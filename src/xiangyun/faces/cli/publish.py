"""`xiangyun publish`: make all that a pack declares current in the catalogue."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.kernel.findings import Refused, Text

from .folder import read_folder
from .telling import end_refused


@click.command()
@click.argument("pack", type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish(pack: Path) -> None:
    """Publish the folder PACK. A pack with an error is refused whole; `xiangyun check` says why."""
    code = code_of(pack)
    try:
        with acting_as(SYSTEM) as actor:
            files = read_folder(pack)
            done = catalogue.publish(code, files, actor=actor, at=timezone.now())
    except Refused as refused:
        count = len(refused.findings)
        end_refused(
            refused,
            Text(
                "没有发布：{count} 处错误。",
                "Not published: {count} {count|error|errors}.",
                count=count,
            ),
        )
    for version in done.versions:
        what = code if version.kind == catalogue.SERVICE else f"{version.kind} {version.code}"
        click.echo(f"✓ {what} v{version.number}  {version.digest[:12]}")


def code_of(pack: Path) -> str:
    """domain/service: the path below the folder of packs, or the last two folders elsewhere."""
    folder = pack.resolve()
    packs = Path(settings.PACKS).resolve()
    if folder.is_relative_to(packs):
        return folder.relative_to(packs).as_posix()
    return f"{folder.parent.name}/{folder.name}"
