"""Choosing among services: a list of all, or words that narrow ten thousand down to some."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text

MOST = 200
"""So many services are offered as a list; among more one says words first."""
_FOUND = 50


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service to choose."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose; where they are too `many` for a list, what answers `words`.

    `to_choose`: words found some, and none of them is chosen yet.
    """

    many: bool
    words: str
    choices: tuple[ServiceChoice, ...]
    to_choose: bool


def is_many() -> bool:
    """Whether there are too many services for a list."""
    return catalogue.number_of_services() > MOST


def services(words: str) -> list[catalogue.ServiceVersion]:
    """All current services by name, or of many those that answer some words, the best first."""
    if not is_many():
        return catalogue.current_services()
    return catalogue.search(words, most=_FOUND) if words.strip() else []


def offered(words: str, chosen: str) -> Offered:
    """What is offered to who typed these words; the one that is chosen stays among it."""
    many = is_many()
    choices = {each.code: Text.given(each.name_zh, each.name_en) for each in services(words)}
    if chosen and chosen not in choices:
        kind = catalogue.ServiceVersion.kind
        named = catalogue.names_of([(kind, chosen)])
        choices |= {code: name for (_, code), name in named.items()}
    made = tuple(ServiceChoice(*each) for each in choices.items())
    return Offered(many, words, made, many and bool(words.strip()) and not chosen)
