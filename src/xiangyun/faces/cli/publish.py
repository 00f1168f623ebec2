"""`xiangyun publish`: make all that a pack declares current in the catalogue."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.kernel.findings import Refused, Text

from .folder import is_pack, read_folder
from .packtree import packs_in
from .telling import end_refused


@click.command()
@click.argument(
    "packs",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
def publish(packs: tuple[Path, ...]) -> None:
    """Publish the folders PACKS, in the order in which they need each other.

    Of a folder of packs all are published. A pack with an error is refused whole; `xiangyun check`
    says why.
    """
    folders = [pack for given in packs for pack in _packs(given)]
    with acting_as(SYSTEM) as actor:
        files = {code_of(pack): read_folder(pack) for pack in folders}
        done, refused = catalogue.publish_all(files, actor=actor, at=timezone.now())
    for publication in done:
        for version in publication.versions:
            own = version.kind == catalogue.SERVICE
            what = version.code if own else f"{version.kind} {version.code}"
            click.echo(f"✓ {what} v{version.number}  {version.digest[:12]}")
    if refused:
        faults = [finding for why in refused.values() for finding in why.findings]
        end_refused(
            Refused(faults),
            Text(
                "没有发布 {packs}：{count} 处错误。",
                "Not published: {packs}, {count} {count|error|errors}.",
                packs=list(refused),
                count=len(faults),
            ),
        )


def _packs(folder: Path) -> list[Path]:
    """A pack itself, or those in a folder of packs."""
    return [folder] if is_pack(folder) else list(packs_in(folder).values()) or [folder]


def code_of(pack: Path) -> str:
    """domain/service: the path below the folder of packs, or the last two folders elsewhere."""
    folder = pack.resolve()
    packs = Path(settings.PACKS).resolve()
    if folder.is_relative_to(packs):
        return folder.relative_to(packs).as_posix()
    return f"{folder.parent.name}/{folder.name}"
