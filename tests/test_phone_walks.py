"""How work reaches people, walked at the width of a telephone: signing by passkey, reports and
openings, batches, claiming and standing in, letters, messages, appointments, and finding again.

One instance for all: each walk files what it needs, most of it over the interface.
"""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crowd import Client
from playwright.sync_api import Browser, expect
from serving import Server, server_of_its_own, take_over_demonstration
from visitor import IN_A_BROWSER, PHONE, Visitor

from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.cli.story import SERVICE, example_answers
from xiangyun.kernel.worktime import office_time

PACK = Path(__file__).parent / "packs" / "reaching" / "fitting"
pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=2)]
TODAY = office_time(datetime.now(UTC)).date()
APPLICANT = {"name": "王样云", "id_number": "222404199203150027"}
A_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    with server_of_its_own("phones") as server:
        take_over_demonstration(server)
        server.run("publish", str(PACK))
        server.start()
        server.wait_until_ready(120)
        yield server


@pytest.fixture(scope="module")
def program(site: Server) -> Client:
    """A program of Wang's, which files."""
    return Client(site, "wang", site.run("token", "wang").split()[-1])


@pytest.fixture
def visit(browser: Browser, site: Server) -> Iterator[Visit]:
    visitors: list[Visitor] = []

    def made(login: str = "", size: dict[str, int] = PHONE, at: Server = site) -> Visitor:
        visitors.append(Visitor(browser, at, size))
        if login:
            visitors[-1].enter(login)
        return visitors[-1]

    yield made
    for visitor in visitors:
        visitor.context.close()


def written(program: Client, brand: str) -> str:
    """An application for a company that only has to be sent; its key."""
    key = str(uuid.uuid4())
    answers = {**example_answers(APPLICANT), "brand": brand}
    status, said = program.ask(
        "PUT", f"/applications/{key}", {"service": SERVICE, "answers": answers}
    )
    assert status == 200, said
    status, said = program.send_file(f"/applications/{key}/files/premises_proof")
    assert status == 200, said
    return key


def filed(program: Client, brand: str) -> tuple[str, str]:
    """A company that was applied for; the address of the case, and its number."""
    key = written(program, brand)
    status, case = program.ask("POST", f"/applications/{key}/submit")
    assert status == 200, case
    return f"/cases/{key}", str(case["number"])


def button(who: Visitor, words: str) -> None:
    who.page.locator("main").get_by_role("button", name=words, exact=True).first.click()


def taken(who: Visitor, ending: str) -> bytes:
    """The file that the page offers."""
    link = who.page.locator(f"main a[href$='{ending}']").get_attribute("href")
    answer = who.context.request.get(f"{who.site.base}{link}")
    assert answer.ok, answer.status
    return answer.body()


def test_an_application_is_signed_by_the_passkey_of_a_telephone(
    visit: Visit, site: Server, program: Client
) -> None:
    key = written(program, "样掌签")
    wang = with_passkey(visit, site, "wang", "10-passkey")
    wang.open(f"/apply/{key}/check")
    wang.page.locator("main button[name=sign]").click()
    expect(wang.page.locator("main")).to_contain_text("一字不差")
    wang.look("10-sign")
    button(wang, "签名并提交")
    expect(wang.page).to_have_url(re.compile("/sent$"))
    wang.open(f"/cases/{key}")
    expect(wang.page.locator("main")).to_contain_text("签名：申请（通行密钥）")
    wang.look("10-signed")


def test_somebody_unknown_reports_and_comes_back_by_the_code(visit: Visit) -> None:
    neighbour = visit()
    neighbour.open("/services/children/danger-report")
    neighbour.look("11-report-guide")
    button(neighbour, "不具名报告")
    report = {"place": "珲春市 永新社区", "kind": "violence", "story": "楼上几次有哭喊声（虚构）。"}
    neighbour.fill(report)
    neighbour.look("11-report")
    neighbour.go_on()
    neighbour.fill({"child_where": "虚构路 1 号三楼"})
    neighbour.go_on()
    expect(neighbour.page).to_have_url(re.compile("/check$"))
    neighbour.look("11-report-check")
    neighbour.go_on()
    code = neighbour.page.locator("#code").inner_text()
    neighbour.look("11-report-sent")

    again = visit()
    again.open("/report")
    again.fill({"code": code})
    button(again, "查看")
    expect(again.page.locator("main")).to_contain_text("孩子有危险")
    again.look("11-report-again")


def test_an_official_opens_a_case_about_somebody_else(visit: Visit) -> None:
    official = visit("hesuan")
    official.open("/office/open")
    official.look("12-open")
    elder = {"code": "22240419500301003X", "name": "王样父", "kind": "person"}
    official.fill({"service": "eldercare/monthly-call", **elder})
    button(official, "下一步")
    official.fill({"name": "王样父", "home": "珲春市 永新社区", "phone": "0433-7500000"})
    official.look("12-open-form")
    official.go_on()
    expect(official.page).to_have_url(re.compile("/check$"))
    official.look("12-open-check")
    official.go_on()
    expect(official.page).not_to_have_url(re.compile("/check$"))
    expect(official.page.locator("main")).to_contain_text("王样父")
    official.look("12-opened")
    carer = visit("huli")
    expect(carer.page.locator("table.queue")).to_contain_text("王样父")
    carer.look("12-opened-queue")


def test_tasks_are_done_at_once_claimed_handed_over_and_found_again(
    visit: Visit, program: Client
) -> None:
    cases = dict(filed(program, brand) for brand in ("样批甲", "样批乙"))
    one, number = next(iter(cases.items()))

    # Two at once, with progress and a result for each.
    reviewer = visit("shencha")
    for address in cases:
        row = reviewer.page.locator("tr", has=reviewer.page.locator(f"a[href^='/office{address}']"))
        row.locator("[name=item]").check()
    reviewer.look("13-ticked")
    button(reviewer, "批量办理所选")
    offer = reviewer.page.locator("label.offer", has_text="2 件").first
    offer.locator("[name=do]").check()
    reviewer.look("13-batch-choose")
    button(reviewer, "开始办理")
    expect(reviewer.page.get_by_role("status")).to_contain_text("已办 2 件")
    reviewer.look("13-batch-done")

    # Claimed by one, handed to the other, who sees the letters before they go.
    approver, deputy = visit("jueding"), visit("fujueding")
    approver.open(f"/office{one}")
    button(approver, "由我办理")
    expect(approver.page.locator(".acts")).to_contain_text("由我办理")
    approver.look("14-claimed")
    approver.page.locator(".acts summary", has_text="转交").click()
    hand = approver.page.locator(".acts form", has=approver.page.locator("[name=to]"))
    hand.locator("[name=to]").select_option(label="韩样副 · 珲春市市场监督管理局 局领导（演示）")
    hand.locator("[name=why]").fill("外出办事")
    approver.look("14-hand-over")
    hand.locator("button").click()
    expect(approver.page.get_by_role("status")).to_contain_text("已转交")
    deputy.open("/office/")
    deputy.open(f"/office{one}")
    deputy.page.locator("button[name=preview][value=approve]").click()
    expect(deputy.page.locator("h1")).to_have_text("信件预览")
    deputy.look("14-letters-before")
    deputy.page.locator("main button[name=action][value=approve]").click()
    expect(deputy.page.get_by_role("status")).to_contain_text("已办理")
    deputy.look("14-approved")

    # The other case lies with the one who is away; an administrator names who stands in.
    administrator = visit("renshi")
    administrator.open("/office/people")
    administrator.look("15-people")
    administrator.page.locator("main a", has_text="崔样定").first.click()
    administrator.page.locator("summary", has_text="代理").click()
    form = administrator.page.locator("form[action$='/deputies']")
    who = form.locator("[name=deputy] option", has_text="金样理").first.get_attribute("value")
    form.locator("[name=deputy]").select_option(who)
    for day in ("from", "to"):
        form.locator(f"[name={day}]").fill(TODAY.isoformat())
    form.locator("[name=reason]").fill("休假")
    administrator.look("15-deputy")
    form.locator("button").click()
    expect(administrator.page.locator("main")).to_contain_text("代理")
    administrator.look("15-deputy-named")
    two = list(cases)[1]
    stand_in = visit("shouli")
    expect(stand_in.page.locator("table.queue")).to_contain_text("样批乙")
    stand_in.look("15-stand-in-queue")
    stand_in.press(two, "approve")
    stand_in.open(f"/office{two}")
    expect(stand_in.page.locator("main")).to_contain_text("金样理（代 崔样定）")
    stand_in.look("15-stood-in")

    # What was done is found by its number, kept as a filter, and listed.
    deputy.open("/office/find")
    deputy.fill({"text": number})
    button(deputy, "查找")
    expect(deputy.page.locator("main")).to_contain_text(number)
    deputy.look("16-found")
    deputy.fill({"name": "样批"})
    button(deputy, "保存")
    expect(deputy.page.locator("ul.kept")).to_contain_text("样批")
    deputy.look("16-kept")
    deputy.open("/office/find/done")
    deputy.wait_for("样批甲")
    deputy.look("16-done-by-me")


def test_a_telephone_is_reached_by_letters_and_appointments(
    visit: Visit, site: Server, program: Client
) -> None:
    key = str(uuid.uuid4())
    soon = (TODAY + timedelta(days=10)).isoformat()
    answers = {"word": "口岸大路12号", "place": "222404001001", "visit_on": soon, "metres": 6.5}
    order = {"service": "reaching/fitting", "answers": answers}
    status, said = program.ask("PUT", f"/applications/{key}", order)
    assert status == 200, said
    status, case = program.ask("POST", f"/applications/{key}/submit")
    assert status == 200, case

    wang = visit("wang")
    wang.open("/messages/")
    wang.wait_for("派工单")
    wang.wait_for("上门安装扶手")
    wang.look("17-inbox")
    wang.page.locator("ul.tasks a", has_text="派工单").first.click()
    wang.look("17-letter")
    assert taken(wang, ".pdf").startswith(b"%PDF-")

    wang.open("/messages/")
    wang.page.locator("ul.tasks a", has_text="上门安装扶手").first.click()
    wang.look("17-appointment")
    assert b"DTSTART" in taken(wang, ".ics")
    wang.open("/messages/calendar")
    expect(wang.page.locator("main")).to_contain_text("上门安装扶手")
    button(wang, "生成秘密地址")
    address = wang.page.locator("main code").inner_text()
    wang.look("17-calendar")
    feed = wang.context.request.get(site.base + re.sub(r"^https?://[^/]+", "", address))
    assert "BEGIN:VEVENT" in feed.text()

    wang.open("/messages/ways")
    wang.look("18-ways")
    wang.fill({"quiet-from": "21:00", "quiet-to": "07:00", "language": "en"})
    button(wang, "保存")
    expect(wang.page.locator("[role=status]")).to_have_count(1)
    expect(wang.page.locator("[name=quiet-from]")).to_have_value("21:00")
    wang.look("18-ways-chosen")


def with_passkey(visit: Visit, site: Server, login: str, picture: str) -> Visitor:
    """Somebody whose telephone has a passkey for the own account, in a page of its own."""
    named = copy.copy(site)  # passkeys belong to a name: a browser has none for an address
    named.base = site.base.replace("127.0.0.1", "localhost")
    who = visit(at=named)
    who.devtools.send("WebAuthn.enable")
    who.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": A_DEVICE})
    who.enter(login)
    who.open("/account/second-factor/passkey")
    who.fill({"label": "手机"})
    if who.page.locator("main [name=password]").count():
        who.fill({"password": PASSWORD})
    who.look(f"{picture}-new")
    button(who, "添加通行密钥")
    expect(who.page.locator("main")).to_contain_text("恢复码")
    who.look(f"{picture}-codes")
    return who


def test_an_inspection_is_walked_from_the_plan_to_what_everybody_reads(
    visit: Visit, site: Server
) -> None:
    # Planned and ordered by one, revealed by another: all on their telephones.
    clerk, other = visit("choucha"), visit("jiebai")
    clerk.open("/office/draws/")
    clerk.page.locator("summary", has_text="列入计划").click()
    plan = clerk.page.locator("form[action$='/plan/']")
    plan.locator("[name=draw]").select_option(label="企业双随机、一公开联合抽查")
    plan.locator("[name=month]").select_option(str(TODAY.month))
    plan.locator("[name=note]").fill("特种设备（虚构）")
    plan.locator("button").click()
    clerk.page.locator("summary", has_text="发抽查令").click()
    order = clerk.page.locator("form[action$='/commit/']")
    order.locator("[name=draw]").select_option(label="企业双随机、一公开联合抽查")
    order.locator("[name=beacon]").select_option("public")
    order.locator("[name=what]").fill("明天的一期彩票（虚构）")
    clerk.look("20-order")
    order.locator("button").click()
    expect(clerk.page.locator("main")).to_contain_text("由另一位公布结果")
    clerk.look("20-ordered")
    address = clerk.page.url.removeprefix(site.base)
    other.open(address)
    other.fill({"value": "3 8 15"})
    other.look("20-reveal")
    other.page.locator("form[action$='/reveal/'] button").click()
    expect(other.page.locator("main")).to_contain_text("珲春市样祥仓储有限公司")
    other.look("20-revealed")

    # Whoever was drawn and has an interest is recused from the own list; another one goes.
    drawn = other.page.locator("main").inner_text()
    enforcer = visit("zhifa")
    if "李样三" in drawn:
        enforcer.open("/office/draws/mine/")
        expect(enforcer.page.locator("main")).to_contain_text("珲春市样祥仓储有限公司")
        enforcer.page.locator("summary", has_text="我要回避").click()
        enforcer.page.locator("form[action$='/decline/'] [name=why]").fill("股东是我弟弟（虚构）")
        enforcer.look("21-decline")
        enforcer.page.locator("form[action$='/decline/'] button").click()
        expect(enforcer.page.locator("main")).to_contain_text("会显示在这里")
        enforcer.look("21-declined")
        other.page.reload()
        expect(other.page.locator("main")).not_to_contain_text("李样三")
    else:  # the lot fell on the other two: one of them is struck, so that it falls on this one
        other.page.locator("summary", has_text="有人要回避").click()
        struck = other.page.locator("form[action$='/recuse/']")
        struck.locator("[name=who]").select_option(label="崔样五（JL22240403）")
        struck.locator("[name=why]").fill("对方申请（虚构）")
        other.look("21-recuse")
        struck.locator("button").click()
        expect(other.page.locator("main")).to_contain_text("李样三")
        enforcer.open("/office/draws/mine/")
        expect(enforcer.page.locator("main")).to_contain_text("珲春市样祥仓储有限公司")
        enforcer.look("21-my-visits")

    # The head approves on the telephone, and signs the sheet with a passkey.
    head = with_passkey(visit, site, "pizhun", "22-passkey")
    head.open("/office/")
    head.page.locator("table.queue a", has_text="样祥仓储").first.click()
    head.look("22-case")
    head.page.locator("main a[href*='/tasks/']").first.click()
    begins = (TODAY + timedelta(days=3)).isoformat()
    head.fill(
        {
            "ground": "本年度联合抽查（虚构）",
            "remote": "no",
            "joint": "joined",
            "begins": f"{begins}T09:00",
            "ends": f"{begins}T11:00",
        }
    )
    head.look("22-sheet")
    head.page.locator("main button[name=sign]").click()
    expect(head.page.locator("main")).to_contain_text("一字不差")
    head.look("22-sign")
    head.page.locator("main form .button").first.click()
    expect(head.page.get_by_role("status")).to_contain_text("已签名并提交")
    head.look("22-signed")

    # On the spot, item by item; the result is public at once, and the record is the company's.
    enforcer.open("/office/")
    enforcer.page.locator("table.queue a", has_text="样祥仓储").first.click()
    enforcer.page.locator("main a[href*='/tasks/']").first.click()
    day = TODAY.isoformat()
    enforcer.fill(
        {
            "entered": f"{day}T09:05",
            "shown": "yes",
            "cooperation": "given",
            **{f"checks.{n}.found": "yes" for n in range(3)},
            "result": "none",
            "signed": "typed",
            "representative": "金样一",
            "typed_name": "金样一",
            "signed_at": f"{day}T10:15",
            "left": f"{day}T10:20",
        }
    )
    enforcer.look("23-visit")
    enforcer.page.locator("main button[name=action][value=done]").click()
    expect(enforcer.page.locator(".errors")).to_have_count(0)
    expect(enforcer.page).not_to_have_url(re.compile("/tasks/"))
    enforcer.look("23-visit-done")
    anybody = visit()
    anybody.open("/draws/objects/inspected_object/91222404MA0XY0029L")
    expect(anybody.page.locator("main")).to_contain_text("未发现问题")
    expect(anybody.page.locator("main")).to_contain_text("申请回避")
    anybody.look("24-published")
    company = visit("cangchu")
    company.open("/messages/")
    company.wait_for("现场检查记录")
    company.page.locator("ul.tasks a", has_text="现场检查记录").first.click()
    company.look("24-record")
    assert taken(company, ".pdf").startswith(b"%PDF-")
