"""A company, its bank, a rival of each, and registers of which two are about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.grants import actions, queries, using
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.parties.queries import Kind, Party
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers.tests.declared import AT, FIRMS, declare, firm

COMPANY, OTHER = "91220101MA0XYCRE1X", "91220101MA0XYCRE2X"
BANK, RIVAL = "91220101MA0XYBNK1X", "91220101MA0XYBNK2X"
TAXES = FIRMS.replace("code: firms", "code: taxgrades").replace("测试法人库", "测试纳税库")
SECRETS = FIRMS.replace("code: firms", "code: secrets").replace(
    "subject: organisation", "subject: organisation\nclass: handlers"
)


def party(code: str) -> Party:
    with acting_as(SYSTEM):
        return parties.ensure(Kind.ORGANISATION, code, f"样企{code[-2]}{code[-6]}")


def person(code: str) -> Actor:
    """Somebody who represents an organisation."""
    found = party(code)
    return Actor(name="王样云", kind="person", account=uuid4()).acting_for(found.pk, found.name)


def prepare() -> None:
    for text in (FIRMS, TAXES, SECRETS):
        declare(text)
    for code in (BANK, RIVAL):
        party(code)
    for register in ("firms", "taxgrades"):
        for code in (COMPANY, OTHER):
            holder = party(code).pk
            data = firm(code, "样企", phone="13804330001")
            registers.record(
                register, code, data, valid_from=date(2026, 1, 1), source="t", at=AT, holder=holder
            )


def grant(until: int | None = 30, codes: tuple[str, ...] = ("firms",), at: datetime | None = None):
    now = at or timezone.now()
    last = None if until is None else timezone.localdate(now) + timedelta(days=until)
    return actions.give(
        person(COMPANY), bank=BANK, purpose="流动资金贷款", codes=codes, until=last, at=now
    )


def seen(given: queries.Grant, by: str = BANK, version: int | None = None) -> list[tuple[str, str]]:
    shown = using.look(person(by), given.pk, version=version or given.version, at=timezone.now())
    return [(state.register, state.key) for state in shown.states]
