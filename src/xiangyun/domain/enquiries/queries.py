"""Questions of a case, questions that wait for an official, and one's own for a copy of all."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.service.enquiries import EnquiryRule

from . import access
from .models import Enquiry

__all__ = ["Enquiry", "may_ask", "of_case", "owned", "rule_of", "to_answer", "waiting"]
AT_ONCE = 3
"""Questions about one case that may wait for an answer at a time."""


def rule_of(case: cases.Case) -> EnquiryRule | None:
    """Who answers questions about a case, and within how many working days; None: nobody."""
    return cases.pack_of(case).service.asked_in_case


def of_case(case: UUID) -> list[Enquiry]:
    """All questions about a case, the latest first."""
    return list(Enquiry.objects.filter(case=case).order_by("-at"))


def may_ask(actor: Actor, case: cases.Case) -> bool:
    """Whether the actor may ask about a case now: its applicant, while it runs."""
    return (
        case.ended_at is None
        and not case.need
        and rule_of(case) is not None
        and case_access.is_applicant(actor, case)
    )


def to_answer(actor: Actor) -> QuerySet[Enquiry]:
    """Questions that wait for this official, the soonest due first."""
    found = Enquiry.objects.filter(access.within(actor), answered_at=None)
    if actor.account is not None:
        found = found.exclude(by=actor.account)
    return found.select_related("case").order_by("due_on", "at")


def waiting(actor: Actor) -> int:
    """How many questions wait for an official."""
    return to_answer(actor).count() if actor.mandates else 0


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The questions about one's own cases with their answers, for a copy of all own data."""
    own = Enquiry.objects.filter(case__owner__in=actor.subjects).select_related("case")
    found = [
        {
            "case": each.case.number,
            "asked_at": each.at,
            "question": each.question,
            "answered_at": each.answered_at,
            "answer": each.answer,
        }
        for each in own.order_by("at")
    ]
    if found:
        yield "enquiries.json", found
