"""Whom other systems pass data about finds it out: who, what, when, why; nobody else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.exchange import bundles, passing
from xiangyun.domain.exchange.passing import Passed
from xiangyun.domain.owndata import actions as owndata
from xiangyun.faces.cli.folder import read_folder

from .laboratory import Laboratory, filed, findings, post, send
from .test_bundles import hand_in

pytestmark = pytest.mark.django_db

PACK = Path(__file__).parents[5] / "tests" / "packs" / "exchange" / "vaccinations"
WANG = "222404199203150027"
LAW = "《疫苗管理法》第四十五条（测试）"


@pytest.fixture
def clinic(laboratory: Laboratory) -> Laboratory:
    """A clinic, which is the organisation of the laboratory, and the register that it writes."""
    with acting_as(SYSTEM) as system:
        catalogue.publish("exchange/vaccinations", read_folder(PACK), actor=system, at=MORNING)
    return laboratory


def told(clinic: Laboratory, message: str, **body: Any) -> Any:
    return post(clinic.signer, message, body, connector="clinic")


def about(who: Actor) -> list[Passed]:
    with acting_as(who):
        return passing.about(who)


def by_clinic(who: Actor) -> list[tuple[str, str, str, str]]:
    """What the clinic did, the first thing first: how, who, what, by which law."""
    found = [each for each in about(who) if each.who.zh == "检测机构"]
    return [(each.way, each.through.en, each.what.en, each.basis.zh) for each in reversed(found)]


def vaccinated(clinic: Laboratory) -> None:
    """Wang is vaccinated; the clinic records it, and looks it up later."""
    assert told(clinic, "given", number="A-7", person=WANG, vaccine="流感疫苗").status_code == 200
    assert told(clinic, "asked", number="A-7").json() == {"vaccine": "流感疫苗"}


def test_a_citizen_sees_who_recorded_and_looked_up_what_and_by_which_law(
    clinic: Laboratory,
) -> None:
    vaccinated(clinic)
    register = "Register of vaccinations (a test)"
    assert by_clinic(actor("wang")) == [
        ("recorded", register, "Vaccination given", LAW),
        ("read", register, "Look up a vaccination", LAW),
    ]
    recorded = [each for each in about(actor("wang")) if each.through.en == register]
    assert len(recorded) == 2, "what a message recorded is told once"


def test_another_citizen_an_official_and_bare_sql_see_nothing_of_it(clinic: Laboratory) -> None:
    vaccinated(clinic)
    for login in ("li", "shencha", "bangban"):
        who = actor(login)
        assert by_clinic(who) == []
        with acting_as(who), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM journal_entry WHERE verb = 'exchange.received'")
            assert cursor.fetchone() == (0,)
    with acting_as(actor("wang")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE verb = 'exchange.received'")
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(("departments", "seen"), [([], 2), (["health"], 2), (["housing"], 0)])
def test_whoever_acts_for_the_citizen_sees_it_within_the_matters(
    clinic: Laboratory, departments: list[str], seen: int
) -> None:
    vaccinated(clinic)
    wang, li = actor("wang"), actor("li")
    assert wang.account
    assert li.account
    representing.represent(
        SYSTEM, party=wang.account, representative=li.account, proof="kinship",
        reference="户口簿", departments=departments, at=timezone.now(),
    )  # fmt: skip
    assert by_clinic(li) == [], "while li acts for nobody else"
    acting = representing.for_party(li, wang.account)
    assert acting is not None
    assert len(by_clinic(acting)) == seen


def test_what_came_in_a_bundle_is_told_as_well(clinic: Laboratory) -> None:
    vaccinated(clinic)
    body = b'{"number": "A-7"}'
    asked = [bundles.Member(str(uuid4()), body, path="clinic/asked") for _ in range(2)]
    nobody = bundles.Member(str(uuid4()), b'{"number": "A-8"}', path="clinic/asked")
    status, answers = hand_in(clinic.signer, *asked, nobody)
    assert status == 200
    assert answers[asked[0].id] == (200, {"vaccine": "流感疫苗"})
    assert [each[0] for each in by_clinic(actor("wang"))] == ["recorded", "read", "read", "read"]


def test_a_message_about_a_case_is_told_once_it_has_left(laboratory: Laboratory) -> None:
    case = filed()
    of_case = [each.way for each in about(actor("wang")) if each.case == case.pk]
    assert "got" not in of_case, "nothing has left yet"
    send(case)
    ways = [each.way for each in about(actor("wang")) if each.who.zh == "检测机构"]
    assert sorted(ways) == ["gave", "got"]
    laboratory.answer = lambda body: (202, {})
    send(case)
    post(laboratory.signer, "opined", {"number": case.number, "opinion": "fit"})
    answer = post(laboratory.signer, "finding", {"number": case.number, "grade": 2})
    assert answer.status_code == 200, findings(answer)
    [found] = [each for each in about(actor("wang")) if each.what.en == "Finding"]
    assert (found.way, found.case) == ("gave", case.pk), "it went to a case that waited"


def test_it_stands_in_the_copy_of_all_own_data(clinic: Laboratory) -> None:
    vaccinated(clinic)
    with acting_as(actor("wang")) as wang:
        [(name, content)] = passing.owned(wang)
        assert name == "exchange.json"
        assert LAW in owndata.spelled(content).decode()


def test_what_offices_here_recorded_and_told_a_form_stands_there_too(demonstration: None) -> None:
    wang = actor("wang")
    case = submitted(wang)
    found = [each for each in about(wang) if each.through.zh == "人口库"]
    assert [(each.way, each.case) for each in found] == [("gave", case.pk), ("recorded", None)]
    assert {each.who.en for each in found} == {"Public Security"}
    assert all("居民身份证法" in each.basis.zh for each in found)
    assert not [each for each in about(actor("li")) if each.case == case.pk]
