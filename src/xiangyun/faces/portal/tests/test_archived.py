"""A case that has moved to the archive is still named, and its file is its applicant's."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.archive import actions
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.service.retention import Retention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def case(tmp_path: Path, settings) -> Case:
    settings.ARCHIVE = str(tmp_path)
    found = submitted(actor("wang"), MORNING, brand="样档")
    withdraw_case(found.pk, actor=actor("wang"), at=MORNING)
    with acting_as(SYSTEM):
        found = Case.objects.select_related("version").get(pk=found.pk)
        terms = Retention(24, 10, "made up", False)
        actions.move(found, terms, at=timezone.now(), signer=signer())
    return found


def entered(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def test_whoever_applied_finds_the_case_and_takes_a_copy(case: Case) -> None:
    wang = entered("wang")
    page = wang.get("/cases").content.decode()
    assert "已归档" in page
    assert case.number in page
    kept = wang.get(f"/cases/{case.pk}/archived.zip")
    assert kept["Content-Disposition"] == f'attachment; filename="{case.number}.zip"'
    names = zipfile.ZipFile(io.BytesIO(kept.content)).namelist()
    assert names[:2] == ["case.json", "receipt.json"]
    assert any(name.startswith("files/") for name in names)


def test_an_old_address_of_the_case_leads_to_where_it_is_listed(case: Case) -> None:
    answer = entered("wang").get(f"/cases/{case.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/cases#archived")


def test_nobody_else_is_told_of_it(case: Case) -> None:
    li = entered("li")
    assert case.number not in li.get("/cases").content.decode()
    assert li.get(f"/cases/{case.pk}").status_code == 404
    assert li.get(f"/cases/{case.pk}/archived.zip").status_code == 404
