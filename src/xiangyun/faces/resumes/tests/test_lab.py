"""The resume lab: looked at without an account, changed only where a box is ticked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

TEXT = """\
样小云
电话：13800001234 | 邮箱：yangxiaoyun@example.com
## 教育背景
样省大学  计算机科学与技术  本科  2021.09-2025.06
## 实习经历
样云科技有限公司  后端开发实习生  2024.07-2024.10
- 设计订单接口的缓寸，响应时间从 800 毫秒降到 120 毫秒
- 编写 45 个单元测试，绘制架够图 12 张
## 专业技能
- 熟悉 Python、Java、MySQL 和 Linux
"""


def boxes(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'name="change" value="([^"]*)"', page)]


def own(page: str) -> str:
    found = re.search(r'<textarea id="f-own"[^>]*>(.*?)</textarea>', page, re.S)
    assert found is not None
    return unescape(found[1])


@pytest.fixture
def client(demonstration: None) -> Client:
    return Client()


@pytest.mark.django_db
def test_a_student_without_an_account_has_a_file_looked_at(client: Client) -> None:
    sent = SimpleUploadedFile("resume.md", TEXT.encode())
    page = client.post(
        "/resume/", {"file": sent, "text": "", "post": "熟悉 Redis"}
    ).content.decode()
    assert "typing.confusion" in page
    assert "post.lacks" in page
    assert len(boxes(page)) == 2


@pytest.mark.django_db
def test_only_the_ticked_change_is_made(client: Client) -> None:
    page = client.post("/resume/", {"text": TEXT}).content.decode()
    first, _ = boxes(page)
    again = own(client.post("/resume/", {"text": own(page), "change": [first]}).content.decode())
    assert "缓存" in again
    assert "架够" in again


@pytest.mark.django_db
def test_a_change_of_another_text_is_refused_and_nothing_lost(client: Client) -> None:
    answer = client.post("/resume/", {"text": TEXT, "change": ["1:1|缓寸|缓存"]})
    assert answer.status_code == 422
    assert "样小云" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{"), ("md", "样".encode())]
)
def test_the_text_is_taken_away_as_a_file(client: Client, kind: str, begins: bytes) -> None:
    answer = client.post("/resume/file", {"text": TEXT, "kind": kind, "layout": "modern"})
    assert answer.content.startswith(begins)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_nothing_sent_and_what_cannot_be_read_say_what_to_do(client: Client) -> None:
    assert client.post("/resume/", {"text": " "}).status_code == 422
    sent = SimpleUploadedFile("scan.pdf", b"%PDF-1.7")
    answer = client.post("/resume/", {"file": sent})
    assert answer.status_code == 422
    assert client.get("/resume/file").status_code == 302
