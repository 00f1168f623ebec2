"""`xiangyun register rotate-keys`: all that is kept encrypted, under a new key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner
from django.utils import timezone

from xiangyun.adapters import cipher as ciphers
from xiangyun.adapters.keys import instance_folder
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import actions, queries
from xiangyun.domain.registers.models import Fact
from xiangyun.domain.vault.models import DataKey
from xiangyun.domain.vault.sealing import Seal, opened
from xiangyun.faces.cli.register import register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NUMBER = "11010519491231002X"


@pytest.fixture
def keys() -> Iterator[None]:
    """The keys of the instance; what a test adds is taken out again."""
    folder = instance_folder() / "data"
    before = ciphers.cipher().newest
    yield
    for file in folder.glob("[0-9]*.key"):
        if int(file.stem) > before:
            file.unlink()


def test_registers_and_cases_are_encrypted_with_a_new_key_once(keys: None) -> None:
    data = {"id_number": NUMBER, "name": "金样一"}
    actions.record(
        "person", NUMBER, data, valid_from=date(2026, 1, 1), source="t", at=timezone.now()
    )
    with acting_as(SYSTEM):
        kept = Seal("case/1").value("藏", "x")
    made = CliRunner().invoke(register, ["rotate-keys"])
    assert made.exit_code == 0, made.output
    newest = ciphers.cipher().newest
    with acting_as(SYSTEM):
        sealed = Fact.objects.exclude(sealed_by=None)
        assert set(sealed.values_list("sealed_by", flat=True)) == {newest}
        assert set(DataKey.objects.values_list("key", flat=True)) == {newest}
        assert opened("case/1", kept, "x") == "藏"
        state = queries.state("person", NUMBER, opened=True)
        assert state is not None
        assert (state.data or {})["id_number"] == NUMBER
        (entry,) = journal.history("keys")
        assert entry.data["vault"] == 1
    again = CliRunner().invoke(register, ["rotate-keys", "--no-new-key"])
    assert again.exit_code == 0, again.output
    assert ciphers.cipher().newest == newest
