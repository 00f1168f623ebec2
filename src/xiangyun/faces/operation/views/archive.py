"""The operator's page of the archive: how many files of what, and which terms are over."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.archive import queries
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.operation.access import is_operator
from xiangyun.kernel.findings import Text


@require_safe
@officials_only
def archive(request: ActorRequest) -> HttpResponse:
    """The archive in numbers, by service. Absent and forbidden are the same."""
    if not is_operator(request.actor):
        raise Http404
    today = timezone.localdate()
    held = {each.service: each for each in queries.by_service(today)}
    retained = {code: (name, retention) for code, name, retention in catalogue.retained()}
    rows = []
    for code in sorted({*held, *(code for code, (_, terms) in retained.items() if terms)}):
        name, retention = retained.get(code, (Text.given(code, code), None))
        rows.append({"name": name, "retention": retention, "kept": held.get(code)})
    without = sum(retention is None for _, retention in retained.values())
    context = {
        "rows": rows,
        "without": without,
        "files": sum(each.files for each in held.values()),
        "bytes": sum(each.bytes for each in held.values()),
        "past": sum(each.past for each in held.values()),
    }
    return office_page(request, "operation/archive.html", context)
