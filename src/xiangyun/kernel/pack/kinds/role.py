"""`roles.yaml`: what officials may be charged with, for which departments and at which levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.codes.department import DEPARTMENTS, department
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
    used: Iterable[str], roles: Mapping[str, DeclaredRole], places: Mapping[str, Place]
) -> Iterator[Finding]:
    """What is wrong with roles that a service names: one that nobody can hold keeps a case waiting.

    With no role known at all only the departments are judged.
    """
    for spelled in used:
        key, _, narrowed = spelled.partition(":")
        place = places.get(spelled, Place())
        if narrowed and department(narrowed) is None:
            yield _no_department(narrowed, place)
        if key == APPLICANT or not roles:
            continue
        role = roles.get(key)
        if role is None:
            yield unknown("pack.E057", Text("角色", "role"), key, [APPLICANT, *roles], place)
        elif role.departments and not _exists_in(role, narrowed):
            yield fault(
                "pack.E057",
                Text(
                    "没有人能担任“{spelled}”：这个角色只在这些部门有：{departments}。",
                    "Nobody can hold “{spelled}”: the role exists in {departments}.",
                    spelled=spelled,
                    departments=list(role.departments),
                ),
                place,
                Text(
                    "请写成 {example}。", "Write {example}.", example=f"{key}:{role.departments[0]}"
                ),
            )


def _exists_in(role: DeclaredRole, narrowed: str) -> bool:
    if not narrowed:
        return role.across
    found = department(narrowed)
    return found is not None and found.key in {
        each.key for key in role.departments if (each := department(key))
    }


def _no_department(key: str, place: Place) -> Finding:
    return unknown("pack.E058", Text("部门", "department"), key, DEPARTMENTS, place)


KIND = Kind("role", Text("角色", "role"), (FILE,), lambda path: path == FILE, _read)
