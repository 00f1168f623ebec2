"""Which offices gave or got the data of the one who asks, what, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.exchange import usage
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """Everything that was passed on about one's own cases, the latest first."""
    own = {case.pk: case.number for case in cases.my_cases(request.actor)}
    return public_page(request, "exchange/mine.html", {"passed": usage.passed(own), "own": own})
