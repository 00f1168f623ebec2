"""Days of those who visit, at the width of a phone and without a connection: a village director,
a caller of old people, a carer whose order is settled.

One visit is sent twice because its answer got lost, one was changed by a colleague meanwhile.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect
from serving import Server, server_of_its_own, take_over_demonstration
from visitor import DESKTOP, IN_A_BROWSER, PHONE, Visitor

from xiangyun.kernel.worktime import office_time

PACK = Path(__file__).parent / "packs" / "visits" / "home"
pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=1.5)]
# The smallest PNG: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "60606060000000050001a5f645400000000049454e44ae426082"
)
PHOTO = {"name": "门口.png", "mimeType": "image/png", "buffer": PIXEL}
# The first answer to a sending is lost on its way back: it happened, and nobody here knows.
LOSE_ONE_ANSWER = """(() => {
  const real = fetch, lost = sessionStorage;
  window.fetch = async (url, more) => {
    const answer = await real(url, more);
    if (more?.body?.get?.("action") && String(url).includes(PART) && !lost.getItem("lost")) {
      lost.setItem("lost", "1");
      throw new TypeError("the answer is lost");
    }
    return answer;
  };
})()"""
CACHED = """async () => !!(await caches.match(location.pathname, { ignoreVary: true }))"""
SENT = """async () => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const kept = await asked(indexedDB.open("tasks"));
  const waiting = await asked(kept.transaction("drafts").objectStore("drafts").count());
  kept.close();
  return waiting === 0;
}"""
"""Nothing waits on the device: the list of drafts is empty too before it is first drawn."""
KEPT = """async () => [await caches.keys(), (await indexedDB.databases()).map(each => each.name)]"""


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    with server_of_its_own("visits") as server:
        take_over_demonstration(server)
        server.run("publish", str(PACK))
        server.start()
        server.wait_until_ready(120)
        yield server


def filed(site: Server, household: str) -> str:
    """A household that asked for a visit; the id of its case."""
    key, token = str(uuid.uuid4()), site.run("token", "wang").split()[-1]

    def asked(method: str, path: str, data: dict[str, Any]) -> Any:
        request = Request(site.base + path, json.dumps(data).encode(), method=method)
        request.add_header("Authorization", f"Bearer {token}")
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    answers = {"household": household, "place": "222404001001"}
    sent = {"service": "visits/home", "answers": answers}
    asked("PUT", f"/api/applications/{key}", sent)
    asked("POST", f"/api/applications/{key}/submit", {})
    return key


def answer(who: Visitor, result: str, **more: Any) -> None:
    who.fill({"result": result, **more})


def press(who: Visitor) -> None:
    who.page.locator("main button[name=action]").click()


def until(page: Page, holds: str) -> None:
    """Wait until a script says yes. The pages' policy lets nobody else wait within them."""
    for _ in range(240):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(250)
    raise AssertionError(holds)


def state(who: Visitor) -> Locator:
    return who.page.locator("[data-states]")


def test_three_visits_without_a_connection_are_sent_once_and_compared(
    browser: Browser, site: Server
) -> None:
    households = {name: filed(site, name) for name in ("甲样户", "乙样户", "丙样户")}
    director, colleague = Visitor(browser, site, PHONE), Visitor(browser, site, DESKTOP)
    lost = LOSE_ONE_ANSWER.replace("PART", json.dumps(households["乙样户"]))
    director.page.add_init_script(lost)
    director.enter("pinggu")
    colleague.enter("yanglao")
    page = director.page

    # In the morning, with a connection: the list, and each form opened once.
    director.open("/tasks/")
    until(page, "navigator.serviceWorker.controller !== null")
    forms = {}
    for name, case in households.items():
        director.open(f"/office/cases/{case}")
        page.locator("main a[href^='/tasks/']", has_text="填写").click()
        expect(page.locator("h1")).to_have_text("上门走访")
        until(page, CACHED)
        forms[name] = page.url.removeprefix(site.base)
    director.look("8-visit")

    # On the way there is none.
    director.context.set_offline(True)
    director.open(forms["甲样户"])
    answer(director, "nobody", remark="敲门没有人应。")
    press(director)
    expect(state(director)).to_contain_text("没有网络")
    director.look("8-visit-offline")
    director.open(forms["乙样户"])
    answer(director, "at_home", people="2", photos=PHOTO)
    expect(page.locator(".here")).to_have_text(re.compile("门口.png"))
    press(director)
    expect(state(director)).to_contain_text("没有网络")
    director.open(forms["丙样户"])
    answer(director, "at_home", people="3", remark="情况正常。")
    press(director)
    expect(state(director)).to_contain_text("没有网络")
    director.open("/tasks/")
    expect(page.locator("[data-drafts] li")).to_have_count(3)
    director.look("8-visits-waiting")

    # Meanwhile a colleague writes into the third form.
    colleague.open(forms["丙样户"])
    answer(colleague, "needs_help", people="4")
    colleague.page.locator("main form button[name=save]").last.click()
    expect(colleague.page.locator("main")).to_contain_text("已保存")

    # In the evening there is a connection again: one answer is lost, one form is in conflict.
    director.context.set_offline(False)
    director.complaints.clear()
    director.open("/tasks/")
    until(page, "sessionStorage.getItem('lost') === '1'")
    director.open("/tasks/")  # and what got no answer is sent again
    expect(page.locator("[data-drafts] li")).to_have_count(1)
    expect(page.locator("[data-drafts]")).to_contain_text("另一台设备")
    director.complaints.clear()  # that the third was refused
    director.look("8-visits-conflict")
    page.locator("[data-drafts] li a").click()
    expect(page.locator("[name=people]")).to_have_value("3")
    press(director)
    expect(page.locator("h1")).to_contain_text("两台设备")
    director.look("8-visit-compare")
    page.locator("[name='choose.people'][value=there]").check()
    press(director)
    expect(page.locator("main")).to_contain_text("已提交")

    # Each counted once, with its photo, for the office to see.
    for name, done in {"甲样户": "没有人", "乙样户": "门口.png", "丙样户": "4"}.items():
        colleague.open(f"/office/cases/{households[name]}")
        opinions = colleague.page.locator("ol.log > li")
        expect(opinions).to_have_count(1)
        colleague.page.locator("ol.log summary").click()
        expect(opinions).to_contain_text(done)
    colleague.look("8-visit-done")

    # Nothing stays on the phone after the log-out.
    director.open("/tasks/")
    page.locator("form[action$='/logout'] button").click()
    expect(page.locator("form[action$='/logout']")).to_have_count(0)
    until(page, "async () => !(await caches.keys()).length")
    assert page.evaluate(KEPT) == [[], []]
    for each in (director, colleague):
        each.context.close()


DUE = "children/child-visit:visit"
LEVELS = ("low", "medium", "high", "urgent")
CALM = {"result": "seen", "care": "good", "school": "regular", "health": "well", "safety": "safe"}


def child(site: Server, file: str) -> dict[str, Any]:
    """What the register of children says of a file, without what names the child."""
    out = site.home / "children.jsonl"
    site.run("register", "export", "child_in_need", str(out))
    rows = (json.loads(line) for line in out.read_text().splitlines())
    return next(row for row in rows if row["file"] == file and not row["valid_to"])


def take_over(who: Visitor) -> None:
    """Take over all that waits for the own role; of sealed cases nothing is told before."""
    who.open("/office/")
    waiting = who.page.locator("form[action^='/office/untaken/'] button")
    while waiting.count():
        waiting.first.click()
        expect(who.page.locator("h1")).not_to_have_count(0)
        who.open("/office/")


def forms_of(who: Visitor, *about: str) -> dict[str, str]:
    """The addresses of the forms of some cases, each opened once; by what the case is about."""
    who.open("/office/")
    cases = who.page.locator("main a[href^='/office/cases/']")
    found = {}
    for case in set(cases.evaluate_all("all => all.map(one => one.getAttribute('href'))")):
        who.open(case)
        here = next((one for one in about if one in who.page.locator("main").inner_text()), None)
        if here is not None:
            who.page.locator("main a[href^='/tasks/']", has_text="填写").first.click()
            until(who.page, CACHED)
            found[here] = who.page.url.removeprefix(who.site.base)
    assert set(found) == set(about)
    return found


def without_a_connection(who: Visitor, given: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """Fill in forms on the way, and come back to where there is a connection."""
    who.context.set_offline(True)
    for address, answers in given.values():
        who.open(address)
        who.fill(answers)
        press(who)
        expect(state(who)).to_contain_text("没有网络")
    who.context.set_offline(False)
    try:
        who.open("/tasks/")
    except Error:  # the page of the form was sent meanwhile, and led on by itself
        who.open("/tasks/")
    until(who.page, SENT)
    expect(who.page.locator("[data-drafts] li")).to_have_count(0)


def test_the_shipped_visit_works_without_a_connection_and_what_it_finds_moves_the_level(
    browser: Browser, site: Server
) -> None:
    worse, better = "ET222404001001-2", "ET222404001001-3"
    before = {file: child(site, file)["level"] for file in (worse, better)}
    assert before == {worse: "medium", better: "urgent"}, "made up the same on every machine"
    site.run("duties", "--only", DUE)
    director = Visitor(browser, site, PHONE)
    director.enter("zhuren")
    director.open("/tasks/")
    until(director.page, "navigator.serviceWorker.controller !== null")
    take_over(director)
    forms = forms_of(director, worse, better)
    doubtful = {**CALM, "safety": "doubtful", "remark": "说话躲躲闪闪（虚构）。"}
    seen = {worse: (forms[worse], doubtful), better: (forms[better], CALM)}
    without_a_connection(director, seen)
    director.look("8-child-visits-sent")
    assert child(site, worse)["level"] == "high"
    assert (child(site, better)["level"], child(site, better)["calm"]) == ("urgent", 1)

    # It was the second calm visit: the supervisor of the town agrees to a lower level.
    director.context.close()
    assert child(site, better)["level"] == "urgent", "nobody has agreed yet"
    supervisor = Visitor(browser, site, PHONE)
    supervisor.enter("dudao")
    take_over(supervisor)
    supervisor.open("/office/")
    supervisor.page.locator("main a[href^='/office/cases/']").first.click()
    supervisor.look("8-child-visit-lowering")
    supervisor.page.locator("button[name=action][value=lower]").click()
    expect(supervisor.page.get_by_role("status")).to_contain_text("已办理")
    supervisor.context.close()
    assert (child(site, better)["level"], child(site, better)["calm"]) == ("high", 0)


def test_the_monthly_call_is_recorded_without_a_connection(browser: Browser, site: Server) -> None:
    site.run("duties", "--only", "eldercare/monthly-call:call")
    caller = Visitor(browser, site, PHONE)
    caller.enter("huli")
    caller.open("/tasks/")
    until(caller.page, "navigator.serviceWorker.controller !== null")
    caller.open("/office/")
    case = caller.page.locator("main a[href^='/office/cases/']").first.get_attribute("href")
    caller.open(str(case))
    caller.page.locator("main a[href^='/tasks/']", has_text="填写").first.click()
    until(caller.page, CACHED)
    form = caller.page.url.removeprefix(site.base)
    said = {"how": "telephone", "state": "well", "words": "身体挺好（虚构）。"}
    without_a_connection(caller, {"": (form, said)})
    caller.open(str(case))
    caller.page.locator("ol.log summary").click()
    expect(caller.page.locator("ol.log > li")).to_contain_text("平安")
    caller.look("8-monthly-call-done")
    caller.context.close()


def fill_in(who: Visitor, case: str, answers: dict[str, Any], action: str) -> None:
    """Open the form of the open task of a case from its page, fill it in and send it."""
    who.open(case)
    who.page.locator("main a[href^='/tasks/']").first.click()
    who.fill(answers)
    who.page.locator(f"main button[name=action][value={action}]").click()
    expect(who.page.locator(".errors")).to_have_count(0)
    expect(who.page).not_to_have_url(re.compile("/tasks/[0-9a-f-]{36}/"))


def test_care_is_ordered_for_a_parent_and_settled_in_a_browser(
    browser: Browser, site: Server
) -> None:
    daughter, planner = Visitor(browser, site, PHONE), Visitor(browser, site, DESKTOP)
    carer, reviewer = Visitor(browser, site, PHONE), Visitor(browser, site, DESKTOP)
    daughter.enter("wang")
    planner.enter("zhaohu")
    carer.enter("huli")
    reviewer.enter("hesuan")

    daughter.open("/services/eldercare/care-order")
    daughter.page.locator("main form .button").click()
    who = {"elder_name": "王样父", "elder_id": "22240419500301003X"}
    daughter.fill({"for_whom": "parent", **who, "residence_division": "珲春市 永新社区"})
    daughter.go_on()
    daughter.fill({"hardship": "minimum_living", "wishes": "每周助浴（虚构）。"})
    daughter.look("9-care-order")
    daughter.go_on()
    expect(daughter.page).to_have_url(re.compile("/check$"))
    daughter.look("9-care-check")
    daughter.go_on()
    expect(daughter.page).to_have_url(re.compile("/sent$"))
    case = daughter.page.url.removeprefix(site.base).removesuffix("/sent")
    office = f"/office{case}"

    plan = {"kind": "bathing", "visits": "1", "minutes": "60", "centre": "HC-001"}
    fill_in(planner, office, plan, "propose")
    fill_in(daughter, case, {"answer": "agreed"}, "give_answer")
    daughter.look("9-care-agreed")
    today = office_time(datetime.now(UTC)).date().isoformat()
    fill_in(planner, office, {"carer": "孙样护", "day": today}, "send_carer")
    fill_in(carer, office, {"home": "in"}, "arrive")
    fill_in(carer, office, {"minutes": "60", "done": "助浴（虚构）"}, "sign_out")
    reviewer.open(office)
    reviewer.look("9-care-settlement")
    expect(reviewer.page.locator("main")).to_contain_text(re.compile("助浴"))
    reviewer.page.locator("button[name=action][value=confirm]").click()
    expect(reviewer.page.get_by_role("status")).to_contain_text("已办理")
    fill_in(planner, office, {"content": "yes"}, "record_call_back")
    daughter.open(case)
    expect(daughter.page.locator("main")).to_contain_text("服务完成")
    daughter.look("9-care-done")
    for each in (daughter, planner, carer, reviewer):
        each.context.close()


def test_questions_that_hide_each_other_and_what_follows_are_live_and_right_without_a_script(
    browser: Browser, site: Server
) -> None:
    case = filed(site, "丁样户")
    director = Visitor(browser, site, PHONE)
    director.enter("pinggu")
    page = director.page
    director.open(f"/office/cases/{case}")
    page.locator("main a[href^='/tasks/']", has_text="填写").click()
    people, meals = (page.locator(f'[data-question="{key}"]') for key in ("people", "meals"))
    expect(people).to_be_visible()
    expect(meals).to_be_hidden()
    director.fill({"result": "needs_help", "people": "3"})
    expect(meals.locator("output")).to_have_text("21")
    director.look("8-visit-live")
    director.fill({"people": "4"})
    expect(meals.locator("output")).to_have_text("28")
    director.fill({"result": "nobody"})
    expect(people).to_be_hidden()
    expect(meals).to_be_hidden()
    press(director)
    expect(page.locator("ol.log > li")).to_have_count(1)  # on the page of the case, done once
    director.context.close()

    plain = Visitor(browser, site, PHONE, java_script_enabled=False)
    plain.enter("pinggu")
    plain.open(f"/office/cases/{case}")
    plain.page.locator("main a[href^='/tasks/']", has_text="填写").click()
    folded = plain.page.locator("details[data-question=meals]")
    expect(folded.locator("summary")).to_contain_text("别的情况才要填：每周送餐份数")
    plain.fill({"result": "at_home"})
    press(plain)
    expect(plain.page.locator(".errors")).to_contain_text("家里有几个人")
    plain.fill({"people": "2"})
    press(plain)
    expect(plain.page.locator("main")).to_contain_text("已提交")
    plain.context.close()
