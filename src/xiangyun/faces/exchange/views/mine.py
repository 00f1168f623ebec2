"""Which offices gave or got the data of the one who asks, what, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.exchange import passing
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in

_PAGE, _DIGITS = 50, 6


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """Everything that was passed on about the party acted for, the latest first, in pages."""
    asked = request.GET.get("from", "0")
    begin = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < _DIGITS else 0
    found = passing.about(request.actor)
    more = begin + _PAGE if len(found) > begin + _PAGE else None
    context = {"passed": found[begin : begin + _PAGE], "more": more, "begun": begin > 0}
    return public_page(request, "exchange/mine.html", context)
