"""Every shipped pack comes back from an export as it lies in its folder, byte for byte."""

from __future__ import annotations

import io
import zipfile

import pytest

from xiangyun.adapters.packs import packs
from xiangyun.adapters.packzip import unzipped, zipped
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import read_contents


@pytest.mark.django_db
def test_every_published_pack_comes_back_byte_for_byte(demonstration: None) -> None:
    shipped = packs()
    assert len(shipped) > 40
    with acting_as(SYSTEM):
        for code, folder in shipped.items():
            on_disk = {
                path.relative_to(folder).as_posix(): path.read_bytes()
                for path in folder.rglob("*")
                if path.is_file()
            }
            archive = zipped(queries.pack_files(code))
            exported = {path: text.encode() for path, text in unzipped(archive).items()}
            assert exported == on_disk, code
            assert zipped(unzipped(archive)) == archive


def test_what_is_imported_declares_the_same_as_what_was_exported() -> None:
    folder = packs()["market/companies"]
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file()
    }
    came = unzipped(zipped(files))
    one, two = (read_contents(each, "market/companies") for each in (files, came))
    assert [each.code for each in one.declarations] == [each.code for each in two.declarations]


def archive(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for path, data in entries:
            made.writestr(path, data)
    return out.getvalue()


@pytest.mark.parametrize("data", [
    b"",
    b"no zip",
    archive(),
    archive(("../service.yaml", b"x")),
    archive(("/service.yaml", b"x")),
    archive(("texts\\en.yaml", b"x")),
    archive(("service.yaml", b"\xff\xfe")),
])  # fmt: skip
def test_what_is_no_pack_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        unzipped(data)
    assert [each.id for each in refused.value.findings] == ["catalogue.E008"]
