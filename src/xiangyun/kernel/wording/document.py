"""A text as its lines: what is a heading, what a list item, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Shape = Literal["heading", "item", "plain"]
HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_ITEM = re.compile(
    r"^\s*(?:[*+](?=\s)|[-•●○▪■◆·▶➢✓\uf06c-\uf0fc]|[(（]?\d{1,2}[)）.、](?!\d)|[①-⑳])\s*"
)
_MARKDOWN = re.compile(r"^\s*#{1,6}\s*(.+?)\s*#*$")
_BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)\s*[:：]?\s*$")
_FRAMED = re.compile(r"^\s*[【〖\[〔「]\s*([^】〗\]〕」]+?)\s*[】〗\]〕」]\s*[:：]?\s*$")
_NUMBERED = re.compile(r"^\s*[一二三四五六七八九十]{1,2}[、.．]\s*(.+?)\s*[:：]?$")
_RULER = re.compile(r"^\s*[-=_*~─━]{3,}\s*$")
_EMPHASIS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what it says without its marks, and where that begins.

    `place` is `line:column` of the text, both from 1, or the path of a value in a JSON document.
    `marked`: set off as a heading by a sign of its own, and not only by being short.
    """

    text: str
    place: str
    shape: Shape = "plain"
    marked: bool = False

    def at(self, offset: int) -> str:
        """The place of a sign of the line."""
        line, colon, column = self.place.partition(":")
        return f"{line}:{int(column) + offset}" if colon and column.isdigit() else self.place


def lines_of(text: str) -> list[Line]:
    """The lines of plain text or Markdown that say something."""
    found: list[Line] = []
    for number, raw in enumerate(text.replace("\t", " ").splitlines(), 1):
        if not raw.strip() or _RULER.match(raw):
            if found and raw.strip().startswith(("===", "---")) and _is_short(found[-1].text):
                last = found[-1]  # underlined: a heading of Markdown
                if int(last.place.split(":")[0]) == number - 1 and last.shape == "plain":
                    found[-1] = Line(last.text, last.place, "heading", marked=True)
            continue
        found.append(_line(raw, number))
    return found


def _line(raw: str, number: int) -> Line:
    for pattern in (_MARKDOWN, _FRAMED, _BOLD, _NUMBERED):
        if (match := pattern.match(raw)) and _is_short(match[1]):
            said = _EMPHASIS.sub("", match[1]).strip()
            return Line(said, f"{number}:{match.start(1) + 1}", "heading", marked=True)
    item = _ITEM.match(raw)
    start = item.end() if item else len(raw) - len(raw.lstrip())
    said = raw[start:].rstrip()
    return Line(said, f"{number}:{start + 1}", "item" if item and said else "plain")


def _is_short(text: str) -> bool:
    return size(text) <= 30


def size(text: str) -> int:
    """How long a text is: a Chinese character counts one, a word of letters or figures one."""
    return len(re.findall(rf"[{HAN}]|[^\W{HAN}_]+(?:['’.-][^\W{HAN}_]+)*", text))


def is_chinese(lines: Iterable[Line]) -> bool:
    """Whether most of it is Chinese."""
    text = "".join(line.text for line in lines)
    return len(re.findall(rf"[{HAN}]", text)) * 3 > len(re.findall(r"[A-Za-z]", text))


_SENTENCE = re.compile(
    r"(?:[^。！？；!?;.]|\.(?!\s+[A-Z\"“(])|(?<=\b[A-Z])\.|(?<=\b[A-Z][a-z])\.)+[。！？；!?;.]*"
)
"""A point ends one before a capital, and not after an initial or a title: J. Doe, Dr. Doe."""


def sentences(line: Line) -> Sequence[tuple[str, int]]:
    """The sentences of a line, each with where it begins."""
    return [
        (match[0].strip(), match.start() + len(match[0]) - len(match[0].lstrip()))
        for match in _SENTENCE.finditer(line.text)
        if match[0].strip()
    ]
