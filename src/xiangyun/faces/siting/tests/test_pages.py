"""Plans as pages: made, compared, drawn, downloaded, and put forward for approval."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Draft
from xiangyun.faces.siting import planning
from xiangyun.kernel.siting import ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PAGE = "/office/siting/eldercare/centre-plan"


@pytest.fixture(scope="module", autouse=True)
def _small() -> None:
    """Plans of one prefecture, so that the tests take little; what is asked stays the same."""
    everywhere = ground.invented
    patched = pytest.MonkeyPatch()
    patched.setattr(
        ground, "invented", lambda known, _, built: everywhere(known, 220400000000, built // 10)
    )
    planning._ground.cache_clear()
    planning._made.cache_clear()
    yield
    patched.undo()
    planning._ground.cache_clear()
    planning._made.cache_clear()


@pytest.fixture
def office() -> Client:
    client = Client()
    assert client.post("/login", {"as": "buju"}).status_code == 302
    return client


def test_the_plan_stands_on_a_page_with_its_map_and_its_bound(office: Client) -> None:
    page = office.get(f"{PAGE}?choose=8")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<svg" in text
    assert text.count('class="new"') == 8
    assert "虚构" in text
    assert "差距：0.0" in text


def test_a_county_and_a_town_are_drawn_by_themselves(office: Client) -> None:
    for within in ("220402000000", "220402001000"):
        page = office.get(f"{PAGE}?choose=8&within={within}")
        assert "stroke-dasharray" in page.content.decode() or within.endswith("001000")
        assert page.status_code == 200
    assert office.get(f"{PAGE}?choose=8&within=110101000000").status_code == 404


def test_who_gains_is_told_by_village_in_the_county(office: Client) -> None:
    whole = office.get(f"{PAGE}?choose=8").content.decode()
    towns = re.findall(r"within=(\d{12})", whole)
    county = office.get(f"{PAGE}?choose=8&within={towns[0][:6]}000000").content.decode()
    assert "<details><summary>" in county.split("<h2>")[1]
    assert "<details><summary>" not in whole.split("<h2>")[1]


def test_two_plans_stand_beside_each_other(office: Client) -> None:
    text = office.get(f"{PAGE}?choose=8&b_choose=9").content.decode()
    assert "两个方案" in text
    assert "只在另一方案" in text


def test_the_second_plan_is_the_first_but_for_what_differs(office: Client) -> None:
    text = office.get(f"{PAGE}?choose=8&minutes=20&b_objective=distance").content.decode()
    rows = re.findall(r"<tr><th scope=\"row\">新建</th>(.*?)</tr>", text, re.S)
    assert [re.findall(r">(\d+)<", row) for row in rows] == [["8", "8", "0"]]
    assert office.get(f"{PAGE}?choose=8&b_minutes=no").status_code == 422


def test_a_town_is_decided_on_the_page_and_stays(office: Client) -> None:
    text = office.get(f"{PAGE}?choose=3").content.decode()
    keep = re.search(r'href="\?([^"]*decided=(\d{12}))"', text)
    assert keep is not None
    with_it = office.get(f"{PAGE}?{html.unescape(keep[1])}").content.decode()
    assert "已定</span>" in with_it
    assert f'value="{keep[2]}"' in with_it
    assert with_it.count('class="new"') == 3
    assert office.get(f"{PAGE}?choose=3&decided=abc").status_code == 422


def test_what_cannot_be_is_said_at_its_field(office: Client) -> None:
    wrong = (("choose=many", "整数"), ("choose=1100", "候选"), ("choose=8&least=9", "还要"))
    for query, said in wrong:
        page = office.get(f"{PAGE}?{query}")
        assert page.status_code == 422
        assert said in page.content.decode()
        assert office.get(f"{PAGE}/plan.csv?{query}").status_code == 404


def test_a_plan_is_downloaded(office: Client) -> None:
    rows = office.get(f"{PAGE}/plan.csv?choose=8").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 9
    told = office.get(f"{PAGE}/plan.json?choose=8").json()
    assert (told["choose"], len(told["sites"]), told["gap"]) == (8, 8, 0)
    drawn = office.get(f"{PAGE}/map.svg?choose=8&within=")
    assert drawn["Content-Type"] == "image/svg+xml"


def test_a_plan_becomes_the_draft_of_a_case_with_its_figures(office: Client) -> None:
    given = {"choose": "8", "least": "1", "minutes": "15", "objective": "coverage"}
    answer = office.post(f"{PAGE}/approval", given)
    assert answer.status_code == 302
    with acting_as(SYSTEM):
        draft = Draft.objects.get(pk=answer["Location"].split("/")[2])
    assert draft.answers["new_sites"] == 8
    assert "choose=8" in draft.answers["address"]
    # Every question of the form is answered by the plan: the check page comes next.
    assert office.get(answer["Location"])["Location"].endswith("/check")


def test_nobody_but_officials_sees_plans() -> None:
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.post("/login", {"as": "wang"})
    assert client.get(PAGE).status_code == 404
