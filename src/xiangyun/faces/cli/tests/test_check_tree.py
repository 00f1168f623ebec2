"""A folder of packs: each is checked among the others, the shipped ones included."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.faces.cli.check import check
from xiangyun.faces.cli.packtree import shipped

REGISTER = """\
code: instrument
name: {zh-Hans: 乐器库, en: Instruments}
department: culture_tourism
key: number
laws: [{law: {zh-Hans: 测试, en: A test}, article: 第一条, verified: true}]
fields:
  - {name: number, type: text, required: true, words: {zh-Hans: 编号, en: Number}}
  - {name: maker, type: text, searched: code, words: {zh-Hans: 制作人, en: Maker}}
prefill: all
examples: [{data: {number: "001"}}]
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(check, [*words, "--json"])


def errors(result: Result) -> set[tuple[str, str]]:
    read = json.loads(result.stdout)
    files = read["files"] if isinstance(read, dict) else [{"findings": read}]
    found = [each for file in files for each in file["findings"]]
    return {(each["id"], each["file"]) for each in found if each["severity"] == "error"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a service that shows what a register of another pack holds."""
    packs = tmp_path / "packs"
    shutil.copytree(
        shipped() / "eldercare/ability-assessment", packs / "eldercare/ability-assessment"
    )
    registers = packs / "culture/instruments/registers"
    registers.mkdir(parents=True)
    (registers / "instrument.yaml").write_text(REGISTER, encoding="utf-8")
    form = packs / "eldercare/ability-assessment/form.json"
    text = form.read_text("utf-8")
    form.write_text(text.replace('"person.mobile"', '"instrument.maker"'), encoding="utf-8")
    return packs


def test_packs_of_a_folder_see_each_other(tree: Path) -> None:
    result = run(str(tree))
    assert (result.exit_code, errors(result)) == (0, set())
    read = json.loads(result.stdout)
    assert [each["file"] for each in read["files"]] == [
        "culture/instruments",
        "eldercare/ability-assessment",
    ]


def test_a_copy_elsewhere_is_judged_as_what_it_says_that_it_is(tmp_path: Path) -> None:
    # Both read registers that only packs of their own name, or of their area, may read.
    for pack, place in (
        ("credit/credit-report", "mine/attempt"),
        ("children/training", "children/training"),
    ):
        shutil.copytree(shipped() / pack, tmp_path / place)
        alone = run(str(tmp_path / place))
        assert (alone.exit_code, errors(alone)) == (0, set())


def test_one_pack_of_a_folder_sees_those_beside_it(tree: Path) -> None:
    assert run(str(tree / "eldercare/ability-assessment")).exit_code == 0
    shutil.rmtree(tree / "culture")
    alone = run(str(tree / "eldercare/ability-assessment"))
    assert (alone.exit_code, errors(alone)) == (1, {("pack.E050", "form.json")})


def test_a_register_that_is_broken_or_does_not_allow_it_is_told_in_its_file(tree: Path) -> None:
    file = tree / "culture/instruments/registers/instrument.yaml"
    file.write_text(REGISTER.replace("prefill: all", "prefil: all"), encoding="utf-8")
    assert errors(run(str(tree))) == {
        ("pack.E004", "culture/instruments/registers/instrument.yaml"),
        ("pack.E052", "eldercare/ability-assessment/form.json"),
    }


def test_one_file_of_a_register_is_checked_by_itself(tree: Path) -> None:
    file = tree / "culture/instruments/registers/instrument.yaml"
    assert run(str(file)).exit_code == 0
    file.write_text(REGISTER.replace("code: instrument", "code: instruments"), encoding="utf-8")
    assert errors(run(str(file))) == {("record.E001", "registers/instrument.yaml")}


def test_the_shipped_packs_are_clean_as_a_folder() -> None:
    result = run(str(shipped()))
    assert (result.exit_code, errors(result)) == (0, set())
