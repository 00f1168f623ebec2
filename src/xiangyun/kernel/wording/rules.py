"""`wording/*.yaml`: word lists and rules that texts are looked at with, kept by a pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.laws import read_basis
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml

__all__ = ["Confusion", "Phrase", "Section", "Skill", "WordRules", "checked_wording"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: what it is called, and the titles that it is known by.

    `entries`: it tells of schools, posts or projects with their months; `beside`: what is done
    while one does something else, and may overlap it.
    """

    key: str
    words: Text
    titles: tuple[str, ...]
    required: bool = False
    entries: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Confusion:
    """What is often written wrong, and how it is right; `unless`: longer words in which it is."""

    wrong: str
    right: str
    reason: Text
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to be told of: why, by which law, and what may stand in its place.

    `better` is None where nobody can say it for the writer, empty where it may go.
    """

    phrase: str
    reason: Text
    better: str | None = None
    law: Text | None = None
    group: str = ""
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """A thing one can or holds, by all its spellings, the first as it is shown."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WordRules:
    """A file of word lists.

    `limits` are counts by their names, `weights` the points that a remark takes by its kind. Of
    `needed` at least one phrase of each group has to be said. `beside` are words at the head of an
    entry by which it is done beside something else.
    """

    code: str
    name: Text
    place: Place = Place()  # noqa: RUF009 - a frozen value, the same for all
    sections: tuple[Section, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    verbs: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    needed: tuple[Phrase, ...] = ()
    skills: tuple[Skill, ...] = ()
    beside: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and the ids of what is to be found in it, all and in any order."""

    text: str
    finds: tuple[str, ...]
    place: Place
    post: str = ""


def checked_wording(text: str, path: str) -> tuple[WordRules | None, list[Finding]]:
    """The rules of a file, None where it cannot be read at all, and every fault in it."""
    found: list[Finding] = []
    root = read_yaml(text, path, found.append)
    return (None if root is None else _rules(root, found.append)), found


def _rules(root: Node, report: Report) -> WordRules:
    f = Fields(root, report, "", {"code": "resume"})
    code, name = f.string("code"), f.words("name")
    laws: dict[str, Text] = {}
    for node in f.each("laws", required=False):
        one = Fields(node, report, "laws")
        key = one.string("key")
        laws[key] = read_basis(one).words
    made = WordRules(
        code,
        name,
        f.place("code"),
        tuple(_section(Fields(n, report, "sections")) for n in f.each("sections", False)),
        tuple(_confusion(Fields(n, report, "confusions")) for n in f.each("confusions", False)),
        tuple(_phrases(f, "phrases", report, laws)),
        f.strings("verbs", False),
        f.strings("weak", False),
        tuple(_phrases(f, "needed", report, laws)),
        tuple(Skill(tuple(map(str.strip, s.split("|")))) for s in f.strings("skills", False)),
        f.strings("beside", False),
        _counts(f.section("limits", False)),
        _counts(f.section("weights", False)),
        tuple(_example(Fields(n, report, "examples")) for n in f.each("examples", False)),
    )
    f.done()
    for confusion in made.confusions:
        if confusion.wrong == confusion.right or confusion.wrong in confusion.unless:
            report(
                fault(
                    "wording.E001",
                    Text(
                        "“{word}”不会被当成错字。",
                        "“{word}” would never be told as wrong.",
                        word=confusion.wrong,
                    ),
                    f.place("confusions"),
                    Text("right 要不同，unless 要更长。", "`right` differs, `unless` is longer."),
                )
            )
    return made


def _section(f: Fields) -> Section:
    made = Section(
        f.string("key"),
        f.words("words"),
        f.strings("titles"),
        f.boolean("required", default=False),
        f.boolean("entries", default=False),
        f.boolean("beside", default=False),
    )
    f.done()
    return made


def _confusion(f: Fields) -> Confusion:
    reason = f.text("reason", required=False)
    wrong, right = f.string("wrong"), f.string("right")
    made = Confusion(wrong, right, reason or COMMON, f.strings("unless", required=False))
    f.done()
    return made


COMMON = Text("这是常见的错字。", "It is often misspelt so.")


def _phrases(f: Fields, key: str, report: Report, laws: Mapping[str, Text]) -> list[Phrase]:
    found = []
    for node in f.each(key, required=False):
        one = Fields(node, report, key)
        said, reason = one.strings("says"), one.words("reason")
        better = one.string("better", required=False) if one.has("better") else None
        if one.boolean("goes", default=False):
            better = ""
        law, group = one.string("law", required=False), one.string("group", required=False)
        unless = one.strings("unless", required=False)
        if law and law not in laws:
            report(
                fault(
                    "wording.E002",
                    Text("laws 里没有“{law}”。", "`laws` has no “{law}”.", law=law),
                    one.place("law"),
                )
            )
        one.done()
        found += [Phrase(each, reason, better, laws.get(law), group, unless) for each in said]
    return found


def _counts(f: Fields | None) -> Mapping[str, int]:
    if f is None:
        return {}
    found = {key: whole(f, key) for key, _ in f.node.items()}
    f.done()
    return found


def _example(f: Fields) -> Example:
    made = Example(
        f.string("text"),
        f.strings("finds"),
        f.place("text"),
        f.string("post", required=False),
    )
    f.done()
    return made
