"""Every committed entry becomes one leaf, once; and every change to the tables is found."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.journal import actions, checks, queries
from xiangyun.domain.journal.models import Entry, Head, Leaf, Node
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import Frontier, root_hash, verify_consistency

from .conftest import AT, SIPING, KeyInMemory, empty_journal


def test_sealing_gives_places_in_order_and_a_signed_root(record, signer, as_system):
    entries = [record("task.done") for _ in range(5)]
    head = actions.seal(AT, signer)
    assert head is not None
    assert head.size == 5
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == [
        entry.pk for entry in entries
    ]
    assert bytes(head.root) == root_hash([bytes(entry.leaf) for entry in entries])
    assert actions.seal(AT, signer) is None
    assert checks.audit(signer.trusted) == []


def test_a_long_queue_is_sealed_in_pieces(record, signer, as_system):
    leaves = [bytes(record().leaf) for _ in range(7)]
    sizes = []
    while head := actions.seal(AT, signer, at_most=3):
        sizes.append(head.size)
    assert sizes == [3, 6, 7]
    assert bytes(Head.objects.get(size=7).root) == root_hash(leaves)
    assert checks.audit(signer.trusted) == []


def test_who_may_read_nothing_can_seal_everything(record, signer, db):
    with acting_as(SYSTEM):
        record(), record(division=SIPING)
    with acting_as(ANONYMOUS):
        head = actions.seal(AT, signer)
    assert head is not None
    assert head.size == 2


def test_sealing_reads_and_writes_little_however_long_the_journal(record, signer, as_system):
    for _ in range(300):
        record()
    actions.seal(AT, signer)
    before = Node.objects.count()
    record()
    with _Counted() as counted:
        actions.seal(AT, signer)
    assert counted.statements <= 9
    assert Node.objects.count() - before <= 9


def test_a_later_tree_continues_the_earlier_one(record, signer, as_system):
    record(), record(), record()
    first = actions.seal(AT, signer)
    record(), record()
    second = actions.seal(AT, signer)
    assert first is not None
    assert second is not None
    proof = [bytes.fromhex(hashed) for hashed in queries.consistency(3, 5)]
    assert verify_consistency(3, 5, bytes(first.root), bytes(second.root), proof)
    with pytest.raises(IndexError, match="no tree of 6"):
        queries.consistency(3, 6)


def test_only_the_platform_audits(record, db):
    with acting_as(ANONYMOUS), pytest.raises(PermissionError, match="SYSTEM"):
        checks.audit({})


class _Counted:
    """How many statements a block runs, without savepoints."""

    def __enter__(self):
        self.statements = 0
        self._hook = connection.execute_wrapper(self._count)
        self._hook.__enter__()
        return self

    def _count(self, execute, sql, params, many, context):
        self.statements += 0 if "SAVEPOINT" in sql else 1
        return execute(sql, params, many, context)

    def __exit__(self, *fault):
        self._hook.__exit__(*fault)


# What follows commits for real: several connections, and an intruder who owns the tables.


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """An empty journal outside of any test transaction; emptied by force afterwards."""
    with django_db_blocker.unblock():
        yield
        empty_journal()
        connections.close_all()


def _in_threads(*works):
    faults = []

    def run(work):
        try:
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]


def test_recording_and_sealing_at_once_lose_and_double_no_leaf(committed, record, signer):
    writers, each = 4, 40
    done = threading.Event()

    def write():
        for _ in range(each):
            with acting_as(SYSTEM):
                record(), record()

    def write_all():
        try:
            _in_threads(*[write] * writers)
        finally:
            done.set()

    def seal():
        while not done.is_set():
            actions.seal(AT, signer, at_most=7)

    _in_threads(write_all, seal, seal)
    while actions.seal(AT, signer):
        pass
    with acting_as(SYSTEM):
        count = writers * each * 2
        assert Entry.objects.count() == count
        assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(
            range(count)
        )
        assert Leaf.objects.values("entry_id").distinct().count() == count
        assert Head.objects.count() > 3, "sealing did run beside the recording"
        assert checks.audit(signer.trusted) == []


def test_an_entry_committed_late_is_sealed_later_and_not_forgotten(committed, record, signer):
    late, committed_early = threading.Event(), threading.Event()
    ids = []

    def slow():
        with acting_as(SYSTEM):
            ids.append(record("case.stuck").pk)
            late.set()
            committed_early.wait(30)

    def quick():
        late.wait(30)
        with acting_as(SYSTEM):
            ids.append(record("case.resumed").pk)
        actions.seal(AT, signer)
        committed_early.set()

    _in_threads(slow, quick)
    actions.seal(AT + timedelta(minutes=1), signer)
    assert ids == sorted(ids), "the slow one drew its number first"
    with acting_as(SYSTEM):
        order = Leaf.objects.order_by("index").values_list("entry__verb", flat=True)
        assert list(order) == ["case.resumed", "case.stuck"]
        assert checks.audit(signer.trusted) == []


def test_what_was_rolled_back_never_becomes_a_leaf(committed, record, signer):
    with acting_as(SYSTEM):
        record()
        transaction.set_rollback(True)
    assert actions.seal(AT, signer) is None


ZERO = "decode(repeat('00', 32), 'hex')"
TAMPERING = {
    """UPDATE journal_entry SET data = '{"working_days": 90}' WHERE id = 2""": "E001",
    "UPDATE journal_entry SET actor_name = '别人' WHERE id = 2": "E001",
    "UPDATE journal_entry SET at = at - interval '1 day' WHERE id = 6": "E001",
    "DELETE FROM journal_leaf WHERE index = 1; DELETE FROM journal_entry WHERE id = 2": "E002",
    f"UPDATE journal_node SET hash = {ZERO} WHERE level = 1": "E003",
    "DELETE FROM journal_node WHERE level = 2": "E003",
    f"UPDATE journal_head SET root = {ZERO} WHERE size = 2": "E004",
    "UPDATE journal_head SET at = at + interval '1 day' WHERE size = 5": "E005",
    "DELETE FROM journal_waiting": "E006",
    "DELETE FROM journal_head WHERE size = 5": "E008",
}


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_an_intruder_with_all_rights_changes_is_found(committed, record, signer, statement):
    with acting_as(SYSTEM):
        for _ in range(5):
            record()
    actions.seal(AT, signer, at_most=2)
    actions.seal(AT, signer)
    with acting_as(SYSTEM):
        record()
        assert checks.audit(signer.trusted) == []
    _intrude(statement)
    with acting_as(SYSTEM):
        found = {finding.id for finding in checks.audit(signer.trusted)}
        assert f"journal.{TAMPERING[statement]}" in found


def _intrude(statement):
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        tables = ("journal_entry", "journal_leaf", "journal_node", "journal_head")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")


def test_a_tree_rebuilt_by_an_intruder_fails_on_the_signature(committed, record, signer):
    intruder = KeyInMemory()
    with acting_as(SYSTEM):
        record()
    actions.seal(AT, intruder)
    with acting_as(SYSTEM):
        assert [f.id for f in checks.audit(signer.trusted)] == ["journal.E005"]


def test_sealing_stops_before_it_signs_a_damaged_tree(committed, record, signer):
    with acting_as(SYSTEM):
        record(), record(), record()
    actions.seal(AT, signer)
    _intrude(f"UPDATE journal_node SET hash = {ZERO} WHERE level = 1")
    with acting_as(SYSTEM):
        record()
    with pytest.raises(Refused, match=r"journal\.E007"):
        actions.seal(AT, signer)


def test_a_false_head_stops_sealing_only_until_it_is_set_aside(committed, record, signer):
    with acting_as(SYSTEM):
        record(), record()
    actions.seal(AT, signer)
    _intrude(
        "INSERT INTO journal_head VALUES (99, decode(repeat('00', 32), 'hex'), now(), 'Ed25519',"
        " 'nobody', 'x')"
    )
    with acting_as(SYSTEM):
        record()
    with pytest.raises(Refused, match=r"journal\.E007.*set-aside"):
        actions.seal(AT, signer)
    with acting_as(SYSTEM):
        (found,) = checks.audit(signer.trusted)
        assert found.id == "journal.E005"
        assert "99" in found.message.en
        actions.set_aside(99, trusted=signer.trusted, at=AT)
        assert queries.history("journal/99")[0].verb == "journal.head_set_aside"
    while actions.seal(AT, signer):
        pass
    with acting_as(SYSTEM):
        assert checks.audit(signer.trusted) == []


def test_a_true_head_is_not_set_aside(committed, record, signer):
    with acting_as(SYSTEM):
        record()
    actions.seal(AT, signer)
    with acting_as(SYSTEM), pytest.raises(Refused, match=r"journal\.E010"):
        actions.set_aside(1, trusted=signer.trusted, at=AT)


def test_a_clock_that_was_set_back_is_noticed_before_a_head_is_signed(db, record, signer):
    with acting_as(SYSTEM):
        record()
    actions.seal(AT, signer)
    with acting_as(SYSTEM):
        record()
    with pytest.raises(Refused, match=r"journal\.E009"):
        actions.seal(AT - timedelta(minutes=1), signer)
    assert queries.latest_head().size == 1
    assert actions.seal(AT + timedelta(minutes=1), signer).size == 2


@pytest.mark.parametrize("what", ["node", "root", "order", "fewer", "twice"])
def test_the_tree_takes_only_what_follows_from_the_entries_that_wait(db, record, signer, what):
    with acting_as(SYSTEM):
        entries = [record() for _ in range(3)]
    leaves = [bytes(entry.leaf) for entry in entries]
    frontier, nodes = Frontier(), []
    for hashed in leaves:
        frontier, completed = frontier.append(hashed)
        nodes += completed
    ids, root = [entry.pk for entry in entries], frontier.root()
    if what == "node":
        nodes[2] = (nodes[2][0], bytes(32))
    elif what == "root":
        root = bytes(32)
    elif what == "order":
        ids.reverse()
    elif what == "fewer":
        nodes.pop()
    else:
        ids[1] = ids[0]
    values = [ids, [p.level for p, _ in nodes], [p.offset for p, _ in nodes]]
    values += [[hashed for _, hashed in nodes], root, AT, "Ed25519", "key", b"x"]
    refusing = pytest.raises(DatabaseError)
    with refusing as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(actions._SEAL, values)
    assert refused.value.__cause__.sqlstate in ("XY003", "23505")
