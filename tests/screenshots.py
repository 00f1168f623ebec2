"""`make screenshots`: a picture of every page type, to be looked at before a change of the look.

A demonstration of its own is set up in a throw-away folder, cases are brought to every stage, and
each page is taken at 360, 768 and 1440 px, light and dark, in Chinese and in English, into
`screenshots/`; `--widths` takes others. What stands in Chinese on an English page is listed, to be
looked through: names of people and of villages are right there. With `--pictures` the few that the
documentation shows go into `docs/pictures/`, from an instance on which thirty days of a simulated
year were played before, so that queues and boards have something to show; `--days` plays more, or
none.
Needs chromium (`CHROMIUM` names another one).
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from serving import server_of_its_own

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
SERVICE = "market/company-registration"
BENEFIT = "eldercare/basic-services"
VISITS = "visits/home"
"""The pack of the tests, which opens in every way and has duties."""


@dataclass
class Site:
    """The running demonstration: its address, and the addresses of the cases made for it."""

    base: str
    folder: Path
    places: dict[str, str] = field(default_factory=dict)


Go = Callable[[Page, Site], None]


@dataclass(frozen=True)
class Shot:
    """One page type: who is logged in, and how one gets there."""

    name: str
    login: str
    go: Go


def at(path: str) -> Go:
    """Open an address; words in braces are those of cases made before."""

    def go(page: Page, site: Site) -> None:
        page.goto(site.base + path.format(**site.places))

    return go


def wrong_officers(page: Page, site: Site) -> None:
    """A page of the form sent with a wrong identity number."""
    page.goto(f"{site.base}{site.places['draft']}/pages/officers")
    page.fill("#f-legal_representative", "王样云（虚构）")
    page.fill("#f-legal_representative_id", "222404199203150028")
    page.locator("main form .buttons .button").first.click()


def started(service: str) -> Go:
    """Press the guide's button; the first page that asks something."""

    def go(page: Page, site: Site) -> None:
        page.goto(f"{site.base}/services/{service}")
        page.click("main form .button")
        if page.locator("main form .field").count() == 0:
            page.locator("main form .buttons .button").first.click()

    return go


def verify_file(name: str) -> Go:
    """Check a file that was left in the folder."""

    def go(page: Page, site: Site) -> None:
        page.goto(f"{site.base}/verify")
        page.set_input_files("#f-file", site.folder / name)
        page.click("main form .button")

    return go


def unfolded(path: str) -> Go:
    """Open an address and unfold what is folded, the drawing too."""

    def go(page: Page, site: Site) -> None:
        page.goto(site.base + path.format(**site.places))
        page.locator("main details:not([open]) > summary").evaluate_all(
            "all => all.forEach(one => one.click())"
        )

    return go


def found_citizen(page: Page, site: Site) -> None:
    """The village desk has found the citizen."""
    page.goto(f"{site.base}/office/file")
    page.fill("#f-id_number", "222404198807210014")
    page.click("main form .button")


def first_of(path: str, link: str) -> Go:
    """Open the first page that a list leads to."""

    def go(page: Page, site: Site) -> None:
        page.goto(site.base + path)
        page.locator(link).first.click()

    return go


def reported(*, sent: bool) -> Go:
    """Somebody unknown reports; up to the code that is given for it."""

    def go(page: Page, site: Site) -> None:
        page.goto(f"{site.base}/services/{VISITS}")
        page.locator("form[action*='/report/begin/'] button").first.click()
        if not sent:
            return
        page.locator("main input[type=text]").first.fill("样户")
        for box in page.locator("main input[name=place]").all():
            box.fill("222404001001")
        page.locator("main .buttons button.button").first.click()
        page.locator("main button.button").last.click()

    return go


def letters_of(path: str) -> Go:
    """What the first button of a task would write."""

    def go(page: Page, site: Site) -> None:
        page.goto(site.base + path.format(**site.places))
        page.fill("main .acts textarea", "材料齐全，准予登记。")
        page.locator("main .acts button[name=preview]").first.click()

    return go


SHOTS = (
    Shot("home", "", at("/")),
    Shot("search", "", at("/search?q=执照")),
    Shot("search-nothing", "", at("/search?q=qvqvq")),
    Shot("guide", "", at(f"/services/{SERVICE}")),
    Shot("guide-benefit", "", at(f"/services/{BENEFIT}")),
    Shot("region", "", at("/region")),
    Shot("login", "", at("/login")),
    Shot("verify", "", at("/verify")),
    Shot("verify-valid", "", verify_file("licence.html")),
    Shot("verify-altered", "", verify_file("altered.html")),
    Shot("verify-unknown", "", at("/verify?id=1.2.156.3005.2.11")),
    Shot("not-found", "", at("/nothing-here")),
    Shot("catalogue", "", at("/data/")),
    Shot("catalogue-found", "", at("/data/?q=企业&kind=dataset")),
    Shot("data-set", "", at("/data/companies-by-county")),
    Shot("data-rows", "", at("/data/company-register?place=222404000000")),
    Shot("data-entry", "", at("/data/register-company")),
    Shot("figures", "", at("/figures/")),
    Shot("supervision", "duban", at("/office/supervision/")),
    Shot("supervision-cases", "duban", at("/office/supervision/cases/?state=open")),
    Shot("register-file", "jueding", at("/office/register-files/credit_licence")),
    Shot("fair", "", at("/fairs/graduate_fair/")),
    Shot("fair-exhibitor", "", at("/fairs/graduate_fair/exhibitors/Q-002/")),
    Shot("offers", "", at("/offers/of/part_offer/")),
    Shot("offer", "zhengche", at("/offers/of/part_offer/GJ-001/")),
    Shot("offers-own", "zhengche", at("/offers/mine/of/part_demand/XJ-001/")),
    Shot("resume", "", at("/resume/")),
    Shot("home-mine", "wang", at("/")),
    Shot("apply-known", "wang", at("{draft}/pages/who")),
    Shot("apply-name", "wang", at("{draft}/pages/name")),
    Shot("apply-place", "wang", at("{draft}/pages/premises")),
    Shot("apply-rows", "wang", at("{draft}/pages/capital")),
    Shot("apply-wrong", "wang", wrong_officers),
    Shot("apply-benefit", "wang", started(BENEFIT)),
    Shot("check", "wang", at("{draft}/check")),
    Shot("sent", "wang", at("{running}/sent")),
    Shot("cases", "wang", at("/cases")),
    Shot("case-running", "wang", at("{running}")),
    Shot("case-correct", "wang", at("{correcting}")),
    Shot("case-ended", "wang", at("{issued}")),
    Shot("case-unfolded", "wang", unfolded("{running}")),
    Shot("correct", "wang", at("{correct}")),
    Shot("certificate", "wang", at("{licence}")),
    Shot("queue", "shencha", at("/office/")),
    Shot("desk-case", "shouli", at("/office{clashing}")),
    Shot("desk-review", "shencha", at("/office{running}")),
    Shot("desk-decide", "jueding", at("/office{deciding}")),
    Shot("desk-ended", "jueding", at("/office{issued}")),
    Shot("desk-extend", "shencha", unfolded("/office{running}")),
    Shot("desk-extension", "jueding", at("/office{extending}")),
    Shot("desk-overdue", "duban", at("/office/overdue")),
    Shot("desk-late", "duban", at("/office{late}")),
    Shot("case-extended", "wang", at("{extended}")),
    Shot("desk-file", "bangban", found_citizen),
    Shot("process", "", at(f"/services/{SERVICE}/process")),
    Shot("account", "wang", at("/account")),
    Shot("behalf", "wang", at("/account/behalf")),
    Shot("looks", "wang", at("/account/looks")),
    Shot("records", "wang", at("/account/records")),
    Shot("factors", "wang", at("/account/second-factor")),
    Shot("messages", "wang", at("/messages/")),
    Shot("message", "wang", first_of("/messages/", "main ul.tasks a")),
    Shot("messages-ways", "wang", at("/messages/ways")),
    Shot("messages-calendar", "wang", at("/messages/calendar")),
    Shot("desk-messages-ways", "jueding", at("/messages/ways")),
    Shot("desk-letters", "jueding", letters_of("/office{deciding}")),
    Shot("people", "renshi", at("/office/people")),
    Shot("person-new", "renshi", at("/office/people/new")),
    Shot("person", "renshi", first_of("/office/people", "main tbody a")),
    Shot("people-file", "renshi", at("/office/people/file")),
    Shot("registers", "shouli", at("/office/registers")),
    Shot("register", "shouli", first_of("/office/registers", "main a[href*=registers]")),
    Shot("audit", "duban", at("/office/audit")),
    Shot("find", "shencha", at("/office/find")),
    Shot("done", "shencha", at("/office/find/done")),
    Shot("record", "shencha", at("/office/registers/company/91222404MA0XY0029L")),
    Shot("own-record", "wang", first_of("/account/records", "main a[href*='/account/records/']")),
    Shot("representations", "bangban", at("/office/representations")),
    Shot("open", "pinggu", at("/office/open")),
    Shot("duties", "pinggu", at("/office/duties")),
    Shot("duties-village", "pinggu", first_of("/office/duties", "main td a, main th a")),
    Shot("desk-visit", "pinggu", at("/office{visit}")),
    Shot("visit-form", "pinggu", at("{visit_form}")),
    Shot("report-guide", "", at(f"/services/{VISITS}")),
    Shot("report", "", at("/report")),
    Shot("report-begun", "", reported(sent=False)),
    Shot("report-sent", "", reported(sent=True)),
)
# (shot, width, scheme, language): what the documentation shows.
PICTURES = (
    ("home", 1440, "light", "zh"),
    ("guide", 1440, "light", "zh"),
    ("apply-wrong", 360, "light", "zh"),
    ("case-correct", 1440, "light", "zh"),
    ("certificate", 1440, "light", "zh"),
    ("queue", 1440, "light", "en"),
    ("desk-case", 1440, "dark", "zh"),
    ("supervision", 1440, "light", "zh"),
)


@contextmanager
def demonstration(days: int, *, visits: bool) -> Iterator[Site]:
    """The platform with its demonstration, served from a throw-away folder.

    `days` of a simulated year were played on it before. `visits`: with the pack of the tests.
    """
    with server_of_its_own("look") as server:
        if days:
            server.run("year", "--scale", "0.001", "--days", str(days))
        os.environ["XIANGYUN_HOME"] = str(server.home)
        from xiangyun.site.start import boot  # noqa: PLC0415  (the settings read the environment)

        site = Site(server.base, server.home)
        with ExitStack() as stack:
            boot(stack)
            _tell(site, visits=visits)
        server.start()
        server.wait_until_ready()
        yield site


def _tell(site: Site, *, visits: bool) -> None:
    """Cases at every stage, made by the same verbs as the pages use."""
    from xiangyun.faces.cli import demonstration as people  # noqa: PLC0415

    people.prepare()
    maker = Maker()
    site.places["draft"] = f"/apply/{maker.draft('样祥云页')}"
    site.places["clashing"] = f"/cases/{maker.case('样', capital=80)}"
    correcting = maker.case("样", capital=100)
    task = maker.press("shouli", correcting, "correct", "请换一个字号，并核对注册资本。")
    site.places["correcting"] = f"/cases/{correcting}"
    site.places["correct"] = f"/cases/{correcting}/correct/{task}"
    for brand in ("样春晖", "样海兰", "样金达莱"):
        maker.case(brand)
    maker.case("祥", capital=60)
    site.places["running"] = f"/cases/{maker.case('样长白')}"
    deciding = maker.case("样防川")
    maker.press("shencha", deciding, "agree", "材料齐全，符合法定形式，建议登记。")
    site.places["deciding"] = f"/cases/{deciding}"
    extending, extended = maker.case("样珲春"), maker.case("样海东")
    for case_id in (extending, extended):
        maker.ask("shencha", case_id, "经营范围涉及新业态，须征求行业主管部门意见。")
    maker.press("jueding", extended, "grant", "同意。")
    site.places["extending"], site.places["extended"] = f"/cases/{extending}", f"/cases/{extended}"
    site.places["late"] = f"/cases/{maker.case('样敬信', days_ago=9)}"
    maker.case("样板石", days_ago=14)
    maker.oversee()
    if visits:
        case, task = maker.visits()
        site.places["visit"], site.places["visit_form"] = f"/cases/{case}", f"/tasks/{case}/{task}"
    issued = maker.case("样图们江")
    maker.press("shencha", issued, "agree")
    maker.press("jueding", issued, "approve")
    maker.work()
    site.places["issued"] = f"/cases/{issued}"
    licence = maker.licence()
    site.places["licence"] = f"/certificates/{licence.identifier}"
    (site.folder / "licence.html").write_text(licence.page, "utf-8")
    (site.folder / "altered.html").write_text(licence.page.replace("100万元", "900万元"), "utf-8")


class Maker:
    """Makes applications of the fictitious Wang and moves them on."""

    def __init__(self) -> None:
        from django.utils import timezone  # noqa: PLC0415

        from xiangyun.domain.accounts import queries as accounts  # noqa: PLC0415
        from xiangyun.domain.accounts.access import acting_as  # noqa: PLC0415
        from xiangyun.domain.cases import (  # noqa: PLC0415
            access,
            actions,
            drafts,
            escalation,
            queries,
        )
        from xiangyun.domain.catalogue import queries as catalogue  # noqa: PLC0415
        from xiangyun.domain.certificates import queries as certificates  # noqa: PLC0415
        from xiangyun.faces.cli import demonstration, story, working  # noqa: PLC0415
        from xiangyun.kernel.formspec import from_json  # noqa: PLC0415

        self.now, self.acting_as = timezone.now, acting_as
        self.access, self.actions, self.drafts, self.cases = access, actions, drafts, queries
        self.catalogue, self.certificates, self.from_json = catalogue, certificates, from_json
        self.ago = lambda days: timezone.now() - timedelta(days=days)
        self.oversee = lambda: escalation.escalate(at=timezone.now())
        self.work, self.example = working.work_off_jobs, story.example_answers
        self.actor = lambda login: accounts.actor_by_password(login, demonstration.PASSWORD)

    def draft(self, brand: str, capital: int = 100) -> Any:
        """An application filled in and not sent; its id."""
        wang = self.actor("wang")
        person = {"name": wang.name, "id_number": "222404199203150027"}
        answers = {**self.example(person), "brand": brand, "capital": capital}
        answers["shareholders"][0]["amount"] = capital - answers["shareholders"][1]["amount"]
        with self.acting_as(wang):
            draft = self.drafts.start_draft(SERVICE, actor=wang, at=self.now())
            form = self.catalogue.pack(draft.version_id).form
            kept = self.from_json(form, answers).answers
            self.drafts.keep_answers(draft.id, kept, actor=wang, at=self.now())
            self.drafts.add_material(
                draft.id,
                form.question("premises_proof"),
                name="租赁合同（虚构）.pdf",
                media_type="application/pdf",
                content=b"%PDF-1.4\n% fictitious lease\n" + b" " * 340_000,
                actor=wang,
                at=self.now(),
            )
        return draft.id

    def case(self, brand: str, capital: int = 100, days_ago: int = 0) -> Any:
        """An application that was sent, today or some days ago; its id."""
        draft_id = self.draft(brand, capital)
        wang = self.actor("wang")
        with self.acting_as(wang):
            return self.actions.submit_case(draft_id, actor=wang, at=self.ago(days_ago)).id

    def ask(self, login: str, case_id: Any, reason: str) -> None:
        """Ask for an extension beside the open task."""
        official = self.actor(login)
        with self.acting_as(official):
            [task] = self.cases.open_tasks(official, self.access.case_for(official, case_id))
            self.actions.ask_extension(
                case_id, task.id, reason=reason, actor=official, at=self.now()
            )

    def press(self, login: str, case_id: Any, action: str, note: str = "") -> str:
        """Do the open task; the id of what then waits for the applicant, if anything."""
        official, wang = self.actor(login), self.actor("wang")
        with self.acting_as(official):
            case = self.access.case_for(official, case_id)
            self.actions.note_reading(case, actor=official, at=self.now())
            task = self.cases.open_tasks(official, case)[0]
            self.actions.complete_task(
                case_id, task.id, action=action, note=note, actor=official, at=self.now()
            )
        with self.acting_as(wang):
            waiting = self.cases.open_tasks(wang, self.access.case_for(wang, case_id))
            return waiting[0].id if waiting else ""

    def visits(self) -> tuple[Any, str]:
        """Duties that are due and late, and a case that one of them opened, with its task."""
        from xiangyun.domain.accounts.access import SYSTEM  # noqa: PLC0415
        from xiangyun.domain.cases.models import WorkItem  # noqa: PLC0415
        from xiangyun.domain.duties import actions as duties  # noqa: PLC0415
        from xiangyun.domain.duties.tests import test_running, visits  # noqa: PLC0415

        test_running.publish()
        today = self.now().date()
        for number in range(1, 6):
            test_running.enter(number, "high" if number % 2 else "low", today - timedelta(days=9))
        duties.run(today, at=self.now(), only=test_running.CODE)
        for number in range(6, 9):
            test_running.enter(number, "low", today)
        with self.acting_as(SYSTEM):
            item = WorkItem.objects.filter(case__version__code=visits.SERVICE, closed_at=None)
            found = item.order_by("pk")[0]
        return found.case_id, found.token

    def licence(self) -> Any:
        """Wang's newest licence."""
        wang = self.actor("wang")
        with self.acting_as(wang):
            return self.certificates.certificates_of(wang.account)[0]


CHINESE = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), within = walk.currentNode.parentElement;
    const meant = within.closest("[lang^=zh],script,style");
    if (/[\\u4e00-\\u9fff]/.test(text) && !meant) found.push(text);
  }
  return found;
}"""


def take(
    browser: Browser, site: Site, shots: list[Shot], folder: Path, widths: list[int], log: Any
) -> list[str]:
    """All pictures; returns what is wrong with a page: too wide, blocked, or not served."""
    wrong: list[str] = []
    for short, language in LANGUAGES.items():
        for login in dict.fromkeys(shot.login for shot in shots):
            context = browser.new_context(locale="zh-CN" if short == "zh" else "en-GB")
            page = context.new_page()
            page.on("console", lambda m: wrong.append(m.text) if "Security Policy" in m.text else 0)
            _enter(page, site, login, language)
            for shot in (s for s in shots if s.login == login):
                shot.go(page, site)
                log.write(f"{shot.name} {short}\n")
                if short == "en":
                    for words in dict.fromkeys(page.evaluate(CHINESE)):
                        log.write(f"    {words}\n")
                for width in widths:
                    page.set_viewport_size({"width": width, "height": 800})
                    if page.locator("iframe").count():  # frames paint what is in view only
                        tall = page.evaluate("document.documentElement.scrollHeight")
                        page.set_viewport_size({"width": width, "height": tall})
                        page.wait_for_timeout(400)
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        wrong.append(f"{shot.name} is wider than {width} px ({short})")
                    for scheme in SCHEMES:
                        page.emulate_media(color_scheme=scheme)
                        name = f"{shot.name}-{width}-{scheme}-{short}.png"
                        page.screenshot(path=folder / name, full_page=True)
            context.close()
    return wrong


def picture(browser: Browser, site: Site, chosen: tuple[Any, ...], folder: Path) -> None:
    """One picture for the documentation: what is on the screen, not the whole page."""
    name, width, scheme, short = chosen
    shot = next(s for s in SHOTS if s.name == name)
    size = {"width": min(width, 1200), "height": 760}
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    _enter(page, site, shot.login, LANGUAGES[short])
    shot.go(page, site)
    (folder / f"{name}.png").write_bytes(fewer_colours(page.screenshot()))
    context.close()


def fewer_colours(png: bytes) -> bytes:
    """A picture of a screen with at most 256 colours: the commonest, others as the nearest of them.

    A third of the size, and nothing that an eye finds: text is drawn in few shades.
    """
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) in ((8, 2), (8, 6)), "chromium writes RGB or RGBA of 8 bits"
    size = 3 if kind == 2 else 4
    chunks, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        chunks += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    rows = np.frombuffer(zlib.decompress(chunks), np.uint8).reshape(height, -1)
    pixels = np.zeros((height, width, size), np.uint8)
    before = np.zeros(width * size, np.uint8)
    for number, row in enumerate(rows):
        before = _unfiltered(row[0], row[1:], before, size)
        pixels[number] = before.reshape(width, size)
    flat = pixels[..., :3].reshape(-1, 3).astype(np.int32)
    colours, which, counts = np.unique(
        flat @ np.array([65536, 256, 1]), return_inverse=True, return_counts=True
    )
    spelled = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], 1)
    palette = spelled[np.argsort(-counts)[:256]]
    nearest = np.array([((palette - each) ** 2).sum(1).argmin() for each in spelled], np.uint8)
    drawn = nearest[which].reshape(height, width)
    lines = b"".join(b"\0" + line.tobytes() for line in drawn)
    return b"".join(
        (
            png[:8],
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))


def _unfiltered(kind: int, row: Any, above: Any, size: int) -> Any:
    """A line of a PNG as it was before its filter (PNG, third edition, 9.2)."""
    if kind == 0:
        return row
    if kind == 2:
        return row + above
    made = bytearray(row.tobytes())
    up = above.tobytes()
    for at in range(len(made)):
        left = made[at - size] if at >= size else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up[at]) // 2
        else:
            corner = up[at - size] if at >= size else 0
            both = left + up[at] - corner
            guess = min((left, up[at], corner), key=lambda each: abs(both - each))
        made[at] = (made[at] + guess) & 255
    return np.frombuffer(bytes(made), np.uint8)


def _enter(page: Page, site: Site, login: str, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.base}])
    page.goto(f"{site.base}/login")
    if login:
        page.locator(f"form:has(input[name=as][value={login}]) button").click()


def main() -> int:
    """Take the pictures; 1 when a page is wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--only", default="", help="names of page types, with commas")
    options.add_argument("--pictures", action="store_true", help="those of the documentation")
    options.add_argument("--days", type=int, help="of a year played before; with pictures 30")
    options.add_argument("--widths", default=",".join(map(str, WIDTHS)), help="in px")
    chosen = options.parse_args()
    widths = [int(width) for width in chosen.widths.split(",")]
    names = set(filter(None, chosen.only.split(",")))
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    folder = ROOT / ("docs/pictures" if chosen.pictures else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    days = (30 if chosen.pictures else 0) if chosen.days is None else chosen.days
    with demonstration(days, visits=not chosen.pictures) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        if chosen.pictures:
            for one in PICTURES:
                picture(browser, site, one, folder)
            wrong = []
        else:
            wrong = take(browser, site, shots, folder, widths, sys.stderr)
        browser.close()
    for line in dict.fromkeys(wrong):
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"{folder.relative_to(ROOT)}/\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
