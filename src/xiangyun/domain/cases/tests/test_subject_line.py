"""What a case is about, in lists, says what its answers say now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, migration
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Circle
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import checks
from xiangyun.domain.journal.ports import signer
from xiangyun.faces.cli import story
from xiangyun.kernel.pack import Pack

from . import sealedservice as sealed
from .situations import MORNING, act, actor, as_owner, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
LATER = MORNING + timedelta(days=1)


def corrected() -> Case:
    """A name that was taken and is put right."""
    wang = actor("wang")
    case = submitted(wang, brand="样祥")
    assert "样祥" in case.subject
    act("shouli", case, "correct")
    with acting_as(wang):
        task = cases.open_tasks(wang, access.case_for(wang, case.pk))[0]
        return actions.correct_answers(case.pk, task.id, {"brand": "样改"}, actor=wang, at=LATER)


def test_the_subject_line_follows_a_corrected_name_into_every_list() -> None:
    case = corrected()
    assert "样改" in case.subject
    with acting_as(actor("shencha")) as official:
        (row,) = cases.queue(official, today=LATER.date()).rows
        assert row.subject == case.subject
        assert cases.queue(official, today=LATER.date(), words="样祥").rows == ()
        assert len(cases.queue(official, today=LATER.date(), words="样改").rows) == 1
    with acting_as(actor("wang")) as wang:
        assert [each.subject for each in cases.my_cases(wang)] == [case.subject]
    with acting_as(SYSTEM):
        journal.seal(timezone.now(), signer())
        assert checks.audit(signer().trusted) == []
        assert checks.compared() == []


def test_a_step_that_changes_nothing_of_it_does_not_work_it_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = corrected()

    def never(*_: object) -> str:
        raise AssertionError("nothing that it reads was changed")

    monkeypatch.setattr(Pack, "subject", never)
    assert act("shencha", case, "agree", at=LATER).subject == case.subject


def test_a_new_version_words_the_subject_line_anew() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM) as system:
        files = dict(ServiceVersion.objects.get(code=story.SERVICE, current=True).files)
        before, _, rest = files["service.yaml"].partition("\nsubject: =")
        files["service.yaml"] = f'{before}\nsubject: ="名称：" + {rest}'
        number = catalogue.publish(story.SERVICE, files, actor=system, at=MORNING).service.number
        migration.migrate_case(case.pk, number, actor=system, at=LATER)
        assert Case.objects.get(pk=case.pk).subject == f"名称：{case.subject}"


def test_a_sealed_case_keeps_its_new_subject_line_from_sight_and_is_found_by_it(
    tmp_path: Path,
) -> None:
    sealed.publish(tmp_path)
    case, wang, other = sealed.sent(), actor("wang"), "换了一句别的话"
    sealed.take(sealed.ACCEPTOR)
    sealed.press(sealed.ACCEPTOR, case, "correct", note="请说明")
    with acting_as(wang):
        task = cases.open_tasks(wang, access.case_for(wang, case.pk))[0]
        given = {"explanation": other}
        actions.correct_answers(case.pk, task.id, given, actor=wang, at=timezone.now())
        assert access.case_for(wang, case.pk).subject == f"庇护：{other}"
        assert [each.subject for each in cases.my_cases(wang)] == [f"庇护：{other}"]
    sealed.take(sealed.ACCEPTOR)
    with acting_as(actor(sealed.ACCEPTOR)) as official:
        today = timezone.localdate()
        assert [row.number for row in cases.queue(official, today=today, words=other).rows]
        assert cases.queue(official, today=today, words=sealed.SECRET).rows == ()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM cases_case WHERE id = %s", [case.pk])
        (stored,) = cursor.fetchone()
    assert stored.startswith("sealed:")
    with acting_as(SYSTEM):
        assert Circle.objects.get(case=case.pk).terms
