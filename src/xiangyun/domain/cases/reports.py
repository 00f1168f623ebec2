"""Reports by somebody who stays unknown: no account, no name, a receipt code in the end.

A report has a party of its own that stands for whoever writes it, in this report and nowhere else.
Who holds the code acts as that party: follows the case, reads its letters, adds what is asked for.
Of the code only the digest is kept, and nothing at all of where the reporter came from.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as, reporter
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.parties import actions as parties
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.service.openings import ANONYMOUS

from . import access, admission
from .models import Case, Draft, ReportCode

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No two that are taken for one another; 32, so that each sign is five bits."""
LENGTH = 20
"""A hundred bits: nobody finds a code by trying."""


def start_report(code: str, *, at: datetime) -> Draft:
    """Begin a report of a service by somebody unknown, who acts as its owner from now on.

    Raises `Conflict` where the service takes no such report.
    """
    version = catalogue.current_version(code)
    matter, need = access.belonging(catalogue.pack(version.pk).service)
    draft = Draft(version=version, created_at=at, updated_at=at, opened=ANONYMOUS)
    draft.matter, draft.need = matter, need
    admission.refuse_unless_taken(draft, at)
    with admission.held(), acting_as(SYSTEM), transaction.atomic():
        draft.owner = parties.unknown_person().pk
        draft.save(force_insert=True)
    return draft


def writer_of(draft: Draft) -> Actor:
    """Whoever writes a report."""
    return reporter(draft.owner)


def code_of(case: Case, *, actor: Actor) -> str:
    """The receipt code of a report, for whoever has just sent it or has come back by it.

    It is worked out from the party and the key of the instance, and so the same when it is asked
    for twice; kept is its digest alone. Raises `NotFound` for everybody else.
    """
    if not actor.is_reporter or case.owner != actor.account:
        raise NotFound([UNKNOWN_CODE])
    mac = salted_hmac("xiangyun.report", str(case.owner), algorithm="sha256").digest()
    bits = int.from_bytes(mac, "big")
    code = "".join(_SIGNS[bits >> 5 * at & 31] for at in range(LENGTH))
    with acting_as(SYSTEM):
        kept = [ReportCode(digest=_digest(code), party=case.owner)]
        ReportCode.objects.bulk_create(kept, ignore_conflicts=True)
    return "-".join(code[at : at + 5] for at in range(0, LENGTH, 5))


def case_by_code(code: str) -> tuple[UUID, UUID]:
    """The party and the case that a code stands for. Raises `NotFound`."""
    with acting_as(SYSTEM):
        found = ReportCode.objects.filter(digest=_digest(_read(code))).first()
        if found is not None:
            return found.party, Case.objects.values_list("pk", flat=True).get(owner=found.party)
    raise NotFound([UNKNOWN_CODE])


def _read(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


UNKNOWN_CODE = Finding(
    "case.E062",
    "error",
    Text("没有这个回执码。", "There is no such receipt code."),
    hint=Text(
        "请对照提交时给您的回执码再输一次，例如 AB2CD-34EFG-HJ5KL-6MNPQ。",
        "Enter the code once more as it was given to you, such as AB2CD-34EFG-HJ5KL-6MNPQ.",
    ),
)
