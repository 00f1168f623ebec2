"""How letters of a step become messages, in the job that was queued with them.

The job knows the case alone. Whatever letter has no message yet gets one, so that the job may run
twice, late, or after another one that has done its work already.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.kernel.service.model import APPLICANT

from . import actions
from .actions import About, Notice
from .models import Message


def hand_out(case_id: UUID) -> int:
    """Put the letters of a case into the inboxes of those they are written to; how many new ones.

    Each bears the moment of its letter. As the platform.
    """
    with acting_as(SYSTEM):
        case = case_access.case_for(SYSTEM, case_id)
        done = set(Message.objects.filter(case=case_id).values_list("letter", flat=True))
        made = 0
        for letter in reversed(cases.letters_of(case)):
            if letter.pk not in done:
                notice = _notice(case, letter)
                made += len(actions.put(notice, recipients(case, letter.to), at=letter.at))
        return made


def _notice(case: cases.Case, letter: cases.Letter) -> Notice:
    return Notice(
        key=f"letter:{letter.pk}",
        kind="letter",
        name=letter.kind,
        role=letter.to,
        title={"zh": letter.title["zh"], "en": letter.title["en"]},
        body={},
        short=letter.body.get("short"),
        letter=letter.pk,
        about=about(case),
    )


def about(case: cases.Case) -> About:
    """A case as a message is about it."""
    return About(case.pk, case.number, case.division, case.matter, case.need)


def recipients(case: cases.Case, role: str) -> Iterator[UUID]:
    """The parties of a case in a role of its service: the one that applied, or those named."""
    if role == APPLICANT:
        yield case.owner
        return
    for party in cases.parties_in(case):
        if party.role == role:
            yield party.party
