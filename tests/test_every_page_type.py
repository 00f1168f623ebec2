"""Every kind of page, as the addresses of the site declare them, opened by whoever it is for.

One walk along the links of one instance serves all the tests here: the first page of each kind is
judged thoroughly; of what packs and people write, which differs from page to page, every one for
its width and its policy.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver, resolve
from inspecting import AFTER_A_STEP, ASKED
from judging import HEAVIEST, Judge, Judged
from playwright.sync_api import Browser, Route
from serving import Server
from visitor import IN_A_BROWSER, PHONE, Visitor

from xiangyun.faces.cli.story import SERVICE

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=3)]
NOWHERE, LOG_IN = "/nothing-here", "login"
COUNTER = f"/ratings/counter/222404000000/{SERVICE}"
OWN = ("/credit/grants/", "/fairs/graduate_fair/mine/")
FILE = "/credit/companies/91222404MA0XY0029L/"
PUBLIC = ("/", NOWHERE, "/search?q=qvqvq", "/present", "/ratings/thanks", COUNTER, FILE)
EACH_DIFFERS = {"services/<path:code>", "cases/<uuid:case_id>"}
"""What packs and people write: of these every page is looked at, of all other kinds the first."""
NO_PAGE = re.compile(r"/receipt$|/files?(/|$)|^/api/(?!docs)|\.\w{2,7}$")
OFFICIALS: dict[str, tuple[str, ...]] = {
    **{"shencha": (), "jueding": ("/office/register-files/credit_licence",), "bangban": ()},
    **{"duban": ("/office/supervision/",), "renshi": (), "fabu": (), "yunwei": (), "shoufei": ()},
    **{
        "qingdan": (),
        "buju": (),
        "choucha": (),
        "zhifa": (),
        "pinggu": (),
        "hulian": ("/exchange/stuck",),
    },
}
"""Who opens what the ones before have not, and where else than in the queue they begin."""


WRONG = f"""<canvas width="900" height="9"></canvas><button></button><a id="trap" href="/">!</a>
<script>document.title = 1</script><!-- {"heavy " * 7_000} -->"""
TRAP = """addEventListener('keydown', key => {
    if (document.activeElement.id === 'trap') key.preventDefault(); });"""

FOR_PROGRAMS = {
    *(".well-known/oauth-authorization-server", ".well-known/openid-credential-issuer"),
    *("alive", "ready", "tasks/ready", "places", "suggest", "log/checkpoint", "log/key"),
    *("log/tile/<path:rest>", "statuslists/<int:number>", "openid4vci/offer/<str:reference>"),
    *("openid4vp/request/<str:state>", "login/with/<slug:code>", "login/with/<slug:code>/back"),
    *("catalog", "catalog.<str:format>", "services.<str:format>"),
    *("data/<str:code>/<int:number>.<str:format>", "data/<str:code>/latest.<str:format>"),
}
PAPERS = {"certificates/<str:identifier>/paper", "services/<path:code>/sample/paper"}
"""To be printed: no script of ours runs in them."""


def kind_of(address: str) -> str:
    """The address as it is declared, or the one that is nowhere."""
    return NOWHERE if address == NOWHERE else resolve(re.split("[?#]", address)[0]).route


class Walk:
    """Goes from link to link; what was opened, kind by kind."""

    def __init__(self, browser: Browser, site: Server) -> None:
        self.browser, self.site = browser, site
        self.opened = Counter[str]()
        self.pages: list[Judged] = []

    def go(self, who: str, *starts: str, visitor: Visitor | None = None, said: str = "") -> None:
        """Open the addresses, and what they lead to as far as its kind was not seen enough.

        `said`: what is true of this walk alone; its starts are looked at by themselves.
        """
        if visitor is None:
            visitor = Visitor(self.browser, self.site, PHONE)
            if who:
                visitor.enter(who)
        judge = Judge(visitor, f"{who} {said}".strip())
        waiting, known = deque(starts), set(starts)
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            wanted = bool(said) or address in starts or kind in EACH_DIFFERS
            if not wanted and self.opened[kind]:
                continue
            led = judge.open(address, weighed=bool(said) or not self.opened[kind])
            if led is None:
                continue
            shown = kind_of(led)
            if shown not in (kind, LOG_IN):
                self.opened[kind] += 1  # it leads on, whoever asks
            self.pages.append(judge.look(shown, thoroughly=bool(said) or not self.opened[shown]))
            self.opened[shown] += 1
            if shown == NOWHERE:
                del self.pages[-1].faults["answer"]  # which is right
            # The interface knows no session, so the links of its page are nobody's.
            for link in judge.links() if not said and shown != "api/docs" else ():
                address = link.partition("#")[0]
                if address not in known and not NO_PAGE.search(address.partition("?")[0]):
                    known.add(address)
                    waiting.append(address)
        visitor.context.close()


def walked(browser: Browser, site: Server) -> Walk:
    """Every page opened, by nobody, by Wang, by officials, by an author, and in large print."""
    walk = Walk(browser, site)
    walk.go("", *PUBLIC)
    wang = Visitor(browser, site, PHONE)
    wang.enter("wang")
    wang.write("样窄屏")
    wang.go_on()
    wang.page.wait_for_url("**/sent")
    case = wang.page.url.removeprefix(site.base).removesuffix("/sent")
    wang.write("样窄屏二")
    drafted = wang.page.url.removeprefix(site.base)
    wang.open("/wallet")
    held = wang.page.locator("main a[href^='/wallet/']").first.get_attribute("href") or ""
    walk.go("wang", drafted, f"{case}/sent", "/", *OWN, visitor=wang)
    for login, starts in OFFICIALS.items():
        walk.go(login, "/office/", *starts)
    walk.go("jueding", held.replace("/wallet/", "/office/certificates/"))
    author = Visitor(browser, site, PHONE)
    author.enter("bianxie")
    author.open("/studio/")
    author.page.locator("form[action='/studio/from/'] [name=published]").fill(SERVICE)
    author.page.locator("form[action='/studio/from/'] button").first.click()
    author.page.wait_for_url("**/studio/*-*/")
    walk.go("bianxie", author.page.url.removeprefix(site.base), visitor=author)
    elder = Visitor(browser, site, PHONE)
    elder.context.add_cookies([{"name": "xiangyun-elder", "value": "1", "url": site.base}])
    walk.go(
        "", "/", f"/services/{SERVICE}", "/search", "/verify", visitor=elder, said="large print"
    )
    return walk


@pytest.fixture(scope="module")
def walk(browser: Browser, site: Server) -> Walk:
    return walked(browser, site)


@pytest.fixture
def pages(walk: Walk) -> list[Judged]:
    return walk.pages


def told(pages: list[Judged], *kinds: str) -> str:
    """What is wrong with them, a line each."""
    return "\n".join(
        f"{page}: {fault}"
        for page in pages
        for kind in kinds
        for fault in page.faults.get(kind, ())
    )


def test_no_page_is_wider_than_a_phone_or_breaks_its_policy(pages: list[Judged]) -> None:
    """Nor than a screen that shows it four times as large; and no link leads nowhere."""
    assert not told(pages, "answer", "wide", "policy")


def test_no_page_weighs_40_kB_on_a_first_visit(pages: list[Judged]) -> None:
    heavy = {str(page): f"{page.weight / 1000:.1f} kB" for page in pages if page.weight > HEAVIEST}
    assert not heavy


def test_all_that_takes_focus_is_reached_by_the_tab_key_and_has_a_name(
    pages: list[Judged],
) -> None:
    assert not told(pages, "key", "name")


@pytest.mark.skipif(not ASKED, reason="`make test-axe` asks axe")
def test_axe_finds_nothing_on_any_page(pages: list[Judged]) -> None:
    assert not told(pages, "axe")


def acts(view: Callable[..., object] | None) -> bool:
    """Whether an address does something, by POST alone: it shows no page of its own."""
    while view is not None:
        code = getattr(view, "__code__", None)
        if code is not None and code.co_qualname.startswith(("action.", "by_program.")):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def declared(found: Any = None, before: str = "") -> Iterator[str]:
    """Every address that shows something, as it is declared."""
    for each in (found or get_resolver()).url_patterns:
        kind = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from declared(each, kind)
        elif not acts(each.callback):
            yield kind


def test_every_kind_of_page_was_opened(walk: Walk) -> None:
    kinds = {kind for kind in declared() if not NO_PAGE.search(f"/{kind}")}
    assert not kinds - walk.opened.keys() - FOR_PROGRAMS - PAPERS - AFTER_A_STEP


def test_a_page_that_is_wrong_in_every_way_is_told(browser: Browser, site: Server) -> None:
    visitor = Visitor(browser, site, PHONE)

    def planted(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{WRONG}</main>"))

    visitor.page.route("**/using", planted)
    visitor.page.add_init_script(TRAP)
    judge = Judge(visitor, "")
    assert judge.open("/using") == "/using"
    found = judge.look("using")
    visitor.context.close()
    told = {what: " ".join(faults) for what, faults in found.faults.items()}
    assert "wider than 360 px" in told["wide"]
    assert "wider than 320 px" in told["wide"]
    assert "Content Security Policy" in told["policy"]
    assert "button" in told["name"]
    assert "not reached" in told["key"]
    assert found.weight > HEAVIEST
    if ASKED:
        assert "button-name" in told["axe"]
