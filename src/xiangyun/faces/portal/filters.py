"""What narrows a list of services: who applies, which department, which topic.

Each is a choice of a form that is sent by GET, so that a narrowed list has an address of its own
and needs no script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xiangyun.domain.catalogue.queries import Listing
from xiangyun.faces.look.languages import reader
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.codes.topic import topic_name
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.model import PERSON

KINDS: Mapping[str, Text] = {
    "person": Text("个人", "For people"),
    "company": Text("企业", "For companies"),
}
"""Whom services are for: one of the tabs."""
_KIND, _DEPARTMENT, _TOPIC = NARROWED_BY = ("kind", "department", "topic")
"""What an address narrows a list by."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a service is narrowed by."""

    applicants: tuple[str, ...]
    department: str
    topics: tuple[str, ...]

    def is_for(self, kind: str) -> bool:
        """Whether it stands under a tab: persons under one, all others under the second."""
        return any((one == PERSON) == (kind == PERSON) for one in self.applicants)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a list may be narrowed to."""

    value: str
    words: Text
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list: its name in the address, in words, and what may be chosen."""

    name: str
    words: Text
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> bool:
        return any(each.chosen for each in self.choices)


def traits_of(listing: Listing) -> Traits:
    """What a service is narrowed by, as its declaration says."""
    return Traits(listing.applicants, listing.department, listing.topics)


T = TypeVar("T")


def narrowed(
    all_: Sequence[T], traits: Callable[[T], Traits], asked: Mapping[str, str]
) -> tuple[list[T], tuple[Filter, ...]]:
    """Those that were asked for, and the filters with what each may be narrowed to.

    A value that no service has narrows nothing: it came from an old address.
    """
    of = [(each, traits(each)) for each in all_]
    differing = {each for _, each in of}  # of ten thousand services some hundreds
    kinds = [kind for kind in KINDS if any(each.is_for(kind) for each in differing)]
    departments = {each.department for each in differing if name_of(each.department)}
    topics = {topic for each in differing for topic in each.topics}
    filters = (
        _filter(_KIND, Text("谁来办", "Who applies"), kinds, asked, KINDS.__getitem__),
        _filter(_DEPARTMENT, Text("部门", "Department"), _sorted(departments), asked, _name),
        _filter(_TOPIC, Text("主题", "Theme"), _sorted(topics, topic_name), asked, topic_name),
    )
    chosen = {one.name: each.value for one in filters for each in one.choices if each.chosen}
    fitting = {each for each in differing if _fits(each, chosen)}
    found = [each for each, has in of if has in fitting]
    return found, tuple(one for one in filters if len(one.choices) > 1 or one.chosen)


def _fits(has: Traits, chosen: Mapping[str, str]) -> bool:
    return (
        ("kind" not in chosen or has.is_for(chosen["kind"]))
        and chosen.get("department", has.department) == has.department
        and ("topic" not in chosen or chosen["topic"] in has.topics)
    )


def _filter(
    name: str,
    words: Text,
    values: Iterable[str],
    asked: Mapping[str, str],
    named: Callable[[str], Text],
) -> Filter:
    wanted = asked.get(name, "")
    return Filter(name, words, tuple(Choice(each, named(each), each == wanted) for each in values))


def _name(key: str) -> Text:
    return name_of(key) or Text.given(key, key)


def _sorted(values: Iterable[str], named: Callable[[str], Text] = _name) -> list[str]:
    return sorted(values, key=lambda each: named(each).pick(reader()))
