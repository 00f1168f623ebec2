"""Several files are verified at once, each with its own answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def posted(*names: str):
    files = [SimpleUploadedFile(name, b"no certificate") for name in names]
    return Client().post(reverse("portal:verify"), {"file": files})


def test_each_of_several_files_has_its_own_answer():
    answer = posted("one.html", "two.json")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(page.count(name) == 1 for name in ("one.html", "two.json"))
    assert posted("one.html").status_code == 200


def test_more_files_than_a_page_takes_are_refused():
    answer = posted(*(f"{n}.html" for n in range(21)))
    assert answer.status_code == 422
    assert "20" in answer.content.decode()
