"""What the letters would say that a button sends, before it is pressed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.cases import access, actions
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Finding, Refused


@officials_only
@action("workbench:case", "case_id")
def preview(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """The letters of each button of a task, or of the one that was asked about; nothing is sent."""
    found = access.case_for(request.actor, case_id)
    note, wanted = request.POST.get("note", "")[:4000], request.POST.get("preview", "")
    letters: list[cases.Letter] = []
    fault: Finding | None = None
    status = 200
    try:
        letters = actions.letters_of_action(
            case_id, task, action=wanted, actor=request.actor, at=timezone.now(), note=note
        )
    except Refused as refusal:
        fault, status = refusal.findings[0], STATUS[refusal.kind]
    context = {
        "case": found,
        "letters": letters,
        "fault": fault,
        "note": note,
        "wanted": wanted,
        "button": cases.pack_of(found).words(f"task.{_element(request, found, task)}.{wanted}"),
        "act_url": reverse("workbench:act", args=[case_id, task]),
        "case_url": reverse("workbench:case", args=[case_id]),
    }
    return office_page(request, "workbench/preview.html", context, status=status)


def _element(request: ActorRequest, found: cases.Case, task: str) -> str:
    """The element of the drawing that a task stands for; empty for one that is gone."""
    tasks = cases.open_tasks(request.actor, found)
    return next((each.element for each in tasks if each.id == task), "")
