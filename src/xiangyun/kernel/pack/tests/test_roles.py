"""A role that nobody can hold is refused before a case waits for it."""

from __future__ import annotations

import pytest

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.contents import read_contents
from xiangyun.kernel.pack.kind import Declaration, Known
from xiangyun.kernel.pack.kinds.role import DeclaredRole, check_roles, roles_in

FILE = """roles:
  - role: inspector
    words: {zh-Hans: 检查员, en: inspector}
    does: {zh-Hans: 到现场检查。, en: Inspects on the spot.}
    departments: [fire, market-supervision]
    levels: [county]
  - role: overseer
    words: {zh-Hans: 督查, en: overseer}
    does: {zh-Hans: 督查。, en: Oversees.}
    across: true
"""


def read(text: str) -> tuple[list[DeclaredRole], list[Finding]]:
    contents = read_contents({"roles.yaml": text}, "fire/roles")
    return [each.value for each in contents.declarations], list(contents.findings)


def test_a_pack_declares_roles_with_their_departments_and_levels() -> None:
    (inspector, overseer), findings = read(FILE)
    assert findings == []
    assert (inspector.departments, inspector.levels) == (
        ("fire", "market-supervision"),
        ("county",),
    )
    assert (inspector.across, overseer.across) == (False, True)


@pytest.mark.parametrize(
    ("old", "new", "id", "near"),
    [
        ("inspector\n", "Fire-Inspector\n", "pack.E059", "town_reviewer"),
        ("[fire,", "[fyre,", "pack.E058", "fire"),
        ("[county]", "[country]", "pack.E059", "county"),
    ],
)
def test_a_role_that_is_not_declared_so_is_named_with_what_was_meant(
    old: str, new: str, id: str, near: str
) -> None:
    _, findings = read(FILE.replace(old, new, 1))
    (found,) = findings
    assert found.id == id
    assert found.hint is not None
    assert near in found.hint.en


def known() -> Known:
    roles, _ = read(FILE)
    return Known(
        Declaration("role", role.key, "fire/roles", Text.given("", ""), {}, role) for role in roles
    )


@pytest.mark.parametrize(
    ("used", "id", "near"),
    [
        ("applicant", "", ""),
        ("inspector:fire", "", ""),
        ("inspector:market_supervision", "", ""),
        ("overseer", "", ""),
        ("overseer:fire", "", ""),
        ("inspecter:fire", "pack.E057", "inspector"),
        ("inspector", "pack.E057", "inspector:fire"),  # in no department it does not exist
        ("inspector:water", "pack.E057", "inspector:fire"),
        ("inspector:fyre", "pack.E058", "fire"),
        ("anybody", "pack.E057", ""),
    ],
)
def test_a_role_that_nobody_can_hold_is_refused(used: str, id: str, near: str) -> None:
    findings = list(check_roles([used], roles_in(known()), {}))
    assert {found.id for found in findings} >= ({id} if id else set())
    assert bool(findings) is bool(id)
    assert not id or any(near in (found.hint.en if found.hint else "") for found in findings)


def test_where_no_role_is_known_only_departments_are_judged() -> None:
    assert list(check_roles(["inspector", "whoever:fire"], {}, {})) == []
    assert [found.id for found in check_roles(["whoever:fyre"], {}, {})] == ["pack.E058"]
