"""`xiangyun backup` and `xiangyun restore`: the instance with the embedded database."""

from __future__ import annotations

import os
from datetime import UTC, datetime
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
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="DAYS",
    envvar="XIANGYUN_BACKUP_DAYS",
    help="Then remove what no moment of so many days needs; without it everything stays.",
)
def backup(folder: Path, keys: Path | None, keep: int | None) -> None:
    """Copy the instance into FOLDER while it works: database, files, and keys apart."""
    try:
        base = copies.backup(_home(), folder, keys)
        gone = copies.prune(folder, keep, datetime.now(UTC)) if keep else []
    except Refused as refused:
        end_refused(refused)
    tell(Text("已备份：{base}", "Backed up: {base}", base=str(base)))
    if gone:
        n = len(gone)
        tell(Text("已删除旧备份 {n} 份", "{n} old {n|copy|copies} removed", n=n))


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
