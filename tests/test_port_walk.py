"""A vehicle goes through the port in a browser: booked on a phone, found by its plate, closed.

And a list of vehicles comes as a file: what is wrong in it is named by its line, and a list that is
right gives each vehicle a slot and a case.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from serving import Server
from visitor import DESKTOP, IN_A_BROWSER, PHONE, Visitor, entered

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=1)]
SLOT = f"{date.today() + timedelta(days=3)} 10:00"
WHEN = {"port": "珲春市", "lane": "freight", "slot": SLOT}
GOODS = {"goods": "建材（虚构）", "goods_kind": "general", "declaration": "222220260000000000",
         "permit": "not_needed"}  # fmt: skip
PEOPLE = {
    "driver": "样司机",
    "driver_licence": "222404000000",
    "passport": "EX0000000",
    "passport_until": f"{date.today() + timedelta(days=900)}",
    "on_board": "1",
}
VINS = ("LXY0000A1T0000021", "LXY0000A3T0000022", "LXY0000A5T0000023")


def begin(who: Visitor, service: str, *pages: dict[str, Any]) -> None:
    """Fill in the pages of an application up to the check page."""
    who.open(f"/services/{service}")
    who.page.locator("main form .button").first.click()
    for typed in pages:
        who.fill(typed)
        who.look(f"9-{service.rpartition('/')[2]}-{next(iter(typed))}")
        who.go_on()


def send(who: Visitor) -> str:
    """Send what stands on the check page; the address of the case."""
    expect(who.page).to_have_url(re.compile("/check$"))
    who.go_on()
    expect(who.page).to_have_url(re.compile("/sent$"))
    return who.page.url.removeprefix(who.site.base).removesuffix("/sent")


def does(who: Visitor, case: str, action: str, **answers: str) -> None:
    """An official opens the case, fills in the form of his task if it has one, and presses."""
    who.open(f"/office{case}")
    if answers:
        who.page.locator("main a[href^='/tasks/']").first.click()
        who.fill(answers)
    who.look(f"9-{action}")
    who.page.locator(f"button[name=action][value={action}]").click()
    expect(who.page.locator(f"button[name=action][value={action}]")).to_have_count(0)


def test_a_lorry_is_booked_found_by_its_plate_inspected_by_both_at_once_and_closed(
    browser: Browser, site: Server
) -> None:
    company = entered(browser, site, "cangchu", PHONE)
    begin(company, "port/clearance", WHEN, {"plate": "吉H700样", **GOODS}, PEOPLE)
    case = send(company)
    company.open(case)
    expect(company.page.locator(".qr svg")).to_be_visible()
    company.look("9-case-with-its-code")

    gate = entered(browser, site, "zhakou", PHONE)
    gate.open("/office/bookings/")
    gate.page.get_by_role("link", name="公路口岸").click()
    gate.fill({"number": "吉h700样"})
    gate.page.locator("form[action$='/find/'] button").click()
    expect(gate.page.locator("main")).to_contain_text("吉H700样")
    gate.look("9-arriving")
    gate.page.locator(f"main a[href='/office{case}']").click()
    does(gate, case, "let_vehicle_in", seen="match")

    # both have their task at once, and neither sees that of the other
    customs, police = (entered(browser, site, login, DESKTOP) for login in ("haiguan", "bianjian"))
    for who in (customs, police):
        who.open(f"/office{case}")
        expect(who.page.locator("main a[href^='/tasks/']")).to_have_count(1)
    does(police, case, "border_checked", result="pass")
    does(customs, case, "customs_checked", result="look_again")
    dispatcher = entered(browser, site, "diaodu", DESKTOP)
    does(dispatcher, case, "inspect_vehicle_anew")
    does(customs, case, "customs_checked", result="pass")
    does(police, case, "border_checked", result="pass")
    does(gate, case, "vehicle_left")
    does(customs, case, "papers_closed")
    company.open(case)
    expect(company.page.locator("main")).to_contain_text("已签到")
    company.look("9-cleared")


def test_a_late_lorry_takes_another_slot_and_one_whose_driver_may_not_leave_is_refused(
    browser: Browser, site: Server
) -> None:
    company = entered(browser, site, "cangchu", PHONE)
    begin(company, "port/clearance", WHEN, {"plate": "吉H701样", **GOODS}, PEOPLE)
    case = send(company)
    gate = entered(browser, site, "zhakou", DESKTOP)
    does(gate, case, "vehicle_is_late", seen="match")
    company.open(case)
    company.page.locator("main a[href^='/cases'], main a[href^='/tasks/']").filter(
        has_text=re.compile("改约|填")
    ).first.click()
    company.fill({"slot": SLOT.replace("10:00", "15:00")})
    anew = company.page.locator("button[name=action][value=chose_anew]")
    anew.click()
    expect(anew).to_have_count(0)
    company.open(case)
    expect(company.page.locator("main")).to_contain_text("15:00")
    does(gate, case, "let_vehicle_in", seen="match")
    does(entered(browser, site, "haiguan", DESKTOP), case, "customs_checked", result="pass")
    does(entered(browser, site, "bianjian", DESKTOP), case, "border_checked", result="refuse")
    company.open(case)
    expect(company.page.locator("main")).to_contain_text("不准出境")
    company.look("9-refused")


def test_a_list_comes_as_a_file_and_wrong_lines_are_named(browser: Browser, site: Server) -> None:
    head = "plate,vin,declaration,driver,driver_licence,passport,passport_until"
    until = PEOPLE["passport_until"]

    def table(*vins: str) -> dict[str, Any]:
        lines = [
            f"吉H71{n}样,{vin},22222026000000000{n},样司机,22240400000{n},EX000000{n},{until}"
            for n, vin in enumerate(vins)
        ]
        text = "\n".join((head, *lines))
        return {"name": "车辆（虚构）.csv", "mimeType": "text/csv", "buffer": text.encode()}

    company = entered(browser, site, "cangchu", DESKTOP)
    company.open("/bookings/mine/")
    before = company.page.locator("tr", has_text="公路口岸").count()
    begin(company, "port/vehicle-list", {"port": "珲春市", "slot": SLOT})
    upload = company.page.locator("input[type=file]")
    upload.set_input_files(table(VINS[0], "LXY0000A7T0000002", VINS[2]))  # type: ignore[arg-type]
    company.go_on()
    expect(company.page.locator("main")).to_contain_text("第 3 行")
    company.look("9-list-wrong")
    upload.set_input_files(table(*VINS))  # type: ignore[arg-type]
    company.go_on()
    case = send(company)
    does(entered(browser, site, "diaodu", DESKTOP), case, "arranged_list")
    company.open("/bookings/mine/")
    expect(company.page.locator("tr", has_text="公路口岸")).to_have_count(before + 3)
    company.look("9-mine")


def test_a_village_asks_a_team_is_planned_everybody_reads_it_and_attendance_is_told(
    browser: Browser, site: Server
) -> None:
    day = date.today() + timedelta(days=45)
    title = f"秧歌专场（虚构）{day:%m%d}"
    wish = {"place": "永新社区", "kind": "show", "title": title, "wanted_on": f"{day}",
            "people": "120", "site": "square"}  # fmt: skip
    village = entered(browser, site, "wang", PHONE)
    begin(village, "culture/village-asks", wish)
    case = send(village)
    planner = entered(browser, site, "paiqi", DESKTOP)
    does(planner, case, "planned_event", on_day=f"{day}", starts="18:30", team="HC-01")

    everybody = Visitor(browser, site, PHONE)  # without a log-in
    everybody.open(f"/programme/culture_event/?month={day:%Y-%m}")
    expect(everybody.page.locator("main")).to_contain_text(title)
    everybody.look("9-programme")
    calendar = everybody.page.request.get(f"{site.base}/programme/culture_event.ics").text()
    assert title in calendar.replace("\r\n ", "")

    village.open(case)
    village.page.locator("main a[href^='/tasks/']").first.click()
    village.fill({"took_place": "yes_held", "attended": "130", "said": "下次还来。"})
    village.look("9-attendance")
    pressed = village.page.locator("button[name=action][value=reported_attendance]")
    pressed.click()
    expect(pressed).to_have_count(0)
    village.open(case)
    expect(village.page.locator("main")).to_contain_text("想再办，请再点单")
    village.look("9-held")


def test_a_book_is_lent_and_comes_back(browser: Browser, site: Server) -> None:
    reader = entered(browser, site, "wang", PHONE)
    begin(reader, "culture/book-loan", {"room": "永新社区", "book": "B-2"})
    case = send(reader)
    keeper = entered(browser, site, "shuwu", PHONE)
    does(keeper, case, "handed_over_copy", copy="C-222404001001-2")
    does(keeper, case, "took_back_copy", state="good")
    reader.open(case)
    expect(reader.page.locator("main")).to_contain_text("已还")
    reader.look("9-book")
