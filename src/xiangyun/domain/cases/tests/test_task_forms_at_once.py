"""Two who work on the form of one task at the same moment."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import comparison, taskforms
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import Case, Evidence
from xiangyun.kernel.findings import Stale

from . import visits
from .situations import MORNING, actor
from .test_at_once import at_once

pytestmark = pytest.mark.usefixtures("committing")


@pytest.fixture(autouse=True)
def published(committing: None) -> None:
    visits.publish()


def add(case: Case, token: str, who: Actor, key: uuid.UUID) -> Evidence:
    with acting_as(who):
        found = taskforms.answering(case.pk, token, actor=who)
        return taskforms.add_evidence(
            case.pk,
            token,
            next(each for each in found.form.questions if each.key == "photos"),
            name="door.jpg",
            media_type="image/jpeg",
            content=visits.PHOTO,
            actor=who,
            at=MORNING,
            key=key,
        )


def send(case: Case, token: str, who: Actor) -> Case:
    with acting_as(who):
        answers = {"result": "at_home", "people": 2}
        return taskforms.answer_task(case.pk, token, answers, action="done", actor=who, at=MORNING)


def altered(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return [found.id for found in comparison.compare() if case.number in found.message.zh]


def test_a_photo_that_comes_while_the_task_is_sent_is_sent_with_it_or_finds_it_done() -> None:
    pinggu, came = actor("pinggu"), []
    for _ in range(12):
        case = visits.filed()
        token = visits.waiting(case, "pinggu")
        photo, sent = at_once(
            partial(add, case, token, pinggu, uuid.uuid4()), partial(send, case, token, pinggu)
        )
        assert isinstance(sent, Case), sent
        assert isinstance(photo, Evidence | Stale), photo
        assert altered(case) == []
        came.append(type(photo).__name__)
    assert came


def test_a_photo_that_comes_while_the_case_is_taken_back_is_kept_or_refused_by_name() -> None:
    pinggu, wang = actor("pinggu"), actor("wang")
    for _ in range(8):
        case = visits.filed()
        token = visits.waiting(case, "pinggu")

        def take_back(case: Case = case) -> Case:
            with acting_as(wang):
                return withdraw_case(case.pk, actor=wang, at=timezone.now())

        photo, _ = at_once(partial(add, case, token, pinggu, uuid.uuid4()), take_back)
        assert isinstance(photo, Evidence | Stale), photo


def test_a_photo_sent_twice_at_once_under_one_key_is_one() -> None:
    pinggu = actor("pinggu")
    for _ in range(8):
        case, key = visits.filed(), uuid.uuid4()
        token = visits.waiting(case, "pinggu")
        both = at_once(
            partial(add, case, token, pinggu, key), partial(add, case, token, pinggu, key)
        )
        assert [getattr(one, "pk", one) for one in both] == [key, key]
