"""What every page knows about itself; reads the request only, never the database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xiangyun.adapters.languages import languages
from xiangyun.faces.look.languages import reader


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Languages and the one who asks, for the frame around a page."""
    language = reader()
    return {
        "language": language,
        "other_languages": [each for each in languages().values() if each is not language],
        "demonstration": settings.DEMONSTRATION,
        "practice": settings.PRACTICE,
        "actor": getattr(request, "actor", None),
    }
