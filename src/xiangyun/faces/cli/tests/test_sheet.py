"""`xiangyun sheet`: what it ends with."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.sheet import sheet


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(
    "verb", [["submit"], ["approve"], ["return", "--why", "不全"], ["set-aside", "--why", "不用了"]]
)
def test_a_sheet_that_is_not_there_ends_with_2(verb: list[str]) -> None:
    ended = CliRunner().invoke(sheet, [*verb, "registration/company-registration", "222404"])
    assert ended.exit_code == 2, ended.output
    assert "没有这份" in ended.output


@pytest.mark.usefixtures("demonstration")
def test_a_place_that_is_none_is_named_with_what_to_give_instead() -> None:
    ended = CliRunner().invoke(sheet, ["submit", "registration/company-registration", "999999"])
    assert ended.exit_code == 2, ended.output
    assert "没有区划“999999”" in ended.output
