"""A service that changed says so: a new version, or a line among what changed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
RULES = re.compile(
    r"packs/([^/]+/[^/]+)/((service|parameters|certificate|draws|population)\.yaml"
    r"|process\.bpmn|rules\.dmn|form\.json|(forms|processes)/.+)"
)
"""What a case goes by. Words, examples and what is published apart, such as registers, are not."""


def services() -> list[Path]:
    return sorted(file.parent for file in (ROOT / "packs").glob("*/*/service.yaml"))


def commits(*options: str) -> list[tuple[str, list[str]]]:
    """Commits, newest first, each with the files of packs that it touched."""
    told, shallow = (
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        for words in (
            ["log", "--format=%x00%H", "--name-only", *options],
            ["rev-parse", "--is-shallow-repository"],
        )
    )
    if told.returncode or shallow.stdout.strip() != "false":
        pytest.skip("no history to ask")
    found = []
    for block in told.stdout.split("\0")[1:]:
        commit, *files = block.split()
        found.append((commit, files))
    return found


def silent(
    history: list[tuple[str, list[str]]], versions: set[tuple[str, str]], code: str
) -> str | None:
    """The commit that changed what a service goes by and told nobody since, None without one."""
    for commit, files in history:
        if f"packs/{code}/CHANGES.md" in files or (commit, code) in versions:
            return None
        if any((found := RULES.fullmatch(file)) and found[1] == code for file in files):
            return commit
    return None


def test_what_changed_begins_with_the_version_of_the_service():
    differing = {}
    for pack in services():
        changes = pack / "CHANGES.md"
        if changes.exists():
            first = re.search(r"(?m)^##? (\d+)", changes.read_text("utf-8"))
            version = yaml.safe_load((pack / "service.yaml").read_text("utf-8"))["version"]
            if first is None or int(first[1]) != version:
                differing[pack.name] = (version, first and first[1])
    assert differing == {}


def test_a_service_that_changed_has_a_new_version_or_says_what_changed():
    history = commits("--", "packs")
    numbered = commits("-G^version:", "--", "packs/*/*/service.yaml")
    versions = {
        (each, "/".join(file.split("/")[1:3])) for each, files in numbered for file in files
    }
    codes = ["/".join(pack.parts[-2:]) for pack in services()]
    told_nobody = {code: found for code in codes if (found := silent(history, versions, code))}
    # Raise `version` in its service.yaml, and say in its CHANGES.md what is new, in both languages.
    assert told_nobody == {}


def test_a_silent_change_would_be_found():
    code = "market/stall-report"
    touched = [f"packs/{code}/service.yaml"]
    begun = [("b", [*touched, f"packs/{code}/texts/en.yaml"]), ("a", touched)]
    assert silent(begun, {("a", code)}, code) == "b"
    assert silent(begun, {("b", code)}, code) is None
    assert silent([("c", [f"packs/{code}/CHANGES.md"]), *begun], set(), code) is None
    assert (
        silent([("c", [f"packs/{code}/texts/en.yaml"]), ("a", touched)], {("a", code)}, code)
        is None
    )
