"""A son applies for his mother: what is known is hers, and the list answers item by item."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Draft
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.formspec import from_json

from .conftest import LogIn

pytestmark = pytest.mark.django_db

ABILITY, LIST = "eldercare/ability-assessment", "eldercare/basic-services"
SON, ID_OF_SON = "李样山", "222404198807210014"


@pytest.fixture
def for_mother(log_in: LogIn) -> Client:
    """The son's browser, in which he acts for his mother (here Wang), who agreed to it."""
    mother, son = log_in("wang"), log_in("li")
    agreed = mother.post("/account/behalf/consent", {"name": SON, "id_number": ID_OF_SON})
    assert agreed.status_code == 302
    son.post("/account/behalf/act", {"party": str(actor("wang").account)})
    return son


def begun(client: Client, service: str) -> UUID:
    return UUID(client.post(f"/services/{service}/apply")["Location"].split("/")[2])


def answered(draft: UUID, service: str, owner: Actor, **changed: object) -> None:
    """The answers of the pack's first example, but for what the register knows of the mother."""
    with acting_as(owner):
        version = Draft.objects.get(pk=draft).version_id
        pack = catalogue.pack(version)
        files = {q.key for q in pack.form.questions if q.kind == "filepicker"}
        answers = {k: v for k, v in pack.examples[0].answers.items() if k not in files} | changed
        given = from_json(pack.form, answers).answers
        kept = {k: v for k, v in given.items() if k in answers and not k.startswith("elder_")}
        drafts.keep_answers(draft, kept, actor=owner, at=timezone.now())


def test_a_son_applies_for_his_mother_and_her_age_is_checked_before_it_is_sent(
    for_mother: Client, log_in: LogIn
) -> None:
    draft, wang = begun(for_mother, ABILITY), actor("wang")
    page = for_mother.get(f"/apply/{draft}/check").content.decode()
    said, entered = page.split("<h1>")
    assert "代 王样云" in said  # the page says for whom he acts
    assert "王样云" in entered
    assert SON not in entered
    answered(draft, ABILITY, wang)
    page = for_mother.get(f"/apply/{draft}/check").content.decode()
    assert "不能通过" in page.split('id="found"')[1]  # she is not old enough by the register
    with acting_as(SYSTEM):
        kept = Draft.objects.get(pk=draft)
        assert (kept.owner, kept.filed_by) == (wang.account, None)
    assert log_in("wang").get(f"/apply/{draft}/check").status_code == 200  # she sees it too


def test_the_list_answers_every_item_with_its_reason_before_it_is_sent(for_mother: Client) -> None:
    draft = begun(for_mother, LIST)
    answered(draft, LIST, actor("wang"))
    page = for_mother.get(f"/apply/{draft}/check").content.decode()
    told = page.split('id="not-applying"')[1].split("</section>")[0]
    assert "高龄津贴" in told
    assert "未满八十周岁。" in told
    assert "国家基本养老服务清单" in told
    for_mother.post("/language", {"language": "en"})
    page = for_mother.get(f"/apply/{draft}/check").content.decode()
    assert "Old-age allowance" in page
    assert "Under 80." in page
