"""Reading catalogue.yaml: entries of the government data catalogue (GB/T 21063) that no other file
of a pack declares: what a department keeps, gives to others or opens beside its registers and data
sets here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.laws import Basis, read_basis
from xiangyun.kernel.packfile.yamltext import Report, read_yaml
from xiangyun.kernel.projection import model as of
from xiangyun.kernel.projection.reading import code_in, name_in, twice

CATALOGUE: Final = "catalogue.yaml"
ALL: Final = "all"
KINDS: Final = ("register", "dataset", "interface")
WAYS: Final = ("interface", "exchange", "file", "mail", "medium")
"""共享方式: by interface, by exchange of tables, as a file, by post, on a medium."""
FIELD_TYPES: Final = (*of.COLUMN_TYPES, "moment", "code", "document")
DEPARTMENT: Final = "{department}"
"""Where the department's name stands in the words of an entry."""
WRITTEN: Final = {
    "code": "permits",
    "kind": "dataset",
    "departments": "all",
    "item": '"06"',
    "serial": "1",
    "catalogue": "departmental",
    "sharing": "unconditional",
    "open": "unconditional",
    "update": "monthly",
}


@dataclass(frozen=True, slots=True)
class EntryField:
    """A field of an entry (信息项): its name, its type, and what it is called."""

    name: str
    type: str
    words: Text


@dataclass(frozen=True, slots=True)
class Asked:
    """The services by which use is asked for and errors are told, and the register of uses."""

    use: str = ""
    error: str = ""
    register: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry for each of some departments: `{department}` in its words is the department's name.

    - `departments`: keys; empty for all of them;
    - `item`: the second step of its code (项), two digits; the third is the department's number;
    - `way`: how it is shared; `form`: in which form it is kept;
    - `fictitious`: made up, and shown as such.
    """

    code: str
    kind: str
    name: Text
    summary: Text
    departments: tuple[str, ...]
    catalogue: str
    item: str
    serial: int
    sharing: of.Sharing
    opening: of.Sharing
    condition: Text | None
    laws: tuple[Basis, ...]
    update: str
    way: str
    form: str
    fields: tuple[EntryField, ...]
    fictitious: bool
    place: Place
    asked: Asked = Asked()

    def code_of(self, key: str) -> str:
        """The code of the entry of a department."""
        return f"{key.replace('_', '-')}-{self.code}"

    def catalogue_code(self, number: int) -> str:
        """信息资源代码: 类 1 digit, 项 2, 目 3 (the department's number), slash, serial."""
        first = of.CLASSES.index(self.catalogue) + 1
        return f"{first}{self.item}{number:03}/{self.serial:05}"


def read_entries(text: str, report: Report) -> tuple[Entry, ...]:
    """The entries; faults are reported, and the values are only good when there are none."""
    root = read_yaml(text, CATALOGUE, report)
    if root is None:
        return ()
    f = Fields(root, report)
    asked, found = _asked(f.section("asked", required=False)), list[Entry]()
    for node in f.each("entries"):
        inner = Fields(node, report, "entries", WRITTEN)
        entry = replace(_entry(inner), asked=asked)
        inner.done()
        if any(other.code == entry.code for other in found):
            report(twice(Text("条目", "entry"), entry.code, node.place))
        for finding in _wrong(entry):
            report(finding)
        found.append(entry)
    f.done()
    return tuple(found)


def _asked(f: Fields | None) -> Asked:
    if f is None:
        return Asked()
    found = Asked(*(f.string(key, required=False) for key in ("use", "error", "register")))
    f.done()
    return found


def _entry(f: Fields) -> Entry:
    departments = f.strings("departments")
    return Entry(
        code=code_in(f, "code"),
        kind=f.one_of("kind", KINDS),
        name=f.words("name"),
        summary=f.words("summary"),
        departments=() if departments == (ALL,) else departments,
        catalogue=f.one_of("catalogue", of.CLASSES) or of.CLASSES[-1],
        item=f.string("item"),
        serial=whole(f, "serial"),
        sharing=cast(of.Sharing, f.one_of("sharing", of.SHARING)),
        opening=cast(of.Sharing, f.one_of("open", of.SHARING)),
        condition=f.text("condition", required=False),
        laws=tuple(
            read_basis(Fields(node, f.report, "laws")) for node in f.each("laws", required=False)
        ),
        update=f.one_of("update", of.UPDATES),
        way=f.one_of("way", WAYS) if f.has("way") else "",
        form=f.string("form", required=False),
        fields=tuple(_fields(f)),
        fictitious=f.boolean("fictitious", default=False),
        place=f.node.place,
    )


def _fields(f: Fields) -> Iterable[EntryField]:
    for node in f.each("fields", required=False):
        inner = Fields(node, f.report, "fields", {"words": "{zh-Hans: 名称, en: Name}"})
        yield EntryField(
            name_in(inner, "name"), inner.one_of("type", FIELD_TYPES), inner.words("words")
        )
        inner.done()


def _wrong(entry: Entry) -> Iterable[Finding]:
    yield from shared_rightly(
        entry.sharing, entry.opening, entry.laws, entry.condition, entry.place
    )
    if not (len(entry.item) == 2 and entry.item.isascii() and entry.item.isdigit()):
        yield fault(
            "projection.E018",
            Text("item 是两位数字：“{item}”。", "`item` is two digits: “{item}”.", item=entry.item),
            entry.place,
            Text("例如 {example}。", "Such as {example}.", example='item: "06"'),
        )


def shared_rightly(
    sharing: str,
    opening: str,
    laws: tuple[Basis, ...],
    condition: Text | None,
    place: Place,
) -> Iterable[Finding]:
    """What is not shared says by which law, what is so on a condition says on which."""
    if sharing == "none" and not laws:
        yield fault(
            "projection.E006",
            Text("不予共享要写依据。", "What is not shared says by which law."),
            place,
            Text("请写 laws。", "Write `laws`."),
        )
    if "conditional" in (sharing, opening) and condition is None:
        yield fault(
            "projection.E007",
            Text("有条件的要写条件。", "What is shared or open on a condition says on which."),
            place,
            Text("请写 condition。", "Write `condition`."),
        )
