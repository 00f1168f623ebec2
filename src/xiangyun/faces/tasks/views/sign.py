"""A task is signed by passkey: what is signed once more, and then it is done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import access, actions, signing, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import signing as pages
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import visible_pages

from .offline import account_mark


@require_http_methods(["GET", "POST"])
@logged_in
def sign(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """What is signed; by POST with `sign` it is begun, with a browser's answer it is done."""
    case = access.case_for(request.actor, case_id)
    back = _back(request, case)
    what = f"{case_id}/{task}"
    if request.method == "POST" and (wanted := request.POST.get("sign")):
        pages.begin(request, what, action=wanted, note=request.POST.get("note", "")[:4000])
        return HttpResponseRedirect(request.path)
    found = next((t for t in cases.open_tasks(request.actor, case) if t.id == task), None)
    said = pages.begun(request, what)
    if found is None or said is None:
        return HttpResponseRedirect(back)
    has_form = found.form not in ("", "answers")
    kept = taskforms.answering(case_id, task, actor=request.actor) if has_form else None

    def act(given: signing.Signing) -> object:
        now = timezone.now()
        if kept is None:
            return actions.complete_task(
                case_id,
                task,
                action=said["action"],
                note=said["note"],
                actor=request.actor,
                at=now,
                signature=given,
            )
        return taskforms.answer_task(
            case_id,
            task,
            {},
            action=said["action"],
            note=said["note"],
            actor=request.actor,
            at=now,
            signature=given,
        )

    refused = None
    if request.method == "POST":
        try:
            act(pages.answered(request))
        except Refused as refusal:
            refused = refusal
        else:
            signed = Text("已签名并提交：{what}。", "Signed and sent: {what}.", what=case.subject)
            messages.success(request, words(signed))
            return HttpResponseRedirect(back)
    button = next((one for one in found.buttons if one.action == said["action"]), None)
    answers = kept.with_files if kept is not None else {}
    groups = summary(visible_pages(kept.form, answers), answers, given_only=True) if kept else []
    paper = kept and button and button.paper and kept.form.question(button.paper).label
    context = {
        "title": found.title,
        "over": cases.pack_of(case).service.name,
        "button": button.words if button else None,
        "note": said["note"],
        "groups": groups,
        "paper": paper,
        "back": reverse("tasks:task", args=[case_id, task]) if has_form else back,
        "address": request.path,
        "compared": what if has_form else "",
        "account": account_mark(request.actor),
    }
    return pages.page(request, act, context, refused)


def _back(request: ActorRequest, case: cases.Case) -> str:
    if request.actor.is_official:
        return reverse("workbench:case", args=[case.pk])
    if access.is_applicant(request.actor, case):
        return reverse("portal:case", args=[case.pk])
    return reverse("tasks:mine")
