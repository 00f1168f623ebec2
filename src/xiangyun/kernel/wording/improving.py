"""Better wording, one change at a time, each with its reason; nothing is ever invented.

A change names what stands in the text and what would stand there. It is offered only when every
figure, date and name of it stands in the source: `invented` looks, whoever proposed it, a rule of
the pack or a language model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Text

from .diagnosis import Diagnosis
from .document import HAN, Line
from .months import Span, spelled
from .rules import WordRules

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_PARTICLES = frozenset("的了在和与及对把被从到为是用以并而将由使得于其这该也就")
_MONTH = re.compile(r"(?:19|20)\d\d\.(?:0[1-9]|1[0-2])")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+#.'’-]*")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_COUNT_HAN = re.compile(r"[一二两三四五六七八九十百千万亿半]+")
_COMMA = re.compile(rf"(?<=[{HAN}]),(?=\s*[{HAN}A-Za-z])|(?<=[{HAN}])\s*;(?=\s*[{HAN}])")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a line: `before` stands at `place`, `after` would; `number` names it."""

    number: int
    id: str
    place: str
    before: str
    after: str
    reason: Text

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "id": self.id,
            "place": self.place,
            "before": self.before,
            "after": self.after,
            "reason": self.reason.to_json(),
        }


def changes(diagnosis: Diagnosis, rules: WordRules) -> list[Change]:
    """What can be changed without asking the writer anything, in the order of the text."""
    lines = diagnosis.resume.lines
    source = "\n".join(line.text for line in lines)
    words = vocabulary(rules)
    found = [*_of_remarks(diagnosis), *_of_months(diagnosis), *_of_signs(lines)]
    # What goes as a whole is not mended besides.
    gone = {place.partition(":")[0] for id_, place, *_ in found if id_ == "repetition.line"}
    kept, taken = [], set()
    for id_, place, before, after, reason in found:
        if id_ != "repetition.line" and place.partition(":")[0] in gone:
            continue
        if before == after or place in taken or invented(after, source, words):
            continue
        taken.add(place)
        kept.append((id_, place, before, after, reason))
    kept.sort(key=lambda each: tuple(int(n) if n.isdigit() else 0 for n in each[1].split(":")))
    return [Change(number, *each) for number, each in enumerate(kept, 1)]


def apply(text: str, accepted: Iterable[Change]) -> str:
    """The text with these changes, which were made for it; the others are left as they are.

    Raises ValueError where a change does not fit: the text is another one.
    """
    lines = text.replace("\t", " ").split("\n")
    ordered = sorted(accepted, key=_at, reverse=True)
    for change in ordered:
        line, column = _at(change)
        written = lines[line - 1]
        end = column - 1 + len(change.before)
        if written[column - 1 : end] != change.before:
            raise ValueError(f"{change.place} does not read “{change.before}”")
        lines[line - 1] = written[: column - 1] + change.after + written[end:]
        if change.id == "repetition.line" and not lines[line - 1].strip(" -*+•●·"):
            del lines[line - 1]
    return "\n".join(lines)


def invented(
    after: str, source: str, words: Callable[[str], bool] = lambda word: False
) -> list[str]:
    """The figures, names and words of a proposal that stand nowhere in the source.

    `words` says which words are free: those of the rules' own lists. A Chinese run has to be made
    of pieces of the source of two characters or more and of particles, so that a new name is
    found and a new order of known words is not.
    """
    plain, missing = source.casefold(), []
    figures = {_number(each) for each in _FIGURE.findall(source)}
    parts = {_number(each) for each in re.findall(r"\d+", source)}
    missing += [
        each
        for each in _FIGURE.findall(after)
        if _number(each) not in figures
        and not (_MONTH.fullmatch(each) and {_number(n) for n in each.split(".")} <= parts)
    ]
    names = {each.casefold().strip(".'-") for each in _LATIN.findall(source)}
    missing += [
        each
        for each in _LATIN.findall(after)
        if each.casefold().strip(".'-") not in names and not words(each.casefold())
    ]
    for run in _HAN_RUN.findall(after):
        missing += [each for each in _COUNT_HAN.findall(run) if each not in source]
        missing += _uncovered(run, plain, words)
    return missing


def _uncovered(run: str, source: str, words: Callable[[str], bool]) -> list[str]:
    """What of a Chinese run no piece of the source covers, joined where it hangs together."""
    at, open_, found = 0, "", []
    while at < len(run):
        end = at + 2
        while end <= len(run) and (run[at:end] in source or words(run[at:end])):
            end += 1
        covered = end - 1 - at
        if covered < 2 and run[at] not in _PARTICLES:
            open_ += run[at]
            at += 1
            continue
        if open_:
            found.append(open_)
        open_ = ""
        at += max(covered, 1)
    return [*found, open_] if open_ else found


def _number(text: str) -> str:
    whole = text.replace(",", "")
    return whole.lstrip("0") or "0"


def vocabulary(rules: WordRules) -> Callable[[str], bool]:
    """Whether a word is free: one of those that the rules themselves put in."""
    known = [each.right for each in rules.confusions]
    known += [each.better for each in rules.phrases if each.better]
    text = "\n".join(known).casefold()
    latin = {each.casefold() for each in _LATIN.findall(text)}
    return lambda word: word in latin if word.isascii() else word in text


_Found = tuple[str, str, str, str, Text]


def _of_remarks(diagnosis: Diagnosis) -> Iterator[_Found]:
    for remark in diagnosis.remarks:
        if remark.better is not None and remark.text:
            yield remark.id, remark.place, remark.text, remark.better, remark.reason


def _of_months(diagnosis: Diagnosis) -> Iterator[_Found]:
    """Months in one spelling, where a resume has several."""
    dated = [
        (entry.span, entry.span_line)
        for _, entry in diagnosis.resume.entries()
        if entry.span is not None and entry.span_line is not None
    ]
    exact = [(s, n) for s, n in dated if s.first[0] == s.first[1] and s.last[0] == s.last[1]]
    if len(_shapes([span for span, _ in exact])) < 2:
        return
    for span, line in exact:
        if re.search(r"[A-Za-z]", span.text) and not span.until_now:
            continue
        first = spelled(span.first[0]).replace("-", ".")
        last = "至今" if span.until_now else spelled(span.last[0]).replace("-", ".")
        if span.until_now and not re.search(r"至今|目前|现在|今", span.text):
            continue
        yield (
            "layout.months", line.at(span.offset), span.text, f"{first}-{last}",
            Text("全文的年月用一种写法，读的人不用换算。", "Months spelled alike read at once."),
        )  # fmt: skip


def _shapes(found: Sequence[Span]) -> set[str]:
    """The ways in which spans are spelled; one until now is spelled as those that it begins as."""
    ended = {re.sub(r"\d+", "0", span.text) for span in found if not span.until_now}
    going = {
        re.sub(r"\d+", "0", re.sub(r"[^\W\d]+$", "", span.text)).rstrip()
        for span in found
        if span.until_now
    }
    begun = {each for each in going if not any(shape.startswith(each) for shape in ended)}
    return ended | begun


def _of_signs(lines: Sequence[Line]) -> Iterator[_Found]:
    for line in lines:
        for match in _COMMA.finditer(line.text):
            yield (
                "layout.signs", line.at(match.start()), match[0],
                "，" if "," in match[0] else "；",
                Text("中文里用全角标点。", "Full-width signs belong to Chinese text."),
            )  # fmt: skip


def _at(change: Change) -> tuple[int, int]:
    line, _, column = change.place.partition(":")
    return int(line), int(column)
