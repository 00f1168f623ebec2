"""Questions that a bank asks under a grant: answered with reasons, without the figures.

The platform reads the records, and nothing of them leaves it: the answer is yes or no with a
sentence of the declaration. The company sees in the journal what was asked; the
answer is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Forbidden, NotFound
from xiangyun.kernel.inquiry import Answered, Inquiry, answer
from xiangyun.kernel.record.data import as_seen

from . import actions, checks, using

KIND = "inquiry"


def inquiries() -> list[Inquiry]:
    """The questions that are declared now."""
    return sorted((each.value for each in catalogue.declared(KIND)), key=lambda one: one.code)


def ask(
    actor: Actor,
    ident: UUID,
    *,
    version: int,
    inquiry: str,
    chosen: Mapping[str, str],
    at: datetime,
) -> Answered:
    """The answer to a question about the company, by its records of today; one journal entry.

    The grant opens every register that the question reads. Raises as `using.using` does, but for
    `grant.E012`; NotFound `grant.E013` for a question that is not declared, Forbidden `grant.E010`
    for a register that it does not open, Refused `inquiry.E007` for what cannot be chosen.
    """
    asked = next((each for each in inquiries() if each.code == inquiry), None)
    if asked is None:
        raise NotFound([checks.no_inquiry(inquiry)])
    with transaction.atomic():
        with acting_as(actor):
            grant, opened = using.standing(actor, ident, version, at)
        named = {one.code: one for one in opened}
        for code in asked.reads.values():
            if code not in named:
                raise Forbidden([checks.not_granted(code)])
        with acting_as(SYSTEM):
            about = registers.records_about(grant.company, as_of=timezone.localdate(at))
            records: dict[str, list[Mapping[str, Value]]] = {name: [] for name in asked.reads}
            for name, code in asked.reads.items():
                declared = named[code].declaration
                assert declared is not None  # none other is granted
                open_fields = {each.name for each in declared.fields if not each.sensitive}
                for state in about:
                    if state.register == code and using.opens(grant, state.key):
                        held = {k: v for k, v in (state.data or {}).items() if k in open_fields}
                        records[name].append(as_seen(declared, held))
            told = answer(asked, records, chosen, timezone.localdate(at))
            if grant.until is None:
                using.spend(grant)
            said = {"inquiry": asked.code, "chosen": dict(chosen)}
            actions.note("grant.asked", grant, actor, at, said)
    return told
