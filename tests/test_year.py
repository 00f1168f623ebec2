"""Some weeks of a simulated year on a new instance: at their end everything agrees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiangyun.adapters.embedded import stop_embedded_if_idle

pytestmark = pytest.mark.slow(minutes=2)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    folder = Path(tempfile.mkdtemp(prefix="xiangyun-year-"))
    folder.chmod(0o755)
    yield folder
    stop_embedded_if_idle(folder / "postgres")
    shutil.rmtree(folder)


def played(home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XIANGYUN", "DATABASE"))}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "xiangyun.site.main", "--language", "en", "year", *more],
        env={**env, "XIANGYUN_HOME": str(home), "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_after_some_weeks_journal_registers_statistics_and_open_data_agree(home: Path) -> None:
    done = played(home, "--scale", "0.0003", "--days", "33")
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "✗" not in done.stdout
    whole = "Open data and register: Projects of green bonds"
    counted = ("Findings of the audit", "Feed of changes and registers", "Journal and cases")
    for compared in (*counted, whole):
        assert f"✓ {compared}" in done.stdout
    assert "Journal and statistics" in done.stdout
    begun = int(done.stdout.split(" applications")[0].split()[-1])
    assert begun == round(1_200_000 * 0.0003 * 33 / 365)


def test_no_year_is_played_where_there_are_cases(home: Path) -> None:
    again = played(home, "--days", "1")
    assert again.returncode == 1
    assert "This instance has cases" in again.stdout + again.stderr
