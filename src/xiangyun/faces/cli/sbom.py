"""`xiangyun sbom`: what the platform consists of, as CycloneDX, from its lock files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from xiangyun.adapters.sbom import bill, read_lock
from xiangyun.kernel.findings import Refused

from .telling import end_refused


@click.command()
@click.argument(
    "locks", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def sbom(locks: tuple[Path, ...]) -> None:
    """Print the bill of materials of LOCK files with hashes, as CycloneDX 1.6."""
    try:
        pins = [read_lock(each.read_text("utf-8", errors="replace"), str(each)) for each in locks]
    except Refused as refused:
        end_refused(refused)
    click.echo(json.dumps(bill(pins), ensure_ascii=False, indent=2))
