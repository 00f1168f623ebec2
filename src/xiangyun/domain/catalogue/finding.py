"""Finding a service by everyday words: by what it is called first, then by what it says.

What people may say is kept beside a version when it is published (`found_by`): its names, what it
is also called, and its summary, materials and result. One process reads them once and compares a
question with each; a question in Chinese is compared by its sound too, so that the wrong character
of an input method still finds, and a typing error is looked past where nothing else is found.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, QuerySet, Value

from xiangyun.domain.editions import remembered
from xiangyun.domain.registers.names import is_chinese, normal, parts, readings, typed_latin
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import APPLICANT

from . import described, listing
from .listing import Listing
from .models import ServiceVersion
from .narrowing import Narrowing, pairs_of
from .rereading import Reread

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
stand in the question in their order; it begins nearly as what was asked, or goes on so."""
_GUESSES = frozenset((SPREAD, NEAR_BEGUN, NEAR))
"""Offered only where no name answers better."""
_ALIKE = 0.8
"""From which ratio, as `difflib` counts it, a spelling may be an error of another."""
_WORD = re.compile(r"[a-z0-9]+")


def said_by(pack: Pack) -> dict[str, Any]:
    """What a service is found by, its line in a list, and what the public catalogue tells of it.

    As they are kept with its version.
    """
    item = pack.service
    names = (item.everyday_name, item.name)
    told = (item.summary, *(each.name for each in item.materials), item.result.name)
    return {
        "names": [word for text in names for word in (text.zh, text.en) if word],
        "also": list(item.also_called),
        "body": "\n".join(word for text in told for word in (text.zh, text.en) if word),
        "listing": listing.kept(pack),
        "described": described.kept(item),
    }


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is compared, with its sound and initials, and the sounds of its suffixes."""

    written: str
    latin: str
    suffixes: tuple[str, ...]
    initials: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is compared; `chinese`: whether a sound of it was read from characters."""

    written: str
    latin: str
    chinese: bool
    words: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A service as it is looked for."""

    version: UUID
    code: str
    names: tuple[_Name, ...]
    body: str
    opened_by: frozenset[str]
    listing: Listing | None = None
    """None: it was published before lines of lists were kept."""

    @cached_property
    def body_words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.body))


def document(
    version: UUID, code: str, said: Mapping[str, Any], taken: Mapping[str, Any] | None = None
) -> Document:
    """A service as it is looked for, from what is kept with its version."""
    names = tuple(_name(each) for each in (*said["names"], *said["also"]))
    # What was published before services said how their cases open is opened by its applicants.
    opened_by = frozenset((taken or {}).get("opened_by", (APPLICANT,)))
    line = listing.read(said["listing"]) if "listing" in said else None
    return Document(version, code, names, said["body"].lower(), opened_by, line)


@lru_cache(maxsize=1 << 16)
def _name(text: str) -> _Name:
    """Many items are called the same: what they are called is one value, and compared once."""
    found = parts(text)
    return _Name(
        normal(text),
        "".join(readings(normal(text))) if is_chinese(text) else typed_latin(text),
        tuple(latin for _, latin, _ in found if latin),
        tuple(initials for *_, initials in found if initials),
        frozenset(_WORD.findall(text.lower())),
    )


def ranked(documents: Iterable[Document], question: str) -> list[Document]:
    """Those that answer a question, the best first; of equals the shorter name, then the code."""
    known, asked = list(documents), _asked(question)
    return _ranked(asked, known, lambda: known)


def _ranked(
    asked: _Asked, known: Iterable[Document], others: Callable[[], Iterable[Document]]
) -> list[Document]:
    """The same, of those that may answer; `others`: those whose names may nearly do."""
    if not asked.written:
        return []
    compared: dict[int, int] = {}
    found = {
        each.code: (best, each) for each in known if (best := _answers(each, asked, compared)) > 0
    }
    if all(best <= SAYS for best, _ in found.values()):
        # No name is meant for certain. What texts say comes before a guess, and hides none.
        near = _Near(asked.latin)
        for each in others():
            best = max(near.of(each), found.get(each.code, (0, each))[0])
            if best:
                found[each.code] = best, each
    else:
        found = {code: pair for code, pair in found.items() if pair[0] not in _GUESSES}
    order = sorted(
        found.values(),
        key=lambda pair: (-pair[0], _length(pair[1], pair[0], compared), pair[1].code),
    )
    return [each for _, each in order]


def _length(document: Document, best: int, compared: Mapping[int, int]) -> int:
    """How long the name is that answered: of what a service is called in another language, or
    besides, nobody asked."""
    answered = [len(each.written) for each in document.names if compared.get(id(each)) == best]
    return min(answered, default=len(document.names[0].written))


def _asked(question: str) -> _Asked:
    written = normal(question)
    chinese = is_chinese(question)
    latin = "".join(readings(written)) if chinese else typed_latin(question)
    return _Asked(written, latin, chinese, tuple(_WORD.findall(question.lower())))


def _answers(document: Document, asked: _Asked, compared: dict[int, int]) -> int:
    """How well a service answers; 0 for not at all. `compared`: names so far, by their ids."""
    best = 0
    for name in document.names:
        found = compared.get(id(name))
        if found is None:
            found = compared[id(name)] = _by_name(name, asked)
        if found > best:
            best = found
    if best > SAYS:
        return best
    if _says(document, asked):
        return SAYS
    return best


def _by_name(name: _Name, asked: _Asked) -> int:
    if name.written == asked.written:
        return EQUAL
    if name.written.startswith(asked.written):
        return BEGINS
    if asked.chinese and asked.written in name.written:
        return HOLDS
    if not asked.chinese and asked.words and name.words.issuperset(asked.words):
        return HOLDS
    if len(name.written) > 1 and asked.chinese and name.written in asked.written:
        return IS_HELD
    return _by_sound(name, asked)


def _by_sound(name: _Name, asked: _Asked) -> int:
    if not name.suffixes:
        return 0  # no Chinese: it was compared as it is written
    if name.latin == asked.latin or (not asked.chinese and asked.latin == name.initials[0]):
        return SOUNDS
    long_enough = len(asked.written) > (1 if asked.chinese else 2)
    if long_enough:
        spellings = [name.suffixes] if asked.chinese else [name.suffixes, name.initials]
        if any(each[0].startswith(asked.latin) for each in spellings):
            return SOUNDS_BEGUN
        if any(part.startswith(asked.latin) for each in spellings for part in each):
            return SOUNDS_WITHIN
    if asked.chinese and 1 < len(name.written) < len(asked.written) and _in_order(name, asked):
        return SPREAD
    return 0


def _in_order(name: _Name, asked: _Asked) -> bool:
    signs = iter(asked.written)
    return all(sign in signs for sign in name.written)


def _says(document: Document, asked: _Asked) -> bool:
    """Whether the texts say it: characters as they stand, words of letters only as whole ones."""
    if asked.chinese:
        return len(asked.written) > 1 and asked.written in document.body
    return bool(asked.words) and document.body_words.issuperset(asked.words)


class _Near:
    """Which names nearly are what was asked. Names end alike: each part is compared once."""

    def __init__(self, asked: str) -> None:
        """`asked`: the sound of the question; one of fewer than four signs is near nothing."""
        self._asked, self._pairs = asked, pairs_of(asked) if len(asked) > 3 else set[str]()
        self._known: dict[str, bool] = {}

    def of(self, document: Document) -> int:
        """How well a name, or one of its parts, nearly is what was asked; 0 for not at all."""
        if not self._pairs:
            return 0
        if any(self._is(name.latin) for name in document.names):
            return NEAR_BEGUN
        parts_of = (part for name in document.names for part in name.suffixes)
        return NEAR if any(map(self._is, parts_of)) else 0

    def _is(self, spelled: str) -> bool:
        part = spelled[: len(self._asked) + 1]
        known = self._known.get(part)
        if known is None:
            known = self._known[part] = self._compared(part)
        return known

    def _compared(self, part: str) -> bool:
        # Most parts hold too few of the pairs, which is seen without comparing them in full.
        if sum(map(part.__contains__, self._pairs)) * 2 < len(self._pairs):
            return False
        return SequenceMatcher(None, self._asked, part, autojunk=False).ratio() >= _ALIKE


# -- what is published now -----------------------------------------------------------------------


@remembered("catalogue", 1)
def published() -> tuple[Document, ...]:
    """Every current service as it is looked for, by name; when the catalogue changes, what is new
    is read. A version never changes, so what was read of it once stands.
    """
    current = ServiceVersion.objects.filter(current=True).order_by("name_zh", "code")

    def documents(asked: QuerySet[ServiceVersion]) -> Iterator[tuple[UUID, Document]]:
        told = asked.annotate(said=_SEARCHED).values_list("pk", "code", "said", "taken")
        return ((pk, document(pk, code, said, taken)) for pk, code, said, taken in told if said)

    return _read.of(list(current.values_list("pk", flat=True)), documents)


_SEARCHED = Func(
    F("found_by"),
    Value("described"),
    template="(%(expressions)s)",
    arg_joiner=" - ",
    output_field=JSONField(),
)
"""What a service is found by without what only the public catalogue tells, which is most of it."""
_MANY = 1000
"""From so many services on what was read of them is kept from the collector of garbage."""
_read = Reread[Document]()


@dataclass(frozen=True)
class _Index:
    """Services with what narrows a question down to some of them: those of one day (`base`), and
    those that were published since (`later`). Of both only `current` ones are found.
    """

    base: tuple[Document, ...]
    narrowing: Narrowing
    later: tuple[Document, ...]
    latest: Narrowing
    current: frozenset[UUID]

    def found(self, ask: Callable[[Narrowing], Iterable[int]]) -> Iterator[Document]:
        """What is found by asking both."""
        for known, narrowing in ((self.base, self.narrowing), (self.later, self.latest)):
            for number in ask(narrowing):
                if known[number].version in self.current:
                    yield known[number]


_NOTHING = Narrowing(())
_last: list[_Index] = [_Index((), _NOTHING, (), _NOTHING, frozenset())]
_FEW = 20
"""One of so many services may have been published since the whole was read."""


@remembered("catalogue", 1)
def _index() -> _Index:
    """Read anew by what was published since; as a whole where that is no small part any more."""
    known, last = published(), _last[0]
    current = frozenset(each.version for each in known)
    before = {each.version for each in last.base}
    later = tuple(each for each in known if each.version not in before)
    gone = len(before - current)
    if (len(later) + gone) * _FEW <= len(last.base):
        found = replace(last, later=later, latest=Narrowing(later), current=current)
    else:
        found = _Index(known, Narrowing(known), (), _NOTHING, current)
        # It stays until then: of ten thousand services it is millions of objects, which the garbage
        # collector would look through in the middle of somebody's page.
        if len(known) > _MANY:
            gc.freeze()
    _last[0] = found
    return found


def make_ready() -> None:
    """Read what a search needs, before somebody waits for it."""
    _index()


def search(
    question: str, most: int | None = 50, opened_by: Iterable[str] = ()
) -> list[ServiceVersion]:
    """Current services that answer everyday words, the best first.

    `opened_by`: only those whose cases open in one of these ways (`openings`); none: all of them.
    """
    wanted, asked = frozenset(opened_by), _asked(question)
    index = _index()

    def among(ask: Callable[[Narrowing], Iterable[int]]) -> list[Document]:
        return [each for each in index.found(ask) if not wanted or wanted & each.opened_by]

    may_answer = among(lambda some: some.may_answer(asked)) if asked.written else []
    near = partial(among, lambda some: some.may_be_near(asked))
    found = _ranked(asked, may_answer, near)[:most]
    rows = ServiceVersion.objects.defer("files").in_bulk([each.version for each in found])
    return [rows[each.version] for each in found if each.version in rows]
