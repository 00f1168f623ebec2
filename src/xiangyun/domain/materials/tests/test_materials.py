"""What stands instead of a paper: certificates, promises, papers that follow, files of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import submit_case, withdraw_case
from xiangyun.domain.cases.models import Material
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted, written_draft
from xiangyun.domain.certificates import actions as certificates
from xiangyun.domain.certificates.reasons import REASONS
from xiangyun.domain.certificates.tests.conftest import APPROVER, licence
from xiangyun.domain.materials import actions, queries
from xiangyun.domain.materials.models import Substitute
from xiangyun.domain.messaging import access as inbox
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.service.instead import CERTIFICATE, EARLIER, LATER, PROMISE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PROOF = "premises_proof"
PDF = b"%PDF-1.4\n%%EOF\n"


def choose(who: Actor, draft: UUID, way: str, which: str = "", key: str = PROOF) -> None:
    with acting_as(who):
        actions.choose(draft, key, way, which, actor=who, at=MORNING)


def sent_with(who: Actor, way: str, brand: str) -> cases.Case:
    draft = written_draft(who, proof=False, brand=brand)
    choose(who, draft, way)
    with acting_as(who):
        return submit_case(draft, actor=who, at=MORNING)


def only(case: cases.Case) -> queries.Standing:
    with acting_as(SYSTEM):
        (found,) = queries.of_case(case)
    return found


def drafted(draft: UUID) -> queries.Standing:
    with acting_as(SYSTEM):
        (found,) = queries.of_draft(draft)
    return found


def titles(who: Actor) -> list[str]:
    with acting_as(who):
        return [each.title["zh"] for each in inbox.messages_of(who).filter(name="material")]


def refused(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.findings[0].id


def test_a_promise_stands_for_a_paper_and_is_checked_after_the_end() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    made = sent_with(wang, PROMISE, "样诺甲")
    (file,) = made.variables["application"][PROOF]
    assert file["instead"] == PROMISE
    with acting_as(wang):
        text = cases.material_content(wang, made.pk, UUID(file["reference"])).content.decode()
    assert wang.name in text
    assert "我承诺" in text
    with acting_as(shencha):
        assert not queries.to_check(shencha).exists()  # not while the case runs
    withdraw_case(made.pk, actor=wang, at=MORNING)
    with acting_as(shencha):
        (waiting,) = queries.to_check(shencha)
    assert queries.due_of(waiting) == MORNING.date() + timedelta(days=30)

    def check(who: Actor, kept: bool, note: str) -> Substitute:
        with acting_as(who):
            return actions.check(waiting.pk, kept=kept, note=note, actor=who, at=MORNING)

    for who, kept, note, said in (
        (wang, True, "", "case.E297"),
        (actor("shouli"), True, "", "case.E297"),
        (shencha, False, " ", "case.E298"),
    ):
        with pytest.raises(Refused) as found:
            check(who, kept, note)
        assert refused(found) == said
    check(shencha, False, "现场没有这个房号。")
    assert any("承诺经核查不实" in title for title in titles(wang))
    with acting_as(wang):
        assert any(line.what.zh == "核查承诺：不实" for line in cases.history(made))
    with pytest.raises(Refused) as found:
        check(shencha, True, "")
    assert refused(found) == "case.E296"


def test_a_paper_that_follows_is_reminded_of_and_comes() -> None:
    wang, shencha = actor("wang"), actor("shencha")
    made = sent_with(wang, LATER, "样缺甲")
    assert only(made).due == MORNING.date() + timedelta(days=20)
    assert actions.remind(MORNING + timedelta(days=14)) == 0
    assert actions.remind(MORNING + timedelta(days=15)) == 1
    assert actions.remind(MORNING + timedelta(days=16)) == 0  # once
    assert any("请补交材料" in title for title in titles(wang))
    assert actions.remind(MORNING + timedelta(days=21)) == 1
    assert any("逾期未补交" in title for title in titles(shencha))

    def supply(who: Actor, name: str = "租赁合同.pdf", content: bytes = PDF) -> None:
        with acting_as(who):
            actions.supply(
                only(made).row.pk,
                name=name,
                media_type="application/pdf",
                content=content,
                actor=who,
                at=MORNING + timedelta(days=1),
            )

    with pytest.raises((Refused, Substitute.DoesNotExist)):
        supply(actor("li"))
    with pytest.raises(Refused) as found:
        supply(wang, "合同.exe")
    assert refused(found) == "case.E024"
    supply(wang)
    with acting_as(wang):
        assert [m.name for m in cases.materials_of(made)][-1] == "租赁合同.pdf"
        assert not queries.to_follow(made)
        told = [line.what.zh for line in cases.history(made)]
    assert {"补交了容缺的材料", "容缺的材料逾期没有补交"} <= set(told)
    with pytest.raises(Refused) as found:
        supply(wang)
    assert refused(found) == "case.E296"


def test_nothing_comes_to_a_sent_case_unless_a_paper_is_to_follow() -> None:
    wang = actor("wang")
    made = sent_with(wang, PROMISE, "样缺乙")
    with acting_as(wang), pytest.raises(ProgrammingError), transaction.atomic():
        Material.objects.create(
            draft_id=made.pk,
            question=PROOF,
            name="晚到.pdf",
            media_type="application/pdf",
            size=4,
            digest="0" * 64,
            added_at=MORNING,
        )


def test_a_certificate_of_the_applicant_stands_while_it_is_valid() -> None:
    wang = actor("wang")
    content = replace(licence(), id="ability-report")
    issued = certificates.issue(
        content,
        owner=wang.account,
        case_number="222404202604090001",
        actor=APPROVER,
        at=MORNING,
        signer=signer(),
    )
    with acting_as(wang):
        draft = drafts.start_draft("eldercare/basic-services", actor=wang, at=MORNING)
    for which in ("", "nonsense"):
        with pytest.raises(Refused) as found:
            choose(wang, draft.pk, CERTIFICATE, which, "ability_report")
        assert refused(found) == "case.E295"
    choose(wang, draft.pk, CERTIFICATE, issued.identifier, "ability_report")
    with acting_as(wang):
        (file,) = drafts.files_as_answers(draft)["ability_report"]  # type: ignore[misc]
        assert file["instead"] == CERTIFICATE
        assert issued.number in str(file["name"])
    found_ = drafted(draft.pk)
    assert (found_.row.said, found_.stands) == (issued.number, True)
    with acting_as(SYSTEM):
        type(issued).objects.filter(pk=issued.pk).update(
            status="revoked", reason_code=next(iter(REASONS))
        )
    assert drafted(draft.pk).stands is False
    with pytest.raises(Refused) as found:
        choose(wang, draft.pk, CERTIFICATE, issued.identifier, "ability_report")
    assert refused(found) == "case.E295"


def test_a_file_of_an_earlier_case_is_handed_in_again_and_only_ones_own() -> None:
    wang = actor("wang")
    before = submitted(wang, brand="样旧甲")
    draft = written_draft(wang, proof=False, brand="样新甲")
    with acting_as(wang):
        offered = queries.offer(wang, draft, PROOF, on=MORNING.date())
        assert offered is not None
        (file,) = offered.files
    assert file.case == before.pk
    choose(wang, draft, EARLIER, str(file.id))
    with acting_as(wang):
        old, new = cases.materials_of(before), drafts.materials_of(draft)
        assert [each.digest for each in new] == [each.digest for each in old]
    li = actor("li")
    with acting_as(li):
        others = drafts.start_draft("market/company-registration", actor=li, at=MORNING).pk
    with pytest.raises(Refused) as found:
        choose(li, others, EARLIER, str(file.id))
    assert refused(found) == "case.E295"


def test_only_what_the_material_allows_stands_for_it() -> None:
    wang = actor("wang")
    draft = written_draft(wang, proof=False, brand="样拒甲")
    for way, key in ((CERTIFICATE, PROOF), (PROMISE, "approval_document"), ("nothing", PROOF)):
        with pytest.raises(Refused) as found:
            choose(wang, draft, way, "", key)
        assert refused(found) == "case.E295"


def test_a_file_takes_the_place_of_a_promise() -> None:
    wang = actor("wang")
    draft = written_draft(wang, proof=False, brand="样换甲")
    choose(wang, draft, LATER)
    choose(wang, draft, PROMISE)
    assert drafted(draft).row.way == PROMISE
    with acting_as(wang):
        question = next(
            q
            for q in queries.offer(wang, draft, PROOF, on=MORNING.date()).pack.form.questions  # type: ignore[union-attr]
            if q.key == PROOF
        )
        drafts.add_material(
            draft,
            question,
            name="合同.pdf",
            media_type="application/pdf",
            content=PDF,
            actor=wang,
            at=MORNING,
        )
        assert not queries.of_draft(draft)
