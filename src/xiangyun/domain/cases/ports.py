"""What cases want from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.calendar import queries as workdays
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import Calendar


class Departments(Protocol):
    """Other departments and institutions that a case hands work to: tax office, bank."""

    def notify(
        self, department: str, work: Mapping[str, Any], *, key: str, at: datetime
    ) -> Mapping[str, Any]:
        """Hand over work and return {"reference", "completed_on"}.

        `key` is an idempotency key, the same when the same work is handed over again after a
        crash: the department must then answer as before and do nothing twice. Raises
        `DepartmentUnavailable` when it should be tried again later.
        """


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser stands: `host` without a port, and `origin` as `https://host:port`."""

    host: str
    origin: str


class Signatures(Protocol):
    """What signs documents for people: passkeys."""

    def ask(self, document: str, site: Site, actor: Actor) -> str:
        """What a browser is asked so that the actor signs a document, as JSON.

        Raises Refused where the actor has nothing to sign with.
        """

    def check(self, document: str, answer: str, site: Site, actor: Actor) -> Mapping[str, str]:
        """What proves that the actor signed this document: all that `journal.passkeysigned` wants.

        `answer` is the browser's, as JSON. Raises Refused by name where it proves anything else.
        """


def signatures() -> Signatures:
    """What signs documents in this instance, as the settings name it."""
    made: Signatures = import_string(settings.XIANGYUN_SIGNATURES)()
    return made


class DepartmentUnavailable(Exception):
    """The department did not answer; the work is tried again later."""


def departments() -> Departments:
    """The departments of this instance, as the settings name them."""
    made: Departments = import_string(settings.XIANGYUN_DEPARTMENTS)()
    return made


def counting_calendar(edition: UUID | None = None) -> Calendar:
    """The calendar that running cases are counted by; `edition`: the one that is known to stand.

    An application is not turned away because next year's holidays are not announced yet: such a
    year counts with its weekends, and `provisional` says so beside the deadline.
    """
    return _counting(workdays.calendar(edition))


@lru_cache(maxsize=4)
def _counting(known: Calendar) -> Calendar:
    return known.with_weekends()


def provisional(day: date) -> Text | None:
    """What to say beside a deadline whose year's holidays are not entered; None where they are."""
    if day.year in workdays.calendar().covered:
        return None
    return Text(
        "{year} 年的节假日安排尚未录入，期限暂按周末推算，录入后可能变动。",
        "The holidays of {year} are not entered yet: the deadline is counted by weekends "
        "alone and may move.",
        year=day.year,
    )
