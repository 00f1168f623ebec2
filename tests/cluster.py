"""PostgreSQL with a synchronous replica under Patroni, as processes on this machine.

Two members and a third voice of Patroni's own Raft stand for three machines: what is killed here
with SIGKILL, Patroni and PostgreSQL at once, is a machine that is gone.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml
from psycopg import sql
from psycopg.conninfo import make_conninfo

from xiangyun.adapters.embedded import (
    OWNER,
    RUNTIME,
    SUPERUSER,
    binaries,
    open_the_way,
    system_user,
)

PATRONI = Path(__file__).resolve().parent.parent / "build" / "bench" / "failover" / "bin"
MEMBERS = ("one", "two")
_VOICE = "three"  # votes, and holds no data
_LEADS, _FOLLOWS = "leader", "sync_standby"
LEASE = 20
"""Seconds after which a primary that says nothing has lost its lease: Patroni's least."""


class Cluster:
    """Two databases, one of which leads; `address` finds whichever does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._secrets = {name: secrets.token_hex(16) for name in (SUPERUSER, OWNER, RUNTIME)}
        self._ports = {name: _free_ports(3) for name in (*MEMBERS, _VOICE)}
        self._user = pwd.getpwnam(system_user())
        if os.geteuid() == 0:
            open_the_way(folder, binaries(folder) / "postgres", PATRONI / "python")
        for name in (*MEMBERS, _VOICE):
            self._prepare(name)

    def _prepare(self, name: str) -> None:
        place = self.folder / name
        place.mkdir(mode=0o700)
        file = place / "patroni.yaml"
        file.write_text(yaml.safe_dump(self._configuration(name)), encoding="utf-8")
        if os.geteuid() == 0:
            for path in (place, file):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _configuration(self, name: str) -> dict[str, Any]:
        database, interface, raft = self._ports[name]
        place = self.folder / name
        login = {"username": SUPERUSER, "password": self._secrets[SUPERUSER]}
        return {
            "scope": "xiangyun",
            "name": name,
            "restapi": _open_at(interface),
            "raft": {
                "data_dir": str(place / "raft"),
                "self_addr": f"127.0.0.1:{raft}",
                "partner_addrs": [
                    f"127.0.0.1:{ports[2]}" for other, ports in self._ports.items() if other != name
                ],
            },
            "bootstrap": {
                "dcs": {
                    "ttl": LEASE,
                    "loop_wait": 2,
                    "retry_timeout": 5,
                    "primary_start_timeout": 0,  # who has died gives way, and is not waited for
                    "synchronous_mode": True,  # only who has every commit may follow
                    "postgresql": {
                        "use_pg_rewind": True,
                        "parameters": {"wal_log_hints": "on", "shared_buffers": "128MB"},
                    },
                },
                "initdb": [{"encoding": "UTF8"}, "data-checksums"],
            },
            "postgresql": {
                **_open_at(database),
                "data_dir": str(place / "data"),
                "bin_dir": str(binaries(place / "data")),
                "pgpass": str(place / "pgpass"),
                "authentication": {"superuser": login, "replication": login},
                "parameters": {"unix_socket_directories": ""},
                "pg_hba": [
                    "host all all 127.0.0.1/32 scram-sha-256",
                    f"host replication {SUPERUSER} 127.0.0.1/32 scram-sha-256",
                ],
            },
        }

    def start(self) -> None:
        """All three; returns when the replica has every commit."""
        for name in (*MEMBERS, _VOICE):
            self.revive(name)
        self.wait_until_whole()

    def revive(self, name: str) -> None:
        """Start a machine, again: what it had beyond the others it gives up by itself."""
        program = "patroni_raft_controller" if name == _VOICE else "patroni"
        place = self.folder / name
        root = os.geteuid() == 0
        with (place / "log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [str(PATRONI / program), str(place / "patroni.yaml")],
                user=self._user.pw_uid if root else None,
                group=self._user.pw_gid if root else None,
                extra_groups=[] if root else None,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(place)},
                cwd=place,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    # What it is told from outside

    def roles(self) -> dict[str, str]:
        """Who leads and who follows, by whoever answers; without those who do neither now."""
        for name in MEMBERS:
            with suppress(OSError, ValueError):
                members = json.loads(self._ask(name, "/cluster"))["members"]
                return {
                    each["name"]: each["role"]
                    for each in members
                    if each.get("state") in ("running", "streaming")
                }
        return {}

    def _ask(self, name: str, path: str, body: object = None) -> bytes:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._ports[name][1]}{path}",
            None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            said: bytes = answer.read()
            return said

    def primary(self) -> str:
        """The name of the member that leads."""
        return next(name for name, role in self.roles().items() if role == _LEADS)

    def wait_until_whole(self) -> None:
        """Until one leads and the other has every commit."""
        self._wait(lambda: sorted(self.roles().values()) == [_LEADS, _FOLLOWS] and self._follows())

    def _follows(self) -> bool:
        """Whether a commit waits for the replica, by PostgreSQL: Patroni's word may be old."""
        asked = "SELECT FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'"
        address = self.address(SUPERUSER, "postgres")
        with suppress(psycopg.Error), psycopg.connect(address) as connection:
            return connection.execute(asked).fetchone() is not None
        return False

    def _wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + 180
        while not until():
            assert time.monotonic() < end, f"{self.roles()}\n{self.log()[-6000:]}"
            time.sleep(0.1)

    def log(self) -> str:
        """What the members' Patroni and PostgreSQL wrote."""
        return "\n".join(
            (self.folder / name / "log").read_text("utf-8", "replace")[-3000:] for name in MEMBERS
        )

    def address(self, user: str, database: str = "xiangyun") -> str:
        """One address for both: a client asks each, and stays with the one that takes writes."""
        return make_conninfo(
            host=",".join("127.0.0.1" for _ in MEMBERS),
            port=",".join(str(self._ports[name][0]) for name in MEMBERS),
            user=user,
            password=self._secrets[user],
            dbname=database,
            target_session_attrs="read-write",
            connect_timeout=5,
        )

    def open_to_xiangyun(self) -> None:
        """Owner, login of the program and database, as the how-to on one's own PostgreSQL says."""
        with psycopg.connect(self.address(SUPERUSER, "postgres"), autocommit=True) as connection:
            for statement in (
                f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB PASSWORD {{}}",
                "CREATE ROLE xiangyun_app NOLOGIN NOSUPERUSER NOBYPASSRLS",
                f"CREATE ROLE {RUNTIME} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {{}}",
                f"GRANT xiangyun_app, {RUNTIME} TO {OWNER} WITH ADMIN OPTION",
                f"CREATE DATABASE xiangyun OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0",
            ):
                login = OWNER if OWNER in statement else RUNTIME
                connection.execute(sql.SQL(statement).format(self._secrets[login]))

    # Striking. Each returns the name of who was struck

    def lose_primary(self) -> str:
        """The machine that leads is gone at once."""
        return self._lose(self.primary())

    def lose_replica(self) -> str:
        """The machine that follows is gone at once."""
        return self._lose(next(name for name in MEMBERS if name != self.primary()))

    def kill_postgres(self) -> str:
        """PostgreSQL dies where it leads; its Patroni sees that and gives way."""
        name = self.primary()
        for process in self._postgres(name):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return name

    def switch(self) -> str:
        """Hand the lead over in order, as for the maintenance of a machine."""
        name = self.primary()
        self._ask(name, "/switchover", {"leader": name})
        return name

    def lives(self, name: str) -> bool:
        """Whether the Patroni of this member runs."""
        return self._processes[name].poll() is None

    def _lose(self, name: str) -> str:
        postgres = self._postgres(name)  # before its Patroni, by whom it is found
        self._processes[name].kill()
        for process in postgres:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._processes[name].wait()
        return name

    def _postgres(self, name: str) -> list[psutil.Process]:
        """All of PostgreSQL's processes of a member, the first one first."""
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            lines = (self.folder / name / "data" / "postmaster.pid").read_text().split("\n")
            first = psutil.Process(int(lines[0]))
            return [first, *first.children(recursive=True)]
        return []

    def stop(self) -> None:
        """End what was started here, by force who does not go."""
        for process in self._processes.values():
            process.terminate()
        end = time.monotonic() + 40
        for name, process in self._processes.items():
            try:
                process.wait(max(1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._lose(name)


def _open_at(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}"}


def _free_ports(how_many: int) -> list[int]:
    probes = [socket.socket() for _ in range(how_many)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
