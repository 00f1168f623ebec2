"""What is wrong with a page of the site, as it stands in a real browser.

Whether it fits a telephone, and a screen that shows it four times as large (WCAG 2.2, 1.4.10: 320
CSS pixels); whether its security policy blocks anything of it; what it weighs with all that it
loads on a first visit; whether all that takes focus, and every picture, has a name in the
accessibility tree; whether the Tab key leads to it, visibly; and, in `make test-axe`, what axe
finds, best practice included, in light and in dark.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, Response
from visitor import PHONE, Visitor

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "build" / "bench" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
ASKED = "AXE" in os.environ
"""Whether axe looks too: that takes as long again as all the rest."""
MAGNIFIED = {"width": 320, "height": 256}
"""What a screen of 1280 by 1024 pixels shows at 400 %."""
HEAVIEST = 40_000
"""Bytes transferred, headers included, on a first visit."""

_UNFOLD = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
_WIDER = "document.documentElement.scrollWidth - innerWidth"
# What stays in place while one scrolls must leave room to read.
_COVERED = """() => [...document.querySelectorAll('body *')].filter(part => {
    const { position } = getComputedStyle(part);
    return (position === 'sticky' || position === 'fixed') && part.checkVisibility()
        && part.offsetHeight > innerHeight / 2; }).map(part => part.outerHTML.slice(0, 80))"""
_LISTEN = """() => { window.reached = new Set(); window.unseen = new Set();
    addEventListener('focusin', ({ target }) => { reached.add(target);
        const shown = getComputedStyle(target), label = target.labels?.[0] ?? target;
        const around = getComputedStyle(label);
        const drawn = [shown, around].some(style => style.outlineStyle !== 'none'
            && style.outlineWidth !== '0px' || style.boxShadow !== 'none');
        if (!drawn) unseen.add(target); }); }"""
_TO_REACH = """() => { const groups = new Set();
    window.wanted = [...document.querySelectorAll('a[href], area[href], button, input, select,'
        + 'textarea, summary, [tabindex], [contenteditable=true]')].filter(part => {
        if (part.tabIndex < 0 || part.disabled || !part.checkVisibility({visibilityProperty: true}))
            return false;
        if (part.type === 'hidden' || part.closest('[inert]')) return false;
        if (part.type !== 'radio') return true;
        const group = `${part.form?.id ?? ''} ${part.form?.action ?? ''} ${part.name}`;
        const chosen = document.querySelector(`input[name="${CSS.escape(part.name)}"]:checked`);
        const other = chosen && chosen !== part && chosen.form === part.form;
        if (other || groups.has(group)) return false;
        groups.add(group); return true; });
    return wanted.length; }"""
_NOT_REACHED = "() => wanted.filter(p => !reached.has(p)).map(p => p.outerHTML.slice(0, 120))"
_NOT_SEEN = "() => [...unseen].map(part => part.outerHTML.slice(0, 120))"
_AXE = """async (only) => {
    const found = await axe.run(document, {
        iframes: false, preload: false, selectors: false, resultTypes: ['violations'],
        ...(only ? { runOnly: { type: 'rule', values: only } }
                 : { rules: { 'target-size': { enabled: true } } }) });
    return found.violations.map(each =>
        `${each.id}: ${each.nodes.length} × ${each.nodes[0].html.slice(0, 160)}`); }"""
_PICTURES = {"img", "image", "graphics-document", "graphics-symbol"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A page that was looked at: its address as declared, the one opened, and who opened it.

    Faults by what they are: `wide`, `policy`, `name`, `key`, `axe`, `answer`. `weight` is 0 where
    it was not weighed.
    """

    kind: str
    address: str
    who: str
    weight: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.address} ({self.who or 'nobody'})"


class Judge:
    """Looks at the pages that one visitor opens."""

    def __init__(self, visitor: Visitor, who: str) -> None:
        self.visitor, self.page, self.who = visitor, visitor.page, who
        self.session: CDPSession = visitor.context.new_cdp_session(visitor.page)
        self.transferred = 0
        self.answer: Response | None = None
        self.session.on("Network.loadingFinished", self._weigh)
        self.session.send("Network.enable")
        self.session.send("Accessibility.enable")

    def _weigh(self, loaded: dict[str, Any]) -> None:
        self.transferred += int(loaded["encodedDataLength"])

    def open(self, address: str, *, weighed: bool = True) -> str | None:
        """Open an address; where it led to, None for what is no page: a file, a paper to print.

        Not `weighed`: what was loaded before may be taken from the browser's cache.
        """
        self.visitor.complaints.clear()
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": weighed})
        self.transferred = 0
        answer = self.answer = self.visitor.open(address)
        told = answer.headers if answer else {}
        # A paper runs no script, and so answers none of ours.
        if "text/html" not in told.get("content-type", "") or "sandbox" in told.get(
            "content-security-policy", ""
        ):
            return None
        return urlsplit(self.page.url).path

    def look(self, kind: str, *, thoroughly: bool = True) -> Judged:
        """Judge the page that is open; not `thoroughly`: its width and its policy alone."""
        assert self.answer is not None
        weight = self.transferred
        self.page.evaluate(_UNFOLD)
        faults = {
            "answer": [] if self.answer.ok else [str(self.answer.status)],
            "wide": self._wide(PHONE),
        }
        if thoroughly:
            faults["name"] = nameless(self.session)
            faults["key"] = unreached(self.page)
            faults["axe"] = axe(self.page)
            faults["wide"] += self._wide(MAGNIFIED) + [
                f"stays over half of the screen: {part}" for part in self.page.evaluate(_COVERED)
            ]
            self.page.set_viewport_size(PHONE)
        faults["policy"] = list(self.visitor.complaints)
        found = {what: said for what, said in faults.items() if said}
        address = self.page.url.removeprefix(self.visitor.site.base)
        return Judged(kind, address, self.who, weight if thoroughly else 0, found)

    def _wide(self, size: dict[str, int]) -> list[str]:
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
        wider = self.page.evaluate(_WIDER)
        return [f"{wider} px wider than {size['width']} px"] if wider > 0 else []

    def links(self) -> list[str]:
        """Where the page leads within the site."""
        found = self.page.locator("a[href^='/']:not([download])")
        return found.evaluate_all("all => all.map(link => link.getAttribute('href'))")


def nameless(session: CDPSession) -> list[str]:
    """What a reader of the screen could not tell: the page's title, what takes focus, pictures."""
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    found, mains = [], 0
    for node in tree:
        if node.get("ignored"):
            continue
        role, name = node["role"]["value"], node.get("name", {}).get("value", "").strip()
        mains += role == "main"
        takes_focus = any(
            each["name"] == "focusable" and each["value"].get("value")
            for each in node.get("properties", ())
        )
        # The main part takes focus only from the link that skips to it; what scrolls, by its own.
        if not name and (role in _PICTURES or (takes_focus and role not in _UNNAMED)):
            found.append(role)
    return found if mains == 1 else [*found, f"{mains} main parts"]


_UNNAMED = {"main", "generic", "none", "paragraph", "ScrollView"}


def unreached(page: Page) -> list[str]:
    """What the Tab key does not lead to, or without showing where one is."""
    page.evaluate(_LISTEN)
    wanted = page.evaluate(_TO_REACH)
    missing: list[str] = []
    for presses in (wanted, 4, wanted + 30):  # the last for what lies within frames
        for _ in range(presses):
            page.keyboard.press("Tab")
        if not (missing := page.evaluate(_NOT_REACHED)):
            break
    unseen = [f"no focus seen: {part}" for part in page.evaluate(_NOT_SEEN)]
    return [f"not reached: {part}" for part in missing] + unseen


@cache
def _source() -> str:
    return AXE.read_text("utf-8") if ASKED else ""


def axe(page: Page) -> list[str]:
    """What axe finds in light, and of contrast in dark; nothing where nobody asked for it."""
    if not _source():
        return []
    page.evaluate(_source())
    found: list[str] = page.evaluate(_AXE, None)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {each}" for each in page.evaluate(_AXE, ["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found
