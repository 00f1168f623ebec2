"""The plan of a whole province is a page that a weak connection carries."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from xiangyun.faces.siting import planning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_the_plan_of_the_province_weighs_less_than_40_kB() -> None:
    # Other tests plan on a smaller ground, and what was planned is kept in memory.
    planning._ground.cache_clear()
    planning._made.cache_clear()
    client = Client()
    client.post("/login", {"as": "buju"})
    where = "/office/siting/eldercare/centre-plan"
    answer = client.get(where, headers={"accept-encoding": "gzip"})
    text = gzip.decompress(answer.content).decode()
    assert text.count('class="new"') == 100
    # Its stylesheets and scripts weigh some 10 kB more, see the weight of guides.
    assert len(answer.content) < 28_000, len(answer.content)
    names = re.findall(r"<text x[^>]*>([^<]+)</text>", text)
    assert len(names) > 30  # counties, where there is room
