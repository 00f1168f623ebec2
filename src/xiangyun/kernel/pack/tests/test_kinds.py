"""A further kind is one module beside the others; no file that is there changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from xiangyun.kernel.pack import check_pack, read_contents
from xiangyun.kernel.pack import kinds as known_kinds
from xiangyun.kernel.pack.kind import globs
from xiangyun.kernel.pack.tests.shipped import errors, files

KINDS = sys.modules["xiangyun.kernel.pack.kinds"]
MODULE = """
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, globs

FILE = "bells.yaml"


def _read(files, pack, report):
    text = files[FILE].strip()
    if text == "broken":
        report(Finding("bell.E001", "error", Text("坏了。", "Broken."), Place(FILE, 1)))
    return [Declaration("bells", pack, pack, Text("钟", "Bells"), {FILE: files[FILE]}, text)]


def _fits(declaration, known):
    if known.whole and declaration.value not in known.all("register"):
        yield Finding("bell.E002", "error", Text("没有库。", "No register."), Place(FILE, 1))


KIND = Kind("bells", Text("钟", "bells"), (FILE,), globs(FILE), _read, _fits)
"""


@pytest.fixture
def bells(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    tmp_path = tmp_path_factory.mktemp("kinds")
    (tmp_path / "bells.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(KINDS, "__path__", [*KINDS.__path__, str(tmp_path)])
    known_kinds.cache_clear()
    yield
    sys.modules.pop("xiangyun.kernel.pack.kinds.bells", None)
    known_kinds.cache_clear()


@pytest.mark.usefixtures("bells")
def test_the_files_of_a_new_kind_are_read_and_checked_alone_or_beside_a_service() -> None:
    assert [each.kind for each in read_contents({"bells.yaml": "x"}, "a/b").declarations] == [
        "bells"
    ]
    assert [f.id for f in check_pack({"bells.yaml": "broken"}, "a/b")] == ["bell.E001"]
    both = {**files(), "bells.yaml": "company"}
    kinds = [each.kind for each in read_contents(both, "a/b").declarations]
    assert sorted({*kinds}) == ["bells", "connector", "service"]
    assert errors(check_pack(both)) == []


def test_without_the_module_the_same_file_is_one_that_nothing_reads() -> None:
    said = [f.place.file for f in check_pack({**files(), "bells.yaml": "x"}) if f.id == "pack.W002"]
    assert said == ["bells.yaml"]


def test_a_file_of_one_kind_does_not_change_what_another_is_made_of() -> None:
    def service(more: dict[str, str]) -> object:
        declared = read_contents({**files(), **more}).declarations
        return next(each for each in declared if each.kind == "service").files

    assert service({"registers/x.yaml": "code: x"}) == service({})


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("registers/company.yaml", True),
        ("registers/a/company.yaml", False),
        ("registers/company.yml", False),
        ("x/registers/company.yaml", False),
    ],
)
def test_a_star_stands_for_a_name_and_never_for_a_folder(path: str, fits: bool) -> None:
    assert globs("registers/*.yaml")(path) is fits
