"""Pages of draws: order before outcome, a record to repeat, and what was drawn of one object."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.draws import actions
from xiangyun.domain.draws.models import Outcome, Visit
from xiangyun.domain.draws.tests import test_drawing as drawing
from xiangyun.domain.duties.tests import visits
from xiangyun.kernel.draw import RESULT

pytestmark = pytest.mark.django_db
PUBLIC = drawing.REGISTER.replace("readers: [visits/home]", "readers: all")


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    visits.publish({**drawing.PACK, "registers/household.yaml": PUBLIC})
    for at in range(4):
        level = "high" if at % 2 else "low"
        home = f"22240400{at % 2 + 1}001"
        drawing.enter("household", f"H{at}", name=f"样户{at}", home=home, level=level)
        where = {"home": "222404000000", "team": "civil" if at < 3 else "health"}
        drawing.enter("visitor", f"P{at}", name=f"样员{at}", until="2030-01-01", **where)


def page(name: str, *arguments: str) -> str:
    answer = Client().get(reverse(f"lots:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(number: str) -> list[str]:
    answer = Client().get(reverse("lots:record", args=[number]))
    return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_an_order_is_shown_before_its_outcome_and_the_outcome_after() -> None:
    made = drawing.ordered()
    assert made.number in page("draws")
    assert made.digest in page("draw", made.number)
    assert RESULT not in names_in(made.number)
    drawing.revealed(made.number)
    shown = page("draw", made.number)
    with acting_as(SYSTEM):
        drawn = [each.key for each in Visit.objects.filter(draw=made)]
    assert drawn
    assert all(f"objects/household/{key}" in shown for key in drawn)
    assert RESULT in names_in(made.number)


def test_an_outcome_that_is_not_public_yet_is_shown_to_nobody() -> None:
    made = drawing.ordered()
    ahead = MORNING + timedelta(days=200_000)
    outcome = actions.reveal(made.number, {"value": "1"}, at=ahead)
    with acting_as(SYSTEM):
        assert Outcome.objects.get(pk=outcome.pk).public_at == ahead
        assert Visit.objects.filter(draw=made).exists()
    assert "objects/household/" not in page("draw", made.number)
    assert RESULT not in names_in(made.number)


def test_the_page_of_an_object_says_what_it_may_expect_and_has_a_code() -> None:
    shown = page("object", "household", "H0")
    assert "样户0" in shown
    code = Client().get(reverse("lots:code", args=["household", "H0"]))
    assert code["Content-Type"] == "image/svg+xml"


def test_what_everybody_may_not_read_has_no_page() -> None:
    for register, key in (("visitor", "P1"), ("household", "H9"), ("nowhere", "x")):
        assert Client().get(reverse("lots:object", args=[register, key])).status_code == 404
    assert Client().get(reverse("lots:draw", args=["CC2026-9999"])).status_code == 404
