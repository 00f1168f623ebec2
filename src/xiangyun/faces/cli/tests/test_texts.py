"""Sentences with their ids, and the reader's language on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from xiangyun.adapters import languages
from xiangyun.faces.cli import telling
from xiangyun.faces.cli.texts import texts
from xiangyun.kernel.findings import Text
from xiangyun.kernel.translation import coverage

LOGGED_IN = Text("登录", "Log in")
LOCALES = ("XIANGYUN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _nobody_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for each in LOCALES:
        monkeypatch.delenv(each, raising=False)
    token = telling._readers.set(())
    telling._readers.reset(token)
    before = telling._readers.set(telling._of_environment())
    yield
    telling._readers.reset(before)


def test_all_sentences_are_listed_with_their_ids_and_places() -> None:
    done = CliRunner().invoke(texts, ["--json"])
    listed = json.loads(done.stdout)
    assert len(listed) > 500
    [found] = [each for each in listed if each["id"] == LOGGED_IN.id]
    assert (found["zh"], found["en"]) == ("登录", "Log in")
    assert found["place"].startswith("faces/look/templates/")


def test_what_a_language_lacks_is_written_as_a_file_to_fill_in(tmp_path: Path) -> None:
    out = tmp_path / "ko.yaml"
    done = CliRunner().invoke(texts, ["--language", "ko", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    written = yaml.safe_load(out.read_text("utf-8"))
    assert written[LOGGED_IN.id] == "로그인"
    empty = [id for id, words in written.items() if words is None]
    assert f"{len(empty)} missing" in done.stderr
    done = CliRunner().invoke(texts, ["--language", "ko", "--missing"])
    assert list(yaml.safe_load(done.stdout)) == empty


def test_the_shipped_languages_fit_their_sentences() -> None:
    sentences = list(languages.sentences())
    for tag in set(languages.languages()) - {"zh-Hans", "en"}:
        language, faults = languages.read(tag)
        found = coverage(language, sentences)
        assert not faults
        assert not found.faults
        assert found.translated


def test_a_translation_that_does_not_fit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = next(each for each in languages.sentences() if each.en == "Page {at} of {of}")
    (tmp_path / "qaa").mkdir()
    (tmp_path / "qaa" / "language.yaml").write_text("name: Naa")
    (tmp_path / "qaa" / "a.yaml").write_text(f'{found.id}: "{{page}}"\ngone-00000000: x\n')
    monkeypatch.setenv("XIANGYUN_LANGUAGES", str(tmp_path))
    done = CliRunner().invoke(texts, ["--language", "qaa"])
    assert done.exit_code == 1
    assert "language.E007" in done.stderr
    assert "gone-00000000" in done.stderr


@pytest.mark.parametrize(
    ("environment", "tags"),
    [
        ({}, ["zh-Hans", "en"]),
        ({"LANG": "C.UTF-8"}, ["zh-Hans", "en"]),
        ({"LANG": "de_DE.UTF-8"}, ["zh-Hans", "en"]),
        ({"LANG": "en_GB.UTF-8"}, ["en"]),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, ["zh-Hans"]),
        ({"LANG": "en_GB.UTF-8", "XIANGYUN_LANGUAGE": "ko"}, ["ko"]),
        ({"XIANGYUN_LANGUAGE": "en,zh"}, ["en", "zh-Hans"]),
    ],
)
def test_the_command_line_speaks_the_language_of_the_locale(
    environment: dict[str, str], tags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert [each.tag for each in telling._of_environment()] == tags


def test_a_sentence_is_told_in_one_language_or_a_line_each() -> None:
    row = Text("第 {n} 行。", "Row {n}.", n=3)
    assert telling.told(row, "  ") == "  第 3 行。\n  Row 3."
    telling.read_in("en-GB")
    assert telling.told(row) == "Row 3."
    with pytest.raises(telling.WrongUsage, match="There is no language “tlh”"):
        telling.read_in("en,tlh")
