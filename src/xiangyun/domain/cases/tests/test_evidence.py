"""What was handed in stands as it was handed in; nobody decides in an own matter."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import F

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.models import Account
from xiangyun.domain.cases import access, actions, drafts, store
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Draft, Material
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import checks as journal_checks
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.journal.ports import signer
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Refused

from .situations import MORNING, act, actor, as_owner, submitted, written_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def hand_in(
    draft: UUID, content: bytes = b"%PDF-1.7 another", name: str = "另一份.pdf"
) -> Material:
    wang = actor("wang")
    form = catalogue.pack(Draft.objects.get(pk=draft).version_id).form
    return drafts.add_material(
        draft,
        form.question("premises_proof"),
        name=name,
        media_type="application/pdf",
        content=content,
        actor=wang,
        at=MORNING,
    )


def test_after_submission_no_file_is_replaced_added_or_taken_out() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        (before,) = cases.materials_of(case)
        with pytest.raises(Refused) as refused:
            hand_in(case.pk)
        assert refused.value.findings == [drafts.SENT]
        with pytest.raises(Refused):
            drafts.remove_material(before.pk, actor=wang)
        assert cases.materials_of(case) == [before]


def test_after_submission_the_database_keeps_files_and_answers_as_they_are() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        (file,) = cases.materials_of(case)
        assert Material.objects.filter(pk=file.pk).delete()[0] == 0
        assert Draft.objects.filter(pk=case.pk).update(answers={}) == 0
        for write in (
            lambda: Material.objects.filter(pk=file.pk).update(content=b"x"),
            lambda: Draft.objects.filter(pk=case.pk).update(sent=False),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                write()
        file.refresh_from_db(fields=["content"])  # no column is fetched for the copy
        file.pk = UUID(int=7)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            file.save(force_insert=True)


def test_a_later_file_comes_by_a_task_that_asks_for_it_and_beside_the_first() -> None:
    wang = actor("wang")
    case = submitted(wang, brand="样祥")
    act("shouli", case, "correct")
    with acting_as(wang):
        (task,) = cases.open_tasks(wang, access.case_for(wang, case.pk))
        (first,) = cases.materials_of(case)
        later = hand_in(case.pk)
        assert {each.pk for each in cases.materials_of(case)} == {first.pk, later.pk}
        brand = {"brand": "样新"}
        actions.correct_answers(case.pk, task.id, brand, actor=wang, at=MORNING)
        counted = Case.objects.get(pk=case.pk).variables["application"]["premises_proof"]
        assert [file["reference"] for file in counted] == [str(later.pk)]
        entry = [e for e in journal_reads.history(case.number) if e.verb == "task.done"][-1]
        assert [m["sha256"] for m in entry.data["materials"]] == [first.digest, later.digest]
        with pytest.raises(Refused):  # the task is done
            hand_in(case.pk)


def test_the_entry_of_submission_holds_the_digest_of_each_file() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        (file,) = cases.materials_of(case)
        entry = journal_reads.history(case.number)[0]
        told = [{"question": "premises_proof", "sha256": file.digest}]
        assert entry.data["materials"] == told
        receipt = actions.receipt(case.pk, actor=wang, at=MORNING)
        assert file.digest in receipt["entries"][0]["leaf"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("租约.pdf", b"MZ\x90\x00 a program"),
        ("租约.pdf", b"\xff\xd8\xff\xe0 a photo"),
        ("租约.png", b"%PDF-1.4"),
        ("租约.jpg", b"<html><script>"),
        ("租约.exe", b"%PDF-1.4"),
    ],
)
def test_a_file_whose_content_is_not_what_its_name_says_is_refused(
    name: str, content: bytes
) -> None:
    wang = actor("wang")
    draft = written_draft(wang, proof=False)
    with acting_as(wang), pytest.raises(Refused) as refused:
        hand_in(draft, content, name)
    assert refused.value.findings[0].id in ("case.E024", "case.E025")


# Own matters


def as_official(login: str, role: str) -> None:
    """Give a citizen a mandate as well, as an official has who applies for something."""
    account = account_reads.actor_by_login(login)
    assert account is not None
    with acting_as(SYSTEM):
        accounts.give_mandate(
            Account.objects.get(pk=account.account),
            role=role,
            division=demonstration.HUNCHUN,
            desk="测试（虚构）",
        )


def test_who_applied_is_offered_no_official_task_and_does_none() -> None:
    as_official("wang", "reviewer:market_supervision")
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        assert cases.open_tasks(wang, access.case_for(wang, case.pk)) == []
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    with acting_as(wang), pytest.raises(Refused) as refused:
        actions.complete_task(case.pk, task.id, action="agree", actor=wang, at=MORNING)
    assert refused.value.findings == [store.OWN_MATTER]


def test_who_filed_for_somebody_does_no_official_task_of_that_case() -> None:
    as_official("bangban", "reviewer:market_supervision")
    wang, desk = actor("wang"), actor("bangban")
    case = submitted(wang)
    with as_owner():
        Case.objects.filter(pk=case.pk).update(filed_by=desk.account)
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    with acting_as(desk), pytest.raises(Refused) as refused:
        actions.complete_task(case.pk, task.id, action="agree", actor=desk, at=MORNING)
    assert refused.value.findings == [store.OWN_MATTER]


def test_a_second_account_of_the_same_person_is_refused_by_the_database() -> None:
    wang = actor("wang")
    case = submitted(wang)
    accounts.open_account(
        login="wang-office",
        password="x",
        name=wang.name,
        kind="official",
        id_number="222404199203150027",
    )
    as_official("wang-office", "reviewer:market_supervision")
    office = account_reads.actor_by_login("wang-office")
    assert office is not None
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    with acting_as(office), pytest.raises(Refused) as refused:
        actions.complete_task(case.pk, task.id, action="agree", actor=office, at=MORNING)
    assert refused.value.findings == [store.OWN_MATTER]


def test_past_the_guard_the_database_refuses_an_own_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    as_official("wang", "reviewer:market_supervision")
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    monkeypatch.setattr(access, "may_do", lambda *_: True)
    with acting_as(wang), pytest.raises(Refused) as refused:
        actions.complete_task(case.pk, task.id, action="agree", actor=wang, at=MORNING)
    assert refused.value.findings == [store.OWN_MATTER]


def asks_for_time(who: Actor, case: Case) -> None:
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    with acting_as(who), pytest.raises(Refused) as refused:
        actions.ask_extension(case.pk, task.id, reason="须征求意见", actor=who, at=MORNING)
    assert refused.value.findings == [store.OWN_MATTER]


def test_nobody_asks_for_more_time_in_an_own_matter_with_any_account() -> None:
    as_official("wang", "reviewer:market_supervision")
    case = submitted(actor("wang"))
    accounts.open_account(
        login="wang-office",
        password="x",
        name=actor("wang").name,
        kind="official",
        id_number="222404199203150027",
    )
    as_official("wang-office", "reviewer:market_supervision")
    office = account_reads.actor_by_login("wang-office")
    assert office is not None
    asks_for_time(office, case)


def test_past_the_guards_the_database_refuses_a_request_in_an_own_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_official("wang", "reviewer:market_supervision")
    case = submitted(actor("wang"))
    with acting_as(actor("shencha")):
        (task,) = cases.open_tasks(actor("shencha"), case)
    monkeypatch.setattr(access, "may_do", lambda *_: True)
    monkeypatch.setattr(store, "is_own_matter", lambda *_: False)
    wang = actor("wang")
    with acting_as(wang), pytest.raises(DatabaseError, match="own matter"), transaction.atomic():
        actions.ask_extension(case.pk, task.id, reason="须征求意见", actor=wang, at=MORNING)


# The audit of the whole

TAMPERED = {
    "an outcome": ("UPDATE cases_case SET outcome = 'issued'", "audit.E003"),
    "a case that ended": ("UPDATE cases_case SET ended_at = now()", "audit.E003"),
    "an applicant": ("UPDATE cases_case SET owner = gen_random_uuid()", "audit.E002"),
    "where it stands": ("UPDATE cases_case SET state = replace(state, '1', '2')", "audit.E009"),
    "a variable": (
        "UPDATE cases_case SET variables = jsonb_set(variables, '{application,name}', '\"x\"')",
        "audit.E009",
    ),
    "what it waits for": (
        "UPDATE cases_case SET awaiting = '{}', revision = revision + 1",
        "audit.E009",
    ),
    "a place": ("UPDATE cases_case SET division = 220184000000", "audit.E002"),
    "a button": ("UPDATE cases_workitem SET action = 'refuse' WHERE action <> ''", "audit.E004"),
    "a hand": (
        "UPDATE cases_workitem SET by = gen_random_uuid() WHERE by IS NOT NULL",
        "audit.E004",
    ),
    "a task that nobody did": (
        "UPDATE cases_workitem SET by = gen_random_uuid(), action = 'agree' WHERE by IS NULL",
        "audit.E004",
    ),
    "a file": ("UPDATE cases_material SET content = 'x'", "audit.E005"),
    "a file with its digest": (
        "UPDATE cases_material SET content = 'x', digest = encode(sha256('x'), 'hex')",
        "audit.E005",
    ),
    "a file taken out": ("DELETE FROM cases_material", "audit.E005"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_changed_past_the_verbs_is_found_and_named(what: str) -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    with acting_as(SYSTEM):
        assert journal_checks.compared() == []
        statement, expected = TAMPERED[what]
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(statement)
        found = journal_checks.compared()
    assert [each.id for each in found][:1] == [expected]
    assert case.number in found[0].message.en


def test_a_case_or_a_licence_that_is_gone_is_found() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    with acting_as(SYSTEM):
        assert journal_checks.compared() == []
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE;"
                "ALTER TABLE certificates_certificate DISABLE TRIGGER unchanging;"
                "UPDATE certificates_certificate SET status = 'revoked'"
            )
        assert [each.id for each in journal_checks.compared()] == ["audit.E007"]
        with as_owner():
            Case.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM certificates_statusentry")
                cursor.execute("DELETE FROM certificates_certificate")
        assert [each.id for each in journal_checks.compared()] == ["audit.E006", "audit.E008"]


def test_the_audit_of_the_whole_is_kept_before_the_operator() -> None:
    submitted(actor("wang"))
    shares: list[float] = []
    with acting_as(SYSTEM):
        journal.seal(MORNING, signer())
        kept = journal.audit_whole(signer().trusted, lambda: MORNING, shares.append)
        assert kept.findings == []
        assert (kept.leaves > 0, kept.cases) == (True, 1)
        assert journal_reads.last_audit() == kept
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    with acting_as(actor("wang")):
        assert journal_reads.last_audit() is None


def test_a_case_that_an_earlier_build_carried_on_is_not_taken_for_changed() -> None:
    """During an upgrade its steps are recorded as ever, and do not say where they leave a case."""
    case = submitted(actor("wang"))
    with acting_as(SYSTEM), as_owner():
        Case.objects.filter(pk=case.pk).update(state="another", revision=F("revision") + 1)
        assert [each.id for each in journal_checks.compared()] == ["audit.E009"]
        step = actions.resume(store.load(SYSTEM, case.pk), SYSTEM, MORNING)
        step.note("case.resumed", {"element": "check"})
        assert journal_checks.compared() == []
