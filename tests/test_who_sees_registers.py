"""Every role against every register, with the guards left out: bare SQL under the policies.

Registers are made up, one of each class with each way of naming readers. Who may see a record is
worked out here a second time, in Python, from declarations and mandates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from test_who_sees_what import every_role

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.roles import department_of, general
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.registers import actions, looking, queries
from xiangyun.domain.registers.declarations import readers_of
from xiangyun.domain.registers.tests.declared import AT, FIRMS, HUNCHUN, declare
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.record.model import EVERYBODY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PLACES = (HUNCHUN, 220184000000)
READERS = ("all", "[reviewer]", "['reviewer:fire']", "[supervisor, acceptor]", "[]")
CLASSES = ("ordinary", "handlers", "sealed")


@dataclass(frozen=True)
class Kept:
    """A record: where it lies, whom it is about, and what its register declares."""

    record: int
    used: queries.Used
    division: int
    holder: UUID | None
    handlers: frozenset[UUID]


@pytest.fixture
def kept() -> list[Kept]:
    """In every register two records in two places, one of them about Wang."""
    wang, reviewer = actor("wang").account, actor("shencha").account
    li = actor("li").account
    assert wang
    assert li
    assert reviewer
    representing.represent(
        SYSTEM, party=wang, representative=li, proof="kinship", reference="户口簿",
        departments=["market_supervision"], at=timezone.now(),
    )  # fmt: skip
    for number, (of_class, readers) in enumerate((c, r) for c in CLASSES for r in READERS):
        text = FIRMS.replace("code: firms", f"code: firms_{number}")
        text = text.replace("readers: [reviewer]", f"class: {of_class}\nreaders: {readers}")
        declare(text.replace("writers: [approver, ", "writers: ["))
    declare(FIRMS.replace("code: firms", "code: nowhere").replace("place: division\n", ""))
    found = []
    for used in queries.all_used():
        if not (used.code.startswith("firms_") or used.code == "nowhere"):
            continue
        for place, holder in zip(PLACES, (wang, None), strict=True):
            key = f"K{place}"
            data = {"code": key, "name": "样", "division": str(place), "phone": "13900000000"}
            written = actions.record(
                used.code, key, data, valid_from=date(2026, 1, 1), source="t", at=AT,
                holder=holder, division=place,
            )  # fmt: skip
            named = frozenset[UUID]()
            if used.need and holder:
                looking.name_handler(used.code, key, reviewer, why="经办", at=AT)
                named = frozenset({reviewer})
            found.append(Kept(written.record, used, place, holder, named))
    return found


def sees(who: Actor, kept: Kept) -> bool:
    """Whether this record is for these eyes."""
    declared = kept.used.declaration
    assert declared is not None
    if who.kind == "system":
        return True
    if kept.holder is not None and who.speaks_for(kept.holder, number_of(declared.department)):
        return True
    if declared.need != "ordinary":
        return who.account in kept.handlers
    if EVERYBODY in declared.readers:
        return True
    return any(
        general(held.role) == role
        and (held.is_across or department_of(held.role) == department)
        and (not declared.division or held.low <= kept.division <= held.high)
        for held in who.mandates
        for role, department in readers_of(declared)
    )


def test_every_role_sees_of_every_register_what_it_declares(kept: list[Kept]) -> None:
    wrong, shown_to = [], set()
    records = [each.record for each in kept]
    for who in every_role():
        due = {each.record for each in kept if sees(who, each)}
        with acting_as(who), connection.cursor() as cursor:
            for table, column in (("record", "id"), ("fact", "record_id"), ("term", "record_id")):
                cursor.execute(
                    f"SELECT DISTINCT {column} FROM registers_{table} WHERE {column} = ANY(%s)",
                    [records],
                )
                shown = {found for (found,) in cursor.fetchall()}
                # A search is for offices: a party has its own records without one.
                missing = set() if table == "term" and not who.mandates else due - shown
                if shown - due or missing:
                    wrong.append(f"{who.name or 'nobody'}: {table}: {len(shown - due)} too many")
                shown_to |= {who.kind} if shown else set()
    assert not wrong, "\n".join(wrong)
    assert {"system", "person", "official"} <= shown_to


def test_batches_and_handlers_of_others_are_the_platforms_alone(kept: list[Kept]) -> None:
    for who in every_role():
        with acting_as(who), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registers_batch")
            assert bool(cursor.fetchone()[0]) is (who.kind == "system"), who.name
            cursor.execute("SELECT account FROM registers_handler")
            accounts = {account for (account,) in cursor.fetchall()}
            assert who.kind == "system" or accounts <= {who.account}, who.name


def test_nobody_but_the_platform_writes_a_record_with_the_guards_left_out(
    kept: list[Kept],
) -> None:
    for login in ("wang", "shencha", "duban"):
        with acting_as(actor(login)), connection.cursor() as cursor:
            cursor.execute("UPDATE registers_record SET division = 1")
            assert cursor.rowcount == 0
            cursor.execute("UPDATE registers_fact SET superseded_by = 1")
            assert cursor.rowcount == 0
    with acting_as(SYSTEM):
        state = queries.state("nowhere", f"K{HUNCHUN}")
    assert state is not None
    assert state.division == HUNCHUN
