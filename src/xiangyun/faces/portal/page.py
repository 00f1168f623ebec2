"""Set a portal page: its own words, and the frame with the region the person chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse

from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.page import rendered
from xiangyun.faces.look.requests import ActorRequest

REGION_KEY = "division"
PROVINCE = 220000000000  # Jilin, where the divisions of the package lie


def region_of(request: ActorRequest) -> int:
    """The division chosen in the header; the province until one is chosen."""
    return int(request.session.get(REGION_KEY, PROVINCE))


def page(
    request: ActorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page with the region path in its header."""
    try:
        region = divisions.path(region_of(request))
    except ObjectDoesNotExist:  # before the divisions are loaded
        region = ()
    return rendered(request, f"portal/{template}", {"region": region, **context}, status=status)
