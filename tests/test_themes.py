"""What is proved of a theme: its drawing opens its members, answers them, and waits for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from xiangyun.kernel.pack import Known, check_contents, read_contents

PACKS = Path(__file__).resolve().parent.parent / "packs"
THEME = "themes/birth"
MEMBERS = ("public-security/birth-registration", "medical-insurance/newborn-enrolment")


def files(pack: str) -> dict[str, str]:
    folder = PACKS / pack
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def members() -> Known:
    found = [one for pack in MEMBERS for one in read_contents(files(pack), pack).declarations]
    return Known(found, whole=True, left_out=("register", "role"))


def said(changed: dict[str, tuple[str, str]]) -> set[str]:
    written = files(THEME)
    for path, (before, after) in changed.items():
        assert before in written[path], before
        written[path] = written[path].replace(before, after)
    findings = check_contents(read_contents(written, THEME), written, THEME, members())
    return {each.id for each in findings if each.severity == "error"}


def test_the_theme_of_the_tree_fits_its_members() -> None:
    assert not {id for id in said({}) if id.startswith("pack.E59")}


@pytest.mark.parametrize(
    ("id", "path", "before", "after"),
    [
        ("pack.E592", "theme.yaml", "open: open_register", "open: told"),
        ("pack.E593", "theme.yaml", "wait: register_ended", "wait: told"),
        ("pack.E594", "process.bpmn", 'target="household_book"', 'target="promise"'),
        ("pack.E595", "service.yaml", "    days: 5\n", "    days: 4\n"),
        ("pack.E596", "theme.yaml", "open: open_insurance", "open: open_register"),
        (
            "pack.E590",
            "theme.yaml",
            "service: medical-insurance/newborn-enrolment",
            "service: public-security/birth-registration",
        ),
    ],
)
def test_what_is_broken_is_said(id: str, path: str, before: str, after: str) -> None:
    assert id in said({path: (before, after)})


def test_a_theme_without_its_service_is_none() -> None:
    alone = {
        path: text for path, text in files(THEME).items() if path in ("theme.yaml", "CHANGES.md")
    }
    findings = check_contents(read_contents(alone, THEME), alone, THEME, members())
    assert "pack.E591" in {each.id for each in findings}
