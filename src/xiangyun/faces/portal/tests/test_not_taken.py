"""A service that takes no application says so in the guide, and when somebody tries anyway."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from xiangyun.domain.cases.tests.test_admission import COMPANIES, SUSPENDED, published
from xiangyun.faces.cli.story import SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.mark.parametrize(
    ("change", "says"), [(SUSPENDED, "is suspended"), (COMPANIES, "is for: company")]
)
def test_the_guide_says_why_instead_of_a_button(
    change: tuple[str, str], says: str, log_in: Callable[[str], Client]
) -> None:
    published(*change)
    client = log_in("wang")
    english = {"Accept-Language": "en"}
    guide = client.get(f"/services/{SERVICE}", headers=english).content.decode()
    assert says in guide
    assert "Start the application" not in guide
    tried = client.post(f"/services/{SERVICE}/apply", headers=english)
    assert tried.status_code == 409
    assert says in tried.content.decode()
