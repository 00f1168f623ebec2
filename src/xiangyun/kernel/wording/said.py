"""What is said, line by line: what was done, what is repeated, what is misspelt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from xiangyun.kernel.findings import Text

from .document import HAN, Line, sentences, size
from .remark import Looked, Remark
from .resume import counts, pasts
from .rules import Phrase, WordRules

_DONE = ("experience", "projects")
_DOUBLED_HAN = re.compile(r"([的和与在是及对为了])\1(?!解)|([\u3400-\u9fff]{2,4})\2")
_DOUBLED_WORD = re.compile(r"\b([A-Za-z]{2,})\s\1\b", re.I)
_KEPT_DOUBLED = re.compile(r"^(?:had|that|bora|wah)$", re.I)
_TRAIT = "phrase.trait"
_PAST = re.compile(r"[A-Z]?[a-z]{2,}ed\b")
_LABEL = re.compile(r"[^:：，。,;；]{1,16}[:：]\s*")
"""What a line is about, before it says it: 技术栈：…, Result: …"""
_OPENING = re.compile(rf"[{HAN}]{{2}}|[A-Za-z]+")


def doing(looked: Looked) -> Iterator[Remark]:
    """Experience tells what one did, and what came of it in figures."""
    verbs, weak = patterns(looked.rules.verbs), _openers(looked.rules.weak)
    for _, entry in looked.resume.entries(*_DONE):
        told = [line for line in entry.body if _tells(line, weak)]
        for line in told:
            label = _LABEL.match(line.text)
            opening = weak.match(line.text) or (label and weak.match(line.text, label.end()))
            if opening and not counts(line.text[opening.end() :]):
                yield Remark(
                    "doing.weak", line.at(opening.start(1)), line.text,
                    Text(
                        "“{word}”没有说出您做了什么、结果怎样。",
                        "“{word}” tells neither what you did nor what came of it.",
                        word=opening[1],
                    ),
                    Text("请写：做了什么，用什么方法，带来什么结果。",
                         "Say what you did, how, and with what result."),
                )  # fmt: skip
            elif not (label or opening or _is_about(line) or _says_done(line.text, verbs)):
                yield Remark(
                    "doing.verb", line.place, line.text,
                    Text("这一行没有说做了什么。", "This line does not say what you did."),
                    Text("请用动词开头，如“设计”“完成”。", "Begin with a verb: “designed”, “led”."),
                )  # fmt: skip
        if told and not any(counts(line.text) for line in told):
            yield Remark(
                "doing.figure", told[0].place, told[0].text,
                Text("这段经历里没有一个数字。", "No figure stands in this experience."),
                Text("请写出规模或结果：多少、多快、几次。", "Give sizes or results."),
            )  # fmt: skip


def _is_about(line: Line) -> bool:
    """Whether a line says what something is: it is short, or the description of JSON Resume."""
    return size(line.text) < 4 or line.place.endswith((".description", ".summary"))


def _says_done(text: str, verbs: re.Pattern[str]) -> bool:
    """Whether something done is told: by a verb of the list, or by a figure of what came of it.

    No list has every verb; what is counted was done.
    """
    if counts(text) or verbs.search(text) is not None or _PAST.match(text) is not None:
        return True
    first = re.match(r"[A-Za-z]+", text)
    return first is not None and any(verbs.fullmatch(past) for past in pasts(first[0].lower()))


def _tells(line: Line, weak: re.Pattern[str]) -> bool:
    """Whether a line is long enough to tell something: an item of two English words may."""
    words = size(line.text)
    return words >= 4 or (words >= 2 and (line.shape == "item" or bool(weak.match(line.text))))


def nothing_done(looked: Looked) -> Text | None:
    """Why what was done cannot be judged."""
    if any(entry.body for _, entry in looked.resume.entries(*_DONE)):
        return None
    return Text("没有找到经历的具体内容。", "No text was found under experience or projects.")


def repetition(looked: Looked) -> Iterator[Remark]:
    """A line or a sentence said twice, a word twice in a row, one opening again and again."""
    seen: dict[str, str] = {}
    entries = [entry for _, entry in looked.resume.entries()]
    heads = {line.place for entry in entries for line in entry.head}
    told = {line.place for entry in entries for line in entry.body}
    for line in looked.resume.lines:
        # Two posts may have one employer; what was done is repeated by fewer words.
        if line.place not in heads:
            yield from _repeated(line, seen, short=line.place in told or line.shape == "item")
        yield from _doubled(line)
    yield from _openings(looked)


def _repeated(line: Line, seen: dict[str, str], *, short: bool) -> Iterator[Remark]:
    """What a line says that stood before; `seen`: what stood, and where."""
    said = [(line.text, 0), *sentences(line)]
    for text, offset in said if len(said) > 2 else said[:1]:
        plain, place = re.sub(rf"[^\w{HAN}]", "", text).casefold(), line.at(offset)
        least = (5 if re.search(rf"[{HAN}]", text) else 3) if short else 6
        if not plain or size(text) < least:
            continue
        if (before := seen.setdefault(plain, place)) != place:
            whole = text is line.text
            yield Remark(
                "repetition.line" if whole else "repetition.sentence", place, text,
                Text("与 {place} 的一行相同。", "It repeats line {place}.", place=before)
                if whole
                else Text("与 {place} 的一句相同。", "It repeats what {place} says.", place=before),
                Text("请删去一处。", "Remove one of them."), "",
            )  # fmt: skip
            if whole:
                return


def _doubled(line: Line) -> Iterator[Remark]:
    for pattern in (_DOUBLED_HAN, _DOUBLED_WORD):
        for match in pattern.finditer(line.text):
            once = next(group for group in match.groups() if group)
            if _KEPT_DOUBLED.match(once):
                continue
            yield Remark(
                "repetition.word", line.at(match.start()), match[0],
                Text("“{word}”写了两次。", "“{word}” stands twice.", word=once),
                Text("请删去一个。", "Remove one."), once,
            )  # fmt: skip


def _openings(looked: Looked) -> Iterator[Remark]:
    most = looked.rules.limits.get("same_openings", 3)
    run: list[Line] = []
    opening = ""
    for _, entry in looked.resume.entries(*_DONE):
        for line in (*entry.body, None):
            found = _OPENING.match(line.text) if line is not None else None
            word = found[0].casefold() if found else ""
            if word and word == opening:
                run.append(line)  # type: ignore[arg-type]
                if len(run) == most:
                    yield Remark(
                        "repetition.opening", run[-1].place, run[-1].text,
                        Text("接连{n}行都以“{word}”开头。", "{n} lines begin with “{word}”.",
                             n=most, word=word),
                        Text("请换一个动词。", "Take another verb."),
                    )  # fmt: skip
            else:
                run, opening = [line] if line is not None else [], word


def typing(looked: Looked) -> Iterator[Remark]:
    """What the list of confusions knows."""
    pattern = _confusions(looked.rules)
    if pattern is None:
        return
    by_wrong = {each.wrong.casefold(): each for each in looked.rules.confusions}
    for line in looked.resume.lines:
        for match in pattern.finditer(line.text):
            each = by_wrong[match[0].casefold()]
            if _inside(line.text, match.start(), match.end(), each.unless):
                continue
            yield Remark(
                "typing.confusion", line.at(match.start()), match[0], each.reason,
                Text("请改成“{right}”。", "Write “{right}”.", right=each.right),
                _cased(match[0], each.right),
            )  # fmt: skip


def phrases(looked: Looked) -> Iterator[Remark]:
    """Phrases that say little, or that the law forbids."""
    found = [
        remark for line in looked.resume.lines for remark in phrases_in(line, looked.rules.phrases)
    ]
    # One such word is nobody's fault; a heap of them says nothing.
    traits = sum(remark.id == _TRAIT for remark in found)
    few = traits < looked.rules.limits.get("traits", 3)
    yield from (remark for remark in found if not (few and remark.id == _TRAIT))


def phrases_in(line: Line, listed: Sequence[Phrase]) -> Iterator[Remark]:
    """The phrases of a list that a line has, the longer one where two begin together."""
    pattern, of = _listed(tuple(listed))
    if pattern is None:
        return
    for match in pattern.finditer(line.text):
        each = of(match[0])
        if _inside(line.text, match.start(), match.end(), each.unless):
            continue
        yield Remark(
            f"phrase.{each.group or 'empty'}", line.at(match.start()), match[0], with_law(each),
            Text("请删去。", "Remove it.") if not each.better
            else Text("请改成“{better}”。", "Write “{better}”.", better=each.better),
            each.better if each.better is None else _cased(match[0], each.better),
        )  # fmt: skip


def needed(looked: Looked) -> Iterator[Remark]:
    """What has to be said and is not, once a group."""
    text = "\n".join(line.text for line in looked.resume.lines)
    groups: dict[str, list[Phrase]] = {}
    for each in looked.rules.needed:
        groups.setdefault(each.group, []).append(each)
    for group, listed in groups.items():
        if not patterns(tuple(each.phrase for each in listed)).search(text):
            yield Remark(
                f"needed.{group or 'words'}", "1:1", "", with_law(listed[0]),
                Text("请写上，例如“{word}”。", "Say it, such as “{word}”.", word=listed[0].phrase),
            )  # fmt: skip


def with_law(phrase: Phrase) -> Text:
    """Why a phrase is told of, with its law."""
    if phrase.law is None:
        return phrase.reason
    return Text("{why}（{law}）", "{why} ({law})", why=phrase.reason, law=phrase.law)


def _inside(text: str, start: int, end: int, longer: Sequence[str]) -> bool:
    """Whether what stands there is part of a longer word that is right."""
    for word in longer:
        at = text.find(word, max(0, start - len(word)))
        while 0 <= at <= start:
            if at + len(word) >= end:
                return True
            at = text.find(word, at + 1)
    return False


def _cased(written: str, right: str) -> str:
    return right[:1].upper() + right[1:] if written[:1].isupper() and right[:1].islower() else right


@lru_cache(maxsize=16)
def patterns(words: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of some words; nothing where there are none."""
    return re.compile("|".join(_bounded(words)) or r"(?!)", re.I)


@lru_cache(maxsize=16)
def _openers(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[\s,，、]*({'|'.join(_bounded(words)) or '(?!)'})", re.I)


@lru_cache(maxsize=16)
def _confusions(rules: WordRules) -> re.Pattern[str] | None:
    words = tuple(each.wrong for each in rules.confusions)
    return re.compile("|".join(_bounded(words)), re.I) if words else None


@lru_cache(maxsize=16)
def _listed(
    phrases: tuple[Phrase, ...],
) -> tuple[re.Pattern[str] | None, Callable[[str], Phrase]]:
    """What finds phrases, and which one was found."""
    by_word = {each.phrase.casefold(): each for each in phrases}
    words = tuple(each.phrase for each in phrases)
    with_digits = [(re.compile(_spelt(w), re.I), by_word[w.casefold()]) for w in words if "#" in w]

    def of(found: str) -> Phrase:
        exact = by_word.get(found.casefold())
        return exact or next(each for digits, each in with_digits if digits.fullmatch(found))

    return (re.compile("|".join(_bounded(words)), re.I) if words else None), of


def _bounded(words: Sequence[str]) -> list[str]:
    """Patterns of words, the longest first; those of letters end where letters end."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return [
        rf"(?<![A-Za-z0-9]){_spelt(word)}(?![A-Za-z])"
        if word[:1] == "#" or word.isascii()
        else _spelt(word)
        for word in ordered
    ]


def _spelt(word: str) -> str:
    """A pattern of a word in which # stands for a digit."""
    return re.escape(word).replace(r"\#", r"\d")
