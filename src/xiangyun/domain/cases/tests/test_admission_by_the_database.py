"""What a service takes is held by the database as well, with the guards of the program left out."""

from __future__ import annotations

import pytest
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, admission, drafts
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.cases.tests.situations import actor, written_draft
from xiangyun.domain.cases.tests.test_admission import (
    CHANGES,
    NOW,
    ONLINE,
    begun,
    published,
    refused,
)
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.story import SERVICE
from xiangyun.kernel.service.admission import applicant_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ALL = {**CHANGES, "cancelled": ("state: in_force", "state: cancelled")}


@pytest.fixture
def no_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program asks nothing: only the database does."""
    monkeypatch.setattr(admission, "refuse_unless_taken", lambda draft, at: None)
    monkeypatch.setattr(
        admission, "desk_that_files", lambda item, actor, owner, at: actor.mandates[0]
    )


@pytest.mark.usefixtures("no_guards")
@pytest.mark.parametrize("id", ALL)
def test_the_database_lets_nobody_begin_what_a_service_does_not_take(id: str) -> None:
    published(*ALL[id])
    assert refused(lambda: begun(actor("wang"))) == ["service.E001"]
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("no_guards")
@pytest.mark.parametrize("id", ALL)
def test_nor_send_what_was_begun_before(id: str) -> None:
    wang = actor("wang")
    draft = written_draft(wang, NOW)
    published(*ALL[id])
    with acting_as(wang):
        assert refused(lambda: actions.submit_case(draft, actor=wang, at=NOW)) == ["service.E001"]
        assert not Case.objects.exists()
        assert not Draft.objects.get(pk=draft).sent


@pytest.mark.usefixtures("no_guards")
def test_nor_file_at_a_desk_that_takes_none_nor_what_is_off_the_catalogue() -> None:
    desk, li = actor("bangban"), actor("li")

    def file() -> Draft:
        with acting_as(desk):
            return drafts.start_draft(SERVICE, actor=desk, at=NOW, owner=li.account)

    assert file().filed_in
    published(ONLINE, "filing_desks: [online, window]")
    assert refused(file) == ["service.E001"]
    wang = actor("wang")
    draft = written_draft(wang, NOW)
    with acting_as(SYSTEM) as system:
        catalogue.unpublish(SERVICE, actor=system, at=NOW)
    with acting_as(wang):
        assert refused(lambda: actions.submit_case(draft, actor=wang, at=NOW)) == ["service.E001"]


@pytest.mark.usefixtures("no_guards")
def test_what_it_takes_is_taken() -> None:
    wang = actor("wang")
    draft = written_draft(wang, NOW)
    with acting_as(wang):
        assert actions.submit_case(draft, actor=wang, at=NOW).owner == wang.account


def test_database_and_program_mean_the_same_kind_of_applicant() -> None:
    body = "222404MA0XY0029"
    starts = ["11", "12", "13", "51", "52", "53", "59", "91", "92", "93", "99", "A1", "Y9", "N2"]
    codes = [f"{start}{body}L" for start in starts] + [
        "", "91", "91222404MA0XY0029", "9122240OMA0XY0029L", "91AB2404MA0XY0029L", "公司",
    ]  # fmt: skip
    for person in (True, False):
        for code in codes:
            with connection.cursor() as cursor:
                kind = "person" if person else "organisation"
                cursor.execute("SELECT xiangyun_applicant_kind(%s, %s)", [kind, code])
                assert cursor.fetchone() == (applicant_kind(person, code),), code
