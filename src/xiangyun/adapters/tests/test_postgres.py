"""The embedded database comes back from whatever happened to it, with all that was committed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from xiangyun.adapters import postgres


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    home = Path(tempfile.mkdtemp(prefix="xiangyun-postgres-"))
    home.chmod(0o755)
    yield home / "postgres"
    postgres.stop_embedded_if_idle(home / "postgres")
    shutil.rmtree(home)


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])


def test_killed_a_moment_ago_it_starts_with_everything_that_was_committed(folder: Path) -> None:
    address = postgres.start_embedded(folder)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
        os.kill(postmaster(folder), signal.SIGKILL)
    assert postgres.start_embedded(folder) == address  # at once, while the old one is dying
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_a_new_server_keeps_a_quarter_of_the_memory_for_what_is_read(folder: Path) -> None:
    gigabyte = 1 << 30
    for memory, megabytes in [(gigabyte // 4, 128), (2 * gigabyte, 512), (512 * gigabyte, 8192)]:
        assert f"shared_buffers = {megabytes}MB\n" in postgres.settings(memory)
    with psycopg.connect(postgres.start_embedded(folder)) as connection:
        found = connection.execute(
            "SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'"
        ).fetchone()
    quarter = postgres._memory() // 4
    wanted = min(max(quarter, 128 << 20), 8 << 30)
    assert found is not None
    assert wanted - (1 << 20) < found[0] <= wanted


def test_in_a_container_the_memory_is_what_the_container_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(postgres, "_CONTAINED", limit)
    total = psutil.virtual_memory().total
    for text, memory in [("max\n", total), ("104857600\n", 100 << 20), (f"{1 << 60}\n", total)]:
        limit.write_text(text)
        assert postgres._memory() == memory
    limit.unlink()
    assert postgres._memory() == total


def test_a_lock_file_that_names_somebody_else_keeps_it_from_nothing(folder: Path) -> None:
    postgres.start_embedded(folder)
    lines = (folder / "postmaster.pid").read_text()
    postgres.stop_embedded_if_idle(folder)
    # As after a restart of the machine: the number now belongs to another program, here to us.
    (folder / "postmaster.pid").write_text(lines.replace(lines.split("\n")[0], str(os.getpid()), 1))
    assert postgres.revive_embedded(folder)
    assert postmaster(folder) != os.getpid()
    psycopg.connect(postgres.start_embedded(folder)).close()


def test_a_corpse_that_nobody_buries_keeps_it_from_nothing(folder: Path) -> None:
    postgres.start_embedded(folder)
    lines = (folder / "postmaster.pid").read_text()
    postgres.stop_embedded_if_idle(folder)
    corpse = subprocess.Popen([sys.executable, "-c", "input()"], cwd=folder, stdin=subprocess.PIPE)
    corpse.kill()
    os.waitid(os.P_PID, corpse.pid, os.WEXITED | os.WNOWAIT)  # dead, and left lying
    assert psutil.Process(corpse.pid).status() == psutil.STATUS_ZOMBIE
    (folder / "postmaster.pid").write_text(lines.replace(lines.split("\n")[0], str(corpse.pid), 1))
    try:
        assert postgres.revive_embedded(folder)
    finally:
        corpse.communicate()


def test_it_is_left_alone_while_it_lives(folder: Path) -> None:
    postgres.start_embedded(folder)
    before = postmaster(folder)
    assert not postgres.revive_embedded(folder)
    assert postmaster(folder) == before


def test_many_who_find_it_dead_start_it_once(folder: Path) -> None:
    address = postgres.start_embedded(folder)
    os.kill(postmaster(folder), signal.SIGKILL)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(postgres.start_embedded(folder)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [address] * 4
    psycopg.connect(address).close()


def test_idle_it_is_stopped_and_with_a_guest_it_is_not(folder: Path) -> None:
    address = postgres.start_embedded(folder)
    with psycopg.connect(address, application_name="a guest"):
        postgres.stop_embedded_if_idle(folder)
        assert not postgres.revive_embedded(folder), "it was stopped under a guest"
    postgres.stop_embedded_if_idle(folder)
    assert not (folder / "postmaster.pid").exists()
