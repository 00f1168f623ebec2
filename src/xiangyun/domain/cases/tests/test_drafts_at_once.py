"""Two who begin or fill in an application at the same moment."""

from __future__ import annotations

import uuid
from functools import partial

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, drafts
from xiangyun.domain.cases.models import Draft, Material
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli.story import SERVICE

from .situations import MORNING, actor
from .test_at_once import at_once

pytestmark = pytest.mark.usefixtures("committing")


def begin(key: uuid.UUID, who: Actor) -> Draft:
    with acting_as(who):
        return drafts.start_draft(SERVICE, actor=who, at=MORNING, key=key)


def hand_in(draft: uuid.UUID, who: Actor, name: str) -> Material:
    with acting_as(who):
        form = catalogue.pack(access.draft_for(who, draft).version_id).form
        return drafts.add_material(
            draft,
            form.question("premises_proof"),
            name=name,
            media_type="application/pdf",
            content=b"%PDF-1.4 " + name.encode(),
            actor=who,
            at=MORNING,
        )


def test_two_first_writes_of_one_key_are_one_application() -> None:
    wang = actor("wang")
    for _ in range(10):
        key = uuid.uuid4()
        first, second = at_once(partial(begin, key, wang), partial(begin, key, wang))
        assert first.pk == second.pk == key


def test_a_start_that_is_pressed_twice_at_once_is_one_application() -> None:
    wang = actor("wang")

    def press() -> Draft:
        with acting_as(wang):
            return drafts.empty_draft(SERVICE, actor=wang, at=MORNING)

    begun = {each.pk for _ in range(5) for each in at_once(press, press)}
    assert len(begun) == 1
    with acting_as(wang):
        drafts.keep_answers(begun.pop(), {"brand": "样两次"}, actor=wang, at=MORNING)
    first, second = at_once(press, press)  # what is begun already is left alone
    assert first.pk == second.pk
    assert first.answers == {}


def test_of_two_persons_with_one_key_one_begins_and_for_the_other_it_is_absent() -> None:
    wang, li = actor("wang"), actor("li")
    for _ in range(10):
        key = uuid.uuid4()
        came = at_once(partial(begin, key, wang), partial(begin, key, li))
        assert sorted(type(each).__name__ for each in came) == ["DoesNotExist", "Draft"]


def test_two_files_for_a_question_that_takes_one_leave_one() -> None:
    wang = actor("wang")
    for _ in range(10):
        draft = begin(uuid.uuid4(), wang).pk
        came = at_once(
            partial(hand_in, draft, wang, "a.pdf"), partial(hand_in, draft, wang, "b.pdf")
        )
        assert all(isinstance(each, Material) for each in came), came
        with acting_as(SYSTEM):
            assert Material.objects.filter(draft_id=draft).count() == 1
