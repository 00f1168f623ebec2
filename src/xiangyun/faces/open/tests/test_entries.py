"""Entries of the catalogue: every department's, with what they lack, who uses them, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.datasets import actions, listing
from xiangyun.domain.datasets.models import Listing
from xiangyun.domain.messaging.models import Message
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.open.tests.conftest import steward
from xiangyun.kernel.codes.department import DEPARTMENTS

pytestmark = pytest.mark.django_db


def page(code: str) -> str:
    return Client().get(f"/data/{code}", headers={"Accept-Language": "en"}).content.decode()


@pytest.fixture
def listed(demonstration: None) -> None:
    listing.relist_all()


def test_every_department_has_registers_data_sets_and_interfaces_in_the_catalogue(
    listed: None,
) -> None:
    with acting_as(SYSTEM):
        found = set(Listing.objects.values_list("organization", "kind"))
        codes = list(Listing.objects.filter(kind="dataset").values_list("told", flat=True))
    for key in DEPARTMENTS:
        assert {kind for office, kind in found if office == key} == {
            "register",
            "dataset",
            "interface",
        }
    assert len(DEPARTMENTS) == 141
    resource = [each["catalogue_code"] for each in codes if each.get("fictitious")]
    assert len(resource) == len(set(resource)) > 400


def test_an_entry_says_its_classes_its_law_and_what_it_lacks(listed: None) -> None:
    kept = page("health-staff")
    assert "The civil servants act" in kept
    assert "made-up entry" in kept
    assert "departmental" in kept
    lacking = page("health-disclosure-index")
    assert "no update cycle" in lacking
    assert "60 / 100" in lacking
    assert "100 / 100" in page("health-permits")
    register = page("register-data_use")
    assert "Register of the use of data" in register
    assert "Purpose" in register
    assert Client().get("/data/no-such-entry").status_code == 404


def test_whatever_the_catalogue_lists_is_shown_as_a_package(listed: None) -> None:
    def ask(action: str, **given: object) -> Any:
        return Client().get(f"/api/3/action/{action}", given).json()["result"]

    names = ask("package_list")
    found = ask("package_search", rows=1000)
    assert found["count"] == len(found["results"]) == len(names)
    assert {each["name"] for each in found["results"]} == {*names}
    without = next(each for each in found["results"] if not each["resources"])
    shown = ask("package_show", id=without["name"])
    assert shown == without
    assert shown["title"]
    assert shown["organization"]["title"]
    assert ask("package_show", id=without["id"])["name"] == without["name"]


def test_two_entries_of_one_code_keep_no_other_out_of_the_catalogue(
    demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    described, interfaces = list(listing._entries()), list(listing._interfaces())
    interfaces[0].code = described[0].code
    monkeypatch.setattr(listing, "_entries", lambda: described)
    monkeypatch.setattr(listing, "_interfaces", lambda: interfaces)
    count = listing.relist_all()
    with acting_as(SYSTEM):
        assert Listing.objects.filter(source="").count() == count
        assert Listing.objects.get(code=described[0].code).kind == "interface"


def test_every_kind_of_entry_has_a_page_whoever_it_is_of(listed: None) -> None:
    with acting_as(SYSTEM):
        shown = Listing.objects.order_by("kind", "organization", "code")
        codes = list(shown.distinct("kind", "organization").values_list("code", flat=True)[:20])
        of_none = Listing.objects.filter(organization="").values_list("code", flat=True)
        connector, *_ = of_none.filter(kind="interface").order_by("code")
        partner = Listing.objects.get(code=connector).told["partner"]
    assert {Client().get(f"/data/{code}").status_code for code in [*codes, *of_none]} == {200}
    told = page(connector)
    assert partner in told
    assert "Publisher" not in told


def test_who_uses_what_for_which_purpose_is_seen_and_use_is_asked_for(listed: None) -> None:
    told = page("health-case-status")
    assert "样例大学（虚构）" in told
    assert "办事时长研究" in told
    assert "/services/data/use-request" in told
    assert "/services/data/data-correction" in told
    assert "/services/data/use-request" not in page("health-permits")


def test_whoever_subscribed_is_told_of_a_release_and_of_its_withdrawal(published: None) -> None:
    client, code = Client(), "company-register"
    client.post(f"/data/{code}/subscribe/")
    client.post("/login", {"login": "wang", "password": PASSWORD})
    client.post(f"/data/{code}/subscribe/")
    client.post(f"/data/{code}/subscribe/")
    at = timezone.now() + timedelta(days=1)
    wang = queries.actor_by_login("wang")
    assert wang is not None
    actions.withdraw(code, 1, "数值有误", actor=steward("shujusan"), at=at)
    with acting_as(SYSTEM):
        (message,) = Message.objects.filter(recipient=wang.account, name="dataset")
    assert "withdrawn" in message.title["en"]
    assert "数值有误" in message.body["zh"]
    client.post(f"/data/{code}/unsubscribe/")
    again = actions.build_release(code, actor=steward("shujusi"), at=at, on=timezone.localdate(at))
    assert again is not None
    actions.publish(code, actor=steward("shujuwu"), at=at)
    with acting_as(SYSTEM):
        assert Message.objects.filter(recipient=wang.account, name="dataset").count() == 1
    client.post(f"/data/{code}/subscribe/")
    assert actions.forget(code, at=at) == 1
    with acting_as(SYSTEM):
        *_, last = Message.objects.filter(recipient=wang.account, name="dataset").order_by("pk")
    assert "release 2 was withdrawn" in last.title["en"]
    assert "published no more" in last.body["en"]
    assert "published no more" not in last.body["zh"]
    assert "published no more" in page(code)
    gone = client.get(f"/data/{code}/2.csv")
    assert (gone.status_code, gone.content.decode().count("\n")) == (410, 2)
