"""`xiangyun evidence`: all of a case in one file, and the check of such a file without us."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from rich.console import Console
from rich.markup import escape

from xiangyun.adapters.keys import instance_folder, public_key, trusted_keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.evidence import actions, checking
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, end_refused, tell, told


@click.command()
@click.argument("case")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of CASE.zip.",
)
@click.option("--check", "checks", is_flag=True, help="Check the file CASE instead of making one.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Trust this public key (PEM) instead of this instance's; may be given again.",
)
def evidence(case: str, out: Path | None, checks: bool, keys: tuple[Path, ...]) -> None:
    """Write the evidence of the CASE with this number, or check such a file.

    Ends with 0, with 1 where a part was changed.
    """
    if checks:
        _check(Path(case), keys)
        return
    target = out or Path(f"{case}.zip")
    try:
        with acting_as(SYSTEM) as platform:
            made = actions.evidence(case, actor=platform, at=timezone.now(), signer=signer())
    except Refused as problem:
        end_refused(problem)
    except actions.NoCase:
        raise Failed(Text("没有办件 {case}。", "There is no case {case}.", case=case)) from None
    target.write_bytes(made)
    tell(
        Text(
            "证据包已写入 {file}；打开其中的 verify.html 即可离线核验。",
            "The evidence is in {file}; verify.html inside checks it offline.",
            file=str(target),
        )
    )


def _check(file: Path, keys: tuple[Path, ...]) -> None:
    try:
        trusted = dict(map(public_key, keys)) if keys else trusted_keys(instance_folder())
        found = checking.check(file.read_bytes(), trusted)
    except Refused as problem:
        end_refused(problem)
    except OSError as problem:
        raise Failed(
            Text("读不到文件：{problem}", "It cannot be read: {problem}", problem=str(problem))
        ) from None
    console = Console(highlight=False)
    for each in found:
        mark = "[green]✓[/]" if each.holds else "[red]✗[/]"
        console.print(f"{mark} {escape(each.part)}  [dim]{escape(told(each.about))}[/]")
    raise SystemExit(0 if all(each.holds for each in found) else 1)
