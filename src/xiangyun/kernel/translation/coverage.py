"""What of a language is translated, what is missing, and what no longer fits its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiangyun.kernel.findings import Finding, Place
from xiangyun.kernel.language import BrokenTemplate, Hole, Language, Text, pieces
from xiangyun.kernel.translation.collect import Sentence


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sentences by id: translated, missing; ids that belong to no sentence; faulty translations."""

    translated: Mapping[str, Sentence]
    missing: Mapping[str, Sentence]
    stale: tuple[str, ...]
    faults: tuple[Finding, ...]


def coverage(language: Language, sentences: Iterable[Sentence]) -> Coverage:
    """Hold a language against all sentences there are."""
    every: dict[str, Sentence] = {}
    for sentence in sentences:
        every.setdefault(sentence.id, sentence)
    known = language.sentences
    return Coverage(
        {id: each for id, each in every.items() if id in known},
        {id: each for id, each in every.items() if id not in known},
        tuple(sorted(known.keys() - every.keys())),
        tuple(
            fault
            for id, each in every.items()
            if id in known and (fault := _misfit(language, known[id], each))
        ),
    )


def _misfit(language: Language, words: str, sentence: Sentence) -> Finding | None:
    """A translation with a hole that the sentence has not, or with too few forms.

    Only in Python braces without values stay braces; a sentence whose own braces are no template
    is left alone.
    """
    try:
        wanted = {each.name for each in _holes(sentence.zh)} | {
            each.name for each in _holes(sentence.en)
        }
    except BrokenTemplate:
        return None
    try:
        holes = _holes(words)
        for hole in holes:
            if hole.forms:
                language.form(0, hole.forms)
        if {hole.name for hole in holes} <= wanted:
            return None
    except BrokenTemplate:
        pass
    return Finding(
        "language.E007",
        "error",
        Text(
            "“{words}”的花括号与原句不合。",
            "The braces of “{words}” do not fit the sentence.",
            words=words,
        ),
        Place(sentence.id),
        Text(
            "原句有：{names}；复数形式应有 {forms} 个。",
            "The sentence has: {names}; a plural has {forms} {forms|form|forms}.",
            names=sorted(wanted),
            forms=len(language.plurals) + 1,
        ),
    )


def _holes(template: str) -> list[Hole]:
    return [each for each in pieces(template) if isinstance(each, Hole)]
