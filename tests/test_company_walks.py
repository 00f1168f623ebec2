"""Companies on a telephone: a maker of car parts and a buyer meet, from the offer to the figures.

Nobody types what the platform knows; each side sees the same reasons; drawings are seen under a
grant alone; the visit is booked where the two meet, and the other finds a message.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect
from serving import Server
from test_port_walk import begin, does, send
from visitor import DESKTOP, IN_A_BROWSER, PHONE, Visitor, entered

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=1)]
SOON = f"{date.today() + timedelta(days=60)}"
SAMPLE = {"name": "样图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 a sample"}
SECRET = {"name": "总图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 not for all"}
OFFER = {
    "name": "电池托盘压铸件（虚构）",
    "division": "珲春市",
    "industry": "C36",
    "process": "casting",
    "materials": "铝合金、镁合金",
    "tolerance": "0.08",
    "longest": "1800",
    "monthly": "6000",
    "certificates": "IATF 16949",
    "days": "25",
    "until": f"{date.today() + timedelta(days=700)}",
}
DEMAND = {
    "name": "铸铝电池壳（虚构）",
    "division": "长春市",
    "industry": "C36",
    "process": "casting",
    "material": "铝合金",
    "tolerance": "0.1",
    "length": "1600",
    "monthly": "4000",
    "certificate": "IATF 16949",
    "days": "30",
    "province_only": "true",
    "wanted_on": SOON,
}


def press(who: Visitor, part: str) -> None:
    """Press the button of the form whose address has a part."""
    who.page.locator(f"main form[action*='{part}'] .buttons .button").first.click()
    who.page.wait_for_load_state()


def follow(who: Visitor, words: str) -> None:
    who.page.locator("main").get_by_role("link", name=words).first.click()
    who.page.wait_for_load_state()


def test_a_maker_and_a_buyer_of_parts_meet_show_visit_and_sign(
    browser: Browser, site: Server
) -> None:
    maker, buyer = entered(browser, site, "peijian"), entered(browser, site, "zhengche")

    # The maker publishes: a wrong value stands at its field and nothing typed is lost.
    maker.open("/offers/mine/of/part_offer/")
    assert not maker.page.locator("main [name=maker], main [name=prefecture]").count()
    maker.fill({**OFFER, "tolerance": "很准"})
    press(maker, "/enter/")
    assert "这里要写数字" in maker.message_beside("tolerance")
    expect(maker.page.locator("main [name=name]")).to_have_value(OFFER["name"])
    maker.fill({"tolerance": OFFER["tolerance"], "drawing": SAMPLE})
    maker.look("10-offer-wrong")
    press(maker, "/enter/")
    expect(maker.page.locator("h1")).to_have_text(OFFER["name"])
    expect(maker.page.locator("main")).to_contain_text("样山汽车零部件有限公司（虚构）")
    maker.look("10-offer-entered")

    # The buyer finds it by pinyin and by what it is made of, and takes the sample drawing.
    buyer.open("/offers/of/part_offer/?text=dianchituopan")
    expect(buyer.page.locator("main")).to_contain_text(OFFER["name"])
    buyer.open("/offers/of/part_offer/?process=casting&place=珲春市&monthly.from=5000")
    expect(buyer.page.locator("main")).not_to_contain_text("车门冲压件")
    buyer.look("10-offers-found")
    follow(buyer, OFFER["name"])
    with buyer.page.expect_download() as taken:
        follow(buyer, "取文件：样图")
    assert taken.value.path().read_bytes() == SAMPLE["buffer"]

    # The demand: who fits, with reasons in words, and who nearly does.
    buyer.open("/offers/mine/of/part_demand/")
    buyer.fill(DEMAND)
    press(buyer, "/enter/")
    best = buyer.page.locator("details", has_text=OFFER["name"]).first
    expect(best.locator("summary").first).to_contain_text("相配")
    buyer.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    expect(best).to_contain_text("工艺是 铸造")
    buyer.look("10-demand-matched")
    demand = buyer.page.url.rstrip("/").rpartition("/")[2]
    press(buyer, "/watch/")

    # Invitation: the maker finds a message.
    buyer.open(f"/offers/mine/of/part_demand/{demand}/")
    buyer.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    best.get_by_role("link", name="看看这一条").click()
    buyer.page.locator("main h3", has_text=DEMAND["name"]).wait_for()
    buyer.look("10-offer-beside-mine")
    buyer.page.locator(f"main form:has([name=demand][value='{demand}']) button").click()
    buyer.page.wait_for_load_state()
    contact = buyer.page.url.removeprefix(site.base)
    maker.open("/messages/")
    expect(maker.page.locator("main")).to_contain_text("有人邀请您对接")
    maker.open(contact)
    expect(maker.page.locator("main")).to_contain_text("对方没有授权")

    # The drawing is secret: nothing without a grant, and the promise of secrecy before.
    buyer.open(contact)
    follow(buyer, "登记图纸等资料")
    expect(buyer.page.locator("main [name=demand]")).to_have_value(demand)
    buyer.fill({"title": "电池壳总图（虚构）", "version": "A", "file": SECRET})
    press(buyer, "/enter/")
    buyer.open(contact)
    buyer.fill({"until": SOON})
    press(buyer, "/grant/")
    buyer.look("10-contact-granted")
    maker.open(contact)
    press(maker, "/look/")
    expect(maker.page.locator("main")).to_contain_text("没有承诺保密")
    maker.fill({"agreed": "true"})
    press(maker, "/look/")
    expect(maker.page.locator("main")).to_contain_text("电池壳总图（虚构）")
    maker.look("10-contact-drawing")
    with maker.page.expect_download() as taken:
        maker.page.locator("main form:has([name=file]) button").click()
    assert taken.value.path().read_bytes() == SECRET["buffer"]

    # The visit: booked where the two meet, confirmed by who booked, seen and told to the other.
    buyer.open(contact)
    expect(buyer.page.locator("main")).to_contain_text("已签保密协议")
    buyer.page.locator("main [name=begins]").select_option(index=1)
    press(buyer, "/book/")
    expect(buyer.page).to_have_url(re.compile("/bookings/mine/"))
    buyer.page.locator("main form[action*='/confirm/'] button").click()
    expect(buyer.page.locator("main .qr svg")).to_be_visible()
    buyer.look("10-visit-booked")
    maker.open(contact)
    expect(maker.page.locator("main")).to_contain_text("已预约")
    maker.look("10-contact-visit")
    guide = entered(browser, site, "duijie", DESKTOP)
    guide.open("/office/bookings/")
    guide.page.get_by_role("link", name="到厂考察").first.click()
    guide.fill({"number": contact.rstrip("/").rpartition("/")[2]})
    guide.page.locator("form[action$='/find/'] button").click()
    expect(guide.page.locator("main")).to_contain_text("样江整车有限公司")
    guide.look("10-visit-at-the-office")

    # Follow-up to the contract, by either side; the other is told.
    today = f"{date.today()}"
    maker.open(contact)
    maker.fill({"state": "contract-signed", "contract_on": today, "amount": "1250000"})
    press(maker, "/tell/")
    buyer.open("/messages/")
    expect(buyer.page.locator("main")).to_contain_text("对接有了进展")
    buyer.open(contact)
    expect(buyer.page.locator("main")).to_contain_text("1,250,000")
    buyer.look("10-contract")

    # The grant is taken back: the maker sees the drawing no more.
    press(buyer, "/revoke/")
    maker.open(contact)
    expect(maker.page.locator("main")).to_contain_text("对方没有授权")

    # The figures, by county of the maker and by industry.
    site.run("indicators")
    guide.open("/office/figures/parts_amount?place=222400000000")
    for words in ("125.00", "珲春市", "汽车制造业"):
        expect(guide.page.locator("main")).to_contain_text(words)
    guide.look("10-figures")


COMPANY, NAME, FACT = "91222404MA0XY0029L", "珲春市样祥仓储有限公司", "样认〔2026〕77号"
FINDING = {"company": COMPANY, "company_name": NAME, "division": "珲春市"}
FOUND = {
    "number": FACT,
    "department": "market_supervision",
    "source": "珲春市市场监督管理局（演示）",
    "class": "minor",
    "needed": "yes",
    "conduct": "虚假宣传（虚构）",
    "measures": "限制享受优惠政策",
    "noted_on": f"{date.today() - timedelta(days=9)}",
}


def test_a_fact_is_found_objected_to_repaired_with_receipts_and_reported(
    browser: Browser, site: Server
) -> None:
    finder, company = entered(browser, site, "xinyong", DESKTOP), entered(browser, site, "cangchu")
    somebody, public = Visitor(browser, site, PHONE), f"/credit/companies/{COMPANY}/"

    # Whoever determines opens the case; the fact stands on the public page with its source.
    finder.open("/office/open")
    finder.fill({"service": "credit/dishonesty-finding", "kind": "organisation"})
    finder.fill({"code": COMPANY, "name": NAME})
    finder.page.locator("main form button.button").last.click()
    for typed in (FINDING, FOUND):
        finder.fill(typed)
        finder.look(f"11-finding-{next(iter(typed))}")
        finder.go_on()
    finder.go_on()
    finder.page.locator("button[name=action][value=enter-dishonesty]").click()
    expect(finder.page.get_by_role("status")).to_contain_text("已办理")
    somebody.open(public)
    somebody.wait_for(FACT)
    somebody.look("11-public-file")

    # The company objects: the fact is marked for everybody until it is answered.
    company.open("/account/records")
    row = company.page.locator("a[href^='/account/records/dishonesty/']").last
    row.click()
    company.look("11-own-fact")
    company.fill({"field": "conduct"})
    company.page.locator("form[action$='/object'] button").click()
    company.go_on()
    company.fill({"proposed": "没有虚假宣传", "reason": "判决书可以证明（虚构）。"})
    company.go_on()
    objection = send(company)
    company.open(objection)
    company.look("11-objection")
    somebody.open(public)
    mark = somebody.page.locator(f"main table:has-text('{FACT}') + p.state")
    expect(mark).to_contain_text("对这一条有异议")
    somebody.look("11-public-file-marked")
    decider = entered(browser, site, "xinyongban", DESKTOP)
    decider.open(f"/office{objection}")
    decider.fill({"note": "卷宗证明属实（虚构）。"})
    decider.page.locator("button[name=action][value=refuse]").click()
    company.wait_for_the_end(objection)
    somebody.open(public)
    expect(somebody.page.locator("main")).to_contain_text(FACT)
    expect(mark).to_have_count(0)

    # Repair ends publication, sharing and measures alike: each receiver has a receipt.
    begin(
        company,
        "credit/repair",
        {"number": FACT, "division": "珲春市"},
        {"executed": "yes", "correction": "撤下了宣传（虚构）。", "promise": "true"},
    )
    repair = send(company)
    does(finder, repair, "repair")
    company.wait_for_the_end(repair)
    somebody.open(public)
    expect(somebody.page.locator("main")).not_to_contain_text(FACT)
    company.open(repair)
    company.page.locator("main a[href*='/letters/']").first.click()
    expect(company.page.locator("body")).to_contain_text("样例信用共享平台（虚构）：")
    company.look("11-repaired")

    # The report is a signed certificate: one file, which is verified without the site.
    begin(company, "credit/credit-report", {"purpose": "投标（虚构）", "division": "珲春市"})
    report = send(company)
    company.wait_for_the_end(report)
    company.open(report)
    company.look("11-report")
    company.page.locator("main a[href^='/certificates/']").first.click()
    company.page.wait_for_load_state()
    company.look("11-report-certificate")
    with company.page.expect_download() as taken:
        company.page.locator("main a[href$='/file']").first.click()
    file = site.home / "report.html"
    taken.value.save_as(file)
    assert "有效" in site.run("verify", str(file))
