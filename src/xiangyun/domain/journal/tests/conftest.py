"""A signing key for the tests, and a journal that is empty again after them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connections, transaction
from pytest_django import DjangoDbBlocker

from xiangyun.adapters import postgres
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.journal.signatures import key_id

AT = datetime(2026, 4, 9, 1, 30, tzinfo=UTC)
CHAOYANG, SIPING = 220104000000, 220300000000
WANG = Actor(name="王小溪（虚构）", kind="person", account=UUID(int=1))
LI = Actor(name="李山（虚构）", kind="person", account=UUID(int=2))


@dataclass(frozen=True)
class KeyInMemory:
    """A signer whose key ends with the test."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    algorithm: str = "Ed25519"

    @property
    def public_key_pem(self) -> str:
        pem = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode()

    @property
    def key_id(self) -> str:
        return key_id(self.public_key_pem)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    @property
    def trusted(self) -> dict[str, str]:
        return {self.key_id: self.public_key_pem}


@pytest.fixture
def signer() -> KeyInMemory:
    return KeyInMemory()


Recorder = Callable[..., Entry]


@pytest.fixture
def record() -> Recorder:
    """Record an entry about Ms Wang's case, unless told otherwise."""

    def record(verb: str = "case.submitted", **changes: object) -> Entry:
        given: dict[str, object] = {
            "subject": "22010420260409000001",
            "division": CHAOYANG,
            "owner": WANG.account,
            "actor": WANG.account,
            "actor_name": WANG.name,
            "desk": "",
            "at": AT,
            "data": {"service": "company-registration", "working_days": 1},
        }
        return actions.record(actions.entry_of(verb=verb, **(given | changes)))

    return record


@pytest.fixture
def as_system(db: None) -> Iterator[None]:
    with acting_as(SYSTEM):
        yield


@pytest.fixture(scope="module", autouse=True)
def _own_database(
    inside_database: Callable[[str], AbstractContextManager[str]],
) -> Iterator[None]:
    """A copy for these tests: what they empty is the proof of what others rely on."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_journal_{os.getpid()}"
    with inside_database(copy) as server:
        postgres.copy_database(server, usual, copy)
        yield


@pytest.fixture(autouse=True)
def journal_of_this_test(_own_database: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Nothing stands in the journal that this test did not record."""
    with django_db_blocker.unblock():
        empty_journal()


def empty_journal() -> None:
    """Empty the journal by force, as only the owner of the tables could."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for change in ("DISABLE", "ENABLE ALWAYS"):
            for table in ("journal_entry", "journal_leaf", "journal_node", "journal_head"):
                cursor.execute(f"ALTER TABLE {table} {change} TRIGGER append_only_whole")
            if change == "DISABLE":
                cursor.execute(
                    "TRUNCATE journal_entry, journal_leaf, journal_node, journal_head,"
                    " journal_waiting RESTART IDENTITY"
                )
