"""Find cases: by number, name or code, by filters, and those that one did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.findings import Text

from . import searching
from .models import Done, Saved
from .searching import Asked, Place

__all__ = [
    "COUNTED",
    "PAGE",
    "Asked",
    "Did",
    "Found",
    "asked_of",
    "did",
    "find",
    "saved",
    "told_of",
]
COUNTED = 999
PAGE = 50
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    case: UUID
    number: str
    applicant: str
    subject: str
    service: Text
    submitted_at: datetime
    ended: bool
    outcome: Text | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of cases, the newest first; `next` asks for what is behind, "" at the end.

    `counts`: how many there are, open and ended, none above `COUNTED` + 1.
    """

    rows: tuple[Row, ...]
    next: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Did:
    """A task that one did."""

    case: UUID
    number: str
    subject: str
    step: Text
    action: Text
    at: datetime
    place: int


def find(actor: Actor, asked: Asked, *, after: str = "", limit: int = PAGE) -> Found:
    """The cases within sight that answer. Raises ValueError for a place that no page gave out.

    A whole number is found at once, wherever the case is kept; names and codes about a minute
    after a case was sent, when the journal has sealed it.
    """
    text = asked.text.replace("\0", "").strip()[:100]
    asked = Asked(text, asked.service, asked.state, asked.since, asked.until)
    exact = list(access.cases_of(actor).filter(number=text).values_list("pk", flat=True)[:1])
    if text and exact:
        rows = _rows(actor, exact)
        open_ = sum(not row.ended for row in rows)
        return Found(rows, "", {"open": open_, "ended": len(rows) - open_})
    places = searching.first(actor, asked, after=_place(after), number=limit + 1)
    more = len(places) > limit
    rows = _rows(actor, [place.case for place in places[:limit]])
    return Found(rows, _told(places[limit - 1]) if more else "", _counts(actor, asked))


def did(actor: Actor, *, before: int | None = None, limit: int = PAGE) -> list[Did]:
    """The tasks that this account did, the latest first; `before` is the place of the last one.

    What is no longer within sight is left out.
    """
    if actor.account is None:
        return []
    found = Done.objects.filter(account=actor.account).order_by("-entry")
    if before is not None:
        found = found.filter(entry__lt=before)
    done = list(found[:limit])
    seen = access.cases_of(actor).in_bulk([one.case_id for one in done])
    return [_did(one, seen[one.case_id]) for one in done if one.case_id in seen]


def saved(actor: Actor) -> list[tuple[str, Asked]]:
    """The filters that this account keeps, by name."""
    if actor.account is None:
        return []
    found = Saved.objects.filter(account=actor.account).order_by("name")
    return [(one.name, asked_of(one.asked)) for one in found]


def asked_of(told: Mapping[str, Any]) -> Asked:
    """A filter from JSON; what it does not know is left out. Raises ValueError for no day."""
    text, service, state = (str(told.get(name) or "")[:100] for name in _TEXTS)
    since, until = (
        date.fromisoformat(told[name]) if told.get(name) else None for name in ("since", "until")
    )
    return Asked(text, service, state, since, until)


_TEXTS = ("text", "service", "state")


def told_of(asked: Asked) -> dict[str, str]:
    """A filter as JSON, without what it leaves open."""
    return {name: str(value) for name, value in asdict(asked).items() if value}


def _did(one: Done, case: cases.Case) -> Did:
    pack = cases.pack_of(case)
    task = f"task.{one.element}"
    action = pack.words(f"{task}.{one.action}")
    return Did(case.pk, case.number, case.subject, pack.words(task), action, one.at, one.entry)


def _rows(actor: Actor, idents: list[UUID]) -> tuple[Row, ...]:
    """The cases in this order, as far as the actor sees them."""
    seen = access.cases_of(actor).defer("variables", "state").in_bulk(idents)
    return tuple(_row(seen[ident]) for ident in idents if ident in seen)


def _row(case: cases.Case) -> Row:
    pack = cases.pack_of(case)
    return Row(
        case=case.pk,
        number=case.number,
        applicant=case.applicant_name,
        subject=case.subject,
        service=pack.service.name,
        submitted_at=case.submitted_at,
        ended=case.ended_at is not None,
        outcome=pack.words(f"outcome.{case.outcome}") if case.outcome else None,
    )


def _counts(actor: Actor, asked: Asked) -> dict[str, int]:
    """How many are open and how many have ended, whatever state is asked for."""
    found = {}
    for state in ("open", "ended"):
        one = Asked(asked.text, asked.service, state, asked.since, asked.until)
        found[state] = searching.count(actor, one, COUNTED + 1)
    return found


def _told(place: Place) -> str:
    return f"{place.submitted_at.isoformat()}~{place.case}"


def _place(after: str) -> Place | None:
    if not after:
        return None
    moment, _, ident = after.partition("~")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError(after)
    return Place(at, UUID(ident))
