"""Articles that are published and shown today, by sort and by what somebody looks for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.finding import Document, document, ranked
from xiangyun.domain.editions import remembered
from xiangyun.kernel.pack.kinds.article import KIND, SORTS, Article

__all__ = ["SORTS", "Article", "about", "article", "found", "shown"]


def shown(on: date, sort: str = "") -> list[Article]:
    """The articles that are shown on a day, the newest first; of one sort where one is named."""
    every = [each for each, _ in _published() if each.is_shown(on)]
    wanted = [each for each in every if not sort or each.sort == sort]
    return sorted(wanted, key=lambda each: (each.from_day, each.code), reverse=True)


def article(code: str, on: date) -> Article | None:
    """An article that is shown on a day; None for one that is not there, or not then."""
    return next((each for each, _ in _published() if each.code == code and each.is_shown(on)), None)


def about(service: str, on: date) -> list[Article]:
    """The articles about a service, the newest first."""
    return [each for each in shown(on) if service in each.services]


def found(question: str, on: date, most: int = 5) -> list[Article]:
    """The articles that answer everyday words, found as services are; the best first."""
    of = {each.code: each for each, _ in _published() if each.is_shown(on)}
    documents = [each for _, each in _published() if each.code in of]
    return [of[each.code] for each in ranked(documents, question, most)]


@remembered("catalogue", 1)
def _published() -> tuple[tuple[Article, Document], ...]:
    found = (each.value for each in catalogue.declared(KIND.name))
    return tuple((article, _document(article)) for article in found)


def _document(each: Article) -> Document:
    said = {
        "names": [each.title.zh, each.title.en],
        "also": list(each.also_called),
        "body": "\n".join((each.body.zh, each.body.en)),
    }
    return document(UUID(int=0), each.code, said)
