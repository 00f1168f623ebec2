"""A company and its banks, and an issuer and its registrar, in a browser.

The company states its wish, asks several banks, lets one of them look and sees each look; banks
answer by the program of `docs/clients`. What goes wrong later is found by rule and followed up. And
a carbon note from its filing to its redemption.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from serving import Server
from test_company_walks import follow
from test_port_walk import begin, send
from visitor import DESKTOP, IN_A_BROWSER, Visitor, entered

pytestmark = [*IN_A_BROWSER, pytest.mark.slow(minutes=1.5)]
PROGRAM = Path(__file__).parents[1] / "docs" / "clients" / "bank.py"
TODAY = date.today()
BANK, CITY_BANK, EXCHANGE = "91220101MA0XYBNK16", "91220101MA0XYBN251", "11220000MB0CRA001J"
COMPANY = "珲春市样祥仓储有限公司"


class Partner:
    """An organisation with a key of its own, which posts signed messages by its own program."""

    def __init__(self, site: Server, code: str, name: str, connector: str) -> None:
        self.site, self.home = site, site.home / f"partner-{code}"
        self.home.mkdir()
        text = PROGRAM.read_text("utf-8").replace('"bank-loans"', f'"{connector}"')
        (self.home / "client.py").write_text(text, "utf-8")
        (self.home / "key.pub").write_text(self._run("key", "key.pem"), "ascii")
        site.run("exchange", "partner", code, "--name", name)
        site.run("exchange", "key", code, str(self.home / "key.pub"))
        (self.home / "platform.pub").write_text(site.run("exchange", "own-key") + "\n", "ascii")

    def send(self, message: str, **body: Any) -> None:
        """Post a message; it is taken, and the answer bears the platform's signature."""
        told = json.dumps(body, ensure_ascii=False)
        self._run("send", "key.pem", "platform.pub", f"{self.site.base}/exchange/in", message, told)

    def _run(self, *words: str) -> str:
        command = [sys.executable, "client.py", *words]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def press(who: Visitor, part: str) -> None:
    """Press the button of the form whose address has a part, and come to another page."""
    who.page.locator(f"main form[action*='{part}'] button.button").first.click()
    who.page.wait_for_load_state()


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def fills(who: Visitor, page: str, action: str, **answers: str) -> None:
    """The company opens the task that waits on its case, answers its form and presses."""
    waits = who.page.locator("main a.button[href^='/tasks/']")
    for _ in range(240):  # until the step has come to the company
        who.open(page)
        if waits.count():
            break
        who.page.wait_for_timeout(500)
    waits.first.click()
    button = who.page.locator(f"main button[name=action][value={action}]").first
    expect(button).to_be_visible()
    who.fill(answers)
    who.look(f"19-{action}")
    button.click()
    expect(who.page).not_to_have_url(re.compile("/tasks/"))


def test_a_company_asks_banks_lets_one_look_is_lent_to_and_warned(
    browser: Browser, site: Server
) -> None:
    company, bank = entered(browser, site, "cangchu"), entered(browser, site, "yinhang", DESKTOP)

    # The wish, and what fits it, with reasons.
    company.open("/offers/mine/of/financing_wish/")
    company.fill(
        {
            "amount": "500000",
            "months": "12",
            "most_rate": "4.5",
            "years": "6",
            "tax_grade": "5",
            "industry": "G",
            "security": "false",
            "wanted_on": in_days(30),
        }
    )
    company.look("19-wish")
    press(company, "/enter/")
    expect(company.page.locator("main")).to_contain_text("样例快贷")
    company.look("19-wish-matched")

    # Three products are asked for at once.
    begin(
        company,
        "finance/sme-financing",
        {"division": "珲春市", "founded": "2020-03-02", "industry": "G"},
        {"amount": "500000", "months": "12", "purpose": "购置冷链车（虚构）", "security": "no"},
    )
    company.fill({"requests.0.product": "P-001"})
    for number, product in ((1, "P-002"), (2, "P-003")):
        company.page.locator("button[name=add]").click()
        company.fill({f"requests.{number}.product": product})
    company.look("19-requests")
    company.go_on()
    case = send(company)

    # One bank is let look, at these registers alone; the company sees each look.
    company.open("/credit/grants/")
    company.fill(
        {
            "granted_to": BANK,
            "purpose": "流动资金贷款（虚构）",
            "registers": ["credit_tax_grade"],
            "until": in_days(60),
        }
    )
    company.look("19-grant")
    press(company, "/give/")
    grant = company.page.url.removeprefix(site.base)
    bank.open("/credit/grants/")
    follow(bank, COMPANY)
    press(bank, "/look/")
    expect(bank.page.locator("main")).to_contain_text("71,000")
    expect(bank.page.locator("main")).not_to_contain_text("S-202605-0029L")
    bank.look("19-looked")
    stranger = entered(browser, site, "yinhang2", DESKTOP)
    stranger.open(grant)
    expect(stranger.page.locator("main")).not_to_contain_text("流动资金贷款")
    company.open(grant)
    expect(company.page.locator("main")).to_contain_text("样例商业银行（虚构）")
    expect(company.page.locator("main")).to_contain_text("凭授权查看了档案")
    company.look("19-grant-used")

    # Banks answer with reasons; those willing are listed by rate, and the company chooses.
    lender = Partner(site, BANK, "样例商业银行（虚构）", "bank-loans")
    rival = Partner(site, CITY_BANK, "样例城市银行（虚构）", "bank-loans")
    company.open(case)
    number = company.page.locator("main p.over .num").inner_text()
    asked = f"{number}-P-001"
    rival.send("answered", number=f"{number}-P-002", result="declined", reason="行业额度已满")
    lender.send(
        "answered", number=asked, result="offered", reason="纳税信用好", amount=500000,
        rate=3.45, months=12, unsecured=True,
    )  # fmt: skip
    company.open(case)
    company.wait_for("银行答复汇总")
    for words in ("样例快贷", "行业额度已满", "抵押"):
        expect(company.page.locator("main")).to_contain_text(words)
    company.look("19-offers")
    fills(company, case, "choose-offer", product="P-001")

    # Due diligence, the contract that the company confirms, the loan.
    lender.send("surveyed", number=asked, result="passed", reason="实地查看，经营正常")
    lender.send(
        "contracted", number=asked, contract="HT-19", amount=500000, rate=3.45, months=12,
        unsecured=True, signed_on=TODAY.isoformat(),
    )  # fmt: skip
    fills(company, case, "confirm-contract")
    lender.send(
        "lent", number=asked, amount=500000, lent_on=TODAY.isoformat(), ends_on=in_days(365)
    )
    company.wait_for_the_end(case)
    company.look("19-lent")

    # What goes wrong raises a warning by rule: the overseer finds it, the company is told.
    arrears = {"contract": "HT-19", "kind": "overdue", "happened_on": TODAY.isoformat()}
    rival.send("loan-event", serial=1, overdue_days=90, **arrears)  # it has not lent: nothing
    lender.send("loan-event", serial=1, overdue_days=35, **arrears)
    assert "1" in site.run("duties", "--only", "finance/loan-watch:on-arrears")
    overseer = entered(browser, site, "rongzi", DESKTOP)
    overseer.open("/office/")
    overseer.wait_for("红色预警")
    overseer.look("19-overseer")
    overseer.page.locator("table.queue a").first.click()
    for words in ("HT-19", "逾期"):
        expect(overseer.page.locator("main")).to_contain_text(words)
    overseer.look("19-warning")
    overseer.fill({"note": "企业已说明，下周补还（虚构）。"})
    overseer.page.locator("button[name=action][value=risk-settled]").click()
    expect(overseer.page.get_by_role("status")).to_contain_text("已办理")
    company.open("/messages/")
    company.wait_for("贷后预警")

    # Revoked, the next look of the bank shows nothing.
    company.open(grant)
    press(company, "/revoke/")
    bank.open(grant)
    expect(bank.page.locator("main")).to_contain_text("已停止")
    expect(bank.page.locator("main form[action*='/look/']")).to_have_count(0)
    bank.look("19-revoked")


NOTE: dict[str, Any] = {
    "registration": "样注〔2022〕CB9号",
    "amount": "62000000",
    "rate": "2.6",
    "days": "180",
    "starts_on": in_days(-200),
    "lead": "样例农业银行（虚构）",
    "joint": "样例开发银行（虚构）",
    "themes": ["green", "carbon_asset", "rural", "old_area"],
}


def pledge(tonnes: int, years: int = 1) -> dict[str, str]:
    return {
        "pledges.0.vintage": f"{TODAY.year - 2 + years}",
        "pledges.0.tonnes": f"{tonnes}",
        "pledges.0.haircut": "20",
        "pledges.0.expires_on": f"{TODAY.year + years}-12-31",
    }


def test_a_carbon_note_is_issued_warned_topped_up_and_redeemed(
    browser: Browser, site: Server
) -> None:
    issuer, registrar = entered(browser, site, "dianli"), entered(browser, site, "piaoju", DESKTOP)
    market = Partner(site, EXCHANGE, "样例交易所（虚构）", "carbon-price")

    # Two issues under one registration, at a price that covers both.
    market.send("closed", day=in_days(-1), price=56)
    filed = []
    for number, tonnes in (("样电CB101", 1_700_000), ("样电CB102", 1_780_000)):
        begin(
            issuer,
            "finance/carbon-note",
            {"division": "珲春市"},
            {"number": number, **NOTE},
            pledge(tonnes),
        )
        filed.append(send(issuer))

    # The price falls while the registrar reads the papers.
    market.send("closed", day=TODAY.isoformat(), price=50)
    for case in filed:
        registrar.open(f"/office{case}")
        registrar.wait_for("794,958.90")
        registrar.press(case, "enter-issue")
        issuer.wait_for_the_end(case)
    issuer.open(filed[0])
    expect(issuer.page.locator("main")).to_contain_text("利息 794,958.90 元")
    issuer.look("19-issued")

    # The daily watch: a margin call for one, an early warning for the other.
    site.run("duties", "--only", "finance/carbon-watch:daily")
    issuer.open("/messages/")
    issuer.wait_for("预警")
    issuer.look("19-note-messages")
    issuer.open("/tasks/")
    issuer.wait_for("追加或替换质押")
    issuer.page.locator("main a[href^='/tasks/']", has_text="追加或替换质押").first.click()
    issuer.fill(pledge(300_000, 2))
    issuer.look("19-top-up")
    issuer.page.locator("main button[name=action][value=top-up-pledge]").click()
    expect(issuer.page).not_to_have_url(re.compile("/tasks/"))
    issuer.open("/messages/")
    issuer.wait_for("已补足")

    # What the power did for the air is reported at once, by the declared factors.
    begin(
        issuer,
        "finance/green-report",
        {"division": "珲春市"},
        {"issue": "样电CB101", "year": f"{TODAY.year - 1}", "mwh": "100000"},
    )
    report = send(issuer)
    issuer.wait_for_the_end(report)
    issuer.page.locator("main a[href*='/letters/']").first.click()
    expect(issuer.page.locator("body")).to_contain_text("57,030")
    issuer.look("19-benefit")

    # On its day it is paid, and the pledge is released.
    site.run("duties", "--only", "finance/carbon-redemption:due")
    registrar.open("/office/?service=finance/carbon-redemption")
    registrar.wait_for("样电CB101")
    registrar.page.locator("table.queue a", has_text="样电CB101").first.click()
    registrar.look("19-redemption")
    registrar.page.locator("button[name=action][value=paid-in-full]").click()
    expect(registrar.page.get_by_role("status")).to_contain_text("已办理")
    registrar.open("/office/registers/note_issue/样电CB101")
    registrar.wait_for("已兑付")
    registrar.look("19-redeemed")
    registrar.open("/office/registers/note_issue/样电CB102")
    expect(registrar.page.locator("main")).to_contain_text("存续")
