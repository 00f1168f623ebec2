"""Packs of one's own lie in folders that a setting names, beside the shipped ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiangyun.adapters import packs
from xiangyun.kernel.findings import Conflict, NotFound


def made(root: Path, code: str) -> Path:
    folder = root / code
    folder.mkdir(parents=True)
    (folder / "service.yaml").write_text(f"code: {code}\n")
    return folder


def test_folders_of_ones_own_stand_beside_the_shipped_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = made(tmp_path / "one", "culture/library-card"), made(tmp_path / "two", "port/berth")
    monkeypatch.setenv("XIANGYUN_PACKS", f"{tmp_path / 'one'}{os.pathsep}{tmp_path / 'two'}")
    found = packs.packs()
    assert found["culture/library-card"] == one
    assert found["port/berth"] == two
    assert "market/company-registration" in found
    assert packs.code_of(one) == "culture/library-card"
    assert packs.place_of(two) == tmp_path / "two"


def test_a_folder_that_does_not_exist_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGYUN_PACKS", str(tmp_path / "absent"))
    with pytest.raises(NotFound) as refused:
        packs.packs()
    assert "absent" in refused.value.findings[0].message.en


def test_one_code_in_two_folders_is_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "market/company-registration")
    monkeypatch.setenv("XIANGYUN_PACKS", str(tmp_path))
    with pytest.raises(Conflict) as refused:
        packs.packs()
    message = refused.value.findings[0].message.en
    assert str(tmp_path) in message
    assert str(packs.SHIPPED) in message


def test_elsewhere_the_last_two_folders_are_the_code(tmp_path: Path) -> None:
    assert packs.code_of(made(tmp_path, "culture/library-card")) == "culture/library-card"
    assert packs.place_of(tmp_path / "culture" / "library-card") is None
