"""Which of many services can answer a question at all, so that only those are compared with it.

Nothing is decided here: what is left out would have answered with 0 (`finding`). Texts are searched
as one long text, whose `str.find` passes ten thousand services in a few milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Protocol

_LAST = "\U0010ffff"


class Name(Protocol):
    """A name as it is compared; see `finding`."""

    @property
    def written(self) -> str: ...
    @property
    def latin(self) -> str: ...
    @property
    def suffixes(self) -> tuple[str, ...]: ...
    @property
    def initials(self) -> tuple[str, ...]: ...
    @property
    def words(self) -> frozenset[str]: ...


class Found(Protocol):
    """A service as it is looked for."""

    @property
    def names(self) -> Sequence[Name]: ...
    @property
    def body(self) -> str: ...
    @property
    def body_words(self) -> frozenset[str]: ...


class Asked(Protocol):
    """A question as it is compared."""

    @property
    def written(self) -> str: ...
    @property
    def latin(self) -> str: ...
    @property
    def chinese(self) -> bool: ...
    @property
    def words(self) -> tuple[str, ...]: ...


def pairs_of(text: str) -> set[str]:
    """The pairs of signs that stand side by side in a text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


class _Texts:
    """Texts as one, each with the number of what it belongs to."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self._owners, self._starts, at = list[int](), list[int](), 0
        parts = list[str]()
        for owner, text in texts:
            self._owners.append(owner)
            self._starts.append(at)
            parts.append(text)
            at += len(text) + 1
        self._whole = "\0".join(parts)

    def holding(self, part: str) -> Iterator[int]:
        """Whose texts hold a part."""
        at = self._whole.find(part)
        while at >= 0:
            text = bisect_right(self._starts, at) - 1
            yield self._owners[text]
            if text + 1 == len(self._starts):
                return
            at = self._whole.find(part, self._starts[text + 1])


class Narrowing:
    """Some services, by what their names and texts hold. Numbers are places in the sequence."""

    def __init__(self, services: Sequence[Found]) -> None:
        named = [(n, name) for n, service in enumerate(services) for name in service.names]
        self._names = _Texts((n, name.written) for n, name in named)
        self._bodies = _Texts((n, service.body) for n, service in enumerate(services))
        self._whole, self._begun = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        self._words, self._pairs = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        sounds = list[tuple[str, int]]()
        for n, name in named:
            self._whole[name.written].add(n)
            self._begun[name.written[:2]].add(n)
            spelled = {name.latin, *name.suffixes, *name.initials}
            sounds += ((each, n) for each in spelled)
            for pair in set().union(*map(pairs_of, (name.latin, *name.suffixes))):
                self._pairs[pair].add(n)
            for word in name.words:
                self._words[word].add(n)
        for n, service in enumerate(services):
            for word in service.body_words:
                self._words[word].add(n)
        self._sounds = sorted(sounds)

    def may_answer(self, asked: Asked) -> set[int]:
        """All that answer a question, by name, by sound or by what they say, and some others."""
        found = {*self._names.holding(asked.written), *self._sounding(asked.latin)}
        if not asked.chinese:
            if asked.words:
                found |= set.intersection(*(self._words.get(word, set()) for word in asked.words))
            return found
        written = asked.written
        if len(written) > 1:
            found.update(self._bodies.holding(written))
        for first in range(len(written)):  # names that the question holds
            for end in range(first + 2, len(written) + 1):
                found |= self._whole.get(written[first:end], set())
        for pair in {a + b for a, b in combinations(written, 2)}:  # names whose signs it holds
            found |= self._begun.get(pair, set())
        return found

    def may_be_near(self, asked: Asked) -> Iterator[int]:
        """All of which a name holds half of the pairs of sounds that a question has."""
        pairs = pairs_of(asked.latin)
        held = Counter[int]()
        for pair in pairs:
            held.update(self._pairs.get(pair, ()))
        return (n for n, count in held.items() if count * 2 >= len(pairs))

    def _sounding(self, latin: str) -> Iterator[int]:
        first = bisect_left(self._sounds, (latin, -1))
        last = bisect_left(self._sounds, (latin + _LAST, -1))
        return (n for _, n in self._sounds[first:last])
