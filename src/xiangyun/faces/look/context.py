"""What every page knows about itself; reads the request only, never the database."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from xiangyun.faces.look.templatetags.look import english


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Language and the one who asks, for the frame around a page."""
    return {
        "english": english(),
        "language": get_language() or "zh-hans",
        "html_lang": "en" if english() else "zh-Hans-CN",
        "actor": getattr(request, "actor", None),
    }
