"""The demonstration keeps what registers must keep, and made again it takes nothing back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions, queries
from xiangyun.domain.registers.models import Fact
from xiangyun.domain.registers.sealing import is_sealed
from xiangyun.faces.cli import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WANG = next(each for each in demonstration.FIGURES if each.login == "wang")


def known(*, opened: bool = False) -> dict[str, object]:
    with acting_as(SYSTEM):
        found = queries.state("person", WANG.id_number, opened=opened)
    assert found is not None
    return dict(found.data or {})


def test_what_is_sensitive_of_its_people_is_encrypted() -> None:
    assert known()["name"] == WANG.name
    assert is_sealed(known()["id_number"])
    assert is_sealed(known()["mobile"])


def test_made_again_it_takes_back_no_correction_and_enters_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is loaded by the owner of the tables goes past the transaction of a test.
    monkeypatch.setattr("xiangyun.domain.divisions.actions.load_divisions", lambda: 0)
    monkeypatch.setattr("xiangyun.faces.cli.madeup.load", lambda *_: 0)
    changed = {"mobile": "13904330009"}
    at = timezone.now()
    actions.correct("person", WANG.id_number, changed, why="换号", source="t", at=at)
    with acting_as(SYSTEM):
        before = Fact.objects.count()
    demonstration.prepare()
    assert known(opened=True)["mobile"] == "13904330009"
    with acting_as(SYSTEM):
        assert Fact.objects.count() == before
