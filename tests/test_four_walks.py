"""Four people at the portal: a founder, a daughter for her mother, a builder, somebody unknown.

On a telephone or a desktop, with or without scripts, in Chinese or English: each person walks four
of the eight ways, such that every pair of the three choices is met, founder and builder the one
half and the other two the other. So each of the eight is walked, by two people. One instance for
all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from playwright.sync_api import Browser, expect
from serving import Server
from visitor import APPLICATION, DESKTOP, IN_A_BROWSER, PHONE, Visitor

from xiangyun.faces.cli.story import SERVICE

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=2)]
ROAD = "construction/road-digging"
ASSESSMENT = "eldercare/ability-assessment"
Visit = Callable[..., Visitor]


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes: by which machine, whether its scripts run, and in which language."""

    phone: bool = True
    scripts: bool = True
    chinese: bool = True

    def __str__(self) -> str:
        machine, scripts = (
            "phone" if self.phone else "desktop",
            "scripts" if self.scripts else "bare",
        )
        return f"{machine}-{scripts}-{'zh' if self.chinese else 'en'}"


ALL = [Way(*each) for each in product((True, False), repeat=3)]
# Of two choices the third follows: an orthogonal array, and the ways that it leaves.
HALF = [way for way in ALL if (way.phone ^ way.scripts) != way.chinese]
OTHER_HALF = [way for way in ALL if way not in HALF]
founder_and_builder = pytest.mark.parametrize("how", HALF, ids=str)
daughter_and_unknown = pytest.mark.parametrize("how", OTHER_HALF, ids=str)


@pytest.fixture
def visit(browser: Browser, site: Server) -> Iterator[Visit]:
    visitors: list[Visitor] = []

    def made(how: Way, login: str = "") -> Visitor:
        size = PHONE if how.phone else DESKTOP
        visitors.append(Visitor(browser, site, size, java_script_enabled=how.scripts))
        who = visitors[-1]
        if login:
            who.enter(login)
        if not how.chinese:
            who.open("/")
            who.page.locator("form[action='/language'] button").first.click()
            expect(who.page.locator("html")).to_have_attribute("lang", "en")
        return who

    yield made
    for visitor in visitors:
        visitor.context.close()


def go(who: Visitor, part: str) -> None:
    """Follow the link of the page whose address holds a part."""
    who.page.locator(f"main a[href*='{part}']").first.click()
    expect(who.page).to_have_url(re.compile(re.escape(part)))


def answer(who: Visitor, given: Mapping[str, str]) -> None:
    """Answer page after page, the first choice wherever there is one, up to the check page."""
    for _ in range(40):
        if re.search("/check(#.*)?$", who.page.url):
            return
        names = who.page.locator("main input[type=radio]").evaluate_all(
            "all => [...new Set(all.filter(e => e.offsetParent).map(e => e.name))]"
        )
        for name in names:
            if not who.page.locator(f'main [name="{name}"]:checked').count():
                who.page.locator(f'main [name="{name}"]').first.check()
        for name, value in given.items():
            field = who.page.locator(f'main [name="{name}"]')
            if field.count() and field.first.is_visible():
                who.fill({name: value})
        who.go_on()
        who.page.wait_for_load_state()
    raise AssertionError(who.page.url)


@founder_and_builder
def test_a_founder_reserves_a_name_promises_a_paper_and_asks_the_office(
    visit: Visit, how: Way
) -> None:
    turn = HALF.index(how)  # nobody reserves more than three names at a time
    wang, brand = visit(how, "wang" if turn < 3 else "li"), f"样行{'甲乙丙丁'[turn]}"
    wang.open(f"/services/{SERVICE}")
    wang.look(f"9-founder-guide-{how}")
    go(wang, "/names/")
    wang.fill({**APPLICATION["name"], "brand": brand, "other1": "样国徽"})
    wang.page.locator("main form[method=get] button").click()
    expect(wang.page.locator("main .panel")).to_have_count(2)
    wang.look(f"9-founder-names-{how}")
    wang.page.locator("main form[action$='/reserve/'] button").first.click()
    expect(wang.page.locator("#reserved")).to_contain_text(brand)
    wang.page.locator("#reserved form button").first.click()
    for key, typed in APPLICATION.items():
        if f"/pages/{key}" not in wang.page.url:
            continue  # the name is answered already
        if key == "premises":
            papers = {"premises_proof"}
            wang.fill({name: value for name, value in typed.items() if name not in papers})
            wang.page.locator("button[name=instead]").click()
            wang.look(f"9-founder-instead-{how}")
            wang.page.locator("button[value='promise:']").click()
        elif key != "name":
            wang.fill(typed)
        wang.go_on()
        wang.page.wait_for_load_state()
    expect(wang.page).to_have_url(re.compile("/check(#.*)?$"))
    wang.go_on()
    expect(wang.page).to_have_url(re.compile("/sent(#.*)?$"))
    case = wang.page.url.removeprefix(wang.site.base).partition("/sent")[0]
    wang.open(case)
    wang.look(f"9-founder-case-{how}")
    go(wang, "/enquiries/")
    wang.fill({"question": "要不要公证？"})
    wang.page.locator("main form button").click()
    expect(wang.page.locator("main")).to_contain_text("要不要公证？")
    wang.look(f"9-founder-asked-{how}")
    desk = visit(Way(), "shouli")
    desk.open("/office/enquiries/")
    form = desk.page.locator("form.panel", has_text=brand)
    form.locator("textarea").fill("不用。")
    form.locator("button").click()
    desk.page.wait_for_load_state()
    desk.look(f"9-founder-answered-{how}")
    wang.open(case)
    expect(wang.page.locator("#asked ~ .inset").first).to_contain_text("不用。")


@daughter_and_unknown
def test_a_daughter_applies_for_her_mother(visit: Visit, how: Way) -> None:
    mother, daughter = visit(Way(), "li"), visit(how, "wang")
    mother.open("/account/behalf")
    if not mother.page.locator("main table.stack", has_text="王样云").count():
        mother.fill({"name": "王样云", "id_number": "222404199203150027"})
        mother.page.locator("main form[action$='/consent'] button").click()
        mother.page.wait_for_load_state()
    mother.look(f"9-mother-lets-{how}")
    daughter.open("/account/behalf")
    daughter.page.locator("main tr", has_text="李样山").locator("button").first.click()
    daughter.open(f"/services/{ASSESSMENT}")
    daughter.page.locator("main form .button").first.click()
    expect(daughter.page.locator("main")).to_contain_text("李样山")  # known, not asked
    daughter.look(f"9-daughter-form-{how}")
    answer(
        daughter,
        {
            "residence_division": "珲春市 靖和街道 永新社区",
            "promise": "true",
            "contact_phone": "13804330002",
        },
    )
    daughter.look(f"9-daughter-check-{how}")


@founder_and_builder
def test_a_builder_sees_the_fee_first_and_then_applies(visit: Visit, how: Way) -> None:
    builder = visit(how, "wang")
    builder.open("/search?q=wadaolu")
    expect(builder.page.locator("main .contents a").first).to_have_attribute(
        "href", f"/services/{ROAD}"
    )
    go(builder, f"/services/{ROAD}")
    go(builder, "/which")
    builder.fill({"surface": "asphalt", "area": "10", "emergency": "no"})
    builder.page.locator("main form[method=get] button").click()
    result = builder.page.locator("#result")
    expect(result).to_contain_text(re.compile(r"[1-9][\d,]*\.\d\d"))
    builder.look(f"9-builder-which-{how}")
    result.locator("form button").click()
    answer(
        builder,
        {
            "site": "珲春市 英安镇",
            "street": "口岸大路（虚构）",
            "area": "10",
            "promise": "true",
        },
    )
    builder.go_on()
    expect(builder.page).to_have_url(re.compile("/sent$"))
    builder.look(f"9-builder-sent-{how}")


@daughter_and_unknown
def test_somebody_unknown_finds_by_pinyin_and_understands(visit: Visit, how: Way) -> None:
    somebody = visit(how)
    somebody.open("/")
    somebody.page.locator("main input[type=search]").fill("kaigongsi")
    somebody.page.locator("main form[role=search] button").click()
    first = somebody.page.locator("main .contents a").first
    expect(first).to_have_attribute("href", f"/services/{SERVICE}")
    somebody.look(f"9-unknown-found-{how}")
    first.click()
    for part, name in (("/which", "which"), ("/offices", "offices"), ("/versions/", "versions")):
        somebody.open(f"/services/{SERVICE}")
        go(somebody, part)
        somebody.look(f"9-unknown-{name}-{how}")
    somebody.open("/search?q=容缺受理")
    go(somebody, "/information/what-if-a-paper-is-missing")
    somebody.look(f"9-unknown-article-{how}")
    somebody.open(f"/services/{SERVICE}")
    somebody.page.locator("main form .button").first.click()
    expect(somebody.page).to_have_url(re.compile("/login"))
