"""The names of divisions in English, where a standard name is known."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files

from xiangyun.kernel.findings import Text


def name_of(code: int, chinese: str) -> Text:
    """A division's name to be read: in English too from the county upwards, else as it is."""
    return Text.given(chinese, _in_english().get(code, chinese))


def named_so(words: str) -> list[int]:
    """The codes of the divisions whose English name holds these words, capitals and dots aside."""
    wanted = _folded(words)
    return [code for code, name in _in_english().items() if wanted and wanted in _folded(name)]


def _folded(words: str) -> str:
    """Latin letters without capitals, dots and apostrophes; nothing of Chinese."""
    plain = unicodedata.normalize("NFD", words.casefold())
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == " ")).strip()


@cache
def _in_english() -> dict[int, str]:
    packed = files(__package__).joinpath("data/names.csv").read_text(encoding="utf-8")
    return {int(row["code"]) * 1_000_000: row["name"] for row in csv.DictReader(packed.split("\n"))}
