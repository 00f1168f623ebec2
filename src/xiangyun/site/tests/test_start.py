"""What a command stands on."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

from xiangyun.site import start


def test_where_no_temporary_files_may_lie_the_instance_has_a_place_for_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def closed() -> NoReturn:
        raise FileNotFoundError("No usable temporary directory")

    monkeypatch.setenv("TMPDIR", "")
    with monkeypatch.context() as within:
        within.setattr(tempfile, "tempdir", None)
        within.setattr(tempfile, "gettempdir", closed)
        start._room_for_large_requests(tmp_path)
        assert tempfile.tempdir == os.environ["TMPDIR"] == str(tmp_path / "tmp")
    assert stat.S_IMODE((tmp_path / "tmp").stat().st_mode) == 0o700


def test_else_temporary_files_lie_where_those_of_the_machine_do(tmp_path: Path) -> None:
    start._room_for_large_requests(tmp_path)
    assert not list(tmp_path.iterdir())
