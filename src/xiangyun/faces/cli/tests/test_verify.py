"""`xiangyun verify` on a machine of one's own: the file, a public key, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from xiangyun.adapters.keys import instance_folder, signer, signing_key
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.certificates import actions
from xiangyun.domain.certificates.document import signed
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.faces.cli.verify import verify
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import CertificateContent, CertificateField

AT = datetime(2026, 4, 9, 1, 30, tzinfo=UTC)


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(verify, [str(part) for part in arguments])


@pytest.fixture
def licence(db):
    what = CertificateContent(
        id="business-licence",
        type_code="11100000MB0143028R001",
        name=Text("营业执照", "Business licence"),
        holder="长春市云帆虚构科技有限公司",
        holder_code="91220104MA0000019Q",
        holder_code_kind="uscc",
        issuer="长春市朝阳区市场监督管理局",
        issuer_code="11430000006122244L",
        division="220104000000",
        fields=(
            CertificateField("capital", Text("注册资本", "Capital"), "", "100万元", "100万元"),
        ),
        valid_from=None,
        valid_to=None,
        note=Text("虚构", "Fictitious"),
    )
    return actions.issue(what, owner=None, case_number=None, actor=SYSTEM, at=AT, signer=signer())


@pytest.fixture
def page(licence, tmp_path):
    file = tmp_path / "licence.html"
    file.write_text(licence.page, encoding="utf-8")
    return file


@pytest.fixture
def receipt(db, tmp_path):
    with acting_as(SYSTEM):
        journal.record(
            journal.entry_of(
                verb="case.submitted",
                subject="22010420260409000001",
                division=220104000000,
                owner=None,
                actor=None,
                actor_name="王小溪（虚构）",
                desk="",
                at=AT,
                data={},
            )
        )
        journal.seal(AT, signer())
        file = tmp_path / "receipt.json"
        made = journal_reads.receipt("22010420260409000001")
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another machine: no database, no instance, only the public key."""
    key = tmp_path / "public.pem"
    key.write_text((instance_folder() / "public.pem").read_text())
    kept = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }

    def run(*arguments):
        program = "import sys; from xiangyun.faces.cli.verify import verify; verify()"
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments), "--key", str(key)],
            env={**kept, "XIANGYUN_HOME": str(tmp_path / "nothing")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_genuine_licence_that_stands_ends_with_0(run, page):
    result = run(page)
    assert result.exit_code == 0, result.output
    assert "有效  valid" in result.stdout
    assert "In force by the records of its issuer" in result.stdout


def test_an_altered_licence_ends_with_1(run, page):
    page.write_text(page.read_text("utf-8").replace("100万元", "900万元", 1), encoding="utf-8")
    result = run(page)
    assert result.exit_code == 1
    assert "被改动过  altered" in result.stdout


def test_a_revoked_licence_ends_with_1_and_offline_it_says_that_nobody_was_asked(
    run, page, licence
):
    with acting_as(SYSTEM):
        actions.revoke(licence.identifier, reason="01", actor=SYSTEM, at=AT)
    assert run(page).exit_code == 1
    offline = run(page, "--offline")
    assert offline.exit_code == 0
    assert "未核对  not checked" in offline.stdout


def test_a_licence_that_this_instance_signed_but_never_issued_ends_with_2(run, tmp_path, licence):
    """Such as one whose transaction failed after it was signed."""
    content = {**licence.content, "identifier": licence.identifier.replace(".001.", ".002.")}
    document = signed(content, "", signer())
    file = tmp_path / "bare.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    result = run(file)
    assert result.exit_code == 1, "the check character no longer fits"
    parsed = identifiers.parse(licence.identifier)
    content["identifier"] = identifiers.make(parsed.type_code, parsed.issuer, parsed.serial, 2)
    file.write_text(json.dumps(signed(content, "", signer())), encoding="utf-8")
    assert run(file).exit_code == 2


def test_a_key_of_somebody_else_ends_with_2(run, page, tmp_path):
    signing_key(tmp_path / "other")
    result = run(page, "--key", tmp_path / "other" / "public.pem")
    assert result.exit_code == 2
    assert "无法确认  unknown" in result.stdout


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"hello", b"{}"])
def test_what_cannot_be_read_ends_with_3_and_says_so_on_stderr(run, tmp_path, content):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    result = run(file)
    assert result.exit_code == 3
    assert not result.stdout
    assert "file" in result.stderr


def test_a_file_that_is_no_key_ends_with_3(run, page):
    result = run(page, "--key", page)
    assert result.exit_code == 3
    assert "keys.E003" in result.stderr


def test_programs_get_their_answer_as_json(run, page):
    answer = json.loads(run(page, "--json").stdout)
    assert answer["answer"] == "valid"
    assert answer["content"]["holder"]["name"] == "长春市云帆虚构科技有限公司"
    assert {"zh", "en", "passed"} == answer["steps"][0].keys()


def test_a_receipt_is_verified_on_another_machine(receipt, elsewhere, tmp_path):
    result = elsewhere(receipt)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not (tmp_path / "nothing").exists(), "nothing was started or written for it"
    receipt.write_text(
        receipt.read_text("utf-8").replace("case.submitted", "case.approved"), "utf-8"
    )
    assert elsewhere(receipt).returncode == 1


def test_a_licence_on_another_machine_is_genuine_and_its_standing_not_asked(page, elsewhere):
    result = elsewhere(page)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "未向签发机关查询" in result.stdout


def test_a_command_of_its_own_asks_the_database_that_runs(page):
    """A fresh process that sets Django up first; our licence is not committed, so: unknown."""
    at = connection.settings_dict
    address = make_conninfo(
        host=at["HOST"] or None,
        port=at["PORT"] or None,
        user=at["USER"] or None,
        password=at["PASSWORD"] or None,
        dbname=at["NAME"],
    )
    result = _verify_here(page, {"DATABASE_URL": address})
    assert result.returncode == 2, result.stdout + result.stderr
    assert "has no record" in result.stdout


def test_a_database_that_does_not_answer_is_said_and_not_fatal(page):
    result = _verify_here(page, {"DATABASE_URL": "host=127.0.0.1 port=1 dbname=xiangyun"})
    assert result.returncode == 0, result.stdout + result.stderr
    assert "未查询签发记录" in result.stderr


def _verify_here(page, environment):
    program = "from xiangyun.faces.cli.verify import verify; verify()"
    return subprocess.run(
        [sys.executable, "-c", program, str(page)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": django_settings.SETTINGS_MODULE,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
