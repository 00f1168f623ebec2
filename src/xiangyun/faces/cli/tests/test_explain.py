"""`xiangyun check --explain ID` tells more about every finding there is."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from xiangyun.faces.cli import explaining
from xiangyun.faces.cli.check import check

OF_FILES = ("pack", "file", "feel", "dmn", "bpmn", "form", "code", "record")
"""The areas of what `xiangyun check` finds in files."""


def explain(*words: str) -> Result:
    return CliRunner().invoke(check, ["--explain", *words])


def in_files(id: str) -> bool:
    area, _, number = id.partition(".")
    return area in OF_FILES and not (area == "form" and number.startswith("E1"))


def test_every_finding_in_files_has_an_example_of_wrong_and_right_and_a_source() -> None:
    found = {id for id in explaining.known_ids() if in_files(id)}
    assert len(found) > 150
    assert sorted(found - explaining.examples().keys()) == []
    for id, example in explaining.examples().items():
        assert example.wrong.strip(), id
        assert example.right.strip(), id
        assert example.source.strip(), id
        assert example.wrong != example.right, id


def test_no_example_is_of_a_finding_that_does_not_occur() -> None:
    assert sorted(explaining.examples().keys() - explaining.known_ids()) == []


def test_every_finding_says_what_kind_it_is_and_what_it_says() -> None:
    mute = []
    for id in sorted(explaining.known_ids()):
        found = explaining.explain(id)
        assert found is not None
        assert found.places, id
        if not found.said and found.example is None:
            mute.append(id)
    assert len(mute) <= len(explaining.known_ids()) // 10, mute


def test_an_explanation_is_read_and_as_json_too() -> None:
    told = explain("pack.E005")
    assert told.exit_code == 0
    for part in ("An error", "lacks", "visits", "amount: 0", "docs/reference/packs.md"):
        assert part in told.output
    read = json.loads(explain("pack.E005", "--json").output)
    assert read["id"] == "pack.E005"
    assert read["kind"]["en"].startswith("An error")
    assert "amount: 0" in read["right"]


@pytest.mark.parametrize("id", ["pack.E999", "packE005", "", "pack.E00"])
def test_an_id_that_there_is_not_is_refused_with_the_nearest(id: str) -> None:
    done = explain(id)
    assert done.exit_code == 2
    assert "There is no id" in done.output


def test_without_a_path_and_an_id_the_command_says_what_it_wants() -> None:
    done = CliRunner().invoke(check, [])
    assert done.exit_code == 2
    assert "--explain" in done.output
