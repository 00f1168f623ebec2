"""`xiangyun declarations` and `xiangyun unpublish`, as whoever runs the instance calls them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from xiangyun.faces.cli.declarations import declarations
from xiangyun.faces.cli.publish import unpublish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def call(command: object, *words: str, ends: int = 0) -> Result:
    result = CliRunner().invoke(command, words)  # type: ignore[arg-type]
    assert result.exit_code == ends, result.output
    return result


def listed(*words: str) -> dict[str, dict[str, object]]:
    found = json.loads(call(declarations, *words, "--json").output)
    return {each["reference"]: each for each in found}


def test_all_that_is_in_force_is_listed_with_what_names_it() -> None:
    found = listed()
    assert found["role/assessor"]["pack"] == "eldercare/ability-assessment"
    assert found["role/reviewer"]["pack"] == "government/roles"
    assert found["register/company"]["version"] == 1
    assert found["market/company-registration"]["kind"] == "service"
    assert {each["kind"] for each in listed("role").values()} == {"role"}
    shown = call(declarations).output
    for word in ("role/reviewer", "审查", "government/roles", "register/company"):
        assert word in shown


def test_what_is_still_used_is_not_withdrawn_and_what_is_not_there_is_said() -> None:
    refused = call(unpublish, "role/assessor", ends=1).output
    assert "方样评" in refused
    assert "eldercare/ability-assessment" in refused
    assert "“role/assesor”" in call(unpublish, "role/assesor", ends=2).output
    assert "role/assessor" in listed()
