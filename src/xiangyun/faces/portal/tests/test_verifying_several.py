"""Several files are verified at once, each with its own answer."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.certificates import queries
from xiangyun.domain.certificates.trust import FORMAT, read_trust

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


def test_the_trust_list_shows_everybody_whose_keys_are_believed_and_until_when(monkeypatch):
    school = {
        "name": {"zh": "示例学院（虚构）", "en": "The School of Examples (fictitious)"},
        "issuers": ["https://vc.example/issuers/5678"],
        "keys": ["z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"],
        "until": str(timezone.localdate() + timedelta(days=10)),
    }
    listed = read_trust(json.dumps({"format": FORMAT, "organisations": [school]}))
    monkeypatch.setattr(queries, "others", lambda: listed)
    page = Client().get("/trust").content.decode()
    own = queries.own_trust().pems
    for said in ("示例学院（虚构）", "https://vc.example/issuers/5678", "还有 10 天", *own):
        assert said in page
    assert 'class="state amber"' in page
