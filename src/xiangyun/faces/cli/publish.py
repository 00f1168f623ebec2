"""`xiangyun publish` and `unpublish`: make a pack what is offered, and end that."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from xiangyun.adapters.packs import code_of, is_pack
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.versions import SERVICE
from xiangyun.kernel.findings import Refused, Text

from .folder import read_folder
from .packpath import PACK
from .packtree import packs_in
from .telling import end_refused, tell


@click.command()
@click.argument(
    "packs",
    nargs=-1,
    required=True,
    type=PACK,
)
def publish(packs: tuple[Path, ...]) -> None:
    """Publish PACKS, folders or codes, in the order in which they need each other.

    Of a folder of packs all are published. A pack with an error is refused whole; `xiangyun check`
    says why.
    """
    folders = [pack for given in packs for pack in _packs(given)]
    with acting_as(SYSTEM) as actor:
        files = {code_of(pack): read_folder(pack) for pack in folders}
        done, refused = catalogue.publish_all(files, actor=actor, at=timezone.now())
    for publication in done:
        for version in publication.versions:
            own = version.kind == SERVICE
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


@click.command()
@click.argument("code")
def unpublish(code: str) -> None:
    """Withdraw CODE: a service, a declaration (role/inspector), all of a pack without a service.

    Running cases of a service go on, new ones are refused. What mandates, running cases or other
    packs still use stays. The same pack published again brings it back.
    """
    try:
        with acting_as(SYSTEM) as actor:
            gone = catalogue.unpublish(code.strip("/"), actor=actor, at=timezone.now())
    except Refused as refused:
        end_refused(refused)
    for version in gone.versions:
        said = _WITHDRAWN if version.kind != SERVICE else _OFFERED_NO_MORE
        what = {"kind": version.kind, "code": version.code, "number": version.number}
        tell(said.filled(what), indent="✓ ")


_OFFERED_NO_MORE = Text(
    "{code} 第 {number} 版不再受理新的申请；已有的办件照常办理。",
    "{code} v{number} takes no new applications; cases under way go on.",
)
_WITHDRAWN = Text("已撤下 {kind} {code} 第 {number} 版。", "{kind} {code} v{number} is withdrawn.")
