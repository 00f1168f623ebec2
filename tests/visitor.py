"""A person at a browser for the tests: files an application, presses buttons, judges each page."""

from __future__ import annotations

import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from inspecting import AFTER_A_STEP, kind_of, lacking
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, Response, expect
from serving import Server

from xiangyun.faces.cli.story import SERVICE

expect.set_options(timeout=60_000)  # a machine may be slow; what comes at all is soon there
PICTURES = Path(__file__).resolve().parent.parent / "screenshots" / "browser"
CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync"
)
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
]
"""The marks of a module whose tests walk the pages; `site` and `browser` are in `conftest.py`."""
JUDGED = set[str]()
"""Kinds of page that were looked at thoroughly in this run."""
PHONE, DESKTOP = {"width": 360, "height": 800}, {"width": 1280, "height": 800}

LEASE = {"name": "租赁合同（虚构）.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n"}
TOO_LARGE = {**LEASE, "name": "扫描件.pdf", "buffer": b"%PDF-1.4\n" + b"0" * 10_500_000}
DETAIL = "英安镇（虚构）口岸大路 12 号"
WRONG_NUMBER, NUMBER = "222404199203150028", "222404199203150027"
APPLICATION: dict[str, dict[str, Any]] = {
    "who": {},
    "name": {
        "name_prefix": "珲春市",
        "industry": "G59",
        "industry_words": "冷链物流",
        "name_form": "有限公司",
    },
    "premises": {
        "premises_division": "珲春市 英安镇",
        "premises_detail": DETAIL,
        "premises_kind": "rented",
        "premises_proof": LEASE,
    },
    "capital": {
        "capital": "100",
        "shareholders.0.name": "王样云",
        "shareholders.0.id_number": NUMBER,
        "shareholders.0.amount": "100",
        "shareholders.0.paid_in_by": "2029-12-31",
    },
    "officers": {
        "legal_representative": "王样云",
        "legal_representative_id": NUMBER,
        "legal_representative_post": "director",
        "supervisor": "李样山",
    },
    "scope": {"scope": ["cold_storage", "goods_trade"], "articles": "model"},
    "contact": {"bank": "frontier", "paper_licence": "none", "promise": "true"},
}


class Visitor:
    """A person in a browser of their own; `look` judges the page they have come to."""

    def __init__(self, browser: Browser, site: Server, size: dict[str, int], **more: Any) -> None:
        self.runs_scripts: bool = more.get("java_script_enabled", True)
        self.context = browser.new_context(viewport=size, locale="zh-CN", **more)
        self.context.set_default_timeout(60_000)
        self.site, self.size, self.complaints = site, size, list[str]()
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._receive)

    @cached_property
    def devtools(self) -> CDPSession:
        """The one session with the browser's own tools: an authenticator is lost to a second."""
        return self.context.new_cdp_session(self.page)

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page itself answers 404 or 422 is no fault; of what it loads, _receive knows.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            self.complaints.append(message.text)

    def _receive(self, answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.complaints.append(f"{answer.status} {answer.url}")

    def open(self, path: str) -> Response | None:
        return self.page.goto(self.site.base + path)

    def enter(self, login: str) -> None:
        self.open("/login")
        self.page.locator(f"form:has([name=as][value={login}]) button").click()
        expect(self.page.locator("form[action='/logout']")).to_be_visible()

    def look(self, name: str) -> None:
        """Take a picture and say what is wrong with the page.

        What is reached by walking alone is judged once as thoroughly as every other kind of page.
        """
        self.page.wait_for_load_state()
        size = self.size
        if self.page.locator("iframe").count():  # a frame paints only what is in view
            tall = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({**size, "height": tall})
            self.page.wait_for_timeout(400)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        self.page.set_viewport_size(size)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        assert not self.complaints, (name, self.complaints)
        kind = kind_of(self.page.url.removeprefix(self.site.base))
        if kind in AFTER_A_STEP - JUDGED and self.runs_scripts:
            JUDGED.add(kind)
            assert not (found := lacking(self.page, self.devtools)), (name, found)

    def fill(self, typed: dict[str, Any]) -> None:
        """Type, choose, tick and attach what is asked, by the names of the fields."""
        for name, value in typed.items():
            field = self.page.locator(f'main [name="{name}"]')
            kind = field.first.evaluate("field => field.type")
            if kind in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.page.locator(f'[name="{name}"][value="{one}"]').check()
            elif kind == "file":
                field.set_input_files(value)
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)

    def go_on(self) -> None:
        self.page.locator("main form .buttons .button").first.click()

    def message_beside(self, name: str) -> str:
        field = self.page.locator(f'.field.wrong:has([name="{name}"])')
        return field.locator(".error").inner_text()

    def begin(self) -> None:
        self.open(f"/services/{SERVICE}")
        self.page.locator("main form .button").click()

    def write(self, brand: str) -> None:
        """Begin an application and fill in page after page up to the check page."""
        self.begin()
        for key, typed in APPLICATION.items():
            expect(self.page).to_have_url(re.compile(f"/pages/{key}$"))
            self.fill({**typed, "brand": brand} if key == "name" else typed)
            self.go_on()
        expect(self.page).to_have_url(re.compile("/check$"))

    def file(self, brand: str) -> str:
        """File a whole application; the address of the case."""
        self.write(brand)
        self.go_on()
        expect(self.page).to_have_url(re.compile("/sent$"))
        return self.page.url.removeprefix(self.site.base).removesuffix("/sent")

    def verify(self, typed: dict[str, Any]) -> None:
        self.open("/verify")
        self.fill(typed)
        self.page.locator("main form .button").click()

    def press(self, case: str, action: str) -> None:
        """As an official: open the case and press one of its buttons."""
        self.open(f"/office{case}")
        self.page.locator(f"button[name=action][value={action}]").click()
        expect(self.page.get_by_role("status")).to_contain_text("已办理")

    def wait_for(self, words: str) -> None:
        """Load the page again and again until the worker has done what it says then."""
        for _ in range(600):
            self.page.reload()
            if words in self.page.locator("main").inner_text():
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(words)

    def wait_for_the_end(self, case: str) -> None:
        """Open the case again and again while departments are at work."""
        for _ in range(600):
            self.open(case)
            if self.page.locator("#rate").count():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"not ended: {self.page.locator('dl.now').inner_text()}")


def entered(browser: Browser, site: Server, login: str, size: dict[str, int] = PHONE) -> Visitor:
    """Somebody who has logged in, in a window of this size."""
    visitor = Visitor(browser, site, size)
    visitor.enter(login)
    return visitor
