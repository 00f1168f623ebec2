"""The embedded database comes back from whatever happened to it, with all that was committed."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import psutil
import psycopg
import pytest

from xiangyun.adapters import embedded, postgres
from xiangyun.kernel.findings import Refused


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    home = Path(tempfile.mkdtemp(prefix="xiangyun-postgres-"))
    home.chmod(0o755)
    yield home / "postgres"
    embedded.stop_embedded_if_idle(home / "postgres")
    shutil.rmtree(home)


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])


def test_killed_a_moment_ago_it_starts_with_everything_that_was_committed(folder: Path) -> None:
    address = embedded.start_embedded(folder)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
        os.kill(postmaster(folder), signal.SIGKILL)
    assert embedded.start_embedded(folder) == address  # at once, while the old one is dying
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_a_new_server_keeps_a_quarter_of_the_memory_for_what_is_read(folder: Path) -> None:
    gigabyte = 1 << 30
    for memory, megabytes in [(gigabyte // 4, 128), (2 * gigabyte, 512), (512 * gigabyte, 8192)]:
        assert f"shared_buffers = {megabytes}MB\n" in embedded.settings(memory)
    with psycopg.connect(embedded.start_embedded(folder)) as connection:
        found = connection.execute(
            "SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'"
        ).fetchone()
    quarter = embedded._memory() // 4
    wanted = min(max(quarter, 128 << 20), 8 << 30)
    assert found is not None
    assert wanted - (1 << 20) < found[0] <= wanted


def test_in_a_container_the_memory_is_what_the_container_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(embedded, "_CONTAINED", limit)
    total = psutil.virtual_memory().total
    for text, memory in [("max\n", total), ("104857600\n", 100 << 20), (f"{1 << 60}\n", total)]:
        limit.write_text(text)
        assert embedded._memory() == memory
    limit.unlink()
    assert embedded._memory() == total


def test_a_lock_file_that_names_somebody_else_keeps_it_from_nothing(folder: Path) -> None:
    embedded.start_embedded(folder)
    lines = (folder / "postmaster.pid").read_text()
    embedded.stop_embedded_if_idle(folder)
    # As after a restart of the machine: the number now belongs to another program, here to us.
    (folder / "postmaster.pid").write_text(lines.replace(lines.split("\n")[0], str(os.getpid()), 1))
    assert embedded.revive_embedded(folder)
    assert postmaster(folder) != os.getpid()
    psycopg.connect(embedded.start_embedded(folder)).close()


def test_a_corpse_that_nobody_buries_keeps_it_from_nothing(folder: Path) -> None:
    embedded.start_embedded(folder)
    lines = (folder / "postmaster.pid").read_text()
    embedded.stop_embedded_if_idle(folder)
    corpse = subprocess.Popen([sys.executable, "-c", "input()"], cwd=folder, stdin=subprocess.PIPE)
    corpse.kill()
    os.waitid(os.P_PID, corpse.pid, os.WEXITED | os.WNOWAIT)  # dead, and left lying
    assert psutil.Process(corpse.pid).status() == psutil.STATUS_ZOMBIE
    (folder / "postmaster.pid").write_text(lines.replace(lines.split("\n")[0], str(corpse.pid), 1))
    try:
        assert embedded.revive_embedded(folder)
    finally:
        corpse.communicate()


def test_it_is_left_alone_while_it_lives(folder: Path) -> None:
    embedded.start_embedded(folder)
    before = postmaster(folder)
    assert not embedded.revive_embedded(folder)
    assert postmaster(folder) == before


def test_many_who_find_it_dead_start_it_once(folder: Path) -> None:
    address = embedded.start_embedded(folder)
    os.kill(postmaster(folder), signal.SIGKILL)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(embedded.start_embedded(folder)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [address] * 4
    psycopg.connect(address).close()


_JOINS = """
import sys
from pathlib import Path
from subprocess import PIPE
from xiangyun.adapters.embedded import joined_embedded
with joined_embedded(Path(sys.argv[1])):
    print("joined", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_has_joined_keeps_it_also_between_its_connections(folder: Path) -> None:
    command = [sys.executable, "-c", _JOINS, str(folder)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "joined\n"
        with embedded.joined_embedded(folder):
            before = postmaster(folder)
        assert postmaster(folder) == before, "it was stopped under who had joined"
        # Nobody connects here: what is being closed is counted a moment longer.
        other.communicate()
    assert not (folder / "postmaster.pid").exists(), "the last who leaves stops it"


def test_idle_it_is_stopped_and_with_a_guest_it_is_not(folder: Path) -> None:
    address = embedded.start_embedded(folder)
    with psycopg.connect(address, application_name="a guest"):
        embedded.stop_embedded_if_idle(folder)
        assert not embedded.revive_embedded(folder), "it was stopped under a guest"
    embedded.stop_embedded_if_idle(folder)
    assert not (folder / "postmaster.pid").exists()


def test_only_its_own_user_is_let_in_and_nobody_is_trusted(folder: Path) -> None:
    embedded.start_embedded(folder)
    rules = (folder / "pg_hba.conf").read_text(encoding="utf-8")
    assert "trust" not in rules
    assert {line.split()[3] for line in rules.splitlines() if line.startswith("local")} == {"peer"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_cluster_that_trusted_all_is_closed_without_being_stopped(folder: Path) -> None:
    embedded.start_embedded(folder)
    before = postmaster(folder)
    rules = folder / "pg_hba.conf"
    rules.write_text("local all all trust\n", encoding="utf-8")  # as an earlier build made it
    embedded.start_embedded(folder)
    assert "trust" not in rules.read_text(encoding="utf-8")
    assert postmaster(folder) == before


def test_the_role_of_the_program_is_no_superuser_and_cannot_become_one(folder: Path) -> None:
    owner = postgres.ensure_database(embedded.start_embedded(folder), "roles")
    with psycopg.connect(postgres.as_runtime(owner), autocommit=True) as connection:
        found = connection.execute(
            "SELECT session_user, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb,"
            " (SELECT count(*) FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = session_user"
        ).fetchone()
        assert found == ("xiangyun_runtime", False, False, False, False, 0)
        for attempt in (
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "ALTER ROLE xiangyun_runtime SUPERUSER",
            "GRANT postgres TO xiangyun_runtime",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "CREATE TABLE public.mine ()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)
        connection.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        assert connection.execute("SELECT current_user").fetchone() == ("xiangyun_runtime",)


_BEFORE = """
CREATE TYPE mood AS ENUM ('calm');
CREATE TABLE "Letter" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood, old serial);
CREATE TABLE answer (letter bigint REFERENCES "Letter");
CREATE SEQUENCE numbers;
CREATE VIEW letters AS SELECT id FROM "Letter";
CREATE FUNCTION answered(bigint) RETURNS void LANGUAGE sql SECURITY DEFINER AS
    'INSERT INTO answer VALUES ($1)';
ALTER TABLE "Letter" ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT (m) ON "Letter" TO xiangyun_runtime;
GRANT USAGE ON SEQUENCE "Letter_old_seq" TO xiangyun_runtime;
CREATE POLICY calm ON "Letter" USING (m = 'calm');
"""


def test_the_database_belongs_to_an_owner_who_is_no_superuser_also_one_of_before(
    folder: Path,
) -> None:
    address = postgres.ensure_database(embedded.start_embedded(folder), "handed_over")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_BEFORE)  # as a build left it that worked as the superuser
    owner = postgres.hand_over(address)
    assert postgres.hand_over(address) == owner, "a second start changes nothing"
    with psycopg.connect(owner, autocommit=True) as connection:
        assert connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = session_user"
        ).fetchone() == ("xiangyun_owner", False, False, False)
        assert (
            connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relowner <> 'xiangyun_owner'::regrole"
                " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND proowner <> 'xiangyun_owner'::regrole"
            ).fetchall()
            == []
        )
        # What migrations do.
        connection.execute("ALTER TYPE mood ADD VALUE 'cross'")
        connection.execute('ALTER TABLE "Letter" ADD COLUMN more text')
        connection.execute("CREATE TABLE further (id bigint)")
        connection.execute("ALTER SEQUENCE numbers RESTART")
        for attempt in ("SET ROLE postgres", "COPY (SELECT 1) TO PROGRAM 'true'", _REPLICA):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)
    with psycopg.connect(postgres.as_runtime(owner), autocommit=True) as connection:
        connection.execute("INSERT INTO \"Letter\" (m) VALUES ('calm')")
        connection.execute("SELECT answered(1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO answer VALUES (1)")


_REPLICA = "SET session_replication_role = replica"  # it would pass over the triggers


@pytest.fixture
def far() -> Iterator[Path]:
    """A home whose path is too long for a socket."""
    home = Path(tempfile.mkdtemp(prefix="xiangyun-far-"))
    home.chmod(0o755)
    folder = home / ("a-long-way-" * 9) / "postgres"
    folder.parent.mkdir()
    yield folder
    embedded.stop_embedded_if_idle(folder)
    shutil.rmtree(embedded.socket_folder(folder), ignore_errors=True)
    shutil.rmtree(home)


def test_with_a_long_path_the_socket_lies_where_nobody_else_can_enter(far: Path) -> None:
    psycopg.connect(embedded.start_embedded(far)).close()
    sockets = embedded.socket_folder(far)
    assert sockets != far
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert sockets.stat().st_uid == far.stat().st_uid
    assert [each.name for each in sockets.iterdir() if each.is_socket()] == [".s.PGSQL.5432"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs somebody else, whom only root can play")
def test_a_folder_for_the_socket_that_somebody_else_made_is_not_used(far: Path) -> None:
    far.mkdir()
    squatted = embedded.socket_folder(far)
    squatted.mkdir(mode=0o777)
    os.chown(squatted, 65534, 65534)
    with pytest.raises(Refused, match=r"postgres\.E004"):
        embedded.start_embedded(far)


def test_a_server_that_may_run_in_another_container_is_told_at_once(folder: Path) -> None:
    embedded.start_embedded(folder)
    lines = (folder / "postmaster.pid").read_text()
    embedded.stop_embedded(folder)
    marker = embedded._owner_file(folder)
    usual = marker.read_text(encoding="utf-8")
    # What another container left on a shared disk: nobody here has this number.
    (folder / "postmaster.pid").write_text(lines.replace(lines.split("\n")[0], "4194303", 1))
    marker.write_text("another-host\nanother-boot", encoding="utf-8")
    with pytest.raises(Refused, match=r"postgres\.E002.*rm .*postmaster\.pid"):
        embedded.start_embedded(folder)
    # The same host after it was started anew: then it is dead for certain.
    marker.write_text(f"{usual.split()[0]}\nanother-boot", encoding="utf-8")
    psycopg.connect(embedded.start_embedded(folder)).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs somebody else, whom only root can play")
def test_a_folder_of_another_user_is_told_at_once_with_what_helps(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    os.chown(folder, 65534, 65534)
    with pytest.raises(Refused, match=r"postgres\.E001.*sudo -u nobody"):
        embedded.start_embedded(folder)


def test_why_it_does_not_start_is_told_at_once(folder: Path) -> None:
    embedded.start_embedded(folder)
    embedded.stop_embedded(folder)
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("shared_buffers = nonsense\n")
    try:
        with pytest.raises(Refused, match=r"postgres\.E003.*shared_buffers"):
            embedded.start_embedded(folder)
    finally:
        text = (folder / "postgresql.conf").read_text(encoding="utf-8")
        (folder / "postgresql.conf").write_text(text.replace("shared_buffers = nonsense\n", ""))
