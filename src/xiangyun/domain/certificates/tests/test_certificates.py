"""A certificate is issued once, stands until it is ended, and is shown to those it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.certificates import actions, queries
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.findings import Refused

from .conftest import ACCEPTOR, APPROVER, AT, CHAOYANG, DAY, ELSEWHERE, LI, WANG, licence

CASE = "22010420260409000001"


def test_an_issued_licence_has_a_number_of_its_own_and_an_entry_in_the_journal(issued):
    parsed = identifiers.parse(issued.identifier)
    assert (parsed.type_code, parsed.version) == ("11100000MB0143028R001", "001")
    assert parsed.serial.startswith("20260409")
    assert (issued.number, issued.holder_code) == ("91220104MA0000019Q", "91220104MA0000019Q")
    assert issued.issued_on == DAY
    with acting_as(WANG):
        (entry,) = journal.history(CASE)
    assert entry.verb == "certificate.issued"
    assert entry.data["certificate"] == issued.identifier
    assert entry.data["page"] == issued.page_hash
    assert "王小溪" not in str(entry.data)


def test_the_next_number_cannot_be_guessed(db, signer):
    serials = {
        identifiers.parse(_issue(signer).identifier).serial.removeprefix("20260409")
        for _ in range(20)
    }
    assert len(serials) == 20
    assert {len(serial) for serial in serials} == {12}


def test_a_changed_licence_is_the_next_version_and_ends_the_earlier_one(issued, signer):
    changed = _issue(signer, licence(capital="300万元人民币"), replaces=issued.identifier)
    old, new = identifiers.parse(issued.identifier), identifiers.parse(changed.identifier)
    assert (new.serial, new.issuer, new.version) == (old.serial, old.issuer, "002")
    with acting_as(WANG):
        assert queries.certificate(issued.identifier).status == "replaced"
        assert queries.certificates_of(WANG.account) == [issued, changed]
    assert queries.verdict(issued.page, DAY).answer == "revoked"
    assert queries.verdict(changed.page, DAY).answer == "valid"
    with pytest.raises(Refused, match=r"certificates\.E003"):
        _issue(signer, replaces=issued.identifier)


def _issue(signer, what=None, replaces=None):
    return actions.issue(
        what or licence(),
        owner=WANG.account,
        case_number=CASE,
        actor=APPROVER,
        at=AT,
        signer=signer,
        replaces=replaces,
    )


def test_the_holder_the_office_and_the_presenter_see_it_and_nobody_else(issued):
    for actor in (WANG, APPROVER, SYSTEM, LI.presenting(issued.identifier)):
        with acting_as(actor):
            assert queries.certificate(issued.identifier) == issued
            assert list(Certificate.objects.all()) == [issued]
    for actor in (LI, ELSEWHERE, ANONYMOUS, LI.presenting(issued.identifier + "0")):
        with acting_as(actor):
            # The table itself, with no guard before it.
            assert not Certificate.objects.exists()
            assert queries.certificates_of(WANG.account) == []
            assert queries.certificates_for_case(CASE) == []
            with pytest.raises(Certificate.DoesNotExist):
                queries.certificate(issued.identifier)


def test_an_approver_revokes_it_and_whoever_looks_sees_so(issued):
    assert queries.verdict(issued.page, DAY).answer == "valid"
    with acting_as(APPROVER):
        actions.revoke(issued.identifier, reason="01", actor=APPROVER, at=AT)
    for verdict in (
        queries.verdict(issued.page, DAY),
        queries.verdict(queries.bare_document(issued), DAY),
        queries.verdict_of_identifier(issued.identifier, DAY),
    ):
        assert verdict.answer == "revoked"
        assert "撤销" in verdict.headline.zh
        assert "欺骗" in verdict.headline.zh
    with acting_as(WANG):
        assert [entry.verb for entry in journal.history(CASE)] == [
            "certificate.issued",
            "certificate.revoked",
        ]
    with acting_as(APPROVER), pytest.raises(Refused, match=r"certificates\.E003"):
        actions.revoke(issued.identifier, reason="01", actor=APPROVER, at=AT)


def test_another_reason_must_be_described(issued):
    with acting_as(APPROVER):
        with pytest.raises(Refused, match=r"certificates\.E002"):
            actions.revoke(issued.identifier, reason="99", actor=APPROVER, at=AT)
        ended = actions.revoke(
            issued.identifier, reason="99", description="登记系统录入错误", actor=APPROVER, at=AT
        )
    assert ended.reason_text == "登记系统录入错误"
    assert "录入错误" not in queries.verdict(issued.page, DAY).headline.zh, (
        "not for every presenter"
    )


@pytest.mark.parametrize("reason", ["", "00", "07", "abc"])
def test_a_reason_that_is_none_is_refused(issued, reason):
    with acting_as(APPROVER), pytest.raises(Refused, match=r"certificates\.E001.*99 Other"):
        actions.revoke(issued.identifier, reason=reason, actor=APPROVER, at=AT)


@pytest.mark.parametrize("actor", [WANG, LI, ACCEPTOR, ELSEWHERE, ANONYMOUS], ids=lambda a: a.name)
def test_who_is_not_competent_cannot_even_learn_that_it_exists(issued, actor):
    with acting_as(actor), pytest.raises(Certificate.DoesNotExist):
        actions.revoke(issued.identifier, reason="01", actor=actor, at=AT)


def test_a_suspended_licence_can_stand_again(issued):
    with acting_as(APPROVER):
        actions.revoke(issued.identifier, reason="06", actor=APPROVER, at=AT)
        assert queries.verdict(issued.page, DAY).answer == "revoked"
        with pytest.raises(Refused, match=r"certificates\.E002"):
            actions.reinstate(issued.identifier, description=" ", actor=APPROVER, at=AT)
        actions.reinstate(issued.identifier, description="已查清", actor=APPROVER, at=AT)
        assert queries.verdict(issued.page, DAY).answer == "valid"
        with pytest.raises(Refused, match=r"certificates\.E004"):
            actions.reinstate(issued.identifier, description="再来", actor=APPROVER, at=AT)


def test_a_licence_whose_term_is_over_no_longer_stands(db, signer):
    until = DAY + timedelta(days=365)
    issued = _issue(signer, licence(valid_to=until))
    assert queries.verdict(issued.page, until).answer == "valid"
    after = queries.verdict(issued.page, until + timedelta(days=1))
    assert after.answer == "revoked"
    assert "2027年4月9日" in after.headline.zh


def test_an_identifier_that_was_never_issued_is_unknown(db):
    made_up = identifiers.make("11100000MB0143028R001", "11430000006122244L", "20260409AAAA", 1)
    assert queries.verdict_of_identifier(made_up, DAY).answer == "unknown"
    mistyped = queries.verdict_of_identifier(made_up[:-1] + "?", DAY)
    assert mistyped.answer == "unknown"
    assert mistyped.steps[0].passed is False


def test_a_scanned_code_shows_what_is_on_record(issued):
    verdict = queries.verdict_of_identifier(f" {issued.identifier.lower()} ", DAY)
    assert verdict.answer == "valid"
    assert verdict.content["holder"]["name"] == "长春市云帆虚构科技有限公司"
    assert issued.identifier in issued.content["verify_at"]


def test_a_licence_in_the_database_that_was_tampered_with_is_found_by_its_number(issued):
    """An intruder who owns the tables still lacks the key."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER unchanging")
        cursor.execute(
            "UPDATE certificates_certificate SET content ="
            " jsonb_set(content, '{fields,3,value,zh}', '\"900万元人民币\"')"
        )
        cursor.execute("ALTER TABLE certificates_certificate ENABLE ALWAYS TRIGGER unchanging")
        cursor.execute("SET ROLE xiangyun_runtime")
    assert queries.verdict_of_identifier(issued.identifier, DAY).answer == "altered"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_certificate SET holder_name = '别人'",
        "UPDATE certificates_certificate SET valid_until = '2099-01-01'",
        "DELETE FROM certificates_certificate",
        "TRUNCATE certificates_certificate",
    ],
)
def test_no_code_path_changes_what_was_issued(issued, statement):
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(SYSTEM), denied, transaction.atomic():
        _run(statement)


@pytest.mark.parametrize("change", ["SET page = ''", "SET owner = NULL"])
def test_even_the_owner_of_the_tables_changes_only_the_status(issued, change):
    with transaction.atomic():
        _run("SET ROLE NONE")
        refused = pytest.raises(ProgrammingError, match="never changed")
        with refused, transaction.atomic():
            _run(f"UPDATE certificates_certificate {change}")
        with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
            _run("DELETE FROM certificates_certificate")
        _run("UPDATE certificates_certificate SET status = 'suspended'")
        _run("SET ROLE xiangyun_runtime")


def test_nobody_issues_for_himself_by_a_forgotten_path(issued):
    with acting_as(WANG):
        copy = Certificate.objects.get()
        copy.pk += "X"
        with (
            pytest.raises((ProgrammingError, IntegrityError), match="row-level security"),
            transaction.atomic(),
        ):
            copy.save(force_insert=True)
        with transaction.atomic():
            assert Certificate.objects.update(status="revoked") == 0


def _run(statement):
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)


def test_the_office_of_the_division_is_named_in_the_journal(issued):
    with acting_as(APPROVER):
        (entry,) = journal.history(CASE)
    assert entry.desk == "朝阳区市场监管局"
    assert entry.division == CHAOYANG
