"""Somebody takes a copy of all own data from the page of the account."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.test import Client

from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PAGE = "/account/copy"


def test_the_account_leads_to_a_copy_of_all_own_data() -> None:
    wang = Client()
    assert wang.get(PAGE).status_code == 302  # to the login
    wang.post("/login", {"login": "wang", "password": PASSWORD})
    assert PAGE in wang.get("/account").content.decode()
    assert wang.get(PAGE).status_code == 200
    answer = wang.post(PAGE)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    with zipfile.ZipFile(BytesIO(answer.content)) as copied:
        assert "account.json" in copied.namelist()
        assert "王样云" in copied.read("account.json").decode()
