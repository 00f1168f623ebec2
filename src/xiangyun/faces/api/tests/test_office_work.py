"""Work of officials over the interface: whose a task is, cases they open, their inbox."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import act, actor, submitted
from xiangyun.domain.duties.tests import visits as opening_visits
from xiangyun.domain.messaging import contacts, handout
from xiangyun.domain.messaging.models import Contact

from .test_task_forms import program, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def visit_opened(client: Client) -> tuple[str, Case]:
    """A case that `pinggu` opened about somebody, by its key."""
    key = str(uuid4())
    status, said = sent(
        client,
        "put",
        f"/api/applications/{key}",
        service=opening_visits.SERVICE,
        answers={"household": "金样一", "place": "222404001001"},
        subject={"kind": "person", "code": "22240419880721001X", "name": "金样一"},
    )
    assert status == 200, said
    for _ in range(2):
        answer = client.post(f"/api/applications/{key}/submit")
        assert answer.status_code == 200, answer.json()
    with acting_as(SYSTEM):
        return key, Case.objects.get(pk=key)


def test_an_official_opens_a_case_about_somebody_once_and_it_is_not_his_own_matter() -> None:
    opening_visits.publish()
    client = program("pinggu")
    key, case = visit_opened(client)
    assert case.variables["opening"]["how"] == "official"
    assert case.owner != actor("pinggu").account
    read = client.get(f"/api/cases/{key}").json()
    assert [task["form"] for task in read["tasks"]] == ["visit"]
    status, refused = sent(
        program("shencha"),
        "put",
        f"/api/applications/{uuid4()}",
        service=opening_visits.SERVICE,
        subject={"kind": "person", "code": "22240419880721001X", "name": "金样一"},
    )
    assert (status, refused["findings"][0]["id"]) == (403, "case.E064")


def test_a_task_is_claimed_handed_over_and_given_back_and_lists_say_who_has_it() -> None:
    opening_visits.publish()
    pinggu, yanglao = program("pinggu"), program("yanglao")
    key, _ = visit_opened(pinggu)
    (holding,) = pinggu.get(f"/api/cases/{key}/holdings").json()
    assert (holding["held_by"], holding["may_claim"], holding["may_release"]) == ("", True, False)
    task = f"/api/cases/{key}/tasks/{holding['task']}"
    status, held = sent(pinggu, "post", f"{task}/claim")
    assert (status, held["held_by"], held["mine"]) == (200, actor("pinggu").name, True)
    (row,) = yanglao.get("/api/queue").json()["rows"]
    assert row["held_by"] == actor("pinggu").name
    status, refused = sent(yanglao, "post", f"{task}/claim")
    assert (status, refused["findings"][0]["id"]) == (409, "case.E066")
    other = next(each for each in held["others"] if each["name"] == actor("yanglao").name)
    status, _ = sent(pinggu, "post", f"{task}/hand-over", to=other["account"], reason="")
    assert status == 422
    status, held = sent(pinggu, "post", f"{task}/hand-over", to=other["account"], reason="外出")
    assert (status, held["held_by"], held["mine"]) == (200, actor("yanglao").name, False)
    status, refused = sent(pinggu, "post", f"{task}/release", reason="不在")
    assert (status, refused["findings"][0]["id"]) == (403, "case.E066")
    status, held = sent(yanglao, "post", f"{task}/release", reason="当天有会")
    assert (status, held["held_by"], held["may_claim"]) == (200, "", True)
    status, refused = sent(yanglao, "post", f"{task}/release", reason="当天有会")
    assert (status, refused["findings"][0]["id"]) == (409, "case.E090")
    with acting_as(SYSTEM):
        item = WorkItem.objects.get(case=key, closed_at=None)
    assert (item.assigned, "assigned" in item.headers) == (None, False)
    history = [line["what"]["en"] for line in pinggu.get(f"/api/cases/{key}").json()["history"]]
    assert any(line.startswith("Gave the task") for line in history)


def test_what_the_process_names_somebody_for_is_not_given_back_and_citizens_see_no_holders() -> (
    None
):
    from xiangyun.domain.duties.tests.test_assignment import (  # noqa: PLC0415 - its drawing alone
        drawn,
        given,
    )

    opening_visits.publish(drawn(given("task_assignee", "=&quot;pinggu&quot;")))
    client = program("pinggu")
    key, _ = visit_opened(client)
    (holding,) = client.get(f"/api/cases/{key}/holdings").json()
    assert (holding["mine"], holding["may_release"]) == (True, False)
    task = f"/api/cases/{key}/tasks/{holding['task']}"
    status, refused = sent(client, "post", f"{task}/release", reason="不想")
    assert (status, refused["findings"][0]["id"]) == (409, "case.E091")
    assert program("wang").get(f"/api/cases/{key}/holdings").status_code == 404


def test_the_inbox_is_read_page_by_page_and_each_message_once() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    handout.hand_out(case.pk)
    client, stranger = program("wang"), program("li")
    found = client.get("/api/inbox?limit=1").json()
    assert found["unread"] >= 2
    (first,) = found["messages"]
    assert (first["kind"], first["number"], first["read_at"]) == ("letter", case.number, None)
    rest = client.get(f"/api/inbox?before={found['next']}").json()["messages"]
    assert first["id"] not in {each["id"] for each in rest}
    read = client.get(f"/api/inbox/{first['id']}").json()
    assert read["body"]["zh"]
    assert read["read_by"] == "王样云"
    assert client.get("/api/inbox?unread=true").json()["unread"] == found["unread"] - 1
    assert stranger.get(f"/api/inbox/{first['id']}").status_code == 404
    assert stranger.get("/api/inbox").json()["messages"] == []
    status, said = sent(client, "post", "/api/inbox/read", upto=first["id"])
    assert (status, said["read"]) == (200, found["unread"] - 1)
    assert client.get("/api/inbox").json()["unread"] == 0
    for bad in ("x", "0", "-3", str(2**70)):
        assert client.get(f"/api/inbox?before={bad}").status_code == 422
    assert client.get(f"/api/inbox/{2**70}").status_code == 422


def test_channels_are_chosen_and_an_address_counts_when_its_code_has_come_back(settings) -> None:
    settings.EMAIL_HOST = "localhost"
    client, wang = program("wang"), actor("wang")
    offered = {way["channel"] for way in client.get("/api/inbox/ways").json()["ways"]}
    for channel in ("email", "sms"):
        address = {"email": "wang@example.cn", "sms": "13812345678"}[channel]
        answer = client.put(
            f"/api/inbox/ways/{channel}", {"address": address}, content_type="application/json"
        )
        assert answer.status_code == (202 if channel in offered else 404)
    with acting_as(wang):
        Contact.objects.get_or_create(
            account=wang.account, channel="sms", defaults={"address": "13812345678"}
        )
        contact = Contact.objects.get(account=wang.account, channel="sms")
        code = contacts.draw_code(contact, at=timezone.now())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert sent(client, "post", "/api/inbox/ways/sms/confirm", code=wrong)[0] == 422
    assert sent(client, "post", "/api/inbox/ways/sms/confirm", code=code)[0] == 200
    chosen = {"channels": [], "quiet": ["21:30", "07:00"], "language": "en"}
    status, ways = sent(client, "put", "/api/inbox/ways", **chosen)
    assert status == 200
    assert (ways["preference"]["channels"], ways["preference"]["quiet"]) == (
        [],
        ["21:30", "07:00"],
    )
    with acting_as(wang):
        assert not Contact.objects.get(account=wang.account, channel="sms").wanted
    assert client.delete("/api/inbox/ways/sms").status_code == 200
    with acting_as(wang):
        assert not Contact.objects.filter(account=wang.account, channel="sms").exists()
