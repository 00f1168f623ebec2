"""A role that nobody can hold is refused before a case waits for it."""

from __future__ import annotations

import pytest

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.contents import check_pack, read_contents
from xiangyun.kernel.pack.kind import NOTHING_KNOWN, Declaration, Known
from xiangyun.kernel.pack.kinds.role import DeclaredRole, check_roles
from xiangyun.kernel.pack.tests.test_task_forms import files as visits

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
        (
            Declaration("role", role.key, "fire/roles", Text.given("", ""), {}, role)
            for role in roles
        ),
        whole=True,
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
    findings = list(check_roles([used], known(), {}))
    assert {found.id for found in findings} >= ({id} if id else set())
    assert bool(findings) is bool(id)
    assert not id or any(near in (found.hint.en if found.hint else "") for found in findings)


@pytest.mark.parametrize(
    ("used", "of", "holds"),
    [
        ("inspector", "fire", True),  # tasks of the fire department's services are its own
        ("inspector", "market-supervision", True),
        ("inspector", "water", False),
        ("inspector:fire", "water", True),
        ("overseer", "water", True),
    ],
)
def test_a_role_without_a_department_is_that_of_whoever_names_it(
    used: str, of: str, holds: bool
) -> None:
    assert (list(check_roles([used], known(), {}, department_key=of)) == []) is holds


@pytest.mark.parametrize(
    ("level", "holds"),
    [("county", True), ("town", True), ("prefecture", False), ("province", False), ("", True)],
)
def test_a_role_that_is_only_given_below_the_cases_cannot_be_held(level: str, holds: bool) -> None:
    findings = list(check_roles(["inspector:fire"], known(), {}, level=level))
    assert [found.id for found in findings] == ([] if holds else ["pack.E057"])


def test_where_roles_may_lie_elsewhere_only_what_is_known_is_judged() -> None:
    assert list(check_roles(["inspector", "whoever:fire"], NOTHING_KNOWN, {})) == []
    assert [each.id for each in check_roles(["whoever:fyre"], NOTHING_KNOWN, {})] == ["pack.E058"]
    partly = Known(known())
    assert list(check_roles(["whoever", "inspector:fire"], partly, {})) == []
    assert [each.id for each in check_roles(["inspector:water"], partly, {})] == ["pack.E057"]


REGISTER = """code: engine
name: {zh-Hans: 消防车库, en: Fire engines}
department: fire
key: number
laws: [{law: {zh-Hans: 法, en: law}, article: 第一条, verified: true}]
fields:
  - {name: number, type: text, required: true, searched: code, words: {zh-Hans: 编号, en: Number}}
readers: [inspector, overseer]
writers: ["inspector:fire", fire/engines]
examples:
  - {data: {number: A-1}}
"""


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("", "", "", 0),
        ("department: fire", "department: fyre", "pack.E058", 3),
        ("[inspector, o", "[inspecter, o", "pack.E057", 8),
        ("inspector:fire", "inspector:water", "pack.E057", 9),
        ("inspector:fire", "inspector:fyre", "pack.E058", 9),
        ("department: fire", "department: water", "pack.E057", 8),
        ("[inspector, overseer]", "all", "", 0),
    ],
)
def test_a_register_names_roles_and_departments_that_exist(
    old: str, new: str, id: str, line: int
) -> None:
    findings = [
        each
        for each in check_pack(
            {"registers/engine.yaml": REGISTER.replace(old, new, 1)}, "fire/engines", known()
        )
        if each.severity == "error"
    ]
    assert {each.id for each in findings} >= ({id} if id else set())
    assert bool(findings) is bool(id)
    assert not id or (line in {each.place.line for each in findings if each.place})


VISITOR = """roles:
  - role: visitor
    words: {zh-Hans: 走访员, en: visitor}
    does: {zh-Hans: 上门走访。, en: Visits at home.}
    levels: [village]
"""
GROUPS = '<zeebe:assignmentDefinition candidateGroups="assessor" /><zeebe:ioMapping>'
PLACED = '<zeebe:input source="=application.place" target="task_place" />'


@pytest.mark.parametrize("asked", ["visitor", '=if true then "visitor" else "applicant"'])
@pytest.mark.parametrize("placed", [True, False])
def test_a_role_of_villages_is_held_where_every_task_says_its_place(
    asked: str, *, placed: bool
) -> None:
    files = visits()
    files["roles.yaml"] = VISITOR
    files["service.yaml"] = files["service.yaml"].replace(
        "applicant, assessor", "applicant, visitor"
    )
    groups = GROUPS.replace("assessor", asked.replace('"', "&quot;")) + (PLACED if placed else "")
    files["process.bpmn"] = files["process.bpmn"].replace(GROUPS, groups)
    found = [each for each in check_pack(files, "visits/home") if each.id == "pack.E057"]
    assert bool(found) is not placed
