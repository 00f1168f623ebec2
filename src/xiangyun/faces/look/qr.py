"""QR codes as pages and wallets read them: an address of this instance, drawn as SVG."""

from __future__ import annotations

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def qr_of(path: str) -> SafeString:
    """The code of an address of this instance, dark on light, as wide as its frame."""
    code = segno.make(f"{settings.PUBLIC_URL.rstrip('/')}{path}", error="m")
    return mark_safe(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))
