"""The container file: what it copies is there, what it runs is known, and nobody is root.

No container engine runs in CI. The wheel's own test installs what the file installs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from xiangyun.faces.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


def instructions() -> list[tuple[str, str]]:
    """The instructions of the file with their words, in order."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    parts = (line.strip().partition(" ") for line in lines if line.strip())
    return [(word, rest.strip()) for word, _, rest in parts]


def of(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def test_what_is_copied_from_the_checkout_is_there():
    copied = [each.split()[:-1] for each in of("COPY") if "--from" not in each]
    assert copied
    for path in (ROOT / name for names in copied for name in names):
        assert path.exists(), path


def test_packages_are_installed_by_their_hashes_alone():
    installs = re.findall(r"pip install ([^&]+)", " && ".join(of("RUN")))
    assert [("--require-hashes" in each, "--no-deps" in each) for each in installs] == [
        (True, False),
        (False, True),
    ]


def test_it_serves_as_somebody_who_is_not_root_and_keeps_all_in_the_volume():
    words = [word for word, _ in instructions()]
    assert of("USER") == ["10001"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert f"XIANGYUN_HOME={of('VOLUME')[0]}" in of("ENV")[0]


def test_the_command_and_its_options_are_those_of_the_platform():
    assert json.loads(of("ENTRYPOINT")[0]) == ["xiangyun"]
    name, *given = json.loads(of("CMD")[0])
    module, _, attribute = COMMANDS[name].place.partition(":")
    command: click.Command = getattr(__import__(module, fromlist=[attribute]), attribute)
    assert command.make_context(name, given, resilient_parsing=False).params["port"] == 8000


@pytest.mark.parametrize("page", ["docs/how-to/run-in-a-container.md"])
def test_its_how_to_names_commands_and_options_that_exist(page: str):
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"xiangyun (?:xiangyun )?(init|doctor|backup|serve)\b", text)
    assert {"init", "doctor", "backup"} <= set(named) <= set(COMMANDS)
    for option in re.findall(r"(--(?:storage|address))\b", text):
        assert f"`{option}" in (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
