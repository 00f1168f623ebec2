"""A sealed case from the application to the certificate: nothing of it is read without need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from xiangyun.adapters import cipher as ciphers
from xiangyun.adapters.keys import instance_folder
from xiangyun.domain.accounts import keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts, pastcases, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Draft, Material
from xiangyun.domain.catalogue import queries as published
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import checks, proof
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.vault.models import DataKey
from xiangyun.domain.vault.sealing import MASK
from xiangyun.kernel.findings import Forbidden, Refused
from xiangyun.kernel.pack import check_pack

from . import sealedservice as service
from .sealedservice import ACCEPTOR, APPROVER, OVERSEER, SECRET
from .situations import actor, as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(autouse=True)
def _published(tmp_path: Path) -> None:
    service.publish(tmp_path)


def whole_database() -> Iterator[tuple[str, str]]:
    """Every row of every table, as its owner reads it: its table, and the row as text."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            yield from ((table, row) for (row,) in cursor.fetchall())


def saying(words: str) -> set[str]:
    """The tables in which some words stand in clear."""
    escaped = words.encode("unicode_escape").decode()
    return {table for table, row in whole_database() if words in row or escaped in row}


def test_the_starter_made_sealed_passes_the_check(tmp_path: Path) -> None:
    found = check_pack(service.files(tmp_path / "again"))
    assert not [f for f in found if f.severity == "error"], found


def test_nothing_of_it_stands_in_clear_anywhere_in_the_database() -> None:
    service.written()
    assert saying(SECRET) == set()
    case = service.issued()
    with acting_as(SYSTEM):
        journal.seal(timezone.now(), signer())
        assert Case.objects.get(pk=case.pk).subject == f"庇护：{SECRET}"
    assert saying(SECRET) == set()
    # Where a sensitive answer comes from a register, it stands there, and with the account.
    assert not {t for t in saying("王样云") if t.startswith("cases_")}


def test_what_others_select_by_stays_readable_to_sql() -> None:
    case = service.sent()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT variables #>> '{application,purpose}', division, due_on FROM cases_case"
            " WHERE id = %s",
            [case.pk],
        )
        assert cursor.fetchone() == ("other", case.division, case.due_on)


def test_whoever_applied_reads_everything_and_so_does_who_works_on_it() -> None:
    draft = service.written()
    wang = actor("wang")
    with acting_as(wang):
        assert Draft.objects.get(pk=draft).answers["explanation"] == SECRET
    case = service.sent()
    service.take(ACCEPTOR)
    with acting_as(wang):
        assert SECRET in access.case_for(wang, case.pk).subject
        assert cases.answers_of(access.case_for(wang, case.pk))["explanation"] == SECRET
    client = Client()
    client.post("/login", {"as": ACCEPTOR})
    page = client.get(f"/office/cases/{case.pk}").content.decode()
    assert SECRET in page
    assert "王样云" in page


def test_an_official_without_open_work_reads_masks_until_a_reason_is_given() -> None:
    case = service.sent()
    service.take(ACCEPTOR)
    service.press(ACCEPTOR, case, "accept", note=f"见{SECRET}")
    client = Client()
    client.post("/login", {"as": OVERSEER})
    assert SECRET not in client.get("/office/").content.decode()
    page = client.post(f"/office/cases/{case.pk}/look", {"why": "抽查"}, follow=True)
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert MASK in page.content.decode()
    assert "王样云" not in page.content.decode()
    assert "hand-over" not in page.content.decode()
    refused = client.post(f"/office/cases/{case.pk}/unmask", {"why": ""}, follow=True)
    assert SECRET not in refused.content.decode()
    shown = client.post(f"/office/cases/{case.pk}/unmask", {"why": "信访第三号"})
    assert SECRET in shown.content.decode()
    assert SECRET not in client.get(f"/office/cases/{case.pk}").content.decode()
    person = Client()
    person.post("/login", {"as": "wang"})
    looks = person.get("/account/looks").content.decode()
    assert "信访第三号" in looks
    assert "抽查" in looks


def test_receipts_and_files_are_for_who_needs_them_and_prove_what_was_said() -> None:
    case = service.sent()
    service.take(ACCEPTOR)
    wang = actor("wang")
    with acting_as(wang):
        receipt = actions.receipt(case.pk, actor=wang, at=timezone.now())
        assert SECRET in str(receipt)
        verdict = proof.check_receipt(receipt, signer().trusted)
        assert verdict.answer == "valid", verdict
    with acting_as(actor(OVERSEER)) as overseer:
        secrecy.look(case.pk, why="抽查", actor=overseer, at=timezone.now())
        with pytest.raises(Forbidden):
            actions.receipt(case.pk, actor=overseer, at=timezone.now())


def test_the_content_and_the_name_of_a_file_are_encrypted(settings) -> None:  # type: ignore[no-untyped-def]
    draft, wang = service.written(), actor("wang")
    with acting_as(wang):
        form = published.pack(Draft.objects.get(pk=draft).version_id).form
        question = next(q for q in form.questions if q.key == "explanation")
        content = b"%PDF-1.4 " + SECRET.encode()
        drafts.add_material(
            draft, question, name=f"{SECRET}.pdf", media_type="application/pdf", content=content,
            actor=wang, at=timezone.now(),
        )  # fmt: skip
        material = Material.objects.get(draft=draft)
        assert material.name == f"{SECRET}.pdf"
        assert cases.material_content(wang, draft, material.pk).content == content
    assert saying(SECRET) == set()


def test_a_sealed_case_is_found_by_its_exact_words_and_by_no_part_of_them() -> None:
    case = service.sent()
    service.take(ACCEPTOR)
    today = timezone.localdate()
    with acting_as(actor(ACCEPTOR)) as official:
        (row,) = cases.queue(official, today=today, words=SECRET).rows
        assert row.number == case.number
        assert row.subject == MASK
        assert cases.queue(official, today=today, words=SECRET[:3]).rows == ()
    with acting_as(actor(APPROVER)) as stranger:
        assert cases.queue(stranger, today=today, words=SECRET).rows == ()


def test_the_certificate_is_its_holders_and_of_whoever_it_is_shown_to() -> None:
    case = service.issued()
    wang = actor("wang")
    with acting_as(wang):
        (certificate,) = certificates.certificates_for_case(case.number)
        assert SECRET in certificate.page
        file = certificate.page
    assert certificates.verdict(file).answer == "valid"
    with acting_as(actor(APPROVER)):
        (masked,) = certificates.certificates_for_case(case.number)
        assert (masked.holder_name, SECRET in masked.page) == (MASK, False)
    with acting_as(actor("gongzhuling")):
        assert certificates.certificates_for_case(case.number) == []


def test_the_audit_and_a_replay_read_what_is_sealed() -> None:
    case = service.issued()
    with acting_as(SYSTEM):
        journal.seal(timezone.now(), signer())
        assert checks.audit(signer().trusted) == []
        assert checks.compared() == []
        ended = Case.objects.get(pk=case.pk)
        pack = cases.pack_of(ended)
        recorded = pastcases.record_of(ended, pack)
        assert recorded.application["explanation"] == SECRET


def test_keys_are_rotated_for_cases_too_and_the_old_one_is_not_needed_any_more() -> None:
    case = service.issued()
    folder = instance_folder() / "data"
    old = ciphers.cipher().newest
    new = ciphers.add_key(folder)
    try:
        assert keys.rotate(timezone.now())["vault"] >= 2
        assert keys.rotate(timezone.now())["vault"] == 0
        with acting_as(SYSTEM):
            assert set(DataKey.objects.values_list("key", flat=True)) == {new}
            without = ciphers.cipher().keys
            assert old in without
            for row in DataKey.objects.all():
                ciphers.DataCipher({new: without[new]}, b"").envelope(row.wrapped, about=row.scope)
            assert Case.objects.get(pk=case.pk).subject == f"庇护：{SECRET}"
            assert checks.audit(signer().trusted) == []
    finally:
        (folder / f"{new:04d}.key").unlink()


def test_a_value_that_was_moved_to_another_case_is_not_read() -> None:
    one, other = service.sent(), service.sent("li")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case c SET subject = o.subject FROM cases_case o"
            " WHERE c.id = %s AND o.id = %s",
            [one.pk, other.pk],
        )
    with acting_as(SYSTEM), pytest.raises(Refused):
        Case.objects.get(pk=one.pk)


def test_whoever_a_task_names_handles_the_case_and_may_hand_it_on(tmp_path: Path) -> None:
    mapping = "<zeebe:ioMapping>"
    given = f"""<zeebe:input source='="{ACCEPTOR}"' target="task_assignee" />"""
    # The first mapping of the drawing is that of the task `accept`.
    service.publish(tmp_path / "named", ("process.bpmn", mapping, mapping + given))
    case = service.sent()
    with acting_as(actor(ACCEPTOR)) as official:
        assert cases.untaken() == []
        assert access.case_for(official, case.pk).number == case.number
    service.press(ACCEPTOR, case, "accept")
