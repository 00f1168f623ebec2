"""`xiangyun dataset`: checked, built by one, published by another, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from xiangyun.domain.datasets.tests import test_releases as stations
from xiangyun.faces.cli.dataset import dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ON = ("--on", "2026-03-05")


@pytest.fixture
def declared() -> None:
    """A data set that is a file, and two data stewards."""
    stations.put()
    stations.steward("yi")
    stations.steward("er")


def run(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(dataset, words)


def told(*words: str) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_data_set_is_checked_built_and_published_by_two_people(declared: None) -> None:
    checked = run("check", "stations", *ON)
    assert checked.exit_code == 0, checked.output
    assert "3 rows, nothing is wrong" in checked.output
    assert run("diff", "stations").exit_code == 2, "a check keeps nothing"
    built = told("build", "stations", *ON, "--by", "yi")
    assert (built["release"], built["rows"], built["state"]) == (1, 3, "built")
    own = run("publish", "stations", "--by", "yi")
    assert own.exit_code == 1
    assert "does not publish it" in own.output
    assert told("publish", "stations", "--by", "er")["state"] == "published"
    [row] = [each for each in told("list") if each["dataset"] == "stations"]
    assert (row["release"], row["rows"], row["waiting"]) == (1, 3, None)
    again = run("build", "stations", *ON, "--by", "yi")
    assert again.exit_code == 0
    assert "Nothing has changed" in again.output


def test_what_differs_from_the_release_before_is_said_in_rows_and_columns(declared: None) -> None:
    told("build", "stations", *ON, "--by", "yi")
    told("publish", "stations", "--by", "er")
    wider = stations.SET + "  - {name: note, type: text, words: {zh-Hans: 备注, en: Note}}\n"
    head, *rows = stations.ROWS.replace("008", "018").splitlines()
    stations.put("\n".join([f"{head},note", *(f"{row}," for row in rows), ""]), wider)
    told("build", "stations", *ON, "--by", "yi")
    found = told("diff", "stations")
    assert found["release"] == 2
    assert found["difference"]["columns_added"] == ["note"]
    said = run("diff", "stations")
    assert "since v1" in said.output
    assert "Columns added: note" in said.output


def test_a_file_with_wrong_rows_is_told_by_its_lines_and_nothing_is_kept(
    declared: None, tmp_path: Path
) -> None:
    wrong = tmp_path / "stations.csv"
    wrong.write_text(stations.ROWS.replace("1.5", "many"), "utf-8")
    for words in (("check", "stations"), ("build", "stations", "--by", "yi")):
        refused = run(*words, *ON, "--file", str(wrong))
        assert refused.exit_code == 1, refused.output
        assert "dataset.E022" in refused.output
    [row] = [each for each in told("list") if each["dataset"] == "stations"]
    assert (row["release"], row["waiting"]) == (None, None)


def test_a_release_that_was_taken_back_says_why(declared: None) -> None:
    told("build", "stations", *ON, "--by", "yi")
    told("publish", "stations", "--by", "er")
    assert run("withdraw", "stations", "1", "--why", "数值有误", "--by", "er").exit_code == 0
    assert run("withdraw", "stations", "7", "--why", "数值有误", "--by", "er").exit_code != 0
