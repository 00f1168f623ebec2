"""The words of a pack (texts/*.yaml), and what is written with them: letters, messages, entries.

Each has a title and a body (`letter.told.title`, `letter.told.body`) and may have words for
telephones (`letter.told.short`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from xiangyun.kernel.feel import DateTime, Value, from_json
from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.language import CHINESE, Language
from xiangyun.kernel.packfile.display import Format, written
from xiangyun.kernel.packfile.fields import wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, formula
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.service.ruling import DEMANDS, RuleFinding
from xiangyun.kernel.worktime import office_time

FINDINGS = "findings"
"""The placeholder for the numbered list of findings with their law."""

_NONE = Text("无。", "None.")
_HINTS = Text("另请留意，不必因此更改：", "Please note besides; nothing need be changed for it:")
HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text: its words, where it stands, and the formulas in its braces (letters only)."""

    words: str
    place: Place
    holes: tuple[tuple[str, Formula], ...] = ()


KINDS = ("letter", "message", "entry")
"""What is written from words with formulas in their braces."""
Texts = Mapping[str, Mapping[str, Wording]]
"""language -> key -> wording"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, message or calendar entry, ready to read; `body` is plain text with blank lines.

    `short`: what a telephone shows, where the pack has words for that.
    """

    name: str
    title: str
    body: str
    short: str = ""


def read_texts(root: Node, report: Report) -> dict[str, Wording]:
    """One language's words, by key."""
    found: dict[str, Wording] = {}
    for key, node in root.items():
        if not isinstance(node.value, str) or not node.value.strip():
            report(wrong_kind(key, node, Text("文字", "words")))
            continue
        holes = tuple(read_holes(node, report)) if is_letter(key) else ()
        found[key] = Wording(node.value.strip("\n"), node.place, holes)
    return found


def is_letter(key: str) -> bool:
    """Whether braces in this text are formulas."""
    return key.partition(".")[0] in KINDS


def read_holes(node: Node, report: Report) -> Iterator[tuple[str, Formula]]:
    """The formulas in the braces of a text, each with the braces."""
    for match in HOLE.finditer(str(node.value)):
        if match[1].strip() != FINDINGS:
            read = formula(match[1], node.line_of(match.start(1)), report)
            if read:
                yield match[0], read


def write_letter(
    name: str,
    texts: Texts,
    variables: Mapping[str, Value],
    language: Language,
    findings: Sequence[RuleFinding] = (),
    at: datetime | None = None,
    note: str = "",
    kind: str = "letter",
    formats: Mapping[str, Format] = MappingProxyType({}),
) -> Letter:
    """The letter in a language, or in the one it falls back to, as a whole.

    `kind` is one of `KINDS`. `at` is the moment it is written, for `now()` and `today()` in its
    words. `note` is what the
    official wrote who caused it: it stands with the findings, or before the signature. `formats`:
    how values are written that a form declares so, by their paths, such as `application.price`.

    Raises KeyError when the pack has no such letter.
    """
    keys = (f"{kind}.{name}.title", f"{kind}.{name}.body")
    language = next(
        (each for each in language.chain() if texts.get(each.tag, {}).keys() >= set(keys)), CHINESE
    )
    said = Text("办理人员说明：{note}", "The office adds: {note}", note=note).pick(language)
    listed = _listed(findings, language, said if note else "")
    now = None if at is None else from_json(office_time(at))
    title, body = (
        _filled(texts[language.tag][key], variables, language, listed, now, formats) for key in keys
    )
    if note and FINDINGS not in _holes_in(texts[language.tag][keys[1]]):
        *before, signature = body.split("\n\n")
        body = "\n\n".join([*before, said, signature])
    short = texts[language.tag].get(f"{kind}.{name}.short")
    told = _filled(short, variables, language, listed, now, formats) if short else ""
    return Letter(name, title, body, told)


def _holes_in(wording: Wording) -> list[str]:
    return [hole.strip() for hole in HOLE.findall(wording.words)]


def _listed(findings: Sequence[RuleFinding], language: Language, said: str) -> str:
    """What is to be put right, numbered; what the official says; then hints, without numbers."""
    demands = [finding for finding in findings if finding.severity in DEMANDS]
    hints = [finding for finding in findings if finding.severity not in DEMANDS]
    parts = [f"{number}. {_finding(each, language)}" for number, each in enumerate(demands, 1)]
    parts += [said] if said else []
    parts = parts or ([] if hints else [_NONE.pick(language)])
    if hints:
        parts += [_HINTS.pick(language), *(f"· {_finding(each, language)}" for each in hints)]
    return "\n".join(parts)


def _filled(
    wording: Wording,
    variables: Mapping[str, Value],
    language: Language,
    listed: str,
    now: DateTime | None,
    formats: Mapping[str, Format],
) -> str:
    values = {
        hole: written(
            found.value(variables, now), formats.get(hole[1:-1].strip(), Format()), language
        )
        for hole, found in wording.holes
    }

    def fill(match: re.Match[str]) -> str:
        if match[1].strip() == FINDINGS:
            return listed
        return values.get(match[0], "")

    return HOLE.sub(fill, wording.words)


def _finding(finding: RuleFinding, language: Language) -> str:
    words = Text(
        "{text}（依据：{basis}）", "{text} (Law: {basis})", text=finding.text, basis=finding.basis
    )
    return words.pick(language)
