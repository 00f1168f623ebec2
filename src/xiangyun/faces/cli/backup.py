"""`xiangyun backup` and `xiangyun restore`: the instance with the embedded database."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import platformdirs

from xiangyun.adapters import backup as copies
from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, end_refused, tell

_OFFICE_TIME = ZoneInfo("Asia/Shanghai")
_KEYS = click.option(
    "--keys", type=click.Path(path_type=Path), help="Where the signing keys lie apart."
)


def _home() -> Path:
    if os.environ.get("DATABASE_URL"):
        raise Failed(
            Text(
                "数据库不是内嵌的：请用 pg_basebackup 备份它，再备份 keys/。",
                "The database is your own: back it up with pg_basebackup, and keys/ beside it.",
            )
        )
    return Path(os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun"))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_KEYS
def backup(folder: Path, keys: Path | None) -> None:
    """Copy the instance into FOLDER while it works: database, files, and keys apart."""
    try:
        base = copies.backup(_home(), folder, keys)
    except Refused as refused:
        end_refused(refused)
    tell(Text("已备份：{base}", "Backed up: {base}", base=str(base)))


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--at", type=click.DateTime(), help="As it stood then; office time.")
@_KEYS
def restore(folder: Path, at: datetime | None, keys: Path | None) -> None:
    """Make the instance that XIANGYUN_HOME names from the backup in FOLDER."""
    moment = at.replace(tzinfo=_OFFICE_TIME) if at else None
    try:
        began = copies.restore(folder, _home(), moment, keys)
    except Refused as refused:
        end_refused(refused)
    tell(
        Text(
            "已恢复（自 {began} UTC 的备份）；请运行 xiangyun audit。",
            "Restored from the copy of {began} UTC; now run xiangyun audit.",
            began=f"{began:%F %H:%M:%S}",
        )
    )
