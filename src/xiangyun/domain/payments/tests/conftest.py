"""A simulated provider for each test: numbers of orders begin anew with each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiangyun.adapters import payments


@pytest.fixture(autouse=True)
def _own_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "instance_folder", lambda: tmp_path)
