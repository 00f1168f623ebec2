"""`departments.yaml`: the departments of a government, each with a number that stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.codes.department import NOBODYS, Department
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

FILE = "departments.yaml"
MOST = 9_999
"""The highest number: it stands before the twelve digits of a division in row-level security."""
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NAME = Text("部门", "Departments")


def read_departments(text: str, report: Report) -> tuple[Department, ...]:
    """The departments of a file; reports every fault at its line."""
    root = read_yaml(text, FILE, report)
    if root is None:
        return ()
    f, found = Fields(root, report), list[Department]()
    for node in f.each("departments"):
        found.append(_department(Fields(node, report, "departments"), found, report))
    f.done()
    return tuple(found)


def _department(f: Fields, before: Sequence[Department], report: Report) -> Department:
    number, key = f.number("number"), f.string("key")
    one = Department(int(number), key, f.words("name"), f.boolean("fictitious", default=False))
    if number != one.number or not NOBODYS < one.number <= MOST:
        report(
            fault(
                "pack.E100",
                Text(
                    "部门的编号应当是 1 到 {most} 的整数。",
                    "The number of a department is a whole one from 1 to {most}.",
                    most=MOST,
                ),
                f.place("number"),
                Text("编号一经使用不再改变。", "Once in use, a number stays."),
            )
        )
    if not _KEY.fullmatch(key):
        report(
            fault(
                "pack.E101",
                Text(
                    "部门“{key}”的写法不对。", "The department “{key}” is not spelled so.", key=key
                ),
                f.place("key"),
                Text("用小写字母和下划线，如 civil_affairs。", "Small letters: civil_affairs."),
            )
        )
    for each in before:
        if each.number == one.number or each.key == one.key:
            report(_twice(one, each, f.place("key")))
    f.done()
    return one


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(FILE)
    if text is None:
        return []
    found = read_departments(text, report)
    return [Declaration(KIND.name, pack, pack, _NAME, {FILE: text}, found, Place(FILE))]


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """No other pack gives a number or a key that this one gives."""
    for other in known.all(KIND.name).values():
        if other.pack == declaration.pack:
            continue
        for one in declaration.value:
            for each in other.value:
                if each.number == one.number or each.key == one.key:
                    yield _twice(one, each, declaration.place)


def _twice(one: Department, other: Department, place: Place) -> Finding:
    return fault(
        "pack.E102",
        Text(
            "部门“{key}”（{number}）和“{other}”（{taken}）的代号或编号相同。",
            "The department “{key}” ({number}) has its key or number in common with “{other}” "
            "({taken}).",
            key=one.key,
            number=one.number,
            other=other.key,
            taken=other.number,
        ),
        place,
        Text("代号和编号都不能重复。", "Each key and each number stands once."),
    )


KIND = Kind(
    "department", Text("部门", "department"), (FILE,), lambda path: path == FILE, _read, _fits
)
