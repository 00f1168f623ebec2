"""A clerk plans and orders a draw on the pages, another one reveals it, and somebody is recused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.queries import actor_by_login
from xiangyun.domain.draws import access, actions, queries
from xiangyun.domain.draws.models import Plan, Visit
from xiangyun.domain.draws.tests import test_enforcement as enforcement
from xiangyun.domain.duties.tests.test_assignment import official
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.findings import Forbidden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PAGE = "/office/draws/"
PUBLIC = {"draw": enforcement.COMPANIES, "beacon": "public", "what": "lottery of tomorrow"}


@pytest.fixture(autouse=True)
def _register() -> None:
    elsewhere = {"division": "220184000000", "name": "别处公司", "code": "91220101MA0XYBNK16"}
    here = {"division": str(enforcement.HUNCHUN), "name": "样祥仓储", "code": enforcement.CODES[0]}
    for each in (elsewhere, here):
        more = {"kind": "company", "risk": "D", "items": ["XYJC-001"], "state": "open"}
        enforcement.enter("inspected_object", each["code"], **each, **more)
    enforcement.nobody_to_send()
    enforcement.enter_people("market-supervision", 4)
    enforcement.enter_people("fire", 2)


def entered(login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": PASSWORD})
    return client


def ordered(client: Client) -> str:
    today = timezone.localdate()
    said = {"draw": enforcement.COMPANIES, "month": "1", "year": str(today.year)}
    assert client.post(PAGE + "plan/", said).status_code == 302
    answer = client.post(PAGE + "commit/", PUBLIC)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_one_clerk_orders_another_reveals_and_an_inspector_is_struck() -> None:
    first, second = entered("choucha"), entered("jiebai")
    assert first.post(PAGE + "commit/", PUBLIC).status_code == 409  # no plan foresees it
    page = ordered(first)
    assert b"somebody else reveals" in first.get(page).content
    own = first.post(page + "reveal/", {"value": "3 8 15"})
    assert (own.status_code, b"You ordered draw" in own.content) == (403, True)
    assert second.post(page + "reveal/", {"value": "3 8 15"}).status_code == 302
    with acting_as(SYSTEM):
        (visit,) = Visit.objects.all()  # the company of another place was not in the frame
    assert visit.key == enforcement.CODES[0]
    struck = next(who for who in visit.inspectors if who.startswith("market"))
    said = {"who": f"{visit.key} {struck.partition('/')[2]}", "why": " "}
    assert second.post(page + "recuse/", said).status_code == 422
    assert second.post(page + "recuse/", {**said, "why": "relative"}).status_code == 302
    with acting_as(SYSTEM):
        visit.refresh_from_db()
    assert struck not in visit.inspectors
    shown = second.get(page).content.decode()
    assert "A public event, such as a lottery · lottery of tomorrow" in shown
    assert all(name in shown for name in ("样员", "Market Supervision", "JLMA"))
    assert f"/draws/objects/inspected_object/{visit.key}" in shown
    assert first.get(PAGE).status_code == 200


def test_an_official_of_two_places_sees_the_orders_of_both() -> None:
    here = actor("choucha")
    (declared,) = access.ordered_by(here)
    moved = [replace(each, low=220184000000, high=220184999999) for each in here.mandates]
    both = replace(here, mandates=(*here.mandates, *moved))
    orders = [{"place": f"{enforcement.HUNCHUN:012}"}, {"place": "220184000000"}]
    assert [access.sees(here, declared, each) for each in orders] == [True, False]
    assert [access.sees(both, declared, each) for each in orders] == [True, True]


def test_who_orders_no_draws_finds_no_pages() -> None:
    page = ordered(entered("choucha"))
    other = entered("shencha")
    assert [other.get(each).status_code for each in (PAGE, page)] == [404, 404]
    assert other.post(page + "reveal/", {"value": "1"}).status_code == 404
    with pytest.raises(Forbidden):
        actions.plan(enforcement.COMPANIES, 2026, 2, actor=actor("shencha"), at=timezone.now())
    with acting_as(SYSTEM):
        assert Plan.objects.count() == 1


def actor(login: str) -> Actor:
    with acting_as(SYSTEM):
        found = actor_by_login(login)
    assert found is not None
    return found


def test_an_order_without_its_beacon_is_refused_on_the_page() -> None:
    client = entered("choucha")
    answer = client.post(PAGE + "commit/", {**PUBLIC, "what": ""})
    assert (answer.status_code, b"beacon is not given" in answer.content) == (422, True)
    with acting_as(SYSTEM):
        assert not queries.draws()


def test_an_inspector_finds_the_own_visits_and_is_recused_from_one() -> None:
    page = ordered(entered("choucha"))
    entered("jiebai").post(page + "reveal/", {"value": "3 8 15"})
    with acting_as(SYSTEM):
        visit = Visit.objects.select_related("draw").get()
        first = next(each for each in queries.codes_of(visit) if each.startswith("JLMA"))
        other = next(each for each in queries.codes_of(visit) if each != first)
    official(enforcement.login_of(first), "enforcer:market_supervision", enforcement.HUNCHUN)
    client = entered(enforcement.login_of(first))
    shown = client.get(PAGE + "mine/").content.decode()
    assert "样祥仓储" in shown
    which = f"{visit.draw.number} {visit.key} {first}"
    assert which in shown
    decline = PAGE + "mine/decline/"
    assert client.post(decline, {"which": which, "why": " "}).status_code == 422
    not_own = {"which": f"{visit.draw.number} {visit.key} {other}", "why": "亲属"}
    assert client.post(decline, not_own).status_code == 403
    assert client.post(decline, {"which": which, "why": "亲属"}).status_code == 302
    with acting_as(SYSTEM):
        visit.refresh_from_db()
    assert first not in queries.codes_of(visit)
    assert other in queries.codes_of(visit)
    assert "样祥仓储" not in client.get(PAGE + "mine/").content.decode()
    assert entered("shencha").get(PAGE + "mine/").status_code == 404
