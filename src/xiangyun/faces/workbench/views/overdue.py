"""Overdue work, as whoever oversees it sees it."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.asked import Asked, officials_only
from xiangyun.faces.workbench.page import page
from xiangyun.kernel.findings import Text


@require_safe
@officials_only
def overdue(request: Asked) -> HttpResponse:
    """The longest overdue first; for officials who oversee nothing the page does not exist."""
    if not cases.oversees(request.actor):
        raise Http404
    after = request.GET.get("after", "")
    try:
        found = cases.overdue_work(request.actor, today=timezone.localdate(), after=after)
    except ValueError:  # a key that no page has given out
        raise Http404 from None
    here = reverse("workbench:overdue")
    context = {
        "here": "overdue",
        "rows": [_row(row) for row in found.rows],
        "next_url": f"{here}?after={found.next}" if found.next else None,
        "first_url": here if after else None,
    }
    return page(request, "overdue.html", context)


def _row(row: cases.OverdueRow) -> SimpleNamespace:
    return SimpleNamespace(
        url=reverse("workbench:case", args=[row.case_id]),
        subject=row.subject,
        number=row.number,
        service=row.service,
        step=row.step,
        office=row.office,
        role=row.role,
        due=row.due_on,
        told=row.told_at,
        over=over_words(row.days_over),
    )


def over_words(days: int) -> Text:
    """By how many working days something is late; over a weekend none has passed yet."""
    if days <= 0:
        return Text("已过期限", "past its day")
    return Text(f"超期 {days} 个工作日", f"{days} working day{'s' if days > 1 else ''} over")
