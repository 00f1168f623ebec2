"""Rate: after a case, at a counter, and once more when a bad rating was followed by better work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries as of_cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.findings import Conflict, NotFound

from . import checks, queries, rectifying, tags
from .models import Rating

MOST_WORDS, MOST_CONTACT = 1000, 40


def rate_case(
    case_id: UUID,
    stars: int,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    chosen: Iterable[str] = (),
    contact: str = "",
) -> None:
    """Rate an ended case, once. `chosen`: keys of tags; `contact`: a number for the call-back.

    Of a case that is more than ordinarily secret only the stars are counted. Raises what
    `cases.actions.rate_case` raises.
    """
    with transaction.atomic():
        cases.rate_case(case_id, stars, words, actor=actor, at=at)
        case = access.case_for(actor, case_id)
        secret = bool(case.need)
        made = Rating(
            id=queries.of_case(case_id),
            channel="case",
            service=case.version.code,
            division=case.division,
            matter=case.matter,
            stars=stars,
            tags=[] if secret else tags.known(chosen),
            words="" if secret else words.strip()[:MOST_WORDS],
            contact="" if secret else contact.strip()[:MOST_CONTACT],
            at=at,
        )
        _keep(made)


def rate_counter(
    service: str,
    division: int,
    stars: int,
    words: str,
    *,
    at: datetime,
    chosen: Iterable[str] = (),
    contact: str = "",
) -> None:
    """Rate a counter by the code that hangs there; nobody logs in, nothing is kept of who it was.

    Raises NotFound for a service that is not offered and a division that is not there.
    """
    version = catalogue.offered(service)
    if version is None or not divisions.is_there(division):
        raise NotFound([checks.NO_COUNTER])
    made = Rating(
        id=uuid4(),
        channel="counter",
        service=service,
        division=division,
        matter=number_of(catalogue.pack(version.pk).service.department),
        stars=stars,
        tags=tags.known(chosen),
        words=words.strip()[:MOST_WORDS],
        contact=contact.strip()[:MOST_CONTACT],
        at=at,
    )
    with transaction.atomic():
        _keep(made)


def rate_again(case_id: UUID, stars: int, words: str, *, actor: Actor, at: datetime) -> None:
    """Rate a case once more, after the rectification that its bad rating set going has ended."""
    case = access.case_for(actor, case_id)
    if not of_cases.is_mine(actor, case_id):
        raise NotFound([checks.NO_COUNTER])
    with acting_as(SYSTEM), transaction.atomic():
        first = Rating.objects.filter(pk=queries.of_case(case_id)).first()
        if first is None or first.rectified_at is None:
            raise Conflict([checks.NOT_RECTIFIED])
        if Rating.objects.filter(first=first).exists():
            raise Conflict([checks.RATED_AGAIN])
        made = Rating(
            channel="case",
            service=first.service,
            division=first.division,
            matter=first.matter,
            stars=stars,
            words="" if case.need else words.strip()[:MOST_WORDS],
            at=at,
            first=first,
        )
        made.save(force_insert=True)
        _note("rating.again", made)


def _keep(made: Rating) -> None:
    with acting_as(SYSTEM):
        made.save(force_insert=True)
        _note("rating.given", made)
        if made.stars <= tags.LOW:
            rectifying.begin(made)


def _note(verb: str, made: Rating) -> None:
    """The journal knows that an office was rated, and neither by whom nor for which case."""
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"rating/{uuid4()}",
            division=0,
            owner=None,
            actor=None,
            actor_name="",
            desk="",
            at=made.at,
            data={"stars": made.stars, "service": made.service, "place": f"{made.division:012}"},
        )
    )
