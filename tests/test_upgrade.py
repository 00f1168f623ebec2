"""An instance of an earlier build is carried on: its cases, its proofs, and what waits."""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from django.db import connections, transaction
from django.utils import timezone

from xiangyun.adapters import keys, postgres
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions as verbs
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.certificates.queries import bare_document, certificates_for_case, verdict
from xiangyun.domain.journal import actions, checks, queries
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.faces.cli.working import work_off_jobs
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import verify_consistency
from xiangyun.site.upgrade import bring_up_to_date

ROOT = Path(__file__).resolve().parent.parent
FIRST = Path(__file__).with_name("instances") / "first"


@pytest.fixture(scope="module")
def carried_on(inside_database: Callable[[str], AbstractContextManager[str]]) -> Iterator[str]:
    """The packed instance in a database of its own, brought up to date; its address."""
    name = f"test_carried_on_{os.getpid()}"
    with inside_database(name) as server:
        address = postgres.ensure_database(server, name)
        with psycopg.connect(address, autocommit=True) as loading:
            loading.execute(lzma.decompress((FIRST / "database.sql.xz").read_bytes()))
        bring_up_to_date()
        yield address


@pytest.fixture
def trusted() -> Iterator[Mapping[str, str]]:
    """The keys of this instance, among them the one that the packed instance signed with."""
    folder = keys.instance_folder() / "trusted"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "of-an-earlier-build.pem"
    file.write_bytes((FIRST / "public.pem").read_bytes())
    yield signer().trusted
    file.unlink()


def actor(login: str) -> Actor:
    """Somebody of the packed instance; its passwords are hashed as in earnest."""
    found = accounts.actor_by_login(login)
    assert found is not None
    return found


def test_what_was_proved_before_stays_proved(carried_on: str, trusted: Mapping[str, str]) -> None:
    receipt = json.loads((FIRST / "receipt.json").read_text(encoding="utf-8"))
    assert check_receipt(receipt, trusted).answer == "valid"
    with acting_as(SYSTEM):
        assert checks.audit(trusted) == []
        assert checks.compared() == []
        while actions.seal(timezone.now(), signer()):
            pass
        assert checks.audit(trusted) == []
        head, before = queries.latest_head(), receipt["head"]
        assert head is not None
        path = [bytes.fromhex(each) for each in queries.consistency(before["size"], head.size)]
    root = bytes.fromhex(before["root"])
    assert verify_consistency(before["size"], head.size, root, bytes(head.root), path)


def test_work_on_the_way_goes_on(carried_on: str, trusted: Mapping[str, str]) -> None:
    with acting_as(SYSTEM):
        waiting = Case.objects.get(variables__application__brand="样甲")
    decider = actor("jueding")
    with acting_as(decider):
        (task,) = cases.open_tasks(decider, waiting)
    at = timezone.now()
    ended = verbs.complete_task(waiting.pk, task.id, action="approve", actor=decider, at=at)
    work_off_jobs()
    with acting_as(actor("wang")):
        assert Case.objects.get(pk=ended.pk).outcome == "issued"
        (licence,) = certificates_for_case(ended.number)
        assert verdict(bare_document(licence)).answer == "valid"
        old = verdict((FIRST / "licence.html").read_text(encoding="utf-8"))
        assert old.answer == "valid"


def test_a_draft_is_sent(carried_on: str, trusted: Mapping[str, str]) -> None:
    wang = actor("wang")
    with acting_as(wang):
        draft = Draft.objects.get(sent=False)
        sent = verbs.submit_case(draft.pk, actor=wang, at=timezone.now())
        assert cases.materials_of(sent)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE cases_case DROP COLUMN parts", "instance.E002.*cases_case.*parts"),
        ("ALTER TABLE accounts_account ADD COLUMN nick text", "instance.E002.*accounts_account"),
        (
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('cases', '9999_later', now())",
            "instance.E001.*9999_later",
        ),
    ],
)
def test_an_instance_that_cannot_be_carried_on_says_so_and_stays_as_it_is(
    carried_on: str, change: str, told: str
) -> None:
    owner = connections["owner"]
    with transaction.atomic("owner"), owner.cursor() as cursor:
        # as an instance stands that lacks the last migration and was made by edited ones
        cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'cases'")
        [last] = cursor.fetchone()
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name = %s", [last])
        cursor.execute(change)
        with pytest.raises(Refused, match=told):
            bring_up_to_date()
        cursor.execute(
            "SELECT count(*) FROM django_migrations WHERE app = 'cases' AND name = %s", [last]
        )
        assert cursor.fetchone() == (0,)
        transaction.set_rollback(True, using="owner")


# An instance is upgraded while the processes of before still run.

BEFORE = """
import sys
from contextlib import ExitStack
from xiangyun.site.main import boot
stack = ExitStack()
boot(stack)
sys.path.insert(0, "src")
from django.utils import timezone
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, queries, access
from xiangyun.domain.cases.tests import situations as s
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.faces.cli.working import work_off_jobs
now = timezone.now()
wang = s.actor("wang")
case = s.submitted(wang, now, brand="样前")
s.act("shencha", case, "agree", at=now)
s.act("jueding", case, "approve", at=now)
work_off_jobs()
with acting_as(wang):
    case = access.case_for(wang, case.pk)
    assert case.outcome == "issued", case.outcome
    actions.rate_case(case.pk, 5, "", actor=wang, at=now)
    assert actions.receipt(case.pk, actor=wang, at=now)["entries"][0]["index"] is not None
official = s.actor("shencha")
with acting_as(official):
    actions.note_reading(access.case_for(official, case.pk), actor=official, at=now)
print("done", case.number)
"""


def build_before(folder: Path) -> Path:
    """The code of the first build, from the history; skipped where there is none."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", "base", "src", "packs"], cwd=ROOT, capture_output=True
    )
    if packed.returncode:
        pytest.skip("no history here with the tag base: the build before cannot be had")
    subprocess.run(["tar", "x", "-C", folder], input=packed.stdout, check=True)
    return folder


def test_code_of_the_build_before_works_on_the_tables_of_today(
    carried_on: str, tmp_path: Path
) -> None:
    """As it does for the length of an upgrade, when its processes have not been stopped yet."""
    code = build_before(tmp_path)
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(code / "src"),
        "DATABASE_URL": carried_on,
        "XIANGYUN_HOME": str(tmp_path / "home"),
    }
    surroundings.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", BEFORE],
        cwd=code,
        env=surroundings,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with acting_as(SYSTEM):
        number = done.stdout.split()[-1]
        assert Case.objects.get(number=number).outcome == "issued"
