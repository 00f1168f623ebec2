"""The page of names: spellings side by side, reserved, and applied with."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

NAMES = "/names/market/company-registration/"
ASKED = {
    "name_prefix": "珲春市",
    "brand": "样签甲",
    "industry": "G59",
    "industry_words": "冷链物流",
    "name_form": "有限公司",
}


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_spellings_are_looked_at_without_a_log_in_and_one_is_reserved_and_used() -> None:
    somebody = Client()
    somebody.cookies["region"] = "222404000000"
    assert NAMES in page(somebody, "/services/market/company-registration")
    assert "能用" not in page(somebody, NAMES).partition("<main")[2].partition("<form")[2]
    page(somebody, f"{NAMES}?brand=样签甲", 422)
    shown = page(somebody, f"{NAMES}?{urlencode({**ASKED, 'other1': '样国徽'})}")
    assert "珲春市样签甲冷链物流有限公司" in shown
    assert "珲春市样国徽冷链物流有限公司" in shown
    assert "登录后预留" in shown
    wang = Client()
    wang.post("/login", {"login": "wang", "password": PASSWORD})
    assert wang.post(f"{NAMES}reserve/", {**ASKED, "brand": "样国徽"}).status_code == 422
    assert wang.post(f"{NAMES}reserve/", ASKED).status_code == 302
    own = page(wang, NAMES)
    name = re.search(r'name="name" value="([^"]+)"', own)
    assert name
    begun = wang.post(f"{NAMES}apply/", {"name": name[1]})
    assert begun["Location"].startswith("/apply/")
    draft = begun["Location"].split("/")[2]
    assert 'value="样签甲"' in page(wang, f"/apply/{draft}/pages/name")
    assert wang.post(f"{NAMES}release/", {"name": name[1]}).status_code == 302
    assert wang.post(f"{NAMES}release/", {"name": name[1]}).status_code == 404
    assert name[1] not in page(wang, NAMES)


def test_a_service_that_registers_no_names_has_no_such_page() -> None:
    page(Client(), "/names/construction/road-digging/", 404)
