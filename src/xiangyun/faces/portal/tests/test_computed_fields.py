"""A computed field follows what is typed, on the page and after saving, and cannot be forged."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.models import Draft
from xiangyun.domain.cases.tests import calling
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.feel import from_stored

from .conftest import LogIn

pytestmark = pytest.mark.django_db
PRICE = {"type": "number", "key": "price", "label": "单价", "validate": {"required": True}}
TOTAL = {
    "type": "expression",
    "key": "total",
    "label": "合计（元）",
    "expression": "=price * 3",
    "properties": {"format": "money"},
}


@pytest.fixture
def begun(log_in: LogIn) -> tuple[Client, str]:
    files = dict(read_folder(calling.PACK))
    form = json.loads(files["form.json"])
    form["components"][0]["components"] += [PRICE, TOTAL]
    files["form.json"] = json.dumps(form, ensure_ascii=False)
    files["texts/en.yaml"] += "form.price.label: Price\nform.total.label: Total\n"
    for path in [each for each in files if each.startswith("examples/")]:
        files[path] = files[path].replace("answers: {", "answers: {price: 1, ")
    with acting_as(SYSTEM) as system:
        catalogue.publish(calling.CODE, files, actor=system, at=MORNING)
    wang = log_in("wang")
    draft = wang.post(f"/services/{calling.CODE}/apply")["Location"]
    return wang, draft


def shown(page: str) -> str:
    found = re.search(r'data-computed="total"[^>]*>([^<]*)<', page)
    assert found
    return found[1]


def test_the_page_asks_the_server_and_keeps_nothing(begun: tuple[Client, str]) -> None:
    wang, draft = begun
    page = wang.get(f"{draft}/pages/what").content.decode()
    assert shown(page) == "—"
    assert f'data-live="{draft}/pages/what/live"' in page
    typed = {"word": "", "price": "264,986.3", "total": "1"}
    answer = wang.post(f"{draft}/pages/what/live", typed)
    assert answer.json()["computed"] == {"total": "794,958.90"}
    assert wang.post(f"{draft}/pages/what/live", {"price": "x"}).json()["computed"] == {"total": ""}
    with acting_as(SYSTEM):
        assert Draft.objects.order_by("-created_at")[0].answers == {}
    assert wang.get(f"{draft}/pages/what/live").status_code == 302


def test_nobody_else_computes_on_a_draft(begun: tuple[Client, str], log_in: LogIn) -> None:
    _, draft = begun
    assert log_in("li").post(f"{draft}/pages/what/live", {}).status_code == 404


def test_without_a_script_it_is_there_after_saving_and_counts_anew_when_sent(
    begun: tuple[Client, str],
) -> None:
    wang, draft = begun
    typed = {"word": "厂", "place": "222404001001", "price": "100", "total": "999999"}
    wrong = wang.post(f"{draft}/pages/what", {**typed, "word": ""})
    assert shown(wrong.content.decode()) == "300.00"
    assert wang.post(f"{draft}/pages/what", typed).status_code == 302
    assert "300.00" in wang.get(f"{draft}/check").content.decode()
    ident = draft.rpartition("/")[2]
    with acting_as(SYSTEM):
        forged = Draft.objects.get(pk=ident)
        Draft.objects.filter(pk=ident).update(answers={**forged.answers, "total": "1"})
    who = actor("wang")
    with acting_as(who):
        case = actions.submit_case(forged.pk, actor=who, at=timezone.now())
    assert from_stored(case.variables["application"]["total"]) == 300
    assert "300.00" in wang.get(f"/cases/{ident}").content.decode()
