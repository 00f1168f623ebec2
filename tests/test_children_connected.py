"""What the packs for children ask of others: the police, the courts and other provinces.

Each is a connector. Without an address its examples answer; with one, what cannot be delivered
is put before a person, and what comes in goes to the case that waits for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from test_children import CHILD, PROTECTION, VILLAGE, assessed, does, named, reported, take_over

from xiangyun.adapters import exchange as http
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import drafts, inbound
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.cases.tests.waiting import case_now, timer
from xiangyun.domain.exchange import actions, partners, sending
from xiangyun.domain.exchange.models import Outgoing, State
from xiangyun.domain.exchange.ports import Unreachable
from xiangyun.domain.exchange.tests.neighbour import carry, meets_itself, tell
from xiangyun.domain.exchange.tests.test_provinces import file_elsewhere
from xiangyun.domain.messaging import queries as messaging
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.findings import Text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
POLICE, COURT = "11220000MB0P0L1CE0", "11220000MBC0URT01D"
SHANDONG = "11370000MB0FED0016"
ELSEWHERE, ALLOWANCE = "children/allowance-elsewhere", "children/allowance"


def sent(case: Case) -> list[Outgoing]:
    """What a case has sent, the oldest first."""
    with acting_as(SYSTEM):
        return list(Outgoing.objects.filter(case=case).order_by("serial"))


def test_the_police_are_told_in_the_step_that_takes_the_report() -> None:
    reported()
    (handling,) = named(PROTECTION)
    (message,) = sent(handling)
    assert (message.connector, message.message) == ("police-alert", "alert")
    assert (message.asked_at, message.state) == (MORNING, State.WAITING)
    carry()
    (message,) = sent(handling)
    assert (message.state, message.simulated) == (State.DONE, True)
    assert from_stored(case_now(handling.pk).variables)["police_reference"].startswith("模拟-JJ-")


def test_an_alert_that_cannot_be_delivered_is_put_before_a_person_and_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meets_itself(POLICE, monkeypatch)

    def down(*_: Any) -> Any:
        raise Unreachable(Text("停机。", "Down."))

    monkeypatch.setattr(http, "_asked", down)
    reported()
    (handling,) = named(PROTECTION)
    (message,) = sent(handling)
    at = timezone.now()
    for _ in range(40):  # thirty attempts, and looks at which the breaker rests
        sending.send(message.pk, at=at)
        at += timedelta(minutes=2)
    (message,) = sent(handling)
    assert message.state == State.DEAD, message.state
    # Nothing of the handling waits for it.
    first = {"danger": "likely", "injury": "slight", "young": "under_14"}
    does("jiebao", handling, "take_in", MORNING + timedelta(minutes=20), first)
    # The operator sees that there is a message, not what it says.
    assert CHILD not in str(message.problem)
    with acting_as(SYSTEM) as system:
        partners.enter_partner(POLICE, name="公安（演示）", address="", actor=system, at=at)
        actions.resend(message.pk, actor=system, at=at)
    sending.send(message.pk, at=at)
    assert sent(handling)[-1].state == State.DONE


def test_an_alert_without_a_receipt_warns_the_duty_desk_and_the_overseer_by_itself() -> None:
    reported()
    (handling,) = named(PROTECTION)
    waits = timer(handling, "police_late")
    assert waits.due == MORNING + timedelta(minutes=10)
    inbound.ring(handling.pk, waits.token, at=waits.due)
    for login in ("jiebao", "ducha"):
        with acting_as(actor(login)) as who:
            told = [each for each in messaging.inbox(who) if each.name == "police_late"]
            assert len(told) == 1, login
            assert "110" in told[0].title["zh"]
            assert told[0].case_id is None  # they may not know of it yet
            assert handling.number in told[0].body["zh"]
            assert CHILD not in f"{told[0].title}{told[0].body}"
    # The alert is sent all the same, and its receipt ends the waiting.
    carry()
    assert [each.state for each in sent(handling)] == [State.DONE]


def test_a_receipt_in_time_warns_nobody() -> None:
    reported()
    (handling,) = named(PROTECTION)
    carry()
    assert timer(handling, "police_late").closed_at is not None


# -- courts ----------------------------------------------------------------------------------------


@pytest.fixture
def before_the_court(monkeypatch: pytest.MonkeyPatch) -> Case:
    """An intervention whose application to revoke guardianship lies before the court."""
    assessed(harm="grave", repeated="yes")
    (case,) = named("children/intervention")
    assert from_stored(case_now(case.pk).variables)["tier"] == "revoke"
    at = MORNING + timedelta(hours=4)
    with_note(case, "weibao", "propose", at)
    with_note(case, "minzheng", "impose", at)
    carry()
    assert [each.message for each in sent(case)] == ["revoke-guardianship"]
    meets_itself(COURT, monkeypatch)
    return case


def with_note(case: Case, login: str, action: str, at: datetime) -> None:
    """An official of the team takes a task over and does it, with a note."""
    take_over(login)
    act(login, case, action, note="事实清楚", at=at)


def ruling(case: Case, said: str) -> dict[str, str]:
    with acting_as(SYSTEM):
        docket = from_stored(case_now(case.pk).variables)["docket"]
    return {"number": case.number, "docket": docket, "ruling": said, "ruled_on": "2026-05-20"}


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("revoked", "revoked_by_court"), ("dismissed", "dismissed_by_court")],
)
def test_the_court_serves_its_ruling_and_the_case_ends_by_it(
    before_the_court: Case, said: str, outcome: str
) -> None:
    answer = tell("court-filing", "ruled", ruling(before_the_court, said))
    assert answer.status_code == 200, answer.content
    assert case_now(before_the_court.pk).outcome == outcome


def test_a_ruling_that_came_on_paper_is_entered_by_the_office(before_the_court: Case) -> None:
    does(
        "weibao",
        before_the_court,
        "ruled",
        MORNING + timedelta(days=20),
        {"ruling": "dismissed", "words": "证据不足"},
    )
    assert case_now(before_the_court.pk).outcome == "dismissed_by_court"
    late = tell("court-filing", "ruled", ruling(before_the_court, "revoked"))
    assert late.status_code >= 400, "nobody waits for it any longer"
    assert CHILD.encode() not in late.content


# -- other provinces -------------------------------------------------------------------------------


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> tuple[Case, Case]:
    """An application filed here, and the case of the province that it was handed on to."""
    meets_itself(SHANDONG, monkeypatch)
    here = file_elsewhere(ELSEWHERE, "01-granted", "proof")
    does("yanglao", here, "push", MORNING, {"home_code": f"{VILLAGE}"})
    assert [each.state for each in carry()] == [State.DONE]
    (there,) = named(ALLOWANCE)
    return here, there


def test_an_application_is_handed_on_with_its_materials_and_decided_where_the_child_is_registered(
    handed_on: tuple[Case, Case],
) -> None:
    here, there = handed_on
    came = from_stored(case_now(there.pk).variables)["application"]
    with acting_as(SYSTEM):
        (material,) = drafts.materials_of(here.pk)
    assert came["number_there"] == here.number
    assert came["materials_there"] == f"{material.name}  {material.digest}"
    assert there.need == here.need == 2, "sealed on both sides"
    does("dudao", there, "verify_home", timezone.now(), {"true": "yes", "seen": "属实"})
    with_note(there, "minzheng", "grant_allowance", timezone.now())
    carry()
    assert case_now(there.pk).outcome == "allowed"
    assert case_now(here.pk).outcome == "allowed_there"


def test_an_application_for_a_province_that_is_not_connected_is_entered_by_hand() -> None:
    here = file_elsewhere(ELSEWHERE, "02-refused", "proof")
    does("yanglao", here, "push", MORNING, {})
    assert sent(here) == []
    does("yanglao", here, "enter_decision", MORNING, {"granted": "no", "words": "母亲在家"})
    assert case_now(here.pk).outcome == "refused_there"
