"""What is personal goes for good when its time is over, and the log still proves the rest."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError, connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import as_owner
from xiangyun.domain.journal import actions, checks, leaf, queries
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.journal.proof import check_receipt

from .conftest import AT, WANG

SUBJECT = "22010420260409000001"
MOBILE = "13804330001"


@pytest.fixture
def sealed(record, signer, db):
    """Two entries that say the same of a person, one of another case, all in the tree."""
    with acting_as(SYSTEM):
        for _ in range(2):
            record("task.done", private={"mobile": MOBILE})
        record(subject="another", private={"mobile": MOBILE})
        actions.seal(AT, signer)


def test_after_deletion_the_log_proves_the_rest(sealed, signer):
    with acting_as(SYSTEM):
        before = {each.pk: (leaf.leaf_text(each), leaf.digests(each)) for each in all_of(SUBJECT)}
        assert actions.erase(SUBJECT, why="保存期满", by=None, by_name="", at=AT) == 2
        actions.seal(AT, signer)
        assert checks.audit(signer.trusted) == []
        kept = [each for each in all_of(SUBJECT) if each.pk in before]
        assert {each.pk: (leaf.leaf_text(each), leaf.digests(each)) for each in kept} == before
        receipt = json.loads(json.dumps(queries.receipt(SUBJECT)))
        assert all_of(SUBJECT)[-1].verb == "journal.erased"
        # What is left to erase is the entry that says so.
        assert actions.erase(SUBJECT, why="", by=None, by_name="", at=AT) == 1
    assert check_receipt(receipt, signer.trusted).answer == "valid"
    said = json.dumps(receipt, ensure_ascii=False)
    assert MOBILE not in said
    assert WANG.name not in said
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT salt, actor_name, private::text FROM journal_entry"
            " WHERE subject = %s AND verb = 'task.done'",
            [SUBJECT],
        )
        rows = cursor.fetchall()
    assert len(rows) == 2
    for salt, name, private in rows:
        assert (bytes(salt), name) == (bytes(16), "")
        assert MOBILE not in private


def test_no_guess_fits_a_digest_whose_salt_is_gone(sealed):
    with acting_as(SYSTEM):
        first, second = (leaf.digests(each) for each in all_of(SUBJECT))
        # The same number twice has two digests: who knows one has not found the other.
        assert first["private.mobile"] != second["private.mobile"]
        actions.erase(SUBJECT, why="", by=None, by_name="", at=AT)
        guessed = leaf.digest(leaf.salt_of(leaf.ERASED, "private.mobile"), MOBILE)
        assert guessed not in (first["private.mobile"], second["private.mobile"])
        (other,) = all_of("another")
        assert other.private == {"mobile": MOBILE}


def test_what_is_erased_wrongly_is_found_by_the_audit(sealed, signer):
    with acting_as(SYSTEM):
        first = all_of(SUBJECT)[0]
        wrong = dict.fromkeys(leaf.digests(first), "0" * 64)
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_journal_erase(%s, %s)", [first.pk, json.dumps(wrong)])
        assert [each.id for each in checks.audit(signer.trusted)] == ["journal.E001"]


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'case.read'",
        "actor_name = ''",
        "salt = decode(repeat('00', 16), 'hex')",
        "salt = decode(repeat('00', 16), 'hex'), actor_name = '', private = '{\"a\": \"Wang\"}'",
        "salt = decode(repeat('00', 16), 'hex'), actor_name = '', private = '{}', at = now()",
    ],
)
def test_nothing_else_of_an_entry_changes(sealed, change):
    with (
        as_owner(),
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE journal_entry SET {change}")


def test_nobody_but_the_platform_erases(sealed):
    with (
        acting_as(WANG),
        pytest.raises(ProgrammingError, match="platform alone"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT xiangyun_journal_erase(1, '{}')")


def all_of(subject: str) -> list[Entry]:
    return list(Entry.objects.filter(subject=subject).order_by("pk"))
