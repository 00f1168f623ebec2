"""Finding a service by everyday words: by what it is called first, then by what it says.

What people may say is kept beside a version when it is published (`found_by`): its names, what it
is also called, and its summary, materials and result. One process reads them once and compares a
question with each; a question in Chinese is compared by its sound too, so that the wrong character
of an input method still finds, and a typing error is looked past where nothing else is found. What
finds nothing as it was put is asked once more in other words (`rephrasing`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, QuerySet, Value

from xiangyun.domain.editions import remembered
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import APPLICANT

from . import described, listing
from .listing import Listing
from .models import ServiceVersion
from .ranking import Answers, Name, answering, name_of
from .rereading import Reread


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
class Document:
    """A service as it is looked for."""

    version: UUID
    code: str
    names: tuple[Name, ...]
    body: str
    opened_by: frozenset[str]
    listing: Listing | None = None
    """None: it was published before lines of lists were kept."""


def document(
    version: UUID, code: str, said: Mapping[str, Any], taken: Mapping[str, Any] | None = None
) -> Document:
    """A service as it is looked for, from what is kept with its version."""
    names = tuple(name_of(each) for each in (*said["names"], *said["also"]))
    # What was published before services said how their cases open is opened by its applicants.
    opened_by = frozenset((taken or {}).get("opened_by", (APPLICANT,)))
    line = listing.read(said["listing"]) if "listing" in said else None
    return Document(version, code, names, said["body"].lower(), opened_by, line)


def ranked(documents: Iterable[Document], question: str, most: int | None = None) -> list[Document]:
    """Those that answer a question, the best first; of equals the shorter name, then the code."""
    found = answering([Answers(documents)], question, lambda _: True)
    return [*islice(found, most)]


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
    """What finds services: those of one day (`base`), and those that were published since
    (`later`). Of both only `current` ones are found.
    """

    base: frozenset[UUID]
    answers: Answers[Document]
    later: Answers[Document]
    current: frozenset[UUID]


_NONE = Answers[Document](())
_last: list[_Index] = [_Index(frozenset(), _NONE, _NONE, frozenset())]
_FEW = 20
"""One of so many services may have been published since the whole was read."""


@remembered("catalogue", 1)
def _index() -> _Index:
    """Read anew by what was published since; as a whole where that is no small part any more."""
    known, last = published(), _last[0]
    current = frozenset(each.version for each in known)
    later = [each for each in known if each.version not in last.base]
    gone = len(last.base - current)
    if (len(later) + gone) * _FEW <= len(last.base):
        found = replace(last, later=Answers(later), current=current)
    else:
        found = _Index(current, Answers(known), _NONE, current)
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
    ways, index = frozenset(opened_by), _index()

    def wanted(service: Document) -> bool:
        return service.version in index.current and (not ways or bool(ways & service.opened_by))

    found = [*islice(answering([index.answers, index.later], question, wanted), most)]
    rows = ServiceVersion.objects.defer("files").in_bulk([each.version for each in found])
    return [rows[each.version] for each in found if each.version in rows]
