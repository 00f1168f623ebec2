"""Cases that only their handlers may know, as a program sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests import sealedservice as service
from xiangyun.domain.cases.tests.sealedservice import ACCEPTOR, APPROVER, OVERSEER, SECRET
from xiangyun.domain.cases.tests.situations import actor

from .test_interface import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    service.publish(tmp_path)
    return service.sent()


def said(answer: Any) -> str:
    return str(answer.content.decode("unicode_escape", "replace"))


def test_it_is_taken_from_a_line_without_names_and_handed_on(case: Case) -> None:
    official = Program(ACCEPTOR)
    queue = official.ask("GET", "/queue").json()
    (line,) = queue["untaken"]
    assert queue["rows"] == []
    assert line.keys() == {"item", "service", "place", "due_on"}
    assert official.ask("GET", f"/cases/{case.pk}").status_code == 404
    taken = official.ask("POST", f"/untaken/{line['item']}", {})
    assert taken.status_code == 200, taken.content
    assert SECRET in taken.json()["subject"]
    assert official.ask("POST", f"/untaken/{line['item']}", {}).status_code == 409
    handlers = official.ask("GET", f"/cases/{case.pk}/handlers").json()
    assert [each["kind"] for each in handlers["handlers"]] == ["handler"]
    others = {each["account"] for each in handlers["may_be_named"]}
    stranger = str(actor(APPROVER).account)
    assert stranger not in others
    to = {"to": stranger, "reason": "休假"}
    assert official.ask("POST", f"/cases/{case.pk}/hand-over", to).status_code == 422


def test_an_overseer_says_why_and_reads_masks_until_another_reason(case: Case) -> None:
    overseer = Program(OVERSEER)
    (line,) = overseer.ask("GET", "/overseen").json()
    assert line["case"] == str(case.pk)
    assert overseer.ask("POST", f"/cases/{case.pk}/look", {"reason": ""}).status_code == 422
    looked = overseer.ask("POST", f"/cases/{case.pk}/look", {"reason": "抽查"})
    assert looked.status_code == 200, looked.content
    assert SECRET not in said(looked)
    assert SECRET not in said(overseer.ask("GET", f"/cases/{case.pk}"))
    shown = overseer.ask("POST", f"/cases/{case.pk}/unmask", {"reason": "信访"})
    assert SECRET in shown.json()["subject"]
    handlers = overseer.ask("GET", f"/cases/{case.pk}/handlers").json()
    assert handlers["may_be_named"] == []
    with acting_as(actor("wang")):
        assert Case.objects.filter(pk=case.pk).exists()
