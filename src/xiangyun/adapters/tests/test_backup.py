"""A backup is an instance again: as late as is known, or as it stood at a moment."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError, CompletedProcess

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

    assert backup.prune(folder, 1, datetime.now(UTC)) == []

    latest = place / "latest"
    with pytest.raises(Refused, match=r"backup\.E007"):
        backup.restore(folder, latest, datetime(2100, 1, 1, tzinfo=UTC), place / "apart")
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


def test_what_no_moment_of_the_days_kept_needs_is_removed(tmp_path: Path) -> None:
    """Each copy begins with a piece of its own; a third was never finished."""
    (tmp_path / "wal").mkdir()
    for number in range(1, 10):
        (tmp_path / "wal" / f"00000001000000000000000{number}").touch()
    (tmp_path / "wal" / "000000010000000000000002.00000028.backup").touch()
    (tmp_path / "wal" / "00000002.history").touch()
    for day, piece in ((1, 2), (2, 4), (4, 8)):
        copy = tmp_path / "base" / f"2026010{day}T000000Z"
        copy.mkdir(parents=True)
        (copy / "backup_manifest").touch()
        label = f"START WAL LOCATION: 0/{piece}000028 (file 00000001000000000000000{piece})\n"
        (copy / "backup_label").write_text(label)
    (tmp_path / "base" / "20260103T000000Z").mkdir()

    def pruned(day: int, keep: int) -> list[str]:
        gone = backup.prune(tmp_path, keep, datetime(2026, 1, day, 12, tzinfo=UTC))
        return [each.name[6:8] for each in gone]

    def pieces() -> list[int]:
        return sorted(int(p.name[8:]) for p in (tmp_path / "wal").iterdir() if len(p.name) == 24)

    assert pruned(4, 10) == ["03"], "no copy is older than ten days"
    assert pieces() == [2, 3, 4, 5, 6, 7, 8, 9], "no copy needs the first piece"
    assert pruned(4, 1) == ["01"], "the second leads to the moments of the last day"
    assert pieces() == [4, 5, 6, 7, 8, 9]
    assert pruned(4, 1) == []
    assert pruned(31, 1) == ["02"], "the last copy is never removed"
    assert sorted(p.name for p in (tmp_path / "wal").iterdir() if len(p.name) != 24) == [
        "00000002.history"
    ]


def test_a_copy_that_was_damaged_or_never_finished_is_not_restored(place: Path) -> None:
    home, folder = place / "damaged", place / "damaged-copies"
    add(home, 1)
    copy = backup.backup(home, folder)
    (copy / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(Refused, match=r"backup\.E006"):
        backup.restore(folder, place / "from-damaged")
    (copy / "backup_manifest").unlink()
    with pytest.raises(Refused, match=r"backup\.E003"):
        backup.restore(folder, place / "from-damaged")


def test_a_backup_that_cannot_be_written_leaves_nothing_and_says_why(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = place / "unwritten", place / "unwritten-copies"
    add(home, 1)
    usual = embedded.command

    def full(folder: Path, name: str, *words: str, check: bool = True) -> CompletedProcess[bytes]:
        if name != "pg_basebackup":
            return usual(folder, name, *words, check=check)
        base = Path(words[1])
        base.mkdir()
        said = b"pg_basebackup: error: could not write to file: No space left on device\n"
        raise CalledProcessError(1, name, stderr=said)

    monkeypatch.setattr(embedded, "command", full)
    with pytest.raises(Refused, match="No space left on device"):
        backup.backup(home, folder)
    assert list((folder / "base").iterdir()) == []
