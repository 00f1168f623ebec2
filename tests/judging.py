"""What is wrong with a page of the site, as it stands in a real browser.

Whether it fits a telephone, and a screen that shows it four times as large (WCAG 2.2, 1.4.10: 320
CSS pixels); whether its security policy blocks anything of it; what it weighs with all that it
loads on a first visit; whether all that takes focus, and every picture, has a name in the
accessibility tree; whether the Tab key leads to it, visibly; and, in `make test-axe`, what axe
finds, best practice included, in light and in dark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from inspecting import axe, nameless, unreached
from playwright.sync_api import Response
from visitor import PHONE, Visitor

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
        self.session = visitor.devtools
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
