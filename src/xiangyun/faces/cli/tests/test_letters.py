"""What the examples of a pack write is printed, and a mail that came back is taken from a pipe."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.letters import letters
from xiangyun.faces.cli.returned import returned


def test_the_letters_of_an_example_are_printed_whole() -> None:
    done = CliRunner().invoke(letters, ["market/company-registration", "--example", "01"])
    assert done.exit_code == 0, done.output
    assert "准予登记通知书" in done.output
    assert "准予设立登记，统一社会信用代码" in done.output
    assert "受理通知书" in done.output


def test_letters_of_a_pack_with_registers_say_moments_as_people_do() -> None:
    done = CliRunner().invoke(letters, ["enforcement/inspection", "--example", "02"])
    assert done.exit_code == 0, done.output
    assert "2026年5月13日 09:00" in done.output
    assert "T09:" not in done.output


def test_an_example_that_is_not_there_is_told() -> None:
    done = CliRunner().invoke(letters, ["market/company-registration", "--example", "99"])
    assert done.exit_code != 0


@pytest.mark.django_db
def test_any_other_mail_is_left_alone() -> None:
    done = CliRunner().invoke(returned, input=b"Subject: hello\n\nnothing")
    assert done.exit_code == 0, done.output
    assert "No mail of ours" in done.output
