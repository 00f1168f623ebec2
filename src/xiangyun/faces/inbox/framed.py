"""A page of the inbox in the frame of the one who reads: officials have another than citizens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from xiangyun.faces.look.page import office_page, public_page
from xiangyun.faces.look.requests import ActorRequest


def framed(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page; its template extends what `frame` names."""
    office = request.actor.is_official
    page = office_page if office else public_page
    frame = "look/office.html" if office else "look/public.html"
    return page(request, template, {"frame": frame, **context}, status=status)
