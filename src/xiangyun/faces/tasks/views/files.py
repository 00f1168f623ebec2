"""The files of a task: added from a device, looked at, taken away."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import access, actions, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import viewing
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused


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


@require_safe
@logged_in
def view(request: ActorRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A file as it looks: images and PDF in the browser, others taken away."""
    found = _found(request, case_id, evidence_id)
    shown = viewing.shown(found.content)
    return _file(found) if shown is None else viewing.inline(shown, found.name, found.content)


@require_safe
@logged_in
def download(request: ActorRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A file of a task, always as a download."""
    return _file(_found(request, case_id, evidence_id))


def _found(request: ActorRequest, case_id: UUID, evidence_id: UUID) -> cases.FileContent:
    """The file with its content; that somebody looked into a case is written down."""
    found = taskforms.evidence_content(request.actor, case_id, evidence_id)
    case = access.case_for(request.actor, case_id)
    for verb in ("case.read", "file.read"):
        actions.note_reading(case, actor=request.actor, at=timezone.now(), verb=verb)
    return found


def _file(found: cases.FileContent) -> HttpResponse:
    answer = HttpResponse(found.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name)
    return answer
