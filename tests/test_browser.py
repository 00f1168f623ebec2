"""Citizen, officials and anyone walk the pages in a real Chromium, on a phone and on a desktop.

Real server, real PostgreSQL, the worker of the jobs. Every step is looked at: it must not scroll
sideways, log an error or break the content security policy, and leaves a picture in
`screenshots/browser/`. Each test files an application of its own, so that any runs alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from serving import Server
from visitor import (
    APPLICATION,
    DESKTOP,
    DETAIL,
    IN_A_BROWSER,
    LEASE,
    NUMBER,
    PHONE,
    TOO_LARGE,
    WRONG_NUMBER,
    Visitor,
)

from xiangyun.faces.cli.demonstration import FIGURES, PASSWORD
from xiangyun.faces.cli.story import SERVICE

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=2)]

DIGGING: dict[str, dict[str, Any]] = {
    "who": {"site": "珲春市 英安镇", "street": "样祥路（虚构）12 号门前"},
    "what": {"surface": "asphalt", "area": "5", "emergency": "no", "promise": "true"},
}
SEND_TWICE = """button => Promise.all([1, 2].map(() =>
    fetch(location, {method: "POST", body: new FormData(button.form)}).then(got => got.url)))"""
HAN = re.compile(r"[\u3400-\u9fff]+")
# What an English page may leave in Chinese: persons, places, firms, offices, and quoted law.
NAMES = (
    f"{FIGURES} {APPLICATION} 吉林省 延边朝鲜族自治州 公主岭 长春市 祥和 祥云平台"
    " 珲春市市场监督管理局 演示 珲春市样英文冷链物流有限公司"
)
WITHOUT_LAW = """main => {
    const copy = main.cloneNode(true);
    copy.querySelectorAll(".law, .note-line, #law + ul").forEach(law => law.remove());
    return copy.textContent; }"""


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, site: Server) -> Iterator[Visit]:
    visitors: list[Visitor] = []

    def made(login: str = "", size: dict[str, int] = DESKTOP, **more: Any) -> Visitor:
        visitors.append(Visitor(browser, site, size, **more))
        if login:
            visitors[-1].enter(login)
        return visitors[-1]

    yield made
    for visitor in visitors:
        visitor.context.close()


def test_a_founder_files_on_a_phone_and_a_double_click_makes_one_case(visit: Visit) -> None:
    wang = visit(size=PHONE)
    page = wang.page
    wang.open(f"/services/{SERVICE}")
    wang.look("1-guide")
    wang.page.locator("main form .button").click()
    wang.fill({"login": "wang", "password": PASSWORD})
    wang.look("1-login")
    page.locator("main form .button").first.click()
    for key, typed in APPLICATION.items():
        expect(page).to_have_url(re.compile(f"/pages/{key}$"))
        wang.fill({**typed, "brand": "样掌上"} if key == "name" else typed)
        if key == "premises":
            wang.fill({"premises_proof": TOO_LARGE})
            wang.go_on()
            assert "10 MB" in wang.message_beside("premises_proof")
            expect(page.locator("[name=premises_detail]")).to_have_value(DETAIL)
            wang.look("1-premises-too-large")
            wang.fill({"premises_proof": LEASE})
        if key == "officers":
            wang.fill({"legal_representative_id": WRONG_NUMBER})
            wang.go_on()
            assert "校验码" in wang.message_beside("legal_representative_id")
            number = page.locator("[name=legal_representative_id]")
            expect(number).to_have_value(WRONG_NUMBER)
            wang.look("1-officers-wrong")
            number.fill(NUMBER)
        wang.look(f"1-{key}")
        wang.go_on()
    wang.look("1-check")
    button = page.locator("main form .buttons .button").first
    both = button.evaluate(SEND_TWICE)  # what two clicks in a bad net do: neither waits
    button.dblclick()
    expect(page).to_have_url(re.compile("/sent$"))
    assert both == [page.url, page.url]
    wang.look("1-sent")
    wang.open("/cases")
    mine = page.locator("main a[href^='/cases/']", has_text="样掌上")
    expect(mine).to_have_count(1)
    mine.click()
    expect(page.locator("ol.steps li.here")).to_have_count(1)
    wang.look("1-case")


def test_officials_decide_by_keyboard_and_another_county_sees_nothing(visit: Visit) -> None:
    case = visit("wang").file("样键盘")
    stranger = visit("gongzhuling")
    stranger.look("2-queue-of-another-county")
    expect(stranger.page.locator("main")).not_to_contain_text("样键盘")
    refused = stranger.open(f"/office{case}")
    assert refused is not None
    assert refused.status == 404
    stranger.look("2-not-found")

    reviewer = visit("shencha")
    reviewer.look("2-queue")
    row = reviewer.page.locator("tr", has_text="样键盘")
    for _ in range(row.evaluate("row => row.rowIndex")):
        reviewer.page.keyboard.press("j")
    expect(row).to_have_class("at")
    reviewer.page.keyboard.press("Enter")
    expect(reviewer.page).to_have_url(re.compile(f"/office{case}$"))
    expect(reviewer.page.locator(".facts")).to_contain_text(DETAIL)
    expect(reviewer.page.locator("section[aria-labelledby=findings]")).to_contain_text("《")
    agree = reviewer.page.locator("button[name=action][value=agree]")
    expect(reviewer.page.locator(f"#{agree.get_attribute('aria-describedby')}")).to_be_visible()
    reviewer.look("2-review")
    reviewer.press(case, "agree")
    reviewer.look("2-reviewed")

    approver = visit("jueding")
    approver.open(f"/office{case}")
    approver.look("2-decide")
    approver.press(case, "approve")
    approver.look("2-decided")


def test_the_founder_takes_the_licence_and_rates_five_stars(visit: Visit, tmp_path: Path) -> None:
    wang = visit("wang", PHONE)
    case = wang.file("样五星")
    visit("shencha").press(case, "agree")
    visit("jueding").press(case, "approve")
    wang.wait_for_the_end(case)
    wang.look("3-ended")
    wang.page.locator("main a[href^='/certificates/']").click()
    expect(wang.page.locator(".answer.good strong")).to_have_text("有效")
    wang.look("3-certificate")
    with wang.page.expect_download() as downloading:
        wang.page.locator("main a[href$='/file']").click()
    downloading.value.save_as(tmp_path / "licence.html")
    assert "样五星" in (tmp_path / "licence.html").read_text("utf-8")

    wang.open(case)
    wang.fill({"stars": "5"})
    wang.page.locator("form[action$='/rate'] .button").click()
    expect(wang.page.get_by_role("heading", name="您的评价")).to_be_visible()
    wang.look("3-rated")

    anyone = visit(size=PHONE)
    anyone.verify({"file": tmp_path / "licence.html"})
    expect(anyone.page.locator(".answer.good strong")).to_have_text("有效")
    anyone.look("3-verified")


def drawn(pdf: bytes) -> list[int]:
    """How many pieces of text each page of a printed document shows."""
    objects = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)endobj", pdf, re.DOTALL))
    pages = [o for o in objects.values() if re.search(rb"/Type /Page\b(?!s)", o)]
    shown = []
    for page in pages:
        content = objects[re.search(rb"/Contents (\d+) 0", page)[1]]  # type: ignore[index]
        packed = content.partition(b"stream")[2].lstrip(b"\r\n")
        shown.append(len(re.findall(rb"T[jJ]", zlib.decompressobj().decompress(packed))))
    return shown


def test_a_certificate_is_one_sheet_and_a_case_opens_no_empty_page(
    visit: Visit, site: Server
) -> None:
    wang = visit("wang")
    wang.open("/cases")
    licence = wang.page.locator("main a[href^='/certificates/']").first.get_attribute("href")
    case = wang.page.locator("main a[href^='/cases/']").first.get_attribute("href")
    wang.open(f"{licence}/paper")
    alone = drawn(wang.page.pdf(format="A4"))
    assert len(alone) == 1
    wang.open(licence)
    wang.page.locator("iframe.paper").scroll_into_view_if_needed()
    frame = wang.page.locator("iframe.paper")
    body = wang.page.frame_locator("iframe.paper").locator("body")
    tall = body.evaluate("body => body.getBoundingClientRect().height")
    assert 0 <= frame.evaluate("frame => frame.offsetHeight") - tall < 8
    (within,) = drawn(wang.page.pdf(format="A4"))
    assert within >= 0.9 * alone[0], "the page prints without its certificate"
    for address in (case, f"/services/{SERVICE}", "/cases"):
        wang.open(address)
        assert min(drawn(wang.page.pdf(format="A4"))) > 5, address


def test_anyone_tells_a_true_licence_from_an_altered_one(
    visit: Visit, site: Server, tmp_path: Path
) -> None:
    (licence,) = site.home.glob("demo/*.html")  # of the story that the demonstration told
    altered = tmp_path / "altered.html"
    altered.write_text(licence.read_text("utf-8").replace("100万元", "900万元", 1), "utf-8")
    unknown = "1.2.156.3005.2.11100000MB0143028R001.11222404XY2224044E.20260101MH87GU6NP4W5.001.J"
    anyone = visit()
    for said, name, typed in (
        ("有效", "valid", {"file": licence}),
        ("被改动过", "altered", {"file": altered}),
        ("查不到", "unknown", {"identifier": unknown}),
    ):
        anyone.verify(typed)
        expect(anyone.page.locator(".answer strong")).to_have_text(said)
        anyone.look(f"4-{name}")


def test_without_javascript_the_whole_way_can_be_gone(visit: Visit) -> None:
    wang = visit("wang", PHONE, java_script_enabled=False)
    case = wang.file("样无脚本")
    wang.look("5-sent")
    wang.open(case)
    wang.look("5-case")
    reviewer = visit("shencha", java_script_enabled=False)
    reviewer.page.locator("table.queue a", has_text="样无脚本").click()
    expect(reviewer.page).to_have_url(re.compile(case))
    reviewer.look("5-review")
    reviewer.press(case, "agree")


def test_a_fee_is_paid_on_a_phone_and_a_part_of_it_goes_back(visit: Visit) -> None:
    wang = visit("wang", PHONE)
    page = wang.page
    wang.open("/services/construction/road-digging")
    wang.look("8-fee-guide")
    page.locator("main form .button").click()
    for key, typed in DIGGING.items():
        expect(page).to_have_url(re.compile(f"/pages/{key}$"))
        wang.fill(typed)
        wang.go_on()
    wang.go_on()
    expect(page).to_have_url(re.compile("/sent$"))
    case = page.url.removeprefix(wang.site.base).removesuffix("/sent")
    visit("gongjian").press(case, "accept-digging")

    wang.open(case)
    wang.look("8-fee-case")
    page.locator("main a.button", has_text="860.00").click()
    wang.look("8-fee-order")
    page.locator("main form .button").click()
    expect(page.locator("h1")).to_have_text("付款 860.00 元")
    wang.look("8-fee-provider")
    page.get_by_role("button", name="确认付款").click()
    page.get_by_role("link", name="缴费凭证").click()
    expect(page.locator("main")).to_contain_text("已缴")
    wang.look("8-fee-receipt")

    officer = visit("shoufei", PHONE)
    officer.open("/office/payments/")
    officer.look("8-fee-day")
    officer.page.locator("table.queue a").first.click()
    officer.fill({"amount": "60.50", "why": "少挖了。"})
    officer.look("8-fee-refund")
    officer.page.get_by_role("button", name="退费", exact=True).click()
    expect(officer.page.locator("main")).to_contain_text("少挖了。")
    wang.wait_for("已退回")
    wang.look("8-fee-refunded")


def test_in_english_only_names_and_quoted_law_stay_chinese(visit: Visit) -> None:
    wang = visit("wang")
    case, switch = wang.file("样英文"), wang.page.locator("form[action='/language'] button").first
    wang.open(case)
    switch.click()
    expect(wang.page.locator("html")).to_have_attribute("lang", "en")
    expect(wang.page).to_have_url(re.compile(f"{case}$"))  # it led back to the same page
    for address, name in ((case, "6-case"), (f"/services/{SERVICE}", "6-guide")):
        wang.open(address)
        words = HAN.findall(wang.page.locator("main").evaluate(WITHOUT_LAW))
        assert [word for word in words if word not in NAMES] == []
        wang.look(name)
    switch.click()
    expect(wang.page.locator("h1")).to_have_text("公司设立登记")


SAYING = """window.said = []; Object.defineProperty(window, 'speechSynthesis', { value: {
    speaking: false, cancel() { this.speaking = false; },
    speak(words) { this.speaking = true; said.push([words.text, words.lang, words.rate]); } } });"""


def test_large_print_reads_its_page_aloud_and_stops_where_it_is_pressed_again(visit: Visit) -> None:
    elder = visit(size=PHONE)
    elder.context.add_init_script(SAYING)  # the voice of this machine, if it has one, stays silent
    elder.open("/")
    elder.page.locator("form[action='/elder'] button").click()
    elder.open(f"/services/{SERVICE}")
    elder.look("9-large-print")
    aloud = elder.page.locator("#read-aloud")
    aloud.click()
    [[text, language, rate]] = elder.page.evaluate("said")
    assert elder.page.locator("h1").inner_text() in text
    assert (language, rate < 1) == ("zh-Hans", True)
    assert elder.page.evaluate("speechSynthesis.speaking")
    aloud.click()
    assert not elder.page.evaluate("speechSynthesis.speaking")
    assert len(elder.page.evaluate("said")) == 1
    lines = elder.page.locator("p.lead").evaluate(
        "part => { const { lineHeight, fontSize } = getComputedStyle(part);"
        " return parseFloat(lineHeight) / parseFloat(fontSize); }"
    )
    assert lines >= 1.3
    bare = visit(size=PHONE, java_script_enabled=False)
    bare.open("/")
    bare.page.locator("form[action='/elder'] button").click()
    expect(bare.page.locator("#read-aloud")).to_be_hidden()  # no script, so no voice either
