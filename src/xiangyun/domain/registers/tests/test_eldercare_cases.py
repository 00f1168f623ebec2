"""The two services of elderly care, walked through the real tables by the people of the demo."""

from __future__ import annotations

import pytest
import yaml

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.tests.conftest import PACKS
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN = 222404000000
BASIC, ASSESSMENT = "eldercare/basic-services", "eldercare/ability-assessment"


def answers_of(code, example):
    return yaml.safe_load((PACKS / code / "examples" / example).read_text("utf-8"))["answers"]


def elder(answers):
    """Somebody of the example gets an account of the demonstration."""
    accounts.open_account(
        login="elder",
        password=demonstration.PASSWORD,
        name=answers["elder_name"],
        kind="person",
        id_number=answers["elder_id"],
        mobile="13900000001",
        division=HUNCHUN,
    )
    return actor("elder")


def filed(code, example, **changed):
    answers = {**answers_of(code, example), **changed}
    person = elder(answers)
    with acting_as(person):
        draft = drafts.start_draft(code, actor=person, at=MORNING)
        form = catalogue.pack(draft.version_id).form
        files = {q.key for q in form.questions if q.kind == "filepicker"}
        given = {key: value for key, value in answers.items() if key not in files}
        reading = from_json(form, given)
        told = {key: value for key, value in reading.answers.items() if key in given}
        drafts.keep_answers(draft.id, told, actor=person, at=MORNING)
        for key in files & answers.keys():
            if answers[key]:
                drafts.add_material(
                    draft.id,
                    form.question(key),
                    name=answers[key],
                    media_type="image/jpeg",
                    content=b"\xff\xd8\xff",
                    actor=person,
                    at=MORNING,
                )
        return actions.submit_case(draft.id, actor=person, at=MORNING)


def test_an_old_farmer_gets_the_list_and_the_notice():
    case = filed(BASIC, "01-farmer-of-83-alone.yaml")
    act("chushen", case, "agree")
    case = act("minzheng", case, "approve")
    with acting_as(actor("elder")):
        assert access.case_for(actor("elder"), case.id).outcome == "issued"
        assert {letter.kind for letter in cases.letters_of(case)} == {"accepted", "issued"}
    with acting_as(SYSTEM):
        record = registers.lookup("eldercare", "name", "金样福")[0]
        assert "高龄津贴" in record["items"]
        assert record["monthly"] == "593"
    with acting_as(actor("elder")):
        (notice,) = certificates.certificates_of(actor("elder").account)
        assert "基本养老服务确认书" in str(notice.content)


def assessed(login: str, case: Case) -> None:
    """Somebody who met the person says so, and confirms."""
    who = actor(login)
    with acting_as(SYSTEM):
        waiting = WorkItem.objects.filter(case=case, closed_at=None).order_by("id")
        token = waiting.values_list("token", flat=True)[0]
    answers = {"where": "home"}
    with acting_as(who):
        taskforms.answer_task(case.pk, token, answers, action="confirm", actor=who, at=MORNING)


def test_two_assessors_confirm_and_one_alone_cannot():
    case = filed(ASSESSMENT, "01-able.yaml")
    assessed("yanglao", case)
    with pytest.raises(Refused):
        assessed("yanglao", case)
    assessed("pinggu", case)
    case = act("minzheng", case, "approve")
    with acting_as(actor("elder")):
        found = access.case_for(actor("elder"), case.id)
        assert found.outcome == "issued"
    with acting_as(SYSTEM):
        assert registers.lookup("ability_assessment", "name", "金样健")[0]["level"] == 0
