"""An item leaves as a file and comes back as a draft, byte for byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import drafts
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli.items import items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ITEM = "construction/road-occupation"


def run(*words: object) -> Result:
    return CliRunner().invoke(items, [str(each) for each in words])


def test_an_item_comes_back_as_a_draft_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "item.zip"
    assert run("export", ITEM, file).exit_code == 0
    read = run("import", file)
    assert read.exit_code == 0, read.output
    with acting_as(SYSTEM):
        (draft,) = drafts.drafts(ITEM)
        assert draft.files == catalogue.pack_files(ITEM)


def test_a_file_that_does_not_say_which_pack_it_is_has_to_be_told(tmp_path: Path) -> None:
    file = tmp_path / "registers.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("registers/a.yaml", "code: a\n")
    refused = run("import", file)
    assert refused.exit_code == 2
    assert "--code" in refused.output


def test_an_import_of_nothing_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "empty.zip"
    zipfile.ZipFile(file, "w").close()
    assert run("import", file).exit_code == 1
