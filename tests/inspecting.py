"""What a page that is open lacks for whoever sees little, or has no mouse.

All that takes focus, and every picture, has a name in the accessibility tree; the Tab key leads to
it, visibly; and, where it is asked for (`make test-axe`), axe finds nothing, best practice
included, in light and in dark.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from django.urls import Resolver404, resolve
from playwright.sync_api import CDPSession, Page

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "build" / "bench" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
ASKED = "AXE" in os.environ
"""Whether axe looks too: that takes as long again as all the rest."""
AFTER_A_STEP = frozenset(
    {
        "account/second-factor/<uuid:factor>/remove",
        "account/second-factor/app",
        "account/second-factor/codes",
        "account/second-factor/passkey",
        "apply/<uuid:draft_id>/sign",
        "bookings/mine/<str:number>/",
        "cases/<uuid:case_id>/correct/<path:task>",
        "credit/grants/<uuid:ident>/",
        "draws/<str:lot>",
        "draws/objects/<str:register>/<str:object_key>",
        "exchange/messages/<uuid:message>",
        "figures/schemes/<str:id_>/<int:place>/",
        "login/second",
        "materials/<uuid:draft_id>/<str:key>/",
        "materials/later/<uuid:substitute_id>/",
        "office/batch",
        "office/batch/<uuid:batch_id>",
        "office/bookings/in/<str:secret>/",
        "office/cases/<uuid:case_id>/look",
        "office/draws/<str:lot>/",
        "office/fairs/<slug:code>/planning/",
        "office/payments/of/<str:number>/",
        "office/supervision/say/",
        "payments/of/<str:number>/",
        "payments/of/<str:number>/receipt/",
        "payments/provider/<str:secret>/",
        "present/<str:state>",
        "report/sent",
        "shown/<str:token>",
        "tasks/<uuid:case_id>/<path:task>",
        "tasks/<uuid:case_id>/sign/<path:task>",
    }
)
"""Kinds of page, as their addresses are declared, to which no link leads before somebody has done
something. `test_every_page_type` does not come there; whoever walks there looks at the first."""
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


def lacking(page: Page, session: CDPSession) -> list[str]:
    """All of it that a page lacks; it has to run scripts, or it cannot be asked."""
    session.send("Accessibility.enable")
    found = [f"no name: {each}" for each in nameless(session)]
    session.send("Accessibility.disable")
    return found + unreached(page) + axe(page)


def kind_of(address: str) -> str:
    """An address of the site as it is declared; "" for one that is nowhere."""
    try:
        return resolve(re.split("[?#]", address)[0]).route
    except Resolver404:
        return ""


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
