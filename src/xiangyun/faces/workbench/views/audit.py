"""What the audit of the whole found last night, as supervisors see it."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.kernel.findings import Text


@require_safe
@officials_only
def audit(request: ActorRequest) -> HttpResponse:
    """The last audit; for officials who do not supervise the page does not exist."""
    if not cases.supervises(request.actor):
        raise Http404
    with acting_as(SYSTEM):  # its findings name cases by number, and nobody's data
        last = journal.last_audit()
    context = {
        "last": last,
        "late": last is not None and timezone.now() - last.ended_at > timedelta(days=2),
        "findings": [(each["id"], Text.from_json(each)) for each in last.findings] if last else [],
    }
    return office_page(request, "workbench/audit.html", context)
