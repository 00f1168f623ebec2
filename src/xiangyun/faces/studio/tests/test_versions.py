"""Every version is readable, with what it changed; a draft lists the sheets it would break."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.catalogue import actions, queries
from xiangyun.faces.studio.tests.test_pages import entered
from xiangyun.kernel.pack.tests.shipped import SHIPPED, broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN = 222404000000


def test_a_version_says_to_everybody_what_it_changed() -> None:
    first = queries.current_version(SHIPPED).number
    text = broken("service.yaml", "visits: 0 ", "visits: 1 ")
    text = broken("service.yaml", "visit_reason: null",
                  "visit_reason: {zh-Hans: 核对。, en: A look.}", text)  # fmt: skip
    actions.publish(SHIPPED, text, actor=SYSTEM, at=MORNING)
    anyone = Client(headers={"accept-language": "zh-CN"})
    listed = anyone.get(f"/versions/{SHIPPED}/").content.decode()
    assert f"第 {first + 1} 版" in listed
    page = anyone.get(f"/versions/{SHIPPED}/{first + 1}/").content.decode()
    assert "跑动次数" in page
    assert "跑动理由" in page
    assert "visits: 1" not in page
    assert "?file=service.yaml#file" in page
    file = anyone.get(f"/versions/{SHIPPED}/{first + 1}/?file=service.yaml").content.decode()
    assert "visits: 1" in file  # as it is
    assert anyone.get(f"/versions/{SHIPPED}/{first + 1}/?file=nothing").status_code == 404
    assert anyone.get(f"/versions/{SHIPPED}/{first + 7}/").status_code == 404
    assert anyone.get("/versions/own/nothing/").status_code == 404


def test_a_provincial_draft_lists_every_sheet_that_it_would_break() -> None:
    keeper, second, author = entered("qingdan"), entered("fuhe"), entered("bianxie")
    sheet = f"/office/sheets/{HUNCHUN}/{SHIPPED}/"
    text = f'item: {SHIPPED}\ndivision: "{HUNCHUN}"\nwaived: [articles]\n'
    assert keeper.post(sheet + "save/", {"text": text, "revision": "0"}).status_code == 302
    assert keeper.post(sheet + "submit/", {"revision": "1"}).status_code == 302
    assert second.post(sheet + "approve/", {"revision": "2"}).status_code == 302
    draft = author.post("/studio/from/", {"published": SHIPPED})["Location"]
    assert author.get(draft).context["broken"] == []
    with acting_as(SYSTEM):
        files = queries.pack_files(SHIPPED)
    old = files["service.yaml"]
    at = old.index("  - key: articles\n")
    end = re.compile(r"\n(?=  - key:|\S)").search(old, at)
    assert end is not None
    new = old[:at] + old[end.end() :]  # the province asks for the articles no more
    author.post(draft + "file/service.yaml/save/", {"text": new, "seen": "1"})
    found = author.get(draft)
    assert [each.division for _, each in found.context["broken"]] == [HUNCHUN]
    assert "Hunchun" in found.content.decode()
