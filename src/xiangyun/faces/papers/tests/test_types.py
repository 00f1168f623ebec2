"""Who issues and who accepts each type of certificate, from declarations, for everybody."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries
from xiangyun.faces.cli.story import SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_page_and_table_name_who_issues_and_who_accepts() -> None:
    page = Client().get("/certificate-types/").content.decode()
    rows = list(csv.DictReader(io.StringIO(
        Client().get("/certificate-types/types.csv").content.decode())))  # fmt: skip
    with acting_as(SYSTEM):
        types = {each.id: each for each in queries.types_of_certificates()}
    licence = types["business-licence"]
    assert [one.code for one in licence.issued_by] == [SERVICE]
    assert [one.code for one in licence.accepted_by] == ["construction/project-approval"]
    assert {row["certificate_type"] for row in rows} == set(types)
    (row,) = [row for row in rows if row["certificate_type"] == "business-licence"]
    assert row["accepted_by"] == "construction/project-approval"
    assert licence.code in page
