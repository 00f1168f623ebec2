"""Which of many services answer a question, the best first, no more of them than are asked for.

How well one answers is a rank, the highest of all its names: each rank is a way of its own to find
names, and gives the shorter ones first. So those that are shown are found without comparing a
question with ten thousand services: names that many have are one, and what comes after is left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import merge
from itertools import chain, combinations, groupby
from operator import itemgetter
from string import digits
from typing import Generic, Protocol, TypeVar

from xiangyun.domain.registers.names import is_chinese, normal, parts, readings, typed_latin

from .rephrasing import Said, rephrased, words_of

(
    EQUAL,
    BEGINS,
    HOLDS,
    IS_HELD,
    SOUNDS,
    SOUNDS_BEGUN,
    SOUNDS_WITHIN,
    SAYS,
    SPREAD,
    NEAR_BEGUN,
    NEAR,
) = range(11, 0, -1)
"""How well a service answers, best first: its name is what was asked; begins with it; holds it; is
held by it; sounds like it; begins to sound so; sounds so further on; its texts say it; its signs
stand in the question in their order; it begins nearly as what was asked, or goes on so. The last
three are guesses, offered only where no name answers better."""
_ALIKE = 0.8
"""From which ratio, as `difflib` counts it, a spelling may be an error of another."""
_LAST = "\U0010ffff"
_FIGURES = dict.fromkeys(map(ord, digits))


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared, with its sound and initials, and those of its suffixes."""

    written: str
    latin: str
    suffixes: tuple[str, ...]
    """Empty where the name has no Chinese: then it is compared as it is written."""
    initials: tuple[str, ...]
    words: frozenset[str]


@lru_cache(maxsize=1 << 16)
def name_of(text: str) -> Name:
    """Many items are called the same: what they are called is one value."""
    found = parts(text)
    return Name(
        normal(text),
        "".join(readings(normal(text))) if is_chinese(text) else typed_latin(text),
        tuple(latin for _, latin, _ in found if latin),
        tuple(initials for *_, initials in found if initials),
        frozenset(words_of(text, meant=True)),
    )


class Service(Protocol):
    """What is looked for; `body` in small letters."""

    @property
    def code(self) -> str: ...
    @property
    def names(self) -> tuple[Name, ...]: ...
    @property
    def body(self) -> str: ...


Found = TypeVar("Found", bound=Service)
Answer = tuple[tuple[int, int, str], Found]
"""A service, after what it is ordered by: the rank, the best first; the length of the name that
answered; the code."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is compared; `chinese`: whether its sound was read from characters."""

    written: str
    latin: str
    chinese: bool
    words: tuple[str, ...]

    @classmethod
    def of(cls, question: str) -> Asked:
        """A question as somebody typed it."""
        written = normal(question)
        chinese = is_chinese(question)
        latin = "".join(readings(written)) if chinese else typed_latin(question)
        return cls(written, latin, chinese, words_of(question, meant=True))


class Answers(Generic[Found]):
    """Some services by all that finds them. Names have numbers: the shortest first."""

    def __init__(self, services: Iterable[Found]) -> None:
        self._services = sorted(services, key=lambda each: each.code)
        of, bodies = defaultdict[Name, list[int]](list), defaultdict[str, list[int]](list)
        for number, service in enumerate(self._services):
            bodies[service.body].append(number)
            for name in dict.fromkeys(service.names):
                of[name].append(number)
        self._names = sorted(of, key=lambda name: (len(name.written), name.written))
        self._of = [of[name] for name in self._names]
        self._texts = _Texts([name.written for name in self._names])
        self._bodies, self._whose = _Texts(list(bodies)), list(bodies.values())
        self._words = _by_word(name.words for name in self._names)
        self._body_words = _by_word(frozenset(words_of(text)) for text in bodies)
        self._begun = defaultdict[str, list[int]](list)
        for number, name in enumerate(self._names):
            self._begun[name.written[:2]].append(number)
        named = [(n, name) for n, name in enumerate(self._names) if name.suffixes]
        self._written = _Spelled((name.written, n) for n, name in enumerate(self._names))
        self._all = _Spelled((_letters(name.latin), n) for n, name in enumerate(self._names))
        self._within = _Spelled((_letters(each), n) for n, name in named for each in name.suffixes)
        self._latin = _Spelled((name.latin, n) for n, name in named)
        self._first = _Spelled((name.suffixes[0], n) for n, name in named)
        self._suffixes = _Spelled((each, n) for n, name in named for each in name.suffixes)
        self._initial = _Spelled((name.initials[0], n) for n, name in named)
        self._initials = _Spelled((each, n) for n, name in named for each in name.initials)

    def certain(self, asked: Asked) -> Iterator[Answer[Found]]:
        """Those of which a name is meant: written so, or sounding so."""
        written, latin = asked.written, asked.latin
        yield from self._named(EQUAL, self._written.equal(written) | self._same_words(asked))
        yield from self._named(BEGINS, self._written.begun(written))
        if asked.chinese:
            yield from self._named(HOLDS, self._texts.holding(written))
            yield from self._named(IS_HELD, self._held_by(written))
        else:
            yield from self._named(HOLDS, sorted(_with_all(self._words, asked.words)))
        if not latin:
            return
        typed = not asked.chinese  # initials are typed as letters, and are no other sound
        sounds = self._latin.equal(latin) | (self._initial.equal(latin) if typed else set())
        yield from self._named(SOUNDS, sounds)
        if len(written) > (2 if typed else 1):
            sounds = self._first.begun(latin) | (self._initial.begun(latin) if typed else set())
            yield from self._named(SOUNDS_BEGUN, sounds)
            within = self._suffixes.begun(latin) | (self._initials.begun(latin) if typed else set())
            yield from self._named(SOUNDS_WITHIN, within)

    def said(self, asked: Asked) -> Iterator[Answer[Found]]:
        """Those whose texts say it: characters as they stand, words of letters as whole ones."""
        if not asked.chinese:
            found: Iterable[int] = _with_all(self._body_words, asked.words)
        else:
            found = self._bodies.holding(asked.written) if len(asked.written) > 1 else ()
        yield from self._told(SAYS, (n for body in found for n in self._whose[body]))

    def guessed(self, asked: Asked) -> Iterator[Answer[Found]]:
        """Those whose name may be meant: its signs stand in the question, or it sounds alike."""
        if asked.chinese:
            yield from self._named(SPREAD, self._spread_in(asked.written))
        letters = _letters(asked.latin)
        if len(letters) > 3:
            for rank, spelled in ((NEAR_BEGUN, self._all), (NEAR, self._within)):
                names = spelled.nearly(letters)
                yield from self._told(rank, (n for name in names for n in self._of[name]))

    def _named(self, rank: int, names: Iterable[int]) -> Iterator[Answer[Found]]:
        """The services of names, the shortest name first; read no further than is asked for."""
        ordered = sorted(names) if isinstance(names, set) else names
        for length, same in groupby(ordered, key=lambda n: len(self._names[n].written)):
            held = [self._of[name] for name in same]
            for number in held[0] if len(held) == 1 else sorted({*chain.from_iterable(held)}):
                service = self._services[number]
                yield (-rank, length, service.code), service

    def _told(self, rank: int, numbers: Iterable[int]) -> Iterator[Answer[Found]]:
        """Services of which no name answered: they go by the length of what they are called."""
        found = (self._services[number] for number in {*numbers})
        told = [((-rank, len(each.names[0].written), each.code), each) for each in found]
        return iter(sorted(told, key=itemgetter(0)))

    def _same_words(self, asked: Asked) -> set[int]:
        """Names of just these words, whatever they end in: in English alone."""
        if asked.chinese:
            return set()
        found = _with_all(self._words, asked.words)
        return {n for n in found if len(self._names[n].words) == len({*asked.words})}

    def _held_by(self, written: str) -> set[int]:
        return {
            name
            for first in range(len(written))
            for end in range(first + 2, len(written) + 1)
            for name in self._written.equal(written[first:end])
        }

    def _spread_in(self, written: str) -> set[int]:
        pairs = {a + b for a, b in combinations(written, 2)}
        return {
            number
            for pair in pairs
            for number in self._begun.get(pair, ())
            if (name := self._names[number]).suffixes
            and len(name.written) < len(written)
            and _in_order(name.written, written)
        }


def answering(
    known: Sequence[Answers[Found]], question: str, wanted: Callable[[Found], bool]
) -> Iterator[Found]:
    """Those of several parts of the services that answer, and are wanted, the best first.

    What finds nothing as it was put is asked in other words.
    """
    for said in (Said(question), *rephrased(question)):
        found = _answering(known, Asked.of(said.text), wanted, whole=said.whole)
        for first in found:
            yield first
            yield from found
            return


def _answering(
    known: Sequence[Answers[Found]],
    asked: Asked,
    wanted: Callable[[Found], bool],
    *,
    whole: bool,
) -> Iterator[Found]:
    """The same of one way of asking.

    What is only guessed is left out where a name is meant; not `whole`: nothing else counts.
    """
    given = set[str]()
    if not asked.written:
        return
    sure = False
    for ways in (Answers.certain, Answers.said, Answers.guessed) if whole else (Answers.certain,):
        if sure and ways is Answers.guessed:
            return
        for _, service in merge(*(ways(each, asked) for each in known), key=itemgetter(0)):
            if service.code not in given and wanted(service):
                given.add(service.code)
                sure = sure or ways is Answers.certain
                yield service


def _letters(spelled: str) -> str:
    """Without figures: a slip in one makes it another one, and many names end in theirs alone."""
    return spelled.translate(_FIGURES)


def _in_order(signs: str, text: str) -> bool:
    rest = iter(text)
    return all(sign in rest for sign in signs)


def _by_word(words: Iterable[frozenset[str]]) -> dict[str, set[int]]:
    found = defaultdict[str, set[int]](set)
    for number, some in enumerate(words):
        for word in some:
            found[word].add(number)
    return found


def _with_all(numbers: dict[str, set[int]], words: Iterable[str]) -> set[int]:
    """What every word leads to; nothing for no word."""
    held = [numbers.get(word, set()) for word in words]
    return set.intersection(*held) if held else set()


class _Texts:
    """Texts as one: `str.find` passes those of ten thousand services in milliseconds."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts, at = list[int](), 0
        for text in texts:
            self._starts.append(at)
            at += len(text) + 1
        self._whole = "\0".join(texts)

    def holding(self, part: str) -> Iterator[int]:
        """The numbers of those that hold a part, in turn."""
        at = self._whole.find(part)
        while at >= 0:
            text = bisect_right(self._starts, at) - 1
            yield text
            if text + 1 == len(self._starts):
                return
            at = self._whole.find(part, self._starts[text + 1])


class _Spelled:
    """Spellings in the order of the letters, each with the number of what is spelled so."""

    def __init__(self, spelled: Iterable[tuple[str, int]]) -> None:
        ordered = sorted(spelled)
        self._spelled, self._of = [each for each, _ in ordered], [number for _, number in ordered]

    def equal(self, to: str) -> set[int]:
        """What is spelled so."""
        first = bisect_left(self._spelled, to)
        return {*self._of[first : bisect_right(self._spelled, to, first)]}

    def begun(self, by: str) -> set[int]:
        """What begins so."""
        first = bisect_left(self._spelled, by)
        return {*self._of[first : bisect_right(self._spelled, by + _LAST, first)]}

    def nearly(self, asked: str) -> set[int]:
        """What begins nearly so. Many begin alike: each beginning is compared once."""
        found, at, length = set[int](), 0, len(asked) + 1
        pairs = {asked[at : at + 2] for at in range(len(asked) - 1)}
        while at < len(self._spelled):
            begun = self._spelled[at][:length]
            last = begun + _LAST if len(begun) == length else begun
            end = bisect_right(self._spelled, last, at)
            # Most hold too few of the pairs, which is seen without comparing them in full.
            if sum(map(begun.__contains__, pairs)) * 2 >= len(pairs) and _alike(asked, begun):
                found.update(self._of[at:end])
            at = end
        return found


def _alike(asked: str, spelled: str) -> bool:
    return SequenceMatcher(None, asked, spelled, autojunk=False).ratio() >= _ALIKE
