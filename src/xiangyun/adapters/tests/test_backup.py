"""A backup is an instance again: as late as is known, or as it stood at a moment."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from xiangyun.adapters import backup, embedded
from xiangyun.kernel.findings import Refused


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="xiangyun-backup-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.iterdir():
        if (home / "postgres" / "PG_VERSION").exists():
            embedded.stop_embedded_if_idle(home / "postgres")
    shutil.rmtree(folder)


def kept(home: Path) -> list[int]:
    with psycopg.connect(embedded.start_embedded(home / "postgres")) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM kept ORDER BY n").fetchall()]


def add(home: Path, number: int) -> datetime:
    """Commit a row; a moment after it and before the next."""
    with psycopg.connect(embedded.start_embedded(home / "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])
        found = connection.execute("SELECT clock_timestamp()").fetchone()
        connection.execute("SELECT pg_sleep(0.05)")
    assert found is not None
    moment: datetime = found[0]
    return moment + timedelta(milliseconds=20)


def archived(home: Path, folder: Path) -> None:
    """Wait until what is committed lies in the archive."""
    with psycopg.connect(embedded.start_embedded(home / "postgres"), autocommit=True) as connection:
        piece = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert piece is not None
    while not (folder / "wal" / piece[0]).exists():
        time.sleep(0.05)


def test_an_instance_is_restored_as_late_as_is_known_and_to_a_moment(place: Path) -> None:
    home, folder = place / "home", place / "copies"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "signing.pem").write_text("a key")
    (home / "secret-key").write_text("a secret")
    add(home, 1)
    backup.backup(home, folder, keys=place / "apart")
    moment = add(home, 2)
    add(home, 3)
    archived(home, folder)

    latest = place / "latest"
    backup.restore(folder, latest, keys=place / "apart")
    assert kept(latest) == [1, 2, 3]
    assert (latest / "keys" / "signing.pem").read_text() == "a key"
    assert (latest / "secret-key").read_text() == "a secret"
    assert not (folder / "keys").exists()

    earlier = place / "earlier"
    backup.restore(folder, earlier, moment, place / "apart")
    assert kept(earlier) == [1, 2]
    add(earlier, 9)  # it goes on by itself
    assert kept(home) == [1, 2, 3]

    with pytest.raises(Refused, match=r"backup\.E002"):
        backup.restore(folder, home)
    with pytest.raises(Refused, match=r"backup\.E003"):
        backup.restore(folder, place / "never", datetime(2020, 1, 1, tzinfo=UTC))
