"""A place as people name it: looked up, offered where several bear the name, suggested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.fields import Choice
from xiangyun.faces.look.region import PROVINCE
from xiangyun.kernel import codes
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import Question, rows_named
from xiangyun.kernel.formspec.properties import REACH

COUNTRY = 0  # the code that all others lie below
OFFERED = 12
"""Places offered at once; with more, a longer name is wanted."""
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Settled:
    """What was typed with names of places turned into codes; choices and faults by field."""

    typed: dict[str, list[str]]
    choices: dict[str, list[Choice]]
    faults: dict[str, Finding]


def settle(
    asked: Sequence[Question], raw: Mapping[str, list[str]], *, within: int, only: str = ""
) -> Settled:
    """Look up the places that were typed by name: in the region first, then in the province; in
    the country, where a question reaches so far.

    `only` names the one field that is looked up before its page is sent.
    """
    settled = Settled(dict(raw), {}, {})
    for name, question in _fields(asked, raw):
        typed = (raw.get(name) or [""])[-1].strip()
        picked = (raw.get(f"{name}.pick") or [""])[-1]
        if not typed or (only and name != only):
            continue
        if only:
            picked = ""  # the name counts that was just looked up
        found: str | list[Choice] = []
        for around in _around(within, reaches(question)):
            found = found or find(typed, picked, around)
        if isinstance(found, str):
            settled.typed[name] = [found]
        elif found:
            settled.choices[name] = found
            settled.faults[name] = _SEVERAL
        else:
            settled.faults[name] = _no_place(typed)
    return settled


def reaches(question: Question) -> bool:
    """Whether a question is also answered by a place of another province."""
    return question.rules.more.get(REACH.name) == "country"


def _around(within: int, country: bool) -> tuple[int, ...]:
    """Where a name is looked for, one after the other. In the whole country at once, or a village
    here would be taken for the city elsewhere that bears its name."""
    return (COUNTRY,) if country else tuple(dict.fromkeys((within, PROVINCE)))


def _fields(
    asked: Sequence[Question], raw: Mapping[str, list[str]]
) -> Iterator[tuple[str, Question]]:
    """The names of the fields that ask for a place, those in rows among them."""
    for question in asked:
        if question.rules.format == "division":
            yield question.key, question
        for inner in question.questions:
            if inner.rules.format == "division":
                for n in rows_named(question.key, raw):
                    yield f"{question.key}.{n}.{inner.key}", inner


def find(typed: str, picked: str, within: int) -> str | list[Choice]:
    """The code of the place that was typed or picked; choices when it could be several.

    A path of names, from above downwards, is looked up by its last name and checked by the others.
    No choice at all means that there is no such place within the division.
    """
    words = _words(typed)
    if _is_choice_for(words, codes.division.typed(picked)):
        return picked
    if code := codes.division.typed(typed):
        return typed.strip() if _exists(code) else []
    found = _named(words, within)
    exact = [d for d in found if words[-1] in (d.name, d.words.en)]
    whole = [d for d in exact if words in (path_of(d.code).split(), _path_in_english(d.code))]
    for likely in (found, exact, whole):
        if len(likely) == 1:
            return str(likely[0].code)
    return [_choice(d) for d in found[:OFFERED]]


def suggested(typed: str, within: int, *, country: bool = False) -> list[Choice]:
    """Places whose name goes on from what is typed: those of the region first; where asked, those
    of the whole country, the higher ones first."""
    words = _words(typed)
    if not words or codes.division.typed(typed):
        return []
    unique: dict[int, divisions.Division] = {}
    for each in _around(within, country):
        if len(unique) < OFFERED:
            unique |= {d.code: d for d in _named(words, each)}
    return [_choice(d) for d in list(unique.values())[:OFFERED]]


def path_of(code: int) -> str:
    """The names of a place below the province, from above downwards."""
    return " ".join(step.name for step in divisions.path(code)[1:])


def _named(words: Sequence[str], within: int) -> list[divisions.Division]:
    """The places that bear the last name, below those that bear the others."""
    if not words:
        return []
    found = divisions.find(words[-1], limit=_LOOKED_AT, within=within)
    if len(words) == 1:
        return found
    return [
        d
        for d in found
        if all(any(_bears(step, w) for step in divisions.path(d.code)) for w in words)
    ]


def _bears(place: divisions.Division, word: str) -> bool:
    return word in place.name or word.casefold() in place.words.en.casefold()


def _path_in_english(code: int) -> list[str]:
    return [step.words.en for step in divisions.path(code)[1:]]


def _words(typed: str) -> list[str]:
    """The names that were typed, from above downwards; English ones go upwards, by commas."""
    typed = typed[:200].replace("›", " ").replace(">", " ")
    if re.search("[\u4e00-\u9fff]", typed):
        return typed.split()
    return [name.strip() for name in reversed(typed.split(",")) if name.strip()]


def _choice(division: divisions.Division) -> Choice:
    below = bool(path_of(division.code))
    return Choice(
        str(division.code), divisions.path_words(division.code) if below else division.words
    )


def _is_choice_for(words: Sequence[str], code: int) -> bool:
    """Whether a choice was made for these words; one typed over since counts no more."""
    return _exists(code) and all(_is_named(code, w) or w == str(code) for w in words)


def _is_named(code: int, word: str) -> bool:
    """Whether a place or one above it bears this word in its name, in either language."""
    return any(_bears(step, word) for step in divisions.path(code))


def _exists(code: int) -> bool:
    try:
        return bool(divisions.path(code))
    except ObjectDoesNotExist:
        return False


def _no_place(typed: str) -> Finding:
    return Finding(
        "portal.E006",
        "error",
        Text("没有找到“{typed}”。", "“{typed}” was not found.", typed=typed[:100]),
        hint=Text(
            "请写村（社区）的名称，必要时加上乡镇，例如“英安镇 靖边村”；也可以写 12 位区划代码。",
            "Write the name of the village or community in Chinese, with its town where needed, "
            "such as 英安镇 靖边村, or its 12-digit code.",
        ),
    )


_SEVERAL = Finding(
    "portal.E002",
    "error",
    Text("有几个地方叫这个名字，请选一个。", "Several places have this name; please pick one."),
)
