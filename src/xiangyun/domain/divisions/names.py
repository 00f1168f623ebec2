"""The names of divisions in English: the usual one, and below the county one made by rule."""

from __future__ import annotations

import csv
import lzma
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from xiangyun.kernel.findings import Text


def name_of(code: int, chinese: str) -> Text:
    """A division's name to be read: in English too where one is known, else as it is."""
    return Text.given(chinese, _upper().get(code) or _lower().get(code, chinese))


def named_so(words: str) -> list[int]:
    """The codes of the divisions whose English name holds these words, capitals and dots aside.

    Towns and villages only where nothing above them is called so.
    """
    wanted = _folded(words)
    if not wanted:
        return []
    for names in (_upper, _lower):
        if found := [code for code, name in names().items() if wanted in _folded(name)]:
            return found
    return []


def _folded(words: str) -> str:
    """Latin letters without capitals, dots and apostrophes; nothing of Chinese."""
    plain = unicodedata.normalize("NFD", words.casefold())
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == " ")).strip()


@cache
def _upper() -> Mapping[int, str]:
    text = files(__package__).joinpath("data/names.csv").read_text(encoding="utf-8")
    return {int(row["code"]) * 1_000_000: row["name"] for row in csv.DictReader(text.split("\n"))}


@cache
def _lower() -> Mapping[int, str]:
    packed = files(__package__).joinpath("data/lower.csv.xz").read_bytes()
    text = lzma.decompress(packed).decode("utf-8")
    return {int(row["code"]): row["name"] for row in csv.DictReader(text.split("\n"))}
