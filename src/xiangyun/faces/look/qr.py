"""QR codes as pages and wallets read them, drawn as SVG."""

from __future__ import annotations

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def qr_of(path: str) -> SafeString:
    """The code of an address of this instance."""
    return drawn(f"{settings.PUBLIC_URL.rstrip('/')}{path}")


def drawn(text: str) -> SafeString:
    """The code of a text, dark on light, as wide as its frame.

    What it is says the frame (`role="img"`): the drawing itself is nothing to a screen reader.
    """
    code = segno.make(text, error="m")
    svg = code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return mark_safe(svg.replace("<svg", '<svg aria-hidden="true"', 1))
