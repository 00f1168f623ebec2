"""A backup of the instance with the embedded database, and its restoring, to a point in time.

    FOLDER/base/YYYYmmddTHHMMSSZ/   a copy of the whole cluster (`pg_basebackup`), one a backup
    FOLDER/wal/                     what changed since: PostgreSQL puts each finished piece here
    FOLDER/files/                   the other files of the home: the secret key, what was left
    FOLDER/keys/                    the signing keys, mode 0700: move them to another place

Restored, the database goes forward from the last copy before the moment asked for, by what lies in
`wal/`. See 25.3 of the PostgreSQL manual.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from xiangyun.kernel.findings import Finding, Place, Refused, Text

from . import embedded

_STAMP = "%Y%m%dT%H%M%SZ"
_APART = {"postgres", "postgres.lock", "postgres.host", "keys", "static"}
_PATIENCE = 600  # seconds for a database to go forward to where it is wanted


def backup(home: Path, folder: Path, keys: Path | None = None) -> Path:
    """Copy the instance into the folder while it works; return where the database lies.

    From the first backup on, PostgreSQL also archives there what changes, so that the instance can
    be restored to any moment after it. `keys`: where the signing keys go instead. Raises Refused
    `backup.E001` where the server must be started anew before it can archive.
    """
    cluster = home / "postgres"
    address = embedded.start_embedded(cluster)
    folder = folder.resolve()
    for part in (folder, folder / "base", folder / "wal"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        _give(part)
    _archive_into(address, folder / "wal")
    base = folder / "base" / datetime.now(UTC).strftime(_STAMP)
    conninfo = embedded.address_of(cluster)
    embedded.command(
        *(cluster, "pg_basebackup", "--pgdata", str(base), "--checkpoint=fast"),
        *("--wal-method=stream", "--dbname", conninfo),
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_switch_wal()")  # so that what lies in it is archived now
    _copy(home, folder / "files", _APART)
    _copy(home / "keys", keys or folder / "keys", set())
    return base


def _archive_into(address: str, wal: Path) -> None:
    target = shlex.quote(str(wal))
    # As the manual has it, and a name at a time: half a file is never taken for a whole one.
    take = f"test -f {target}/%f || (cp %p {target}/.%f.new && mv {target}/.%f.new {target}/%f)"
    with psycopg.connect(address, autocommit=True) as connection:
        mode = connection.execute("SHOW archive_mode").fetchone()
        if mode != ("on",):
            connection.execute("ALTER SYSTEM SET archive_mode = on")
            raise Refused([Finding("backup.E001", "error", _ANEW, hint=_STOP)])
        known = connection.execute("SHOW archive_command").fetchone()
        if known != (take,):
            connection.execute(
                sql.SQL("ALTER SYSTEM SET archive_command = {}").format(sql.Literal(take))
            )
            connection.execute("SELECT pg_reload_conf()")


def restore(
    folder: Path, home: Path, at: datetime | None = None, keys: Path | None = None
) -> datetime:
    """Make the instance of `home` from a backup, as it stood at a moment or at the last known one.

    The home must have no database yet. Returns the moment of the copy that it began from. Raises
    Refused: `backup.E002` the home has a database, `backup.E003` no copy is old enough,
    `backup.E004` it did not come to the end.
    """
    cluster, folder = home / "postgres", folder.resolve()
    if (cluster / "PG_VERSION").exists():
        raise _refused("E002", cluster, _THERE, _ASIDE)
    copies = {
        datetime.strptime(each.name, _STAMP).replace(tzinfo=UTC): each
        for each in sorted((folder / "base").glob("*T*Z"))
        if (each / "PG_VERSION").exists()
    }
    fit = [moment for moment in copies if at is None or moment <= at]
    if not fit:
        raise _refused("E003", folder / "base", _NO_COPY, _LATER)
    began = max(fit)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(copies[began], cluster, dirs_exist_ok=True)
    _copy(folder / "files", home, set())
    _copy(keys or folder / "keys", home / "keys", set())
    cluster.chmod(0o700)
    _forward(cluster, folder / "wal", at)
    for each in (cluster, *cluster.rglob("*")):
        _give(each)
    address = embedded.start_embedded(cluster)
    end = time.monotonic() + _PATIENCE
    while True:
        with psycopg.connect(address, autocommit=True) as connection:
            if connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                for name in ("restore_command", "recovery_target_time", "recovery_target_action"):
                    connection.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.SQL(name)))
                # The restored one writes no further pieces among those of the one before.
                connection.execute("ALTER SYSTEM RESET archive_command")
                connection.execute("SELECT pg_reload_conf()")
                return began
        if time.monotonic() > end:
            raise _refused("E004", cluster / "log", _NOT_FORWARD, _LOG)
        time.sleep(0.2)


def _forward(cluster: Path, wal: Path, at: datetime | None) -> None:
    """Let the cluster go forward by the archived pieces at its start, then stand by itself."""
    (cluster / "recovery.signal").touch()
    take = f"cp {shlex.quote(str(wal))}/%f %p"
    lines = [f"restore_command = '{take.replace(chr(39), chr(39) * 2)}'"]
    if at is not None:
        lines.append(f"recovery_target_time = '{at.astimezone(UTC).isoformat()}'")
        lines.append("recovery_target_action = 'promote'")
    with (cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as added:
        added.write("\n".join(lines) + "\n")


def _copy(source: Path, target: Path, without: set[str]) -> None:
    if not source.is_dir():
        return
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in source.iterdir():
        if each.name in without:
            continue
        if each.is_dir():
            shutil.copytree(each, target / each.name, dirs_exist_ok=True)
        elif each.is_file():
            shutil.copy2(each, target / each.name)


def _give(path: Path) -> None:
    """For root: to the user that the server runs as, who has to read and write there."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(embedded._system_user())
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _refused(number: str, place: Path, message: Text, hint: Text) -> Refused:
    return Refused([Finding(f"backup.{number}", "error", message, Place(str(place)), hint)])


_ANEW = Text(
    "数据库须重新启动一次，才能归档变更。",
    "The database has to be started anew once before it can archive what changes.",
)
_STOP = Text(
    "请停止 xiangyun serve，再运行一次备份。", "Stop xiangyun serve, then run the backup again."
)
_THERE = Text("这个实例已有数据库。", "This instance has a database already.")
_ASIDE = Text(
    "请先停止它并把文件夹移开，或用 XIANGYUN_HOME 指定一个新的实例。",
    "Stop it and move the folder away, or name a new instance with XIANGYUN_HOME.",
)
_NO_COPY = Text("没有早于这一时刻的备份。", "There is no backup from before this moment.")
_LATER = Text("请给出较晚的时刻。", "Name a later moment.")
_NOT_FORWARD = Text(
    "数据库没有恢复到所要的时刻。", "The database did not come to the moment asked for."
)
_LOG = Text("请看日志。", "Read its log.")
