"""A key that is sensitive: a record is named by its keyed hash, and found by the key itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import as_owner
from xiangyun.domain.registers import actions, comparison, queries
from xiangyun.domain.registers.exporting import proof_of, row_of
from xiangyun.domain.registers.models import Record
from xiangyun.domain.registers.sealing import is_sealed
from xiangyun.kernel.findings import Conflict, NotFound

from .declared import AT, FIRMS, HUNCHUN, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

NUMBER, OTHER = "11010519491231002X", "222404199203150027"


@pytest.fixture
def kim() -> Record:
    """Somebody in the population register, whose key is the identity number."""
    data = {
        "id_number": NUMBER,
        "name": "金样一",
        "mobile": "13800138000",
        "division": str(HUNCHUN),
    }
    actions.record("person", NUMBER, data, valid_from=date(2026, 1, 1), source="t", at=AT)
    with acting_as(SYSTEM):
        found = queries.record_with("person", NUMBER)
    assert found is not None
    return found


def test_the_number_stands_nowhere_in_the_register_and_its_journal(kim: Record) -> None:
    assert kim.key.startswith("#")
    with as_owner(), connection.cursor() as cursor:
        for table in ("registers_record", "registers_fact", "registers_term", "journal_entry"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{NUMBER}%"])
            assert cursor.fetchone() == (0,), table


def test_it_is_found_by_the_number_by_its_name_and_by_the_key_of_the_record(kim: Record) -> None:
    with acting_as(SYSTEM):
        for key in (NUMBER, kim.key):
            state = queries.state("person", key, opened=True)
            assert state is not None
            assert (state.data or {})["id_number"] == NUMBER
        for text in (NUMBER, "金样"):
            assert [s.record for s in queries.search("person", text).states] == [kim.pk], text
        for field in ("key", "id_number"):
            (found,) = queries.lookup("person", field, NUMBER, opened=True)
            assert found["name"] == "金样一"
        assert queries.state("person", NUMBER[:-1]) is None


def test_it_is_corrected_and_ended_by_either_and_never_becomes_somebody_else(kim: Record) -> None:
    with pytest.raises(Conflict):
        actions.correct("person", NUMBER, {"id_number": OTHER}, why="误", source="t", at=AT)
    actions.correct("person", kim.key, {"name": "金样二"}, why="改名", source="t", at=AT)
    actions.end("person", NUMBER, on=date(2026, 6, 1), why="迁出", source="t", at=AT)
    with pytest.raises(NotFound):
        actions.end("person", OTHER[:-1] + "X", on=date(2026, 6, 1), why="x", source="t", at=AT)
    with acting_as(SYSTEM):
        state = queries.state("person", NUMBER, as_of=date(2026, 5, 1))
        assert state is not None
        assert (state.data or {})["name"] == "金样二"
        assert list(comparison.compare()) == []
        assert proof_of("person", NUMBER)


def test_its_subject_reads_its_whole_history(kim: Record) -> None:
    actions.correct("person", NUMBER, {"mobile": "13900139000"}, why="换号", source="t", at=AT)
    with acting_as(SYSTEM):
        state = queries.state("person", NUMBER)
        assert state is not None
        facts = queries.own_facts(queries.used("person"), state)
    told = [(fact.data or {}) for fact in facts]
    assert [each["mobile"] for each in told] == ["13800138000", "13900139000"]
    assert {each["id_number"] for each in told} == {NUMBER}


def test_nothing_sensitive_is_read_from_when_a_record_may_have_been_anothers() -> None:
    declare(FIRMS.replace("key: code", "key: name\nsubject_field: code"))
    for day, code, phone in ((1, "A1", "13900000000"), (2, "A2", "13912345678")):
        data = firm(code, "样祥一厂", phone=phone)
        actions.record("firms", "样祥一厂", data, valid_from=date(2026, 1, day), source="t", at=AT)
    with acting_as(SYSTEM):
        state = queries.state("firms", "样祥一厂")
        assert state is not None
        before, now = queries.own_facts(queries.used("firms"), state)
    assert is_sealed((before.data or {})["phone"])
    assert (now.data or {})["phone"] == "13912345678"


def test_an_export_names_it_by_the_hash(kim: Record) -> None:
    with acting_as(SYSTEM):
        state = queries.state("person", NUMBER)
        assert state is not None
        row = row_of(queries.used("person"), state)
    assert row["key"] == kim.key
    assert NUMBER not in str(row)


def test_a_record_from_before_the_key_was_sensitive_is_still_found(kim: Record) -> None:
    with as_owner():
        Record.objects.filter(pk=kim.pk).update(key=NUMBER)
    with acting_as(SYSTEM):
        found = queries.record_with("person", NUMBER)
        assert found is not None
        assert found.pk == kim.pk
    actions.correct("person", NUMBER, {"name": "金样三"}, why="改名", source="t", at=AT)


def test_pages_show_a_mask_and_addresses_hold_no_number(kim: Record) -> None:
    client = Client()
    client.post("/login", {"as": "duban"})
    found = client.get("/office/registers/person", {"text": "金样一"}).content.decode()
    assert "金样一" in found
    assert NUMBER not in found
    address = f"/office/registers/person/{kim.key.replace('#', '%23')}"
    assert address in found
    page = client.get(address)
    assert page.status_code == 200
    assert NUMBER not in page.content.decode()
    shown = client.post(address, {"why": "核对身份"}).content.decode()
    assert NUMBER in shown
