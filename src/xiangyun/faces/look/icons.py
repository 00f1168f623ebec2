"""The few icons, drawn here: stroke 1.5 on a 24 grid, always set beside a word."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

# The mark: an auspicious cloud in one stroke, its left end curling inwards.
MARK_PATH = (
    "M1.5 19H17.8a4.4 4.4 0 0 0 .3-8.8A6.4 6.4 0 0 0 5.5 11.5a4 4 0 0 0 8 .2a2.6 2.6 0 0 0-5.1-.6"
)

_PATHS: dict[str, str] = {
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "question": '<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3"/><path d="M12 18v.5"/>',
    "alert": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3"/>',
    "download": '<path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M4.5 20h15"/>',
    "arrow": '<path d="M4 12h15m-5.5-6 6 6-6 6"/>',
    "back": '<path d="M20 12H5m5.5-6-6 6 6 6"/>',
    "place": '<path d="M12 21c4.5-5 6.8-8.6 6.8-11.4a6.8 6.8 0 0 0-13.6 0C5.2 12.4 7.5 16 12 21z"/>'
    '<circle cx="12" cy="9.6" r="2.3"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "lock": '<path d="M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"/>',
    "file": '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4"/>',
}

# Lights differ in shape as well as in colour: circle, triangle, square, two bars, ring.
_LIGHTS: dict[str, str] = {
    "green": '<circle cx="8" cy="8" r="5"/>',
    "amber": '<path d="M8 2.2 14.2 13.5H1.8z"/>',
    "red": '<rect x="3" y="3" width="10" height="10"/>',
    "paused": '<path d="M3.6 3h3v10h-3zM9.4 3h3v10h-3z"/>',
    "none": '<circle class="ring" cx="8" cy="8" r="4.5"/>',
}


def icon(name: str) -> SafeString:
    """One icon as inline SVG, hidden from screen readers because a word stands beside it."""
    return mark_safe(
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{_PATHS[name]}</svg>"
    )


def light(name: str) -> SafeString:
    """The shape of a light; `name` is green, amber, red, or anything else for none."""
    shape = name if name in _LIGHTS else "none"
    return mark_safe(
        f'<svg class="light {shape}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"{_LIGHTS[shape]}</svg>"
    )


def mark() -> SafeString:
    """The mark as inline SVG in the colour of its surroundings."""
    return mark_safe(
        '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f'<path d="{MARK_PATH}"/></svg>'
    )
