"""Declarations over the interface: packs without a service are listed and read too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries
from xiangyun.faces.cli.folder import read_folder

PACKS = Path(__file__).parents[5] / "packs"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def got(address: str) -> object:
    answer = Client().get(f"/api/{address}")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_registers_of_packs_without_a_service_are_listed() -> None:
    listed = {each["code"]: each for each in got("declarations?kind=register")}
    assert listed["company"]["pack"] == "market/companies"
    assert listed["person"]["name"]["zh"] == "人口库"
    assert got("declarations?kind=nothing") == []


def test_a_declaration_is_read_with_what_changed_in_each_version() -> None:
    with acting_as(SYSTEM) as system:
        (row,) = queries.declaration_versions("register", "company")
        path, text = next(iter(row.files.items()))
        files = {path: text.replace("scale: 2", "scale: 1")}
        whole = {**read_folder(PACKS / row.pack), **files}  # what stands on the pack stays
        catalogue.publish(row.pack, whole, actor=system, at=MORNING)
    read = got("declarations/register/company")
    assert read["files"] == files
    new, old = read["versions"]
    assert (new["version"], new["current"], old["changes"]) == (2, True, [])
    assert new["changes"] == [
        {"file": path, "place": "fields.capital.scale", "before": "2", "after": "1"}
    ]


def test_a_declaration_that_is_not_there_is_not_found() -> None:
    assert Client().get("/api/declarations/register/nothing").status_code == 404
