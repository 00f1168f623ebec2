"""A closed case becomes a file that holds all of it; a crash at any point loses nothing."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection
from django.utils import timezone

from xiangyun.adapters import archives
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.archive import actions, checks, queries, returning, volumes
from xiangyun.domain.archive.models import State, Volume
from xiangyun.domain.cases import comparison, inbound, owncopy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import Case, Draft, Letter, Material, ServiceCall
from xiangyun.domain.cases.tests import sealedservice
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, as_owner, submitted
from xiangyun.domain.evidence import archive as zipped
from xiangyun.domain.evidence import checking
from xiangyun.domain.files import ports
from xiangyun.domain.files import queries as files
from xiangyun.domain.journal import checks as audit
from xiangyun.domain.journal import leaf, proof
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.owndata.actions import spelled
from xiangyun.faces.cli.archive import archive
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound
from xiangyun.kernel.service.retention import Retention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
TERMS = Retention(24, 10, "made up", False)


class Killed(BaseException):
    """As when the machine stops."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings) -> Path:
    settings.ARCHIVE = str(tmp_path / "archive")
    return tmp_path / "archive"


@pytest.fixture
def case() -> Case:
    """A case with a file and a certificate, ended."""
    found = submitted(actor("wang"), MORNING, brand="样档")
    act("shencha", found, "agree")
    act("jueding", found, "approve")
    with acting_as(SYSTEM):
        for call in ServiceCall.objects.filter(case=found.pk, answered_at=None):
            inbound.complete_service_call(call.pk, {"received": True}, at=MORNING)
        found = Case.objects.select_related("version").get(pk=found.pk)
    assert found.ended_at is not None
    return found


def moved(case: Case, at: datetime | None = None, told=lambda step: None) -> int:
    with acting_as(SYSTEM):
        return actions.move(case, TERMS, at=at or timezone.now(), signer=signer(), told=told)


def rows_of(case: Case) -> int:
    """Rows of any table that still name the case."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM xiangyun_case_rows(%s)", [case.pk])
        text = cursor.fetchone()[0]
    return sum(map(len, json.loads(text).values())) if text else 0


def test_all_of_a_case_lies_in_its_file_and_nowhere_else(case, place) -> None:
    with acting_as(SYSTEM):
        (material,) = Material.objects.filter(draft=case.pk)
        content = files.content(material.digest)
        before = rows_of(case)
        entries = len(journal.history(case.number))
    moved(case)
    assert rows_of(case) == 0
    with acting_as(SYSTEM):
        volume = Volume.objects.get(pk=case.number)
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not Draft.objects.filter(pk=case.pk).exists()
    assert volume.state == State.MOVED
    data = (place / volume.place).read_bytes()
    assert len(data) == volume.size
    assert [each.part for each in checking.check(data, signer().trusted) if not each.holds] == []
    found = zipped.read(data)
    assert found[f"files/{material.digest}"] == content
    rows = json.loads(found["rows.json"])
    assert sum(map(len, rows.values())) == before
    assert "样档" in json.dumps(rows["cases_case"], ensure_ascii=False)
    assert {"cases_workitem", "cases_letter", "cases_decision", "cases_draft"} <= rows.keys()
    assert len([name for name in found if name.endswith(".tlog-proof")]) == entries


def test_the_journal_holds_no_name_any_more_and_still_proves_itself(case) -> None:
    moved(case)
    with acting_as(SYSTEM):
        entries = journal.history(case.number)
        told = [each for each in entries if each.verb != "journal.erased"]
        assert all(leaf.is_erased(each) for each in told)
        spelled = json.dumps([[each.private, each.actor_name] for each in told], ensure_ascii=False)
        assert "样档" not in spelled
        assert "王样云" not in spelled
        assert audit.audit(signer().trusted) == []
        assert list(comparison.compare()) == []
        assert list(checks.compare()) == []


def test_a_sealed_case_moves_and_its_file_tells_nothing(tmp_path, place) -> None:
    sealedservice.publish(tmp_path)
    case = sealedservice.sent()
    withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    with acting_as(SYSTEM):
        case = Case.objects.select_related("version").get(pk=case.pk)
    moved(case)
    assert rows_of(case) == 0
    with acting_as(SYSTEM):
        volume = Volume.objects.get(pk=case.number)
        assert audit.audit(signer().trusted) == []
        assert list(checks.compare()) == []
    data = (place / volume.place).read_bytes()
    assert [each.part for each in checking.check(data, signer().trusted) if not each.holds] == []
    whole = b"".join(zipped.read(data).values()).decode(errors="ignore")
    assert sealedservice.SECRET not in whole
    assert json.dumps(sealedservice.SECRET)[1:-1] not in whole


def test_a_file_that_was_lost_or_changed_is_found_by_the_audit(case, place) -> None:
    moved(case)
    with acting_as(SYSTEM):
        file = place / Volume.objects.get(pk=case.number).place
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + b"x")
        assert [each.id for each in checks.compare()] == ["archive.E005"]
        file.unlink()
        assert [each.id for each in checks.compare()] == ["archive.E005"]
        file.write_bytes(whole)
        assert list(checks.compare()) == []


@pytest.mark.parametrize("step", ["written", "recorded", "checked"])
def test_a_crash_after_any_step_loses_nothing_and_the_next_run_goes_on(case, step) -> None:
    before = rows_of(case)

    def killed(now: str) -> None:
        if now == step:
            raise Killed

    with pytest.raises(Killed):
        moved(case, told=killed)
    assert rows_of(case) == before, "nothing is erased before it was checked"
    moved(case)
    assert rows_of(case) == 0
    with acting_as(SYSTEM):
        assert list(checks.compare()) == []
        assert list(comparison.compare()) == []


def test_a_case_that_changes_on_its_way_stays_and_is_written_anew(case) -> None:
    def changes(now: str) -> None:
        if now == "recorded":
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE")
                cursor.execute("UPDATE cases_case SET subject = '别的' WHERE id = %s", [case.pk])
                cursor.execute("SET ROLE xiangyun_runtime")

    with pytest.raises(Conflict) as refused:
        moved(case, told=changes)
    assert [each.id for each in refused.value.findings] == ["archive.E003"]
    with acting_as(SYSTEM):
        assert Case.objects.filter(pk=case.pk).exists()
    moved(case)
    assert rows_of(case) == 0


def test_a_file_that_reads_back_wrongly_erases_nothing(case, monkeypatch) -> None:
    whole = archives.Folder.get
    monkeypatch.setattr(
        archives.Folder, "get", lambda self, place: (whole(self, place) or b"x")[:-1]
    )
    with pytest.raises(Conflict) as refused:
        moved(case)
    assert [each.id for each in refused.value.findings] == ["archive.E002"]
    assert rows_of(case) > 0


def test_nobody_but_the_platform_erases_and_an_open_case_never(case) -> None:
    open_case = submitted(actor("wang"), MORNING, brand="样开")
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_case_erase(%s)", [open_case.pk])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT xiangyun_case_erase(%s)", [case.pk])
        assert cursor.fetchone() == (False,), "no file was written of it"
    assert rows_of(case) > 0


def test_what_is_due_moves_on_its_day(case) -> None:
    ended = timezone.localdate(case.ended_at)
    declared = {
        pack.code: pack.service.retention
        for pack in queries.catalogue.current_packs()
        if pack.service.retention is not None
    }
    terms = declared[case.version.code]
    day = terms.moves_on(ended)
    with acting_as(SYSTEM):
        assert case.pk not in {one.pk for one, _ in queries.due(day - timedelta(days=1), 100)}
        assert case.pk in {one.pk for one, _ in queries.due(day, 100)}


def test_a_run_that_is_stopped_keeps_what_moved_before(case, monkeypatch) -> None:
    other = submitted(actor("wang"), MORNING, brand="样停")
    withdraw_case(other.pk, actor=actor("wang"), at=MORNING)
    cases = [case, other]
    monkeypatch.setattr(queries, "due", lambda today, most: ((each, TERMS) for each in cases))

    def killed(share: float) -> None:
        raise Killed

    now = timezone.now()
    with pytest.raises(Killed):
        actions.move_what_is_due(at=now, signer=signer(), progress=killed)
    assert rows_of(case) == 0
    assert rows_of(other) > 0
    cases.remove(case)
    assert actions.move_what_is_due(at=now, signer=signer()).cases == 1
    with acting_as(SYSTEM):
        assert list(checks.compare()) == []


def test_terms_count_by_the_calendar() -> None:
    terms = Retention(1, 10, "", False)
    assert terms.moves_on(date(2027, 1, 31)) == date(2027, 2, 28)
    assert terms.kept_until(date(2024, 2, 29)) == date(2034, 2, 28)
    assert Retention(1, None, "", False).kept_until(date(2026, 1, 1)) is None


def test_a_file_is_destroyed_after_its_term_and_the_entries_stay(case, place) -> None:
    moved(case)
    late = timezone.now() + timedelta(days=12 * 366)
    with acting_as(SYSTEM):
        volume = Volume.objects.get(pk=case.number)
        for number, at, why, error in (
            ("NONE-1", late, "x", NotFound),
            (case.number, timezone.now(), "x", Forbidden),
            (case.number, late, " ", Forbidden),
        ):
            with pytest.raises(error):
                actions.destroy(number, why=why, by_name="系样统", at=at)
        assert (place / volume.place).exists()
        actions.destroy(case.number, why="鉴定 2038-1 号", by_name="系样统", at=late)
        assert not (place / volume.place).exists()
        assert Volume.objects.get(pk=case.number).state == State.DESTROYED
        assert Entry.objects.filter(subject=case.number, verb="archive.destroyed").count() == 1
        assert list(checks.compare()) == []
        assert list(comparison.compare()) == []
        actions.destroy(case.number, why="", by_name="系样统", at=late)  # again is no fault


def test_whoever_applied_has_own_letters_receipt_and_files_in_the_copy_of_own_data(case) -> None:
    with acting_as(SYSTEM):
        (material,) = Material.objects.filter(draft=case.pk)
        content = files.content(material.digest)
    with acting_as(actor("wang")):
        online = dict(owncopy.owned(actor("wang")))
    moved(case)
    kept = dict(queries.owned(actor("wang")))
    folder = f"archive/{case.number}"
    assert kept[f"{folder}/{owncopy.file_name(material)}"] == content
    told = json.loads(kept[f"{folder}/case.json"])
    assert told == json.loads(spelled(online[f"cases/{case.number}/case.json"]))
    receipt = json.loads(kept[f"{folder}/receipt.json"])
    assert proof.check_receipt(receipt, signer().trusted).answer == "valid"
    assert list(queries.owned(actor("li"))) == []


def test_what_whoever_applied_could_not_see_online_is_not_given_out_of_the_archive(case) -> None:
    with acting_as(SYSTEM), as_owner():
        Letter.objects.create(
            case=case,
            kind="told",
            to="neighbour",
            at=MORNING,
            title={"zh": "通知", "en": "A letter"},
            body={"zh": "只给邻居看的话", "en": "x"},
        )
    moved(case)
    kept = dict(queries.owned(actor("wang")))
    assert "只给邻居看的话" not in b"".join(kept.values()).decode(errors="ignore")
    with acting_as(SYSTEM):
        volume = Volume.objects.get(pk=case.number)
    assert "只给邻居看的话".encode() in (queries.shelf().get(volume.place) or b"")


def brought_back(case: Case, why: str = "行政复议 1 号", until: date | None = None) -> Volume:
    with acting_as(SYSTEM):
        return returning.bring_back(
            case.number, why=why, by_name="系样统", at=timezone.now(), signer=signer(), until=until
        )


def rows_spelled(case: Case) -> str:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM xiangyun_case_rows(%s)", [case.pk])
        return str(cursor.fetchone()[0])


def test_an_archived_case_comes_back_as_it_was_and_the_journal_agrees(case) -> None:
    with acting_as(SYSTEM):
        (material,) = Material.objects.filter(draft=case.pk)
        content, told = files.content(material.digest), journal.history(case.number)
    before = rows_spelled(case)
    moved(case)
    ports.store().remove(material.digest)  # as the nightly sweep does of what nothing names
    brought_back(case)
    assert rows_spelled(case) == before
    with acting_as(SYSTEM):
        assert files.content(material.digest) == content
        entries = {each.pk: each for each in journal.history(case.number)}
        for each in told:
            now = entries[each.pk]
            assert (now.actor_name, now.private) == (each.actor_name, each.private)
            assert bytes(now.salt) == bytes(each.salt)
        assert audit.audit(signer().trusted) == []
        assert list(comparison.compare()) == []
        assert list(checks.compare()) == []
        (entry,) = [e for e in entries.values() if e.verb == "archive.brought_back"]
        assert entry.private == {"why": "行政复议 1 号"}
    wang = actor("wang")
    with acting_as(wang):
        assert cases.case_by_number(wang, case.number).subject == case.subject


def test_fees_that_stayed_without_their_case_have_it_again(case) -> None:
    orders = apps.get_model("payments", "Order").objects
    fee = {"division": case.division, "matter": case.matter, "need": 0, "fee": "x", "amount": 1}
    with acting_as(SYSTEM), as_owner():
        made = orders.create(
            case_id=case.pk, case_number=case.number, token="x", name={"zh": "费", "en": "fee"},
            asked_at=MORNING, due_at=MORNING, settled_at=MORNING, state="paid", **fee,
        )  # fmt: skip
    moved(case)
    with acting_as(SYSTEM):
        assert orders.get(pk=made.pk).case_id is None
    brought_back(case)
    with acting_as(SYSTEM):
        assert orders.get(pk=made.pk).case_id == case.pk


def test_a_case_that_is_back_stays_until_its_day_and_moves_again(case, place) -> None:
    moved(case)
    today = timezone.localdate()
    brought_back(case, until=today + timedelta(days=40))
    late = today + timedelta(days=3000)
    with acting_as(SYSTEM):
        case = Case.objects.select_related("version").get(pk=case.pk)
        Volume.objects.filter(pk=case.number).update(back_until=late)
        assert case.pk not in {one.pk for one, _ in queries.due(late - timedelta(days=1), 1000)}
        assert case.pk in {one.pk for one, _ in queries.due(late, 1000)}
    moved(case)
    assert rows_of(case) == 0
    with acting_as(SYSTEM):
        assert Volume.objects.get(pk=case.number).state == State.MOVED
        assert audit.audit(signer().trusted) == []
        assert list(checks.compare()) == []


def test_guards_of_the_tables_stand_again_after_a_case_came_back(case) -> None:
    def guards() -> list[tuple[str, str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
                " WHERE NOT tgisinternal ORDER BY 1, 2"
            )
            return list(cursor.fetchall())

    before = guards()
    moved(case)
    brought_back(case)
    assert guards() == before
    assert any(state == "A" for _, _, state in before)


def test_a_sealed_case_comes_back_sealed(tmp_path) -> None:
    sealedservice.publish(tmp_path)
    case = sealedservice.sent()
    withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    with acting_as(SYSTEM):
        case = Case.objects.select_related("version").get(pk=case.pk)
    before = rows_spelled(case)
    moved(case)
    brought_back(case)
    assert rows_spelled(case) == before
    assert sealedservice.SECRET not in before
    with acting_as(SYSTEM):
        assert audit.audit(signer().trusted) == []
        assert list(comparison.compare()) == []


@pytest.mark.parametrize("fault", ["gone", "changed", "another"])
def test_a_file_that_is_not_the_one_of_the_journal_brings_nothing_back(case, place, fault) -> None:
    moved(case)
    with acting_as(SYSTEM):
        volume = Volume.objects.get(pk=case.number)
    file = place / volume.place
    whole = file.read_bytes()
    if fault == "gone":
        file.unlink()
    elif fault == "changed":
        file.write_bytes(whole[:-1] + b"x")
    else:  # whole in itself and signed, and the row says so: the journal alone does not
        other = submitted(actor("wang"), MORNING, brand="样伪")
        with acting_as(SYSTEM):
            made = volumes.written(
                Case.objects.select_related("version").get(pk=other.pk),
                at=timezone.now(),
                signer=signer(),
            )
            file.write_bytes(made.content)
            Volume.objects.filter(pk=case.number).update(digest=made.digest, rows=made.rows)
    with pytest.raises(Conflict) as refused:
        brought_back(case)
    assert [each.id for each in refused.value.findings] == ["archive.E008"]
    assert rows_of(case) == 0


def test_a_case_comes_back_for_a_reason_and_only_from_the_archive(case) -> None:
    with pytest.raises(NotFound):
        brought_back(case)
    moved(case)
    for why, until in ((" ", None), ("x", timezone.localdate())):
        with pytest.raises(Forbidden) as refused:
            brought_back(case, why, until)
        assert [each.id for each in refused.value.findings] == ["archive.E007"]
    brought_back(case)
    with pytest.raises(NotFound):
        brought_back(case)


def test_the_file_of_a_case_that_came_back_is_not_destroyed(case, place) -> None:
    moved(case)
    brought_back(case)
    with acting_as(SYSTEM):
        file = place / Volume.objects.get(pk=case.number).place
        with pytest.raises(NotFound) as refused:
            actions.destroy(case.number, why="期满", by_name="某", at=timezone.now())
    assert [each.id for each in refused.value.findings] == ["archive.E004"]
    assert file.exists()


def test_the_command_brings_a_case_back_and_says_until_when(case) -> None:
    moved(case)
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    asked = ["--restore", case.number, "--why", "审计", "--until", until]
    done = CliRunner().invoke(archive, asked)
    assert done.exit_code == 0, done.output
    assert until in done.output
    assert rows_of(case) > 0
    again = CliRunner().invoke(archive, asked)
    assert again.exit_code == 2


def test_what_the_command_says_is_moved_is_moved(case, place, monkeypatch) -> None:
    monkeypatch.setattr(queries, "due", lambda today, most: iter([(case, TERMS)]))
    done = CliRunner().invoke(archive, [])
    assert done.exit_code == 0, done.output
    assert "归档 1 件" in done.output
    assert rows_of(case) == 0
    listed = CliRunner().invoke(archive, ["--list", "--json"])
    assert [each["case"] for each in json.loads(listed.stdout)] == [case.number]
