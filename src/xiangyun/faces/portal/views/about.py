"""What the site says of itself: all its pages, help, the accessibility statement, privacy."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.faces.look.page import entries, public_page
from xiangyun.faces.look.requests import ActorRequest


@require_safe
def more(request: ActorRequest) -> HttpResponse:
    """Everything that the site has besides the guides of services."""
    listed = (*entries(request, "more"), *entries(request, "foot"))
    context = {"pages": [entry for entry in listed if not entry.here]}
    return public_page(request, "portal/more.html", context)


@require_safe
def using(request: ActorRequest) -> HttpResponse:
    """How to find, apply and follow, and what to do when something does not work."""
    return public_page(request, "portal/using.html", {})


@require_safe
def accessibility(request: ActorRequest) -> HttpResponse:
    """What is done so that everybody can use the site, what is not yet, and whom to tell."""
    return public_page(request, "portal/accessibility.html", {})


@require_safe
def privacy(request: ActorRequest) -> HttpResponse:
    """What is kept of whom, what for, how long, who sees it, and what one may ask for."""
    return public_page(request, "portal/privacy.html", {})
