"""`roles.yaml`: what officials may be charged with, for which departments and at which levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.codes.department import DEPARTMENTS, department, spelled
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

FILE = "roles.yaml"
APPLICANT = "applicant"
"""Who applied: no role of officials, and declared by nobody."""
LEVELS = ("province", "prefecture", "county", "town", "village")
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class DeclaredRole:
    """A role: in words, and what one who holds it does.

    `across`: without a department it is a role for all of them. `departments`: the keys of those
    that it exists in, none for any. `levels`: where a mandate of it may be given, none for all.
    """

    key: str
    words: Text
    does: Text
    across: bool = False
    departments: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def exists_in(self, department_key: str) -> bool:
        """Whether somebody can hold it for a department; for an empty key, for none.

        Whoever holds it across departments has it in every one of them.
        """
        if self.across or not self.departments:
            return True
        found = department(department_key)
        return found is not None and found.key in map(spelled, self.departments)

    def reaches(self, level: str) -> bool:
        """Whether a mandate of it may be given at a level or above; at any for an empty one."""
        if level not in LEVELS or not self.levels:
            return True
        above = LEVELS[: LEVELS.index(level) + 1]
        return any(each in above for each in self.levels)


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(FILE)
    root = read_yaml(text, FILE, report) if text is not None else None
    if root is None:
        return []
    f, found = Fields(root, report), []
    for node in f.each("roles"):
        role, place = _role(Fields(node, report, "roles"), report)
        declared = Declaration(
            KIND.name, role.key, pack, role.words, {FILE: text or ""}, role, place
        )
        found.append(declared)
    f.done()
    return found


def _role(f: Fields, report: Report) -> tuple[DeclaredRole, Place]:
    key, place = f.string("role"), f.place("role")
    if key and not _KEY.fullmatch(key):
        report(
            fault(
                "pack.E059",
                Text("角色“{key}”的写法不对。", "The role “{key}” is not spelled so.", key=key),
                place,
                Text("用小写字母和下划线，如 town_reviewer。", "Small letters: town_reviewer."),
            )
        )
    role = DeclaredRole(
        key,
        f.words("words"),
        f.words("does"),
        across=f.boolean("across", default=False),
        departments=f.strings("departments", required=False),
        levels=f.strings("levels", required=False),
    )
    for each in role.departments:
        if department(each) is None:
            report(_no_department(each, f.place("departments")))
    for level in role.levels:
        if level not in LEVELS:
            report(unknown("pack.E059", Text("层级", "level"), level, LEVELS, f.place("levels")))
    f.done()
    return role, place


def roles_in(known: Known) -> Mapping[str, DeclaredRole]:
    """The roles that are declared anywhere, by their keys."""
    return {key: each.value for key, each in known.all(KIND.name).items()}


def check_roles(
    used: Iterable[str],
    known: Known,
    places: Mapping[str, Place],
    *,
    department_key: str = "",
    level: str = "",
) -> Iterator[Finding]:
    """What is wrong with roles that something names: one that nobody can hold is named in vain.

    A role that is narrowed to no department is meant for `department_key`, that of the service or
    register which names it, as its tasks are addressed (`cases.access.addressed`). `level`: where
    the cases lie, one of `LEVELS`; empty where that does not matter. A role that is not known is a
    fault only where that is the whole, and there are roles in it.
    """
    roles = roles_in(known)
    for named in dict.fromkeys(used):
        key, _, narrowed = named.partition(":")
        place = places.get(named, Place())
        if narrowed and department(narrowed) is None:
            yield _no_department(narrowed, place)
        role = roles.get(key)
        if role is None:
            if known.judges(KIND.name) and roles and key != APPLICANT:
                yield unknown("pack.E057", Text("角色", "role"), key, [APPLICANT, *roles], place)
            continue
        if not role.exists_in(narrowed or department_key):
            yield _nobody_there(role, named, place)
        elif not role.reaches(level):
            yield _nobody_above(role, named, level, place)


def check_department(key: str, place: Place) -> Iterator[Finding]:
    """What is wrong with the department that something belongs to; none is right, too."""
    if key and department(key) is None:
        yield _no_department(key, place)


def line_of(text: str, file: str, key: str) -> Place:
    """Where a key at the beginning of a line stands in a file; its head where it does not."""
    lines = enumerate(text.splitlines(), 1)
    return Place(file, next((number for number, line in lines if line.startswith(f"{key}:")), 0))


def _nobody_there(role: DeclaredRole, named: str, place: Place) -> Finding:
    return fault(
        "pack.E057",
        Text(
            "没有人能担任“{spelled}”：这个角色只在这些部门有：{departments}。",
            "Nobody can hold “{spelled}”: the role exists in {departments}.",
            spelled=named,
            departments=list(role.departments),
        ),
        place,
        Text("请写成 {example}。", "Write {example}.", example=f"{role.key}:{role.departments[0]}"),
    )


def _nobody_above(role: DeclaredRole, named: str, level: str, place: Place) -> Finding:
    return fault(
        "pack.E057",
        Text(
            "没有人能担任“{spelled}”：它只在这些层级授予：{levels}，办件却在 {level} 一级。",
            "Nobody can hold “{spelled}”: it is given at {levels} only, and the cases lie at the "
            "level {level}.",
            spelled=named,
            levels=list(role.levels),
            level=level,
        ),
        place,
        Text(
            "请在 roles.yaml 的 levels 里加上 {level} 或更高的层级。",
            "Add {level}, or a level above it, to `levels` in roles.yaml.",
            level=level,
        ),
    )


def _no_department(key: str, place: Place) -> Finding:
    return unknown("pack.E058", Text("部门", "department"), key, DEPARTMENTS, place)


KIND = Kind("role", Text("角色", "role"), (FILE,), lambda path: path == FILE, _read)
