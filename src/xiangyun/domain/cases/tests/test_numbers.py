"""Numbers of cases and documents: by year, place and kind, without a gap or a double."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case, Letter
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.numbers import actions as numbers
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.service.tasks import number_assign

from . import calling
from .situations import MORNING, actor
from .test_at_once import at_once
from .test_service_types import files_of

pytestmark = pytest.mark.usefixtures("committing")
CASE_NUMBER = """  - name: case
    words: {zh-Hans: 办件编号, en: Case number}
    per: [year, county]
    format: "TB{place.code}-{year}-{serial}"
    digits: 5
"""
HOLIDAY = datetime(2027, 1, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Regret(Exception):
    """Something goes wrong after a number was given."""


def files() -> dict[str, str]:
    """A service whose cases are numbered, and each gets two numbers of decisions."""
    found = files_of(number_assign.TYPE)
    return found | {"service.yaml": found["service.yaml"] + CASE_NUMBER}


@pytest.fixture(scope="module", autouse=True)
def published(committing: None) -> None:
    with acting_as(SYSTEM) as system:
        catalogue.publish(calling.CODE, files(), actor=system, at=MORNING)


def draft(who: Actor, at: datetime, place: str = "222404001001") -> Any:
    with acting_as(who):
        begun = drafts.start_draft(calling.CODE, actor=who, at=at)
        drafts.keep_answers(begun.id, {"word": "厂", "place": place}, actor=who, at=at)
        return begun.id


def send(who: Actor, draft_id: Any, at: datetime, regret: bool = False) -> Case:
    with acting_as(who), transaction.atomic():
        case = actions.submit_case(draft_id, actor=who, at=at)
        if regret:
            raise Regret
        return case


def numbers_of(case: Case) -> tuple[str, str, str]:
    return case.number, case.variables["first_number"], case.variables["second_number"]


def test_many_at_once_leave_no_gap_and_no_double_whoever_fails() -> None:
    wang = actor("wang")
    begun = [draft(wang, HOLIDAY) for _ in range(12)]
    came = at_once(
        *(
            partial(send, wang, each, HOLIDAY, regret=place % 3 == 0)
            for place, each in enumerate(begun)
        )
    )
    kept = [each for each in came if isinstance(each, Case)]
    assert [type(each) for each in came if each not in kept] == [Regret] * 4
    assert sorted(case.number for case in kept) == [f"TB222404-2027-{n:05}" for n in range(1, 9)]
    given = [each for case in kept for each in numbers_of(case)[1:]]
    assert sorted(given, key=_serial) == [f"珲春市测〔2027〕{n}号" for n in range(1, 17)]


def _serial(number: str) -> int:
    return int(number.partition("〕")[2].removesuffix("号"))


def test_each_year_and_each_place_counts_for_itself() -> None:
    wang, year = actor("wang"), MORNING + timedelta(days=3650)
    first = send(wang, draft(wang, year), year)
    second = send(wang, draft(wang, year), year)
    elsewhere = send(wang, draft(wang, year, "220184001001"), year)
    assert numbers_of(first) == (
        "TB222404-2036-00001",
        "珲春市测〔2036〕1号",
        "珲春市测〔2036〕2号",
    )
    assert numbers_of(second)[0] == "TB222404-2036-00002"
    assert numbers_of(elsewhere) == (
        "TB220184-2036-00001",
        "公主岭市测〔2036〕1号",
        "公主岭市测〔2036〕2号",
    )


def test_a_shared_series_counts_for_all_that_name_it() -> None:
    assert [numbers.take("office", 2026, 0) for _ in range(3)] == [1, 2, 3]
    assert numbers.take("office", 2027, 0) == 1
    assert numbers.take("office", 2026, 220000000000) == 1


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("〔{year}〕{serial}号", "〔{year}〕", "pack.E088"),
        ("〔{year}〕{serial}号", "{serial}号", "pack.E088"),
        ("{place.name}测〔", "测〔", "pack.E088"),
        ("{place.name}测", "{plaice.name}测", ""),
        (
            'per: [year, county]\n    format: "{place',
            'per: [year, moon]\n    format: "{place',
            "pack.E006",
        ),
        ("digits: 5", "digits: 0", "pack.E006"),
        ("TB{place.code}-", "TB/{place.code}-", "pack.E006"),
        ("  - name: decision", "  - name: decisions", "pack.E028"),
    ],
)
def test_a_number_that_would_be_given_twice_or_means_nothing_is_refused(
    old: str, new: str, id: str
) -> None:
    changed = files()
    assert old in changed["service.yaml"]
    changed["service.yaml"] = changed["service.yaml"].replace(old, new, 1)
    errors = [each for each in check_pack(changed) if each.severity == "error"]
    assert errors
    assert id in {each.id for each in errors} or not id


def test_a_letter_bears_the_number_that_it_was_given() -> None:
    drawn = files()
    letter = (
        '<zeebe:taskDefinition type="letter.send" /><zeebe:ioMapping>'
        '<zeebe:input source="=first_number" target="number" /></zeebe:ioMapping>'
        '<zeebe:taskHeaders><zeebe:header key="letter" value="told" /></zeebe:taskHeaders>'
    )
    begin, end = drawn["process.bpmn"].split('<bpmn:serviceTask id="second" name="second">')
    rest = end.partition("</bpmn:extensionElements>")[2]
    drawn["process.bpmn"] = (
        f'{begin}<bpmn:serviceTask id="second" name="second"><bpmn:extensionElements>{letter}'
        f"</bpmn:extensionElements>{rest}"
    )
    drawn["service.yaml"] = drawn["service.yaml"].replace("version: 1", "version: 2", 1)
    drawn["examples/01-test.yaml"] = drawn["examples/01-test.yaml"].replace(
        "letters: []", "letters: [told]"
    )
    with acting_as(SYSTEM) as system:
        catalogue.publish(calling.CODE, drawn, actor=system, at=MORNING)
    wang, year = actor("wang"), MORNING + timedelta(days=4000)
    case = send(wang, draft(wang, year), year)
    with acting_as(SYSTEM):
        assert Letter.objects.get(case=case).body["number"] == "珲春市测〔2037〕1号"
