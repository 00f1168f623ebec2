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
_ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")
_AND = r"(?:[/／&、,，(（]|与|和|及|以及|\band\b)"
_POST = re.compile(
    r"(?:[师生员理长人手表监家工授部组司院所店厂校岗士]|助手|中心|实习|顾问|代表|专员|主任|会计|出纳"
    r"|秘书|记者|教练|主播|司机|导游)$"
)
"""How posts and places end."""
_DEGREE = re.compile(r"(?:[学程术化]|本科|专科|大专|硕士|博士|学士|专业)\s*[)）]?$")
"""How what is learnt at a school ends."""
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
        if section is None or (rest is not None and _is_kind(section, parts[-1])):
            parts[-1][2].append(line)
            continue
        parts.append((section, line, [rest] if rest is not None else []))
    made = [
        Part(
            section,
            title,
            tuple(inside),
            tuple(_entries(inside, now, rules, section.key == "education"))
            if section is not None and section.entries
            else (),
        )
        for section, title, inside in parts
    ]
    return Resume(tuple(lines), tuple(made))


def _is_kind(section: Section, at: tuple[Section | None, Line | None, list[Line]]) -> bool:
    """Whether “Languages: Go, Java” is a kind of skill: the first line below their title."""
    above, title, inside = at
    here = above is not None and above.key == "skills" and title is not None
    return here and section.key == "languages" and not inside


def _titled(line: Line, sections: Sequence[Section]) -> tuple[Section | None, Line | None]:
    """The section that a line is the title of, and what it says besides."""
    label, colon, rest = _split(line.text)
    bare = _EDGES.sub("", line.text).casefold()
    # “2. Education” and “■ 教育背景” look like list items, and say nothing but a title.
    if (exact := _known(bare, sections)) is not None:
        return exact, None
    wide = bool(colon) and not colon.strip()  # a column of titles
    if line.shape == "item" and not wide:
        return None, None
    if line.marked and not spans(line.text, 0) and (section := _within(bare, sections)):
        return section, None
    said = _EDGES.sub("", _ORDINAL.sub("", label)).casefold()
    if not colon or size(said) > _LONGEST_TITLE:
        return None, None
    behind = Line(rest, line.at(len(line.text) - len(rest))) if rest.strip() else None
    for section in sections:
        if (wide or not section.entries) and _plain(said) in map(_plain, section.titles):
            return section, behind
    found = _within(said, sections) if wide and said != label.casefold() else None
    return found, behind if found is not None else None


def _within(bare: str, sections: Sequence[Section]) -> Section | None:
    """The section of a text that says its title with other words."""
    within = [(t.casefold(), s) for s in sections for t in s.titles if t.casefold() in bare]
    if not _is_title(bare, [title for title, _ in within]):
        return None
    # Of titles that have others in them the longest says most: “项目经历”, not “经历”; of two
    # side by side that which readers look for.
    return max(within, key=lambda each: (size(each[0]), each[1].required))[1]


def _is_title(bare: str, titles: Sequence[str]) -> bool:
    """Whether titles are what a text says, and no part of a name: Research Assistant."""
    if not any(bare.endswith(t) or re.match(rf"{re.escape(t)}\s*{_AND}", bare) for t in titles):
        return False
    rest = bare
    for title in sorted(titles, key=len, reverse=True):
        rest = rest.replace(title, " ")
    return size(re.sub(_AND, " ", rest)) <= max(map(size, titles))


def _known(bare: str, sections: Sequence[Section]) -> Section | None:
    """The section that a text is wholly the title of, in one language or in two side by side."""
    if not bare or size(bare) > 2 * _LONGEST_TITLE:
        return None
    tongues = [re.sub(rf"[{HAN}]+", " ", bare), re.sub(rf"[^{HAN}/／&]+", "", bare)]
    both = all(map(_plain, tongues)) and not re.search(r"[、,，;；:：]", bare)
    # What stands at a distance from a title is what it is of, unless it is one too.
    if both and re.search(r"\s{2,}", bare):
        both = all(_known(text.strip(), sections) for text in tongues)
    said = {_plain(text) for text in ([bare, *tongues] if both else [bare])}
    for section in sections:
        if any(_plain(title) in said for title in section.titles):
            return section
    return None


def _plain(title: str) -> str:
    """A title without what is written in several ways: case, “&”, strokes and spaces."""
    return re.sub(r"[\s/／|·、]+", "", title.casefold().replace("&", "and"))


def _split(text: str) -> tuple[str, str, str]:
    match = re.match(r"([^:：]*?)([:：]|\s{2,}|\u3000+)\s*(.*)", text)
    return (match[1], match[2], match[3]) if match else (text, "", "")


def _entries(
    lines: Sequence[Line], now: int, rules: WordRules, taught: bool = False
) -> Iterator[Entry]:
    """What stands between one span of months and the next, the lines before a span with it.

    `taught`: in schools, where “computing” and “design” are what one learns.
    """
    starts = [
        (at, found[0])
        for at, line in enumerate(lines)
        if (found := spans(line.text, now)) and _is_head(line, found[0])
    ]
    if not starts:
        if lines:
            yield Entry((), tuple(lines), None, None)
        return
    begins = [
        _begin(lines, at, span, starts[n - 1][0] if n else -1, rules, taught)
        for n, (at, span) in enumerate(starts)
    ]
    for number, (at, span) in enumerate(starts):
        end = begins[number + 1] if number + 1 < len(begins) else len(lines)
        after = list(lines[at + 1 : end])
        head = [*lines[begins[number] : at + 1]]
        if _is_sentence(lines[at], span):
            after.insert(0, _rest(lines[at], span))
        while after and (
            _names_only(after[0], rules)
            or (taught and _is_name(after[0]) and _DEGREE.search(after[0].text) is not None)
        ):
            head.append(after.pop(0))
        yield Entry(tuple(head), tuple(after), span, lines[at])


def _is_head(line: Line, span: Span) -> bool:
    """A span within a sentence says when something was done, and begins no entry; one that a line
    begins with does, also where a sentence follows."""
    if line.shape == "item" and size(line.text) > 20:
        return False
    return not _is_sentence(line, span) or (line.shape != "item" and span.offset == 0)


def _is_sentence(line: Line, span: Span) -> bool:
    besides = line.text.replace(span.text, "")
    return re.search(r"[。；;]", besides) is not None or size(besides) > 30


def _rest(line: Line, span: Span) -> Line:
    """What a line says behind its months."""
    said = line.text[span.offset + len(span.text) :]
    start = len(line.text) - len(said.lstrip(" ,，:：、|"))
    return Line(line.text[start:], line.at(start))


def _begin(
    lines: Sequence[Line], at: int, span: Span, before: int, rules: WordRules, taught: bool
) -> int:
    """Where an entry begins: names of it may stand on the lines before its months."""
    named = size(lines[at].text.replace(span.text, ""))
    alone = named <= 8
    # What was learnt stands below its school, and is no name of the next.
    if taught and named and before >= 0 and _DEGREE.search(lines[at - 1].text):
        alone = False
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
    first, _, rest = opening.partition(" ")
    if not rest:
        return False
    # “United Foods” is a name, “vaccinated children” is none.
    small = text.partition(" ")[2][:1].islower() or rest[:1].isdigit()
    if first in rules.verbs and (small or first.endswith(("ed", "t", "ew", "ote", "old", "on"))):
        return True
    return small and (
        (first.endswith("ed") and len(first) > 4)
        or (first.endswith(("s", "ing")) and not pasts(first).isdisjoint(rules.verbs))
    )


def pasts(word: str) -> set[str]:
    """What the past of an English verb may be, from one of its other forms."""
    stems = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ing")}
    made = {stem + end for stem in stems for end in ("d", "ed")}
    return made | {stem[:-1] + "ied" for stem in stems if stem.endswith(("y", "i"))}


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
