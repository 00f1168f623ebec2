"""A company lets a bank look; what it did not allow, or allows no more, gives no row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.grants import actions, queries, using
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import queries as kept
from xiangyun.kernel.findings import Forbidden, NotFound, Refused, Stale

from .situations import BANK, COMPANY, OTHER, RIVAL, grant, party, person, prepare, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_firms")]


@pytest.fixture
def _firms(demonstration: None) -> None:
    prepare()


def rows(actor: Actor, told: str = "") -> set[str]:
    """What the database gives when it is asked for everything there is."""
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xiangyun.grant', %s, true)", [told])
        cursor.execute(
            "SELECT r.register || ' ' || r.key FROM registers_fact f"
            " JOIN registers_record r ON r.id = f.record_id"
            " WHERE r.register IN ('firms', 'taxgrades')"
        )
        found = {row for (row,) in cursor.fetchall()}
        cursor.execute("SELECT set_config('xiangyun.grant', '', true)")
    return found


def test_without_a_grant_the_database_gives_no_row() -> None:
    assert rows(person(BANK)) == set()
    given = grant()
    told = f"{given.pk} {given.version}"
    assert rows(person(BANK)) == set()  # a grant opens only a look that names it
    assert rows(person(BANK), told) == {f"firms {COMPANY}"}
    assert rows(person(RIVAL), told) == set()
    assert rows(person(BANK), f"{uuid4()} 1") == set()
    assert rows(person(BANK), f"{given.pk} 2") == set()


def test_a_bank_sees_the_named_registers_of_that_company_alone() -> None:
    assert seen(grant()) == [("firms", COMPANY)]
    assert seen(grant(codes=("firms", "taxgrades"))) == [
        ("firms", COMPANY),
        ("taxgrades", COMPANY),
    ]
    with pytest.raises(Forbidden, match=r"grant\.E010"):
        using.look(person(BANK), grant().pk, version=1, at=timezone.now(), register="taxgrades")


def test_nothing_is_seen_any_more_after_the_look() -> None:
    given = grant()
    with acting_as(person(BANK)) as bank:
        using.look(bank, given.pk, version=1, at=timezone.now())
        assert kept.records_about(given.company) == []


def test_a_revoked_grant_stops_the_next_query_also_within_a_look() -> None:
    given = grant()
    with using.using(person(BANK), given.pk, version=1, at=timezone.now()):
        assert len(kept.records_about(given.company)) == 1
        actions.revoke(person(COMPANY), given.pk, at=timezone.now())
        assert kept.records_about(given.company) == []
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        seen(given)
    assert actions.revoke(person(COMPANY), given.pk, at=timezone.now()).ended_at is not None


def test_the_bank_gives_back_what_it_needs_no_more() -> None:
    given = grant()
    ended = actions.revoke(person(BANK), given.pk, at=timezone.now())
    assert ended.ended_by == party(BANK).pk


@pytest.mark.parametrize("stranger", [RIVAL, OTHER])
def test_a_wrong_client_can_neither_query_nor_use_nor_amend_nor_revoke(stranger: str) -> None:
    given, who, now = grant(), person(stranger), timezone.now()
    for ask in (
        lambda: queries.find(given.pk, who),
        lambda: queries.uses_of(given, who),
        lambda: using.look(who, given.pk, version=1, at=now),
        lambda: actions.revoke(who, given.pk, at=now),
        lambda: actions.amend(
            who, given.pk, how="merge", seen=1, codes=["taxgrades"], until=None, at=now
        ),
    ):
        with pytest.raises(NotFound, match=r"grant\.E001"):
            ask()
    assert queries.held_by(who) == queries.given_by(who) == []
    assert seen(given) == [("firms", COMPANY)]


def test_a_bank_cannot_widen_its_own_grant() -> None:
    given = grant()
    with pytest.raises(NotFound, match=r"grant\.E001"):
        actions.amend(
            person(BANK), given.pk, how="merge", seen=1, codes=["taxgrades"],
            until=None, at=timezone.now(),
        )  # fmt: skip


def test_merging_adds_and_replacing_leaves_only_what_is_named() -> None:
    given, now = grant(), timezone.now()
    until = timezone.localdate(now)
    merged = actions.amend(
        person(COMPANY), given.pk, how="merge", seen=1, codes=["taxgrades"], until=until, at=now
    )
    assert len(seen(merged)) == 2
    replaced = actions.amend(
        person(COMPANY), given.pk, how="replace", seen=2, codes=["taxgrades"], until=until, at=now
    )
    assert seen(replaced) == [("taxgrades", COMPANY)]
    assert (replaced.version, replaced.signed["digest"]) != (2, merged.signed["digest"])


def test_an_amendment_ends_looks_by_the_version_of_before() -> None:
    given, now = grant(), timezone.now()
    actions.amend(
        person(COMPANY), given.pk, how="merge", seen=1, codes=["taxgrades"],
        until=given.until, at=now,
    )  # fmt: skip
    with pytest.raises(Stale, match=r"grant\.E008"):
        seen(given, version=1)
    with pytest.raises(Stale, match=r"grant\.E008"):
        actions.amend(
            person(COMPANY), given.pk, how="replace", seen=1, codes=["firms"], until=None, at=now
        )
    assert rows(person(BANK), f"{given.pk} 1") == set()


def test_a_grant_without_duration_is_for_one_look() -> None:
    given = grant(until=None)
    assert seen(given) == [("firms", COMPANY)]
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        seen(given)
    late = grant(until=None, at=timezone.now() - timedelta(days=1, seconds=1))
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        seen(late)


def test_a_grant_is_over_after_its_last_day() -> None:
    before = timezone.now() - timedelta(days=3)
    given = grant(until=1, at=before)
    with pytest.raises(Forbidden, match=r"grant\.E009"):
        seen(given)
    assert rows(person(BANK), f"{given.pk} 1") == set()
    assert seen(grant(until=0)) == [("firms", COMPANY)]


def test_each_use_stands_in_the_journal_that_the_company_sees() -> None:
    given = grant()
    seen(given)
    seen(given)
    found = queries.uses_of(given, person(COMPANY))
    assert [entry.verb for entry in found] == ["grant.used", "grant.used", "grant.given"]
    assert found[0].data["registers"] == ["firms"]
    assert (found[0].owner, found[0].actor_name) == (given.company, "王样云")


def test_sensitive_values_stay_closed_to_a_bank() -> None:
    shown = using.look(person(BANK), grant().pk, version=1, at=timezone.now())
    assert "13804330001" not in str(shown.states[0].data)


@pytest.mark.parametrize(
    ("changed", "id"),
    [
        ({"bank": "91220101MA0XYNONE0"}, "E002"),
        ({"bank": COMPANY}, "E011"),
        ({"codes": ["secrets"]}, "E004"),
        ({"codes": []}, "E005"),
        ({"until": date(2020, 1, 1)}, "E006"),
        ({"purpose": " "}, "E007"),
    ],
)
def test_what_cannot_be_granted_is_refused_with_the_reason(changed: dict, id: str) -> None:
    whole = {"bank": BANK, "purpose": "贷款", "codes": ["firms"], "until": None}
    with pytest.raises(Refused, match=rf"grant\.{id}"):
        actions.give(person(COMPANY), **{**whole, **changed}, at=timezone.now())


@pytest.mark.parametrize(
    "who",
    [
        lambda: replace(person(COMPANY), about=(3,)),  # represents it in one matter only
        lambda: Actor(name="路人", kind="person", account=uuid4()),
        lambda: replace(person(COMPANY), kind="official"),
        lambda: Actor(name=""),
    ],
)
def test_only_who_represents_the_company_in_all_matters_signs(who) -> None:
    with pytest.raises(Forbidden, match=r"grant\.E003"):
        actions.give(
            who(), bank=BANK, purpose="贷款", codes=["firms"], until=None, at=timezone.now()
        )


def test_a_grant_follows_organisations_that_were_joined() -> None:
    given = grant()
    by = parties.By(None, "祥云平台", "", timezone.now())
    with acting_as(SYSTEM):
        parties.merge(party(BANK).pk, party(RIVAL).pk, why="合并", on=date(2026, 4, 1), by=by)
    assert seen(queries.find(given.pk, person(RIVAL)), by=RIVAL) == [("firms", COMPANY)]
