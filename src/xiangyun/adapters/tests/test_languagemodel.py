"""A language model proposes, and nothing that it invents is ever listed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from xiangyun.adapters.languagemodel import language_model
from xiangyun.adapters.wordlists import word_rules
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.wording import Diagnosis, changes, diagnose, lines_of, numbered
from xiangyun.kernel.wording.proposing import asked_lines, with_proposals

TEXT = """\
样小云
电话：13800001234 | 邮箱：yangxiaoyun@example.com
## 教育背景
样省大学  计算机科学与技术  本科  2021.09-2025.06
## 实习经历
样云科技有限公司  后端开发实习生  2024.07-2024.10
- 在公司负责设计订单接口的缓存，响应时间从 800 毫秒降到 120 毫秒
- 编写 45 个单元测试，绘制架够图 12 张
- 为部门写操作手册，证明人电话 13900005678
"""


class Answering:
    """A server that answers as a model does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.content, self.status = "[]", 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                asked = json.loads(self.rfile.read(length))
                outer.asked.append({"path": self.path, "key": self.headers["Authorization"],
                                    **asked})  # fmt: skip
                body = json.dumps({"choices": [{"message": {"content": outer.content}}]}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1?model=made-up"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def says(self, *proposals: tuple[str, str]) -> None:
        listed = [{"place": p, "after": a, "reason": "更短。"} for p, a in proposals]
        self.content = f"```json\n{json.dumps(listed, ensure_ascii=False)}\n```"


@pytest.fixture
def model(settings: Any) -> Iterator[Answering]:
    found = Answering()
    settings.MODEL, settings.MODEL_KEY = found.address, "k1"
    yield found
    found.server.shutdown()
    found.server.server_close()


def diagnosed() -> Diagnosis:
    return diagnose(lines_of(TEXT), word_rules("jobs/resume-lab:resume"), numbered(2026, 4))


def proposed(model: Answering, *proposals: tuple[str, str]) -> list[str]:
    model.says(*proposals)
    found, rules = diagnosed(), word_rules("jobs/resume-lab:resume")
    asked = language_model()
    assert asked is not None
    answered = asked.propose(asked_lines(found))
    listed = with_proposals(changes(found, rules), answered, found, rules)
    return [each.after for each in listed if each.id == "model.wording"]


SHORTER = "设计订单接口的缓存，响应时间从 800 毫秒降到 120 毫秒"


def test_a_shorter_line_is_proposed_and_no_name_or_number_is_sent(model: Answering) -> None:
    assert proposed(model, ("7:3", SHORTER)) == [SHORTER]
    (asked,) = model.asked
    assert (asked["path"], asked["key"]) == ("/v1/chat/completions", "Bearer k1")
    assert asked["model"] == "made-up"
    sent = json.dumps(asked, ensure_ascii=False)
    assert "样小云" not in sent
    assert "13800001234" not in sent
    assert "example.com" not in sent
    assert "13900005678" not in sent  # nor of anybody in a line of experience


@pytest.mark.parametrize(
    "after",
    [
        SHORTER.replace("120", "90"),
        SHORTER + "，获清华大学奖",
        SHORTER + "，用 Kafka",
        SHORTER + "，编写 45 个单元测试",  # true elsewhere, not here
        "带领三人设计订单接口的缓存",
        "",
        SHORTER * 3,
    ],
)
def test_what_a_model_invents_is_not_listed(model: Answering, after: str) -> None:
    assert proposed(model, ("7:3", after)) == []


def test_lines_that_were_not_asked_about_or_are_changed_by_a_rule_are_left(
    model: Answering,
) -> None:
    # The name; the line with 架够, which a rule mends; a place that is none.
    assert proposed(model, ("1:1", "样云"), ("8:3", "编写 45 个单元测试"), ("99:1", "样")) == []


@pytest.mark.parametrize(
    ("status", "content"), [(500, "[]"), (302, "[]"), (200, "Sure!"), (200, "{}")]
)
def test_what_is_not_answered_as_agreed_is_refused(
    model: Answering, status: int, content: str
) -> None:
    model.status, model.content = status, content
    asked = language_model()
    assert asked is not None
    with pytest.raises(Refused, match=r"wording\.E017"):
        asked.propose(asked_lines(diagnosed()))


def test_no_model_is_asked_unless_the_settings_name_one(settings: Any) -> None:
    settings.MODEL = ""
    assert language_model() is None


@pytest.mark.django_db
def test_a_proposal_is_accepted_on_the_page_and_a_forged_one_is_not(
    demonstration: None, model: Answering
) -> None:
    model.says(("7:3", SHORTER))
    client = Client()
    plain = client.post("/resume/", {"text": TEXT}).content.decode()
    assert "127.0.0.1" in plain
    assert model.asked == []
    page = client.post("/resume/", {"text": TEXT, "model": "on"}).content.decode()
    assert SHORTER in page
    before = "在公司负责设计订单接口的缓存，响应时间从 800 毫秒降到 120 毫秒"
    again = client.post("/resume/", {"text": TEXT, "change": [f"7:3|{before}|{SHORTER}"]})
    assert f"- {SHORTER}" in again.content.decode()
    forged = client.post("/resume/", {"text": TEXT, "change": [f"7:3|{before}|{SHORTER}，用 Go"]})
    assert forged.status_code == 422
    assert len(model.asked) == 1
