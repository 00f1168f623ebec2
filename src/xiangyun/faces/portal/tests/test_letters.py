"""What an official asks for arrives: in the letter, on the page, in the same number."""

from __future__ import annotations

import re

import pytest

from .conftest import LogIn, fill_in, send
from .test_following import page, press

pytestmark = pytest.mark.django_db
NOTE = "请换一个字号，并带上租赁合同原件。"


def letter_in(html: str) -> str:
    found = re.search(r'<div class="inset">(.*?)</div>', html, re.DOTALL)
    assert found
    return found[1]


def test_an_officials_note_goes_into_the_letter(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang, brand="样"))
    press(log_in("shouli"), case, "correct", NOTE)
    assert f"办理人员说明：{NOTE}" in letter_in(page(wang, case))
    wang.post("/language", {"language": "en", "next": "/"})
    assert f"The office adds: {NOTE}" in letter_in(page(wang, case))


def test_what_was_noted_at_an_earlier_desk_stays_within_the_office(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    press(log_in("shencha"), case, "agree", "内部意见：材料齐全。")
    press(log_in("jueding"), case, "approve", "准予登记。")
    html = page(wang, case)
    assert "办理人员说明：准予登记。" in html
    assert "说明：内部意见" not in html


def test_letter_and_page_count_the_same_findings(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang, brand="样"))
    press(log_in("shouli"), case, "correct", NOTE)
    link = re.search(r'href="(/cases/[^"]+/correct/[^"]+)"', page(wang, case))
    assert link
    html = page(wang, link[1])
    numbered = re.findall(r"(?:^|>|\n)\s*\d+\. ", letter_in(html))
    errors = html.split('id="errors"')[1].split("</ul>")[0]
    assert 0 < len(numbered) == errors.count("<li>")
    assert f"有 {len(numbered)} 处" in errors
