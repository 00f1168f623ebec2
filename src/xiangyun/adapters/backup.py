"""A backup of the instance with the embedded database, and its restoring, to a point in time.

    FOLDER/base/YYYYmmddTHHMMSSZ/   a copy of the whole cluster (`pg_basebackup`), one a backup
    FOLDER/wal/                     what changed since: PostgreSQL puts each finished piece here
    FOLDER/files/                   the other files of the home: the secret key, what was left
    FOLDER/keys/                    the signing keys, mode 0700: move them to another place

Restored, the database goes forward from the last copy before the moment asked for, by what lies in
`wal/`. See 25.3 of the PostgreSQL manual.

Copies and pieces that nobody will go back to are removed by `prune`: what is kept leads to every
moment of the days asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import shlex
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError

import psycopg
from psycopg import sql

from xiangyun.kernel.findings import Finding, Place, Refused, Text

from . import embedded
from .keys import WANTED

_STAMP = "%Y%m%dT%H%M%SZ"
_APART = {
    *("postgres", "postgres.lock", "postgres.host", "keys", "static", "tmp"),
    "practice-instance",
}
_PATIENCE = 600  # seconds for a database to go forward to where it is wanted


def backup(home: Path, folder: Path, keys: Path | None = None) -> Path:
    """Copy the instance into the folder while it works; return where the database lies.

    From the first backup on, PostgreSQL also archives there what changes, so that the instance can
    be restored to any moment after it. `keys`: where the signing keys go instead. Raises Refused:
    `backup.E001` where the server must be started anew before it can archive, `backup.E005` where
    it could not be copied, as on a full disk; nothing half done is left.
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
    try:
        embedded.command(
            *(cluster, "pg_basebackup", "--pgdata", str(base), "--checkpoint=fast"),
            *("--wal-method=stream", "--manifest-checksums=SHA256", "--dbname", conninfo),
        )
    except CalledProcessError as failed:
        shutil.rmtree(base, ignore_errors=True)
        raise _refused("E005", base, _not_copied(failed), _ROOM) from failed
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


def prune(folder: Path, days: int, now: datetime) -> list[Path]:
    """Remove what no restoring to a moment of the last `days` needs; return the copies removed.

    The newest copy from before those days stays, and with it every piece since it began. Copies
    that were never finished go too.
    """
    copies = _copies(folder)
    before = [moment for moment in copies if moment <= now - timedelta(days=days)]
    begin = max(before, default=min(copies, default=None))
    if begin is None:
        return []
    finished = set(copies.values())
    old = [copies[moment] for moment in sorted(copies) if moment < begin]
    old += [
        each
        for each in sorted((folder / "base").iterdir())
        if each not in finished and each.name < max(finished).name
    ]
    for each in old:
        shutil.rmtree(each)
    first = _first_piece(copies[begin])
    for piece in (folder / "wal").iterdir():
        # The last 16 digits count the pieces through all timelines, as `pg_archivecleanup` reads.
        if _PIECE.fullmatch(piece.name) and piece.name[8:24] < first[8:24]:
            piece.unlink()
    return old


_PIECE = re.compile(r"[0-9A-F]{24}(\.[0-9A-F]{8}\.backup|\.partial)?")
_BEGINS = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


def _first_piece(copy: Path) -> str:
    """The name of the piece that restoring from this copy begins with."""
    label = (copy / "backup_label").read_text(encoding="ascii", errors="replace")
    found = _BEGINS.search(label)
    if found is None:
        raise _refused("E006", copy, _BROKEN, _ANOTHER)
    return found[1]


def _copies(folder: Path) -> dict[datetime, Path]:
    """The copies that were finished, by the moments at which they began."""
    return {
        datetime.strptime(each.name, _STAMP).replace(tzinfo=UTC): each
        for each in sorted((folder / "base").glob("*T*Z"))
        if (each / "backup_manifest").exists()  # it is written last
    }


def _is_whole(copy: Path) -> bool:
    """Whether every file is as the manifest of the copy has it (69.1 of the PostgreSQL manual).

    `pg_verifybackup` would do the same; that of the wheel (0.6.0) crashes at its start.
    """
    manifest = json.loads((copy / "backup_manifest").read_bytes())
    for each in manifest["Files"]:
        name = each.get("Path") or os.fsdecode(bytes.fromhex(each["Encoded-Path"]))
        try:
            if (copy / name).stat().st_size != each["Size"]:
                return False
            if each.get("Checksum-Algorithm") != "SHA256":
                continue  # of an earlier build
            with (copy / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != each["Checksum"]:
                    return False
        except FileNotFoundError:
            return False
    return True


def restore(
    folder: Path, home: Path, at: datetime | None = None, keys: Path | None = None
) -> datetime:
    """Make the instance of `home` from a backup, as it stood at a moment or at the last known one.

    The home must have no database yet. Returns the moment of the copy that it began from. Raises
    Refused: `backup.E002` the home has a database, `backup.E003` no copy is old enough,
    `backup.E004` it did not come to the end, `backup.E006` the copy was damaged where it lay,
    `backup.E007` nothing is known of a moment so late.
    """
    cluster, folder = home / "postgres", folder.resolve()
    if (cluster / "PG_VERSION").exists():
        raise _refused("E002", cluster, _THERE, _ASIDE)
    copies = _copies(folder)
    fit = [moment for moment in copies if at is None or moment <= at]
    if not fit:
        raise _refused("E003", folder / "base", _NO_COPY, _LATER)
    began = max(fit)
    if not _is_whole(copies[began]):
        raise _refused("E006", copies[began], _BROKEN, _ANOTHER)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(copies[began], cluster, dirs_exist_ok=True)
    _copy(folder / "files", home, set())
    _copy(keys or folder / "keys", home / "keys", set())
    if not any((home / "keys").glob("*")):  # no start makes others in their place: `refuse_new`
        (home / "keys").mkdir(mode=0o700, exist_ok=True)
        (home / "keys" / WANTED).touch(mode=0o600)
    _name_home(home)
    cluster.chmod(0o700)
    (cluster / "log").unlink(missing_ok=True)  # that of the instance which was copied
    _forward(cluster, folder / "wal", at)
    for each in (cluster, *cluster.rglob("*")):
        _give(each)
    try:
        address = embedded.start_embedded(cluster)
    except Refused as refused:
        if embedded.SHORT not in refused.summary.en:
            raise
        shutil.rmtree(cluster, ignore_errors=True)  # or a second try would find a database
        raise _refused("E007", folder / "wal", _TOO_LATE, _LAST) from refused
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


def _name_home(home: Path) -> None:
    """In the settings of a service unit the home is the restored one, not that of before."""
    file = home / "xiangyun.env"
    if not file.exists():
        return
    lines = file.read_text(encoding="utf-8").splitlines()
    named = [f"XIANGYUN_HOME={home}" if x.startswith("XIANGYUN_HOME=") else x for x in lines]
    file.write_text("".join(f"{line}\n" for line in named), encoding="utf-8")


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
        user = pwd.getpwnam(embedded.system_user())
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
_ROOM = Text(
    "请查看该文件夹所在磁盘的空间和权限，再备份一次。",
    "Look at the room on the disk of that folder and at its rights, then back up again.",
)
_BROKEN = Text("这份备份已损坏或不完整。", "This copy is damaged or incomplete.")
_TOO_LATE = Text(
    "归档的变更都早于这一时刻。", "Everything that was archived is from before this moment."
)
_LAST = Text(
    "请不带 --at 再运行一次，恢复到最后已知的状态；或给出更早的时刻。",
    "Leave --at out for the last state that is known, or name an earlier moment.",
)
_ANOTHER = Text(
    "请把它移开，用更早的一份，或恢复到更早的时刻（--at）。",
    "Move it away and take an earlier one, or restore to an earlier moment (--at).",
)


def _not_copied(failed: CalledProcessError) -> Text:
    said = (failed.stderr or b"").decode(errors="replace").strip().splitlines()
    why = said[-1] if said else str(failed)
    return Text("数据库没有复制成功：{why}", "The database could not be copied: {why}", why=why)
