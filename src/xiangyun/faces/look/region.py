"""The region that a visitor chose in the head of the public pages."""

from __future__ import annotations

from django.http import HttpRequest

REGION_KEY = "division"
PROVINCE = 220000000000  # Jilin, where the divisions of the package lie


def region_of(request: HttpRequest) -> int:
    """The division chosen in the header; the province until one is chosen."""
    return int(request.session.get(REGION_KEY, PROVINCE))
