"""The files of a task: added from a device, looked at, taken away."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone

from xiangyun.domain.cases import taskforms
from xiangyun.faces.look.filepages import file_pages
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused

view, download = file_pages(taskforms.evidence_content, "evidence_id")


@logged_in
@action("tasks:task", "case_id", "task")
def add(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Take one file from a device; sent again under its key, it counts once."""
    found = taskforms.answering(case_id, task, actor=request.actor)
    sent, key = request.FILES.get("file"), request.POST.get("key", "")
    try:
        question = found.form.question(request.POST.get("question", ""))
        known = UUID(key) if key else None
    except (KeyError, ValueError):
        raise Http404 from None
    if sent is None or question.kind != "filepicker":
        raise Http404
    try:
        kept = taskforms.add_evidence(
            case_id,
            task,
            question,
            name=sent.name or "",
            media_type=sent.content_type or "application/octet-stream",
            content=sent.read(),
            actor=request.actor,
            at=timezone.now(),
            key=known,
        )
    except Refused as refusal:
        said = {"message": words(refusal.findings[0].message)}
        return JsonResponse(said, status=STATUS[refusal.kind])
    return JsonResponse({"id": str(kept.pk), "name": kept.name, "size": kept.size})
