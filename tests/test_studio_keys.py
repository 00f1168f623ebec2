"""A service is built from nothing to publication with the keyboard alone, also without scripts."""

from __future__ import annotations

import re
import zlib

import pytest
from playwright.sync_api import Page, expect
from test_browser import Visit
from test_browser import visit as visit
from visitor import IN_A_BROWSER, Visitor

from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=1.5)]
_MOST_TABS = 400


class Keys:
    """A person who has no mouse: moves by Tab, types, presses Enter."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def to(self, selector: str) -> None:
        """Tab until what is wanted has the focus, which must be seen."""
        for _ in range(_MOST_TABS):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                outline = "getComputedStyle(document.activeElement).outlineStyle"
                assert self.page.evaluate(outline) != "none", f"{selector}: the focus is not seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {selector}")

    def type(self, selector: str, text: str) -> None:
        self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def press(self, selector: str) -> None:
        """Press a button or follow a link."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def enter(self, login: str) -> None:
        self.visitor.open("/login")
        self.type("#f-login", login)
        self.type("#f-password", PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture(
    params=[True, False],
    ids=["with scripts", "without scripts"],
)
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the author's browser gets any script."""
    return bool(request.param)


def test_a_service_is_built_from_nothing_to_publication_with_the_keyboard_alone(
    visit: Visit, scripts: bool
) -> None:
    author = Keys(visit())
    page = author.page
    code = f"own/keys-{zlib.crc32(repr(scripts).encode()) % 1000}"
    if not scripts:  # no page of the studio needs one; the test itself asks where the focus is
        page.route("**/*.js", lambda route: route.abort())
        author.visitor.complaints = _Deaf()
    author.enter("bianxie")
    author.press('nav.where a[href="/studio/"]')
    author.type("#f-code", code)
    author.type("#f-zh", "键盘证")
    author.type("#f-en", "Keyboard card")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(code)
    draft = page.url
    author.visitor.look("9-studio-draft")

    # a file: what is wrong appears beside its line, and goes away again
    author.press(f'a[href="{_path(draft)}file/CHANGES.md/"]')
    author.to("#text")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\n用键盘写的。\n")
    if scripts:
        page.keyboard.press("Control+s")
    else:
        author.press("#file .button")
    expect(page.locator("p.note.good")).to_be_visible()
    author.visitor.open(f"{_path(draft)}file/service.yaml/")
    if scripts:
        author.to("#text")
        page.keyboard.press("Control+Home")
        page.keyboard.insert_text("nonsense: 1\n")
        expect(page.locator("#beside li.late").first).to_be_attached()
        author.visitor.look("9-studio-file")

    # the process as an outline
    author.visitor.open(_path(draft))
    author.press(f'a[href="{_path(draft)}process/"]')
    author.type('[name="name:decide"]', "定下来")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".x-process").first).to_contain_text("定下来")
    author.to("#f-kind")
    for _ in range(7):  # a wait, put into the first way and taken out again
        page.keyboard.press("ArrowDown")
    author.to("#f-flow")
    page.keyboard.press("ArrowDown")
    author.type("#f-step", "rest")
    author.type("#f-called", "歇两天")
    author.type("#f-detail", '=duration("P2D")')
    author.press('form[action$="/process/add/"] button')
    expect(page.locator(".x-process").first).to_contain_text("歇两天")
    expect(page.locator('[name="waits:rest"]')).to_have_value('=duration("P2D")')
    author.visitor.look("9-studio-outline")
    author.press('form[action$="/process/remove/"] button')
    expect(page.locator(".x-process").first).not_to_contain_text("歇两天")

    # done for each of a list, and once again
    each = author.page.locator('[name="each:examine"]')
    author.to("details:has([name='each:examine']) > summary")
    page.keyboard.press("Enter")
    author.type('[name="each:examine"]', "=application.rows")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(each).to_have_value("=application.rows")
    author.to('[name="each:examine"]')
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(each).to_have_value("")

    # the rules as a grid
    author.press(f'a[href="{_path(draft)}tables/"]')
    author.press(f'a[href="{_path(draft)}tables/requirements/"]')
    author.visitor.look("9-studio-table")

    # an example, step by step
    author.press(f'a[href="{_path(draft)}rehearse/"]')
    author.press(f'a[href="{_path(draft)}rehearse/0/0/"]')
    author.press(f'a[href="{_path(draft)}rehearse/0/1/"]')
    expect(page.locator("#now")).to_be_attached()
    author.visitor.look("9-studio-rehearsal")

    author.press(f'a[href="{_path(draft)}"]')
    author.press(f'form[action="{_path(draft)}hand-in/"] button')
    expect(page.locator("main .note").first).to_contain_text("送审")

    publisher = Keys(visit())
    publisher.enter("fabu")
    publisher.press('nav.where a[href="/studio/"]')
    publisher.press(f'a[href="{_path(draft)}"]')
    publisher.press(f'form[action="{_path(draft)}agree/"] button')
    expect(publisher.page.locator("main .note.good")).to_contain_text("第 1 版")
    publisher.visitor.open(f"/services/{code}")
    expect(publisher.page.locator("h1")).to_contain_text("键盘证")


class _Deaf(list[str]):
    """Complaints of scripts that were kept away."""

    def append(self, _: str) -> None:
        return


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)
