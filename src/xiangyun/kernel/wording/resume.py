"""A resume as a reader sees it: its sections, and in them the entries with their months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .document import HAN, Line, size
from .months import Span, spans
from .rules import Section, WordRules

_EDGES = re.compile(rf"^[^\w{HAN}]+|[^\w{HAN}]+$")
_LONGEST_TITLE = 6
_POST = re.compile(
    r"(?:[师生员理长人手表监家工授部组司院所店厂校岗]|助手|中心|实习|顾问|代表|专员)$"
)
"""How posts and places end."""
_COUNTED = re.compile(
    rf"\d|(?!一些|一定|一般|一直|一起)[一二两三四五六七八九十百千万半数][{HAN}]?"
    r"(?:个|次|名|人|项|篇|门|家|倍|成|年|月|周|天|场|万|千|百|级|等|批|套|份|条|位|台|款|轮|届|期|类|件|字|分)"
    r"|百分之|翻[了]?[一番倍]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?"
    r"|hundreds?|thousands?|millions?|half|doubled?|tripled?|twice)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A school, a job, a project: `head` says what, `body` what was done there."""

    head: tuple[Line, ...]
    body: tuple[Line, ...]
    span: Span | None
    span_line: Line | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the text; `section` is None for what stands before the first title."""

    section: Section | None
    title: Line | None
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Resume:
    """A resume: its lines, and the parts that they lie in."""

    lines: tuple[Line, ...]
    parts: tuple[Part, ...]

    def entries(self, *keys: str) -> Iterator[tuple[Section, Entry]]:
        """The entries of sections, in the order of the text."""
        for part in self.parts:
            if part.section is not None and (not keys or part.section.key in keys):
                yield from ((part.section, entry) for entry in part.entries)

    def has(self, key: str) -> bool:
        """Whether a section is there and says something."""
        found = (each for each in self.parts if each.section and each.section.key == key)
        return any(part.lines for part in found)


def read_resume(lines: Sequence[Line], rules: WordRules, now: int) -> Resume:
    """What the lines of a resume are. `now` is the month of today, counted since year 0."""
    parts: list[tuple[Section | None, Line | None, list[Line]]] = [(None, None, [])]
    for line in lines:
        section, rest = _titled(line, rules.sections)
        if section is None:
            parts[-1][2].append(line)
            continue
        parts.append((section, line, [rest] if rest is not None else []))
    made = [
        Part(
            section,
            title,
            tuple(inside),
            tuple(_entries(inside, now, rules)) if section is not None and section.entries else (),
        )
        for section, title, inside in parts
    ]
    return Resume(tuple(lines), tuple(made))


def _titled(line: Line, sections: Sequence[Section]) -> tuple[Section | None, Line | None]:
    """The section that a line is the title of, and what it says besides."""
    label, colon, rest = _split(line.text)
    bare = _EDGES.sub("", line.text).casefold()
    # “2. Education” and “■ 教育背景” look like list items, and say nothing but a title.
    if (exact := _known(bare, sections)) is not None:
        return exact, None
    if line.shape == "item":
        return None, None
    if line.marked:
        # Of titles that have others in them, the longest says most: “项目经历”, not “经历”.
        within = [(len(t), s) for s in sections for t in s.titles if t.casefold() in bare]
        if within:
            return max(within, key=lambda each: each[0])[1], None
    said = _EDGES.sub("", label).casefold()
    if colon and size(said) <= _LONGEST_TITLE:
        for section in sections:
            if not section.entries and said in map(str.casefold, section.titles):
                offset = len(line.text) - len(rest)
                return section, Line(rest, line.at(offset)) if rest.strip() else None
    return None, None


def _known(bare: str, sections: Sequence[Section]) -> Section | None:
    """The section that a text is wholly the title of, in one language or in two side by side."""
    if not bare or size(bare) > 2 * _LONGEST_TITLE:
        return None
    tongues = [re.sub(rf"[{HAN}]+", " ", bare), re.sub(rf"[^{HAN}/／&]+", "", bare)]
    said = {
        _plain(text) for text in ([bare] if not all(map(_plain, tongues)) else [bare, *tongues])
    }
    for section in sections:
        if any(_plain(title) in said for title in section.titles):
            return section
    return None


def _plain(title: str) -> str:
    """A title without what is written in several ways: case, “&”, strokes and spaces."""
    return re.sub(r"[\s/／|·、]+", "", title.casefold().replace("&", "and"))


def _split(text: str) -> tuple[str, str, str]:
    match = re.match(r"([^:：]*)([:：])\s*(.*)", text)
    return (match[1], match[2], match[3]) if match else (text, "", "")


def _entries(lines: Sequence[Line], now: int, rules: WordRules) -> Iterator[Entry]:
    """What stands between one span of months and the next, the lines before a span with it."""
    starts = [
        (at, found[0])
        for at, line in enumerate(lines)
        if line.shape != "item" or size(line.text) <= 20
        if (found := spans(line.text, now)) and _is_head(line, found[0])
    ]
    if not starts:
        if lines:
            yield Entry((), tuple(lines), None, None)
        return
    begins = [
        _begin(lines, at, starts[n - 1][0] if n else -1, rules) for n, (at, _) in enumerate(starts)
    ]
    for number, (at, span) in enumerate(starts):
        end = begins[number + 1] if number + 1 < len(begins) else len(lines)
        after = list(lines[at + 1 : end])
        head = [*lines[begins[number] : at + 1]]
        while after and _names_only(after[0], rules):
            head.append(after.pop(0))
        yield Entry(tuple(head), tuple(after), span, lines[at])


def _is_head(line: Line, span: Span) -> bool:
    """A span within a sentence says when something was done, and begins no entry."""
    besides = line.text.replace(span.text, "")
    return not re.search(r"[。；;]", besides) and size(besides) <= 30


def _begin(lines: Sequence[Line], at: int, before: int, rules: WordRules) -> int:
    """Where an entry begins: names of it may stand on the lines before its months."""
    alone = size(lines[at].text) <= 8
    begin = at
    while (
        begin - 1 > before
        and (
            lines[begin - 1].marked
            or (alone and _is_name(lines[begin - 1]) and not _tells(lines[begin - 1].text, rules))
        )
        and at - begin < 2
    ):
        begin -= 1
    return begin


def _names_only(line: Line, rules: WordRules) -> bool:
    """Whether a line names a place or a post, rather than telling what was done."""
    return _is_name(line) and not _COUNTED.search(line.text) and not _tells(line.text, rules)


def _tells(text: str, rules: WordRules) -> bool:
    """Whether a line opens with something done; a post may too: 测试工程师, lead engineer."""
    opening = text.casefold()
    if any(opening.startswith(weak) for weak in rules.weak):
        return not _POST.search(text)
    if re.match(rf"[{HAN}]", text):
        return text[:2] in rules.verbs and not _POST.search(text)
    first = opening.split(" ", 1)[0]
    return (
        first in rules.verbs
        and first.endswith(("ed", "t", "ew", "ote", "old", "on"))
        and " " in text
    )


def _is_name(line: Line) -> bool:
    """Whether a line may be a name: short, and no sentence."""
    return (
        line.shape != "item"
        and size(line.text) <= 16
        and not re.search(r"[。；;，！!]|(?<!Corp)(?<!Ltd)(?<!Inc)(?<!Co)\.$", line.text)
    )


def counts(text: str) -> bool:
    """Whether a text gives a figure, in digits or in words."""
    return _COUNTED.search(text) is not None
