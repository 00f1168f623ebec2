"""Records follow what happens to divisions, duplicates and people; what was true stays known."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor, as_owner
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import actions, comparison, following, queries
from xiangyun.domain.registers.looking import subject_of
from xiangyun.kernel.findings import Conflict, NotFound, Refused

from .declared import AT, FIRMS, HUNCHUN, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
TUMEN = 222402000000
ON = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()
    for code in ("A1", "A2"):
        data = firm(code, f"样{code}厂", phone="13900000000")
        actions.record("firms", code, data, valid_from=date(2026, 1, 1), source="t", at=AT)


def verbs_of(key: str) -> list[str]:
    with acting_as(SYSTEM):
        record = queries.Record.objects.get(register="firms", key=key)
        return [entry.verb for entry in journal.history(subject_of("firms", record.pk))]


def test_records_follow_a_division_that_was_merged() -> None:
    with pytest.raises(NotFound, match=r"register\.E029"):
        following.move_division(HUNCHUN, 229900000000, on=ON, why="调整", at=AT, source="t")
    assert following.move_division(HUNCHUN, TUMEN, on=ON, why="调整", at=AT, source="t") >= 2
    with acting_as(SYSTEM):
        for day, place in ((date(2026, 2, 1), HUNCHUN), (ON, TUMEN)):
            state = queries.state("firms", "A1", as_of=day, opened=True)
            assert state is not None
            assert state.data is not None
            assert (state.data["division"], state.data["phone"]) == (str(place), "13900000000")
        assert len(queries.search("firms", "样A1", within=TUMEN).states) == 1
        assert not queries.search("firms", "样A1", within=HUNCHUN).states
    with acting_as(actor("shencha")):  # whose mandate is the division of before
        assert queries.state("firms", "A1") is None
    assert "record.moved" in verbs_of("A1")
    assert following.move_division(HUNCHUN, TUMEN, on=ON, why="调整", at=AT, source="t") == 0


def test_a_duplicate_says_which_record_goes_on_for_it() -> None:
    with pytest.raises(Refused, match=r"register\.E015"):
        following.join("firms", "A2", "A1", why="", at=AT)
    following.join("firms", "A2", "A1", why="同一企业", at=AT)
    with pytest.raises(Conflict, match=r"register\.E030"):
        following.join("firms", "A2", "A1", why="同一企业", at=AT)
    with acting_as(SYSTEM):
        found = queries.record_with("firms", "A2")
        assert found is not None
        assert found.key == "A1"
        assert {fact.key for fact in queries.facts_of(found)} == {"A1", "A2"}
        assert [state.key for state in queries.search("firms", "厂").states] == ["A1"]
    assert verbs_of("A1")[-1] == verbs_of("A2")[-1] == "record.joined"


def test_records_of_somebody_who_died_end_and_stay_known() -> None:
    declare(FIRMS.replace("code: firms", "code: people").replace("organisation", "person"))
    wang = actor("wang").account
    assert wang is not None
    actions.record(
        "people", "P1", firm("P1", "王样"), valid_from=date(2026, 1, 1), source="t", at=AT,
        holder=wang,
    )  # fmt: skip
    assert following.note_death(wang, on=ON, why="死亡证明", at=AT, source="t") >= 1
    with acting_as(SYSTEM):
        assert queries.state("people", "P1") is None
        assert queries.state("people", "P1", as_of=date(2026, 2, 1)) is not None


def test_the_audit_notices_a_fact_that_was_changed_and_one_that_is_gone() -> None:
    with acting_as(SYSTEM):
        assert list(comparison.compare()) == []
    changed = """UPDATE registers_fact SET data = data || '{"name": "假"}' WHERE id = %s"""
    with acting_as(SYSTEM):
        state = queries.state("firms", "A1")
    assert state is not None
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(changed, [state.fact])
        cursor.execute(
            "DELETE FROM registers_batch WHERE id = (SELECT batch FROM registers_fact"
            " WHERE data ->> 'code' = 'A2')"
        )
    with acting_as(SYSTEM):
        assert [finding.id for finding in comparison.compare()] == ["audit.E020", "audit.E021"]


def test_what_is_about_a_joined_party_is_about_the_one_that_stays() -> None:
    wang, li = actor("wang").account, actor("li").account
    assert wang is not None
    assert li is not None
    before = len(_about(wang)) + len(_about(li))
    assert following.follow_party(li, wang, at=AT) >= 1
    assert not _about(li)
    assert len(_about(wang)) == before


def _about(holder: object) -> list[queries.State]:
    with acting_as(SYSTEM):
        return queries.records_about(holder)  # type: ignore[arg-type]
