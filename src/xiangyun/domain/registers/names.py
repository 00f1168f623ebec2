"""How names are found: by any part of them, by pinyin and its initials, in any variant form.

A name becomes the beginnings of its suffixes (祥云科技, 云科技, 科技, 技), each with its pinyin
(`xiangyunkeji`) and initials (`xykj`): whatever is asked for is the beginning of one of them.
Readings come from a table of one's own, the province's places and surnames, before pypinyin's.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import accumulate

LONGEST = 40
"""Signs of a suffix that are kept; of pinyin 60. A longer question is compared with the name."""
LONGEST_LATIN = 60
_SILENT = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê", "aaaaeeeeiiiioooouuuuvvvvvnnnme")


Part = tuple[str, str | None, str | None]
"""A suffix of a name: as written, in pinyin, in initials; None where it has no Chinese.

Plain tuples: a load of a million names makes thirty million of them.
"""


def normal(text: str) -> str:
    """A name as it is compared: half width, small letters, simplified, without signs between."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SILENT.sub("", text.lower()).translate(_variants())


def typed_latin(text: str) -> str:
    """Pinyin as somebody types it, with or without tones and spaces, as it is compared."""
    return _SILENT.sub("", unicodedata.normalize("NFC", text.lower()).translate(_TONES))


def is_chinese(text: str) -> bool:
    """Whether a Chinese character stands in it."""
    return _HAN.search(text) is not None


def parts(name: str, *, of_a_person: bool = False) -> list[Part]:
    """All suffixes of a name, the longest first; none of an empty one."""
    written = normal(name)
    if not _HAN.search(written):
        return [(written[at : at + LONGEST], None, None) for at in range(len(written))]
    read = readings(written, of_a_person=of_a_person)
    latin, initials = "".join(read), "".join([each[0] for each in read])
    begins = [0, *accumulate(map(len, read))]
    return [
        (
            written[at : at + LONGEST],
            latin[begin : begin + LONGEST_LATIN],
            initials[at : at + LONGEST],
        )
        for at, begin in enumerate(begins[:-1])
    ]


def readings(written: str, *, of_a_person: bool = False) -> list[str]:
    """The syllable of each sign of a normal name, without tones; a letter is its own."""
    single, longer = _tables()
    found = [single.get(sign, sign) for sign in written]
    if of_a_person:
        for length in (2, 1):
            if surname := _surnames().get(written[:length]):
                found[:length] = surname
                break
    at, end = 0, len(written)
    while at < end:
        begun = longer.get(written[at])
        if begun is None:
            at += 1
            continue
        for phrase, syllables in begun:
            if written.startswith(phrase, at):
                found[at : at + len(phrase)] = syllables
                at += len(phrase)
                break
        else:
            at += 1
    return found


@dataclass(frozen=True, slots=True)
class _Tables:
    single: Mapping[str, str]
    longer: Mapping[str, Sequence[tuple[str, Sequence[str]]]]

    def __iter__(self):  # type: ignore[no-untyped-def]
        yield self.single
        yield self.longer


@cache
def _tables() -> _Tables:
    """Readings of single signs; and of phrases that are read otherwise, by their first sign."""
    # Forty thousand phrases: only who searches names or writes them loads them.
    characters = import_module("pypinyin.pinyin_dict").pinyin_dict
    phrases = import_module("pypinyin.phrases_dict").phrases_dict
    single = {
        chr(code): read.partition(",")[0].translate(_TONES) for code, read in characters.items()
    }
    otherwise: dict[str, Sequence[str]] = {}
    for phrase, syllables in phrases.items():
        read = [each[0].translate(_TONES) for each in syllables]
        if len(read) == len(phrase) and any(
            single.get(sign) != syllable for sign, syllable in zip(phrase, read, strict=True)
        ):
            otherwise[phrase] = read
    otherwise |= _table("readings.csv")
    longer: dict[str, list[tuple[str, Sequence[str]]]] = {}
    own = _table("readings.csv")
    # The longest first, and of one's own table before all others.
    for phrase in sorted(otherwise, key=lambda each: (each not in own, -len(each), each)):
        longer.setdefault(phrase[0], []).append((phrase, otherwise[phrase]))
    return _Tables(single, longer)


@cache
def _surnames() -> Mapping[str, Sequence[str]]:
    return _table("surnames.csv")


def _table(name: str) -> dict[str, Sequence[str]]:
    text = files(__package__).joinpath("data", name).read_text("utf-8")
    return {phrase: read.split() for phrase, read in csv.reader(text.splitlines())}


@cache
def _variants() -> Mapping[int, str]:
    """Traditional and variant characters to the simplified one, from OpenCC's table."""
    text = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    found: dict[int, str] = {}
    for line in text.splitlines():
        written, _, simplified = line.partition("\t")
        # 乾 is 干 but in a place: 乾安 is read and written as it is.
        if len(written) == 1 and simplified and written != "乾":
            found[ord(written)] = simplified.split()[0]
    return found
