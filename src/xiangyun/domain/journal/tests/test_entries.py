"""The journal keeps what it was told, and shows it to those whom it concerns."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.journal import leaf, queries
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.codes import resident
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import canonical

from .conftest import AT, CHAOYANG, LI, SIPING, WANG

ACCEPTOR_IN_CHAOYANG = Actor(
    name="赵办（虚构）",
    kind="official",
    mandates=(MandateHeld("acceptor", CHAOYANG, 220104000000, 220104999999, "朝阳区政务大厅"),),
)
TABLES = ["journal_entry", "journal_leaf", "journal_node", "journal_head"]


@pytest.fixture(autouse=True)
def database(db):
    """Every test here asks PostgreSQL."""


def test_an_entry_is_one_statement_and_comes_back_as_it_was_told(record, django_assert_num_queries):
    with acting_as(WANG):
        with django_assert_num_queries(1):
            told = record(private={"mobile": "13800000000"})
        (kept,) = queries.history(told.subject)
    assert kept == told
    assert (kept.at, kept.owner, kept.data, kept.private) == (
        AT,
        WANG.account,
        told.data,
        {"mobile": "13800000000"},
    )
    assert leaf.hash_of(leaf.leaf_text(kept)) == bytes(kept.leaf)


def test_a_leaf_names_nobody(record):
    with acting_as(WANG):
        entry = record(private={"mobile": "13800000000"})
    text = leaf.leaf_text(entry)
    assert "王小溪" not in text
    assert str(WANG.account) not in text
    assert "13800000000" not in text
    assert json.loads(text)["data"] == entry.data


def test_a_leaf_is_spelled_as_any_reader_of_canonical_json_would_spell_it(record):
    odd = {
        "zh": "行政“许可”\\",
        "é": 2,
        "a": [None, True, {"b": "\n", "A": ""}],
        "\U00010000": "",
        "\uffff": 0,
    }
    with acting_as(WANG):
        for told in (
            {},
            {"data": odd},
            {"owner": None, "desk": '朝阳区 "大厅"', "subject": "编号\t1"},
        ):
            text = leaf.leaf_text(record(private={"mobile": "138", "answers": odd}, **told))
            assert text.encode() == canonical(json.loads(text))


def test_the_same_words_twice_are_two_different_leaves(record):
    with acting_as(WANG):
        assert bytes(record().leaf) != bytes(record().leaf)


def test_a_digest_stays_public_though_eighteen_of_its_digits_could_be_a_number(record):
    root = "194225be634201592710263367bdddfad85de1a3d04edbb1f35975a8f19bbf39"
    assert resident.problem("634201592710263367") is None
    with acting_as(WANG):
        entry = record(data={"root": root, "note": f"见 {root[:8]} 222404199203150027"})
    assert entry.data["root"] == root
    assert "note" in entry.private


def test_an_identity_number_in_public_data_is_closed_up(record):
    with acting_as(WANG):
        entry = record(data={"note": "证件号 11010519491231002X 有误", "step": "acceptance"})
    assert "11010519491231002X" not in leaf.leaf_text(entry)
    assert entry.data == {"step": "acceptance"}
    assert entry.private == {"note": "证件号 11010519491231002X 有误"}


def test_an_amount_without_a_single_spelling_is_refused(record):
    with acting_as(WANG), pytest.raises(Refused, match=r"ledger\.E001"):
        record(data={"amount": 0.1})


def test_another_person_sees_nothing_even_where_the_guard_is_left_out(record):
    with acting_as(WANG):
        entry = record()
        assert list(Entry.objects.all()) == [entry]
    with acting_as(LI):
        assert not Entry.objects.exists()
        assert queries.history(entry.subject) == []
        assert queries.receipt(entry.subject) is None
        assert queries.receipt(entry.pk) is None
    with acting_as(ANONYMOUS):
        assert not Entry.objects.exists()


def test_an_office_sees_its_own_divisions_only(record):
    with acting_as(WANG):
        here, elsewhere = record(), record(division=SIPING)
    with acting_as(ACCEPTOR_IN_CHAOYANG):
        assert list(Entry.objects.all()) == [here]
    with acting_as(SYSTEM):
        assert list(Entry.objects.all()) == [here, elsewhere]


def test_who_may_not_read_an_entry_can_still_cause_one(record):
    with acting_as(ANONYMOUS):
        entry = record("case.rated", actor=None, actor_name="")
        assert not Entry.objects.exists()
    with acting_as(WANG):
        assert queries.history(entry.subject) == [entry]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_change_nothing(table, statement):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(SYSTEM), refused, transaction.atomic():
        _run(statement, table, connection)


@pytest.mark.django_db(databases=["owner"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_even_the_owner_of_the_tables_changes_nothing(table, statement, role):
    """Also not in a replication session, which skips ordinary triggers."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(_ONE_OF_EACH)
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic("owner"):
            _run(statement, table, owner)
        transaction.set_rollback(True, using="owner")


_COLUMN = {
    "journal_entry": "verb",
    "journal_leaf": "entry_id",
    "journal_node": "hash",
    "journal_head": "key_id",
}
# Row triggers need rows. The leaf refers to the entry, so the entry goes first.
_ONE_OF_EACH = """
INSERT INTO journal_entry VALUES (9000000, now(), 'v', 's', 220000000000, NULL, NULL, '', '',
    decode(repeat('00', 16), 'hex'), '{}', '{}', decode(repeat('00', 32), 'hex'));
INSERT INTO journal_leaf VALUES (9000000, 9000000);
INSERT INTO journal_node VALUES (60, 0, decode(repeat('00', 32), 'hex'));
INSERT INTO journal_head VALUES (9000000, decode(repeat('00', 32), 'hex'), now(), '', '', '');
"""


def _run(statement, table, using):
    column = _COLUMN[table]
    with using.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))
