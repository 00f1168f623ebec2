"""A service as a line of a list: kept with its version, so that no list compiles a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.limits import UNITS, Span, span
from xiangyun.kernel.service.meanings import LifeEvent
from xiangyun.kernel.service.retention import Retention
from xiangyun.kernel.worktime import Unit


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list says of a service, and what it is narrowed and grouped by."""

    name: Text
    about: Text
    everyday: Text
    event: LifeEvent | None
    applicants: tuple[str, ...]
    department: str
    topics: tuple[str, ...]
    openings: frozenset[str]
    counts: Unit
    promises: tuple[tuple[date, Span], ...]
    """The promised time since each day on which figures of the service changed, oldest first."""
    retention: Retention | None = None
    says_retention: bool = True
    """False of a line that was kept before lines said how long cases stay."""

    def promised(self, on: date) -> Span:
        """The promised time by the figures in force on a day."""
        held = [found for since, found in self.promises if since <= on]
        return held[-1] if held else self.promises[0][1]


def kept(pack: Pack) -> dict[str, Any]:
    """The listing of a service as it is stored with its version."""
    item = pack.service
    event = item.life_event
    return {
        "name": stored_words(item.name),
        "about": stored_words(item.summary),
        "everyday": stored_words(item.everyday_name),
        "event": event and {"code": event.code, "name": event.name and stored_words(event.name)},
        "applicants": list(item.applicants),
        "department": item.department,
        "topics": list(dict.fromkeys((*item.person_topics, *item.company_topics))),
        "openings": [each.how for each in item.openings],
        "unit": item.promised.unit,
        "overseer": overseer_of(pack),
        "place": item.competent_question,
        "retention": item.retention and [*astuple(item.retention)],
        "promises": [[day.isoformat(), *bounds] for day, bounds in _promises(pack)],
    }


def overseer_of(pack: Pack) -> list[str]:
    """The role that oversees cases, and the department that it is of; none where a party does."""
    item = pack.service
    return [item.overseer, "" if item.overseer in item.party_roles else item.department]


def read(stored: Mapping[str, Any]) -> Listing:
    """The listing that was stored."""
    event = stored["event"]
    return Listing(
        told_words(stored["name"]),
        told_words(stored["about"]),
        told_words(stored["everyday"]),
        event and LifeEvent(event["code"], event["name"] and told_words(event["name"])),
        tuple(stored["applicants"]),
        stored["department"],
        tuple(stored["topics"]),
        frozenset(stored["openings"]),
        UNITS.get(stored["unit"], "working"),
        tuple(
            (date.fromisoformat(day), Span(least, most)) for day, least, most in stored["promises"]
        ),
        Retention(*terms) if (terms := stored.get("retention")) else None,
        "retention" in stored,
    )


def listing_of(pack: Pack) -> Listing:
    """The listing of a pack, for a version that was published before listings were kept."""
    return read(kept(pack))


def _promises(pack: Pack) -> Iterator[tuple[date, tuple[int, int]]]:
    """The promised time since each day on which a figure changed; 0 where no figure gives one."""
    item = pack.service
    days = {figure.in_force_from for each in pack.parameters.all for figure in each.figures}
    moving = not isinstance(item.promised.number, int)
    for day in sorted({date.min, *days} if moving else {date.min}):
        try:
            found = span(item.promised, item.kinds, pack.parameters.on(day))
        except Refused:
            found = Span(0, 0)
        yield day, (found.least, found.most)


def stored_words(text: Text) -> dict[str, Any]:
    """Words as they are stored, in every language that a pack has of them."""
    return {"zh": text.zh, "en": text.en, **({"others": others} if (others := text.others) else {})}


def told_words(stored: Mapping[str, Any]) -> Text:
    """Words that were stored."""
    return Text.given(stored["zh"], stored["en"], stored.get("others", {}))
