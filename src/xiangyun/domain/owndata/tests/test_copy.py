"""The copy of all own data: everything that is mine, readable, and nothing of anybody else."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from xiangyun.domain.accounts.access import ANONYMOUS, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.owndata import actions
from xiangyun.kernel.findings import Forbidden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def copy_of(login: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(actions.copy(actor=actor(login), at=MORNING)))


def test_the_copy_holds_what_is_mine_and_nothing_of_anybody_else():
    mine = submitted(actor("wang"), brand="样抄一")
    theirs = submitted(actor("li"), brand="样抄二")
    copied = copy_of("wang")
    names = copied.namelist()
    assert f"cases/{mine.number}/case.json" in names
    assert not [name for name in names if theirs.number in name]
    case = json.loads(copied.read(f"cases/{mine.number}/case.json"))
    assert case["application"]["brand"] == "样抄一"
    assert json.loads(copied.read("account.json"))["name"] == "王样云"
    assert any(name.startswith("registers/person") for name in names)
    whole = b"".join(copied.read(name) for name in names).decode(errors="replace")
    assert "样抄二" not in whole
    assert whole.count("222404199203150027") > 0, "the own number is readable"


def test_the_files_of_an_application_lie_in_it_as_they_were_handed_in():
    mine = submitted(actor("wang"), brand="样抄三")
    copied = copy_of("wang")
    (proof,) = [
        name for name in copied.namelist() if name.startswith(f"cases/{mine.number}/files/")
    ]
    assert proof.endswith("租赁合同.pdf")
    assert copied.read(proof) == b"%PDF-1.4"


def test_that_a_copy_was_taken_stands_in_the_journal():
    who = actor("wang")
    copied = copy_of("wang")
    with acting_as(who):
        (entry,) = [
            each
            for each in journal.history(f"account/{who.account}")
            if each.verb == "owndata.copied"
        ]
    assert entry.data == {"files": len(copied.namelist())}


def test_nobody_takes_a_copy_without_an_account():
    with pytest.raises(Forbidden) as refused:
        actions.copy(actor=ANONYMOUS, at=MORNING)
    assert [each.id for each in refused.value.findings] == ["owndata.E001"]


@pytest.mark.parametrize("name", ["../../etc/x", "/a/../b", "..\\x"])
def test_no_name_leads_out_of_the_folder_that_it_is_unpacked_in(name: str):
    assert ".." not in actions._named(name)
    assert not actions._named(name).startswith("/")
