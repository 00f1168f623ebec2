"""`xiangyun party`: what goes on in another, and who acts for whom, for the one who runs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.parties import succession
from xiangyun.domain.parties.actions import By
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, end_refused, tell

_DAY = click.DateTime(["%Y-%m-%d"])
_KIND = click.Choice(["person", "organisation", "place", "thing"])
_on = click.option("--on", type=_DAY, required=True, help="The day from which on it is so.")
_why = click.option("--why", required=True, help="The document it rests on.")


@click.group()
def party() -> None:
    """Duplicates, absorbed companies, merged divisions and departments, deaths: all follows."""


def _told(happens: Callable[..., dict[str, int]], *values: Any, on: datetime, why: str) -> None:
    """Let it happen as the platform, and say how many things followed, by app."""
    by = By(None, SYSTEM.name, "", timezone.now())
    try:
        with acting_as(SYSTEM):
            counted = happens(*values, why=why, on=on.date(), by=by)
    except Refused as refused:
        end_refused(refused)
    for app, count in counted.items():
        tell(
            Text(
                "✓ {app}：{count:,} 项随之变更", "✓ {app}: {count:,} followed", app=app, count=count
            )
        )


def _found(kind: str, code: str) -> UUID:
    with acting_as(SYSTEM):
        found = parties.by_code(kind, code)
    if found is None:
        raise WrongUsage(
            Text(
                "没有代码为“{code}”的主体。", "There is no party with the code “{code}”.", code=code
            )
        )
    return found.pk


@party.command()
@click.argument("duplicate")
@click.argument("stays")
@click.option("--kind", type=_KIND, default="person", help="What both are.")
@_on
@_why
def join(duplicate: str, stays: str, kind: str, on: datetime, why: str) -> None:
    """Say that the party with the code DUPLICATE is the one with the code STAYS."""
    _told(succession.join, _found(kind, duplicate), _found(kind, stays), on=on, why=why)


@party.command()
@click.argument("company")
@click.argument("into")
@_on
@_why
def absorb(company: str, into: str, on: datetime, why: str) -> None:
    """Let the organisation COMPANY go on in another, INTO; its directors act for nobody then."""
    kind = "organisation"
    _told(succession.absorb, _found(kind, company), _found(kind, into), on=on, why=why)


@party.command()
@click.argument("code")
@_on
@_why
def died(code: str, on: datetime, why: str) -> None:
    """Say that the person with the identity number CODE has died on a day."""
    _told(succession.die, _found("person", code), on=on, why=why)


@party.command("move-division")
@click.argument("old", type=int)
@click.argument("new", type=int)
@_on
@_why
def move_division(old: int, new: int, on: datetime, why: str) -> None:
    """Let the division OLD go on in NEW: cases, work, mandates, records, certificates, parties."""
    _told(succession.move_division, old, new, on=on, why=why)


@party.command("move-department")
@click.argument("old")
@click.argument("new")
@_on
@_why
def move_department(old: str, new: str, on: datetime, why: str) -> None:
    """Let the department with the key OLD go on in NEW: cases, work, mandates, certificates."""
    _told(succession.move_department, old, new, on=on, why=why)


@party.command()
@click.argument("code")
@click.argument("representative")
@click.option("--kind", type=_KIND, default="person", help="What the represented one is.")
@click.option("--proof", required=True, help="register, kinship, guardianship, notary or court.")
@click.option("--reference", required=True, help="Where the proof is found.")
@click.option("--department", "departments", multiple=True, help="Only in its matters; repeatable.")
@click.option("--from", "from_on", type=_DAY, help="The first day; today.")
@click.option("--to", "to_on", type=_DAY, help="The last day; until it is ended.")
def represent(
    code: str,
    representative: str,
    kind: str,
    proof: str,
    reference: str,
    departments: tuple[str, ...],
    from_on: datetime | None,
    to_on: datetime | None,
) -> None:
    """Let the person with the identity number REPRESENTATIVE act for the party with the CODE."""
    try:
        given = representing.represent(
            SYSTEM,
            party=_found(kind, code),
            representative=_found("person", representative),
            proof=proof,
            reference=reference,
            departments=departments,
            from_on=from_on.date() if from_on else None,
            to_on=to_on.date() if to_on else None,
            at=timezone.now(),
        )
    except Refused as refused:
        end_refused(refused)
    tell(Text("✓ 已登记代理 {number}", "✓ entered: representation {number}", number=str(given.pk)))


@party.command("end-representation")
@click.argument("number", type=int)
@_why
def end_representation(number: int, why: str) -> None:
    """End the representation NUMBER, from the next request on."""
    try:
        representing.end(SYSTEM, number, reason=why, at=timezone.now())
    except Refused as refused:
        end_refused(refused)
    tell(Text("✓ 代理已终止", "✓ it has ended"))
