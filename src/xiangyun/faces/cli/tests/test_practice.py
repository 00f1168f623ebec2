"""Practice has an instance of its own, is marked on every page, and is forgotten by a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from xiangyun.faces.cli import practice


def test_nothing_that_leads_outside_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in practice.OUTSIDE:
        monkeypatch.setenv(name, "outside")
    made = practice.surroundings(Path("/tmp/practised"))
    assert not [name for name, value in made.items() if value == "outside"]
    assert made["XIANGYUN_HOME"] == "/tmp/practised"
    assert made["XIANGYUN_PRACTICE"] == "1"


def test_a_reset_forgets_what_was_practised_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[dict[str, str]] = []
    monkeypatch.setenv("XIANGYUN_HOME", str(tmp_path))
    monkeypatch.setattr(practice.os, "execve", lambda *given: ran.append(given[2]))
    (tmp_path / "real").touch()
    assert CliRunner().invoke(practice.practice, ["--no-serve"]).exit_code == 0
    home = practice.practice_home()
    (home / "tried").touch()
    assert CliRunner().invoke(practice.practice, ["--reset"]).exit_code == 0
    assert not (home / "tried").exists()
    assert (tmp_path / "real").exists()
    assert [each["XIANGYUN_HOME"] for each in ran] == [str(home)] * 2
    (home / "practice").unlink()
    (home / "mine").touch()
    assert CliRunner().invoke(practice.practice, ["--reset"]).exit_code != 0
    assert (home / "mine").exists(), "what is no practice instance is left alone"


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_every_page_of_it_says_so(settings) -> None:
    client = Client(headers={"accept-language": "en"})
    assert "Practice: nothing done here counts" not in client.get("/login").text
    settings.PRACTICE = True
    for address in ("/", "/login", "/nowhere"):
        page = client.get(address).text
        assert "Practice: nothing done here counts" in page, address
        assert "[Practice]" in page.partition("</title>")[0]
