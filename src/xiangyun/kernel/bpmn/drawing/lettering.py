"""Breaking labels into lines without a browser: Chinese between characters, Latin at blanks."""

from __future__ import annotations

import re
import unicodedata

NO_START = "，。、；：？！）》」』】”’%,.;:?!)]}"
"""Marks that must not begin a line (避头)."""
_PIECE = re.compile(r"[ -~À-ɏ]+?(?:(?<=[\-/_])|(?=\s)|(?=[^ -~À-ɏ])|$)|\s+|.", re.DOTALL)


def width(text: str) -> float:
    """Width in em: full for Chinese, a little over half for Latin."""
    return sum(_em(char) for char in text)


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in " .,;:'|!ijlt()[]":
        return 0.32
    return 0.7 if char.isupper() or char in "mw" else 0.54


def wrap(text: str, room: float, most: int) -> list[str]:
    """At most `most` lines of `room` em, as even as possible; the rest becomes an ellipsis."""
    lines = _fill(text, room)
    if len(lines) > 1:
        # The narrowest measure that keeps the number of lines gives no lonely last character.
        even = width(text) / len(lines)
        while even < room:
            better = _fill(text, even)
            if len(better) <= len(lines):
                lines = better
                break
            even += 0.5
    if len(lines) > most:
        last = lines[most - 1]
        while last and width(last) > room - 1:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return lines


def _fill(text: str, room: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        fits = width(line + piece.rstrip()) <= room
        if fits or not line.strip() or (piece in NO_START and width(line) <= room):
            line += piece
        else:
            lines.append(line.strip())
            line = piece.lstrip()
    if line.strip():
        lines.append(line.strip())
    return lines or [""]
