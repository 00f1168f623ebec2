"""Results by post: asked for with a granted case, handed to a carrier, followed to the door."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, actor, as_owner, submitted
from xiangyun.domain.messaging import access as inbox
from xiangyun.domain.post import actions, ports, queries
from xiangyun.domain.post.models import Parcel, State
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

ADDRESS = {
    "recipient": "王样云",
    "phone": "13800000000",
    "address": "珲春市英安镇（虚构）口岸大路12号",
}


def granted(who: Actor, brand: str) -> cases.Case:
    made = submitted(who, brand=brand)
    with as_owner():
        Case.objects.filter(pk=made.pk).update(ended_at=MORNING, outcome="issued")
    with acting_as(SYSTEM):
        made.refresh_from_db()
    return made


def ask(who: Actor, case: cases.Case, at: datetime = MORNING, **changed: str) -> Parcel:
    with acting_as(who):
        return actions.ask(case.pk, **{**ADDRESS, **changed}, actor=who, at=at)


def send(who: Actor, parcel: Parcel, at: datetime = MORNING) -> Parcel:
    with acting_as(who):
        return actions.send(parcel.pk, actor=who, at=at)


def titles(who: Actor) -> list[str]:
    with acting_as(who):
        return [each.title["zh"] for each in inbox.messages_of(who).filter(name="parcel")]


def refused(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.findings[0].id


def test_a_result_is_posted_and_followed_to_the_door() -> None:
    wang, shouli = actor("wang"), actor("shouli")
    made = granted(wang, "样寄甲")
    asked = ask(wang, made)
    with acting_as(shouli):
        assert [each.pk for each in queries.to_send(shouli)] == [asked.pk]
    sent = send(shouli, asked)
    assert sent.number
    with pytest.raises(Refused) as found:
        send(shouli, asked)
    assert refused(found) == "portal.E021"
    assert actions.follow(MORNING + timedelta(hours=7)) == 1
    with acting_as(wang):
        (under_way,) = queries.of_case(made.pk)
        assert (under_way.state, len(under_way.events)) == (State.SENT, 3)
    assert actions.follow(MORNING + timedelta(hours=7, minutes=5)) == 0  # asked once an hour
    assert actions.follow(MORNING + timedelta(hours=31)) == 1
    assert actions.follow(MORNING + timedelta(hours=40)) == 0
    with acting_as(wang):
        assert queries.of_case(made.pk)[0].state == State.ARRIVED
        told = [line.what.zh for line in cases.history(made)]
        assert "办理结果已签收" in told
        assert any(sent.number in line for line in told)
        assert all(ADDRESS["address"] not in line for line in told)
    assert sum(made.number in title for title in titles(wang)) == 2


def test_what_comes_back_may_be_sent_anew() -> None:
    wang, shouli = actor("wang"), actor("shouli")
    made = granted(wang, "样寄乙")
    send(shouli, ask(wang, made, address="查无此处，退回"))
    assert actions.follow(MORNING + timedelta(hours=31)) == 1
    assert any("退回" in title for title in titles(wang))
    ask(wang, made, at=MORNING + timedelta(days=3))
    with acting_as(wang):
        assert [each.state for each in queries.of_case(made.pk)] == [State.ASKED, State.RETURNED]


def test_only_a_granted_result_goes_to_an_address_once_and_by_the_office_alone() -> None:
    wang, shouli = actor("wang"), actor("shouli")
    running = submitted(wang, brand="样寄丙")
    with pytest.raises(Refused) as found:
        ask(wang, running)
    assert refused(found) == "portal.E020"
    withdraw_case(running.pk, actor=wang, at=MORNING)
    with pytest.raises(Refused) as found:
        ask(wang, running)
    assert refused(found) == "portal.E020"
    made = granted(wang, "样寄丁")
    for changed in ({"phone": "电话"}, {"address": " "}, {"recipient": "长" * 201}):
        with pytest.raises(Refused) as found:
            ask(wang, made, **changed)
        assert refused(found) == "portal.E019"
    with pytest.raises((Refused, Case.DoesNotExist)):
        ask(actor("li"), made)
    parcel = ask(wang, made)
    with pytest.raises(Refused) as found:
        ask(wang, made)
    assert refused(found) == "portal.E020"
    with pytest.raises((Refused, Parcel.DoesNotExist)):
        send(wang, parcel)
    with acting_as(wang), pytest.raises(ProgrammingError), transaction.atomic():
        Parcel.objects.create(
            case_id=running.pk, place=running.division, state="sent", asked_at=MORNING, **ADDRESS
        )
    with acting_as(SYSTEM):
        assert Parcel.objects.filter(case=made.pk).count() == 1
    assert shouli.is_official


class Away:
    name = "away"

    def take(self, parcel: ports.Waybill, at: datetime) -> str:
        raise ports.Unreachable

    def track(self, number: str, at: datetime) -> list[ports.Passed]:
        raise ports.Unreachable


def test_a_carrier_that_does_not_answer_loses_nothing(settings) -> None:
    wang, shouli = actor("wang"), actor("shouli")
    made = granted(wang, "样寄戊")
    parcel = ask(wang, made)
    settings.XIANGYUN_POST = f"{__name__}.Away"
    with pytest.raises(Refused) as found:
        send(shouli, parcel)
    assert refused(found) == "portal.E023"
    settings.XIANGYUN_POST = "xiangyun.adapters.post.simulated"
    send(shouli, parcel)
    settings.XIANGYUN_POST = f"{__name__}.Away"
    assert actions.follow(MORNING + timedelta(hours=31)) == 0
    settings.XIANGYUN_POST = "xiangyun.adapters.post.simulated"
    assert actions.follow(MORNING + timedelta(hours=31)) == 1


def test_pages_take_the_address_and_show_the_way() -> None:
    made = granted(actor("wang"), "样寄己")
    wang, shouli = Client(), Client()
    wang.post("/login", {"login": "wang", "password": PASSWORD})
    shouli.post("/login", {"login": "shouli", "password": PASSWORD})
    page = f"/post/{made.pk}/"
    assert page in wang.get(f"/cases/{made.pk}").content.decode()
    assert wang.post(page, {**ADDRESS, "phone": "x"}).status_code == 422
    assert wang.post(page, ADDRESS).status_code == 302
    waiting = shouli.get("/office/post/").content.decode()
    assert ADDRESS["address"] in waiting
    with acting_as(SYSTEM):
        parcel = Parcel.objects.get(case=made.pk)
    assert shouli.post(f"/office/post/{parcel.pk}/send/").status_code == 302
    assert "运输中" in wang.get(page).content.decode()
    assert shouli.get(page).status_code == 404
