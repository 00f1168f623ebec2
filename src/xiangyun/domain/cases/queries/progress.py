"""How far a case is, for whoever has its number and the last four signs of the applicant's code.

Nothing else is told: no name, no subject, no answer. A case of which only its handlers may know is
as absent as one that does not exist.
"""

from __future__ import annotations

from django.utils.crypto import constant_time_compare

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.parties.queries import Party

DIGITS = 4


def case_by_digits(number: str, digits: str) -> Case | None:
    """The case of a number whose applicant's code ends in these four signs; None otherwise.

    Limits on trying are the caller's.
    """
    wanted = digits.strip().upper()
    if len(wanted) != DIGITS or "\0" in number + digits:
        return None
    with acting_as(SYSTEM):
        case = Case.objects.filter(number=number.strip(), need=0).first()
        if case is None:
            return None
        try:
            code = parties.party(case.owner).code or ""
        except Party.DoesNotExist:
            return None
    same = constant_time_compare(code[-DIGITS:].upper(), wanted)
    return case if len(code) > DIGITS and same else None
