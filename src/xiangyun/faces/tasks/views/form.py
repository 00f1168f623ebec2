"""The form of a task: shown, kept meanwhile, sent, and compared where two devices wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import access, actions, checks, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import places, sending, signing
from xiangyun.faces.look.answers import in_words, summary
from xiangyun.faces.look.asking import Asked, Asking, typed_again
from xiangyun.faces.look.fields import Field, ReceivedFile
from xiangyun.faces.look.page import office_page, public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text
from xiangyun.kernel.formspec import Reading, visible_pages

from .offline import account_mark, frame_of, kept

Raw = dict[str, list[str]]
_OURS = ("csrfmiddlewaretoken", "base", "key", "action", "save", "sign", "note", "leads")


@require_http_methods(["GET", "POST"])
@logged_in
def task(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """The form of a task; by POST it is kept, or sent with one of its buttons."""
    try:
        found = taskforms.answering(case_id, task, actor=request.actor)
        actions.note_reading(found.case, actor=request.actor, at=timezone.now())
        if not found.is_open and not (request.method == "POST" and request.POST.get("key")):
            return _over(request, found)
        if request.method == "POST":
            return _sent(request, found)
    except (ObjectDoesNotExist, Forbidden):
        if (already := _sent_already(request, case_id, task)) is None:
            raise
        return already
    return kept(request, _page(request, found, Shown()))


@logged_in
@action("tasks:task", "case_id", "task")
def live(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """What the form asks, and what follows, for what is typed just now; keeps nothing."""
    found = taskforms.answering(case_id, task, actor=request.actor)
    raw = _read_sent(request).fields
    read = found.form.read(None, raw, found.with_files, on=timezone.localdate())
    asking = Asking(found.form.questions, read.answers, read, raw=raw)
    return JsonResponse({"computed": asking.computed, "asked": asking.open_in(found.form)})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows besides what is kept: what was typed, and what was wrong with it."""

    asking: Asking | None = None
    base: int | None = None
    note: str = ""
    fault: Finding | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: the fields, the revision that they build on, and under which key."""

    raw: Raw
    base: int
    key: UUID | None
    action: str
    note: str
    program: bool
    """Whether the script of the page asks, which reads the answer as JSON."""
    leads: bool
    """Whether the script leads on to the page that it is told, which then says what was done."""

    @property
    def fields(self) -> Raw:
        """Everything but what belongs to the page itself, for a page that sends it again."""
        held = {name: texts for name, texts in self.raw.items() if not name.startswith("choose.")}
        return {name: texts for name, texts in held.items() if name not in _OURS}


def _read_sent(request: ActorRequest) -> Sent:
    post = request.POST
    base, key = post.get("base", ""), post.get("key", "")
    try:
        known = UUID(key) if key else None
    except ValueError:
        known = None
    return Sent(
        {name: post.getlist(name) for name in post},
        int(base) if base.isdecimal() and len(base) < 10 else 0,
        known,
        post.get("action", ""),
        post.get("note", "")[:4000],
        request.headers.get("Accept", "").startswith("application/json"),
        "leads" in post,
    )


def _sent(request: ActorRequest, found: taskforms.Answering) -> HttpResponse:
    sent = _read_sent(request)
    asked, received = found.form.questions, _received(found)
    raw = {**_chosen(sent.raw, found), **sending.tables(request, asked)}
    if wanted := request.POST.get("remove"):
        _remove(request, found, wanted)
        found = taskforms.answering(found.case.pk, found.work_item.token, actor=request.actor)
        received = _received(found)
    again = sending.shown_again(request, asked, raw, found.answers, received)
    if again:
        return _page(request, found, Shown(again, sent.base, sent.note))
    settled = places.settle(asked, raw, within=region_of(request))
    read = found.form.read(
        None,
        settled.typed,
        found.with_files,
        files=sending.attached(request, asked),
        on=timezone.localdate(),
    )
    read.errors.update(settled.faults)
    _take_files(request, found, read.errors)
    asking = Asking(asked, found.answers, read, received, settled.choices, raw)
    answers = {
        key: value
        for key, value in taskforms.without_files(found.form, read.answers).items()
        if key not in read.errors  # of rows the cells that are right are kept
    }
    try:
        if sent.action:
            return _send(request, found, sent, answers, asking)
        if (wanted := request.POST.get("sign")) and not read.errors:
            return _to_sign(request, found, sent, answers, wanted)
        if wanted:
            return _page(request, found, Shown(asking, sent.base, sent.note, status=422))
        return _keep(request, found, sent, answers)
    except Refused as refusal:
        return _refused(request, found, sent, answers, asking, refusal)


def _to_sign(
    request: ActorRequest,
    found: taskforms.Answering,
    sent: Sent,
    answers: Mapping[str, Value],
    wanted: str,
) -> HttpResponse:
    """Keep what was answered, and lead to the page on which it is signed and sent."""
    case_id, token = found.case.pk, found.work_item.token
    taskforms.keep_answers(
        case_id, token, answers, base=sent.base, actor=request.actor, at=timezone.now()
    )
    signing.begin(request, f"{case_id}/{token}", action=wanted, note=sent.note)
    return HttpResponseRedirect(_address(found, "tasks:sign"))


def _keep(
    request: ActorRequest, found: taskforms.Answering, sent: Sent, answers: Mapping[str, Value]
) -> HttpResponse:
    """Keep what is right so far; nothing need be whole."""
    row = taskforms.keep_answers(
        found.case.pk,
        found.work_item.token,
        answers,
        base=sent.base,
        actor=request.actor,
        at=timezone.now(),
    )
    if sent.program:
        return JsonResponse({"revision": row.revision})
    messages.success(request, words(Text("已保存，还没有提交。", "Saved, and not sent yet.")))
    return HttpResponseRedirect(_address(found))


def _send(
    request: ActorRequest,
    found: taskforms.Answering,
    sent: Sent,
    answers: Mapping[str, Value],
    asking: Asking,
) -> HttpResponse:
    assert asking.reading is not None
    if asking.reading.errors and found.is_open:
        if sent.program:
            return JsonResponse({"errors": _said(asking.errors)}, status=422)
        return _page(request, found, Shown(asking, sent.base, sent.note, status=422))
    case = taskforms.answer_task(
        found.case.pk,
        found.work_item.token,
        answers,
        action=sent.action,
        note=sent.note,
        base=sent.base,
        key=sent.key,
        actor=request.actor,
        at=timezone.now(),
    )
    done = Text("已提交：{subject}。", "Sent: {subject}.", subject=case.subject)
    return _done(request, sent, done, _after(request, found))


def _sent_already(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse | None:
    """The answer that a device never got, where its sender may not see the case any more."""
    sent = _read_sent(request) if request.method == "POST" else None
    if sent is None or sent.key is None:
        return None
    if not taskforms.was_sent(case_id, task, sent.key, actor=request.actor):
        return None
    return _done(request, sent, Text("已提交。", "Sent."), reverse("tasks:mine"))


def _done(request: ActorRequest, sent: Sent, said: Text, to: str) -> HttpResponse:
    """On to another page, which says what was done; a script that stays says it itself."""
    if not sent.program or sent.leads:
        messages.success(request, words(said))
    if sent.program:
        return JsonResponse({"next": to, "message": words(said)})
    return HttpResponseRedirect(to)


def _refused(
    request: ActorRequest,
    found: taskforms.Answering,
    sent: Sent,
    answers: Mapping[str, Value],
    asking: Asking,
    refusal: Refused,
) -> HttpResponse:
    """What was refused: another device was faster, the task is gone, or something is not right."""
    first, status = refusal.findings[0], STATUS[refusal.kind]
    # Done by the same sender while this one waited: a device asks again when it is connected.
    if isinstance(refusal, Forbidden) or first.id == checks.ANSWERED_ELSEWHERE.id:
        already = _sent_already(request, found.case.pk, found.work_item.token)
        if already is not None:
            return already
    if first.id == checks.GONE.id:
        if sent.program:
            return JsonResponse({"message": words(first.message)}, status=410)
        return _over(request, found)
    if sent.program:
        said = [(each.place.question if each.place else "", each) for each in refusal.findings]
        return JsonResponse({"errors": _said(said)}, status=status)
    if first.id == checks.ANSWERED_ELSEWHERE.id:
        found = taskforms.answering(found.case.pk, found.work_item.token, actor=request.actor)
        return _compare(request, found, sent, answers)
    placed = sending.by_question(refusal)
    assert asking.reading is not None
    asking.reading.errors.update({key: each for key, each in placed.items() if key})
    return _page(request, found, Shown(asking, sent.base, sent.note, placed.get(""), status))


def _said(errors: list[tuple[str, Finding]]) -> list[dict[str, str]]:
    return [{"id": id, "message": words(finding.message)} for id, finding in errors]


def _remove(request: ActorRequest, found: taskforms.Answering, wanted: str) -> None:
    if any(str(file.pk) == wanted for file in found.evidence):
        case_id, token = found.case.pk, found.work_item.token
        taskforms.remove_evidence(case_id, token, UUID(wanted), actor=request.actor)


def _take_files(
    request: ActorRequest, found: taskforms.Answering, errors: dict[str, Finding]
) -> None:
    """Keep the files that the form found in order; a refusal becomes the field's message."""
    for question in found.form.questions:
        if question.kind != "filepicker" or question.key in errors or not found.is_open:
            continue
        for file in request.FILES.getlist(question.key):
            try:
                taskforms.add_evidence(
                    found.case.pk,
                    found.work_item.token,
                    question,
                    name=file.name or "",
                    media_type=file.content_type or "application/octet-stream",
                    content=file.read(),
                    actor=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                errors[question.key] = refusal.findings[0]


# -- pages -----------------------------------------------------------------------------------------


def _received(found: taskforms.Answering) -> dict[str, list[ReceivedFile]]:
    """The files that are there already, by question."""
    received: dict[str, list[ReceivedFile]] = {}
    for file in found.evidence:
        url = reverse("tasks:view", args=[found.case.pk, file.pk])
        one = ReceivedFile(file.name, file.size, url, str(file.pk))
        received.setdefault(file.question, []).append(one)
    return received


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the form as a part of this one."""

    title: Text
    fields: tuple[Asked, ...]


def _page(request: ActorRequest, found: taskforms.Answering, shown: Shown) -> HttpResponse:
    asked, received = found.form.questions, _received(found)
    asking = shown.asking or Asking(asked, found.answers, received=received)
    by_key = {one.field.key: one for one in asking.as_asked(found.form, folded=True)}
    parts = [
        Part(page.title, tuple(by_key[q.key] for q in page.questions)) for page in found.form.pages
    ]
    wanted = next(
        (
            one
            for one in cases.open_tasks(request.actor, found.case)
            if one.id == found.work_item.token
        ),
        None,
    )
    buttons = wanted.buttons if wanted else ()
    note = Field(
        "note",
        "textarea",
        Text("理由或意见", "Reason or remark"),
        hint=Text("会记入办件记录。", "Goes into the record of the case."),
        required=False,
        typed=shown.note,
        error=shown.fault,
    )
    errors = [*asking.errors, *([(note.id, shown.fault)] if shown.fault else [])]
    application = cases.answers_of(found.case)
    context = {
        "frame": frame_of(request),
        "case": found.case,
        "service": found.pack.service.name,
        "title": cases.task_title(found.work_item, found.pack),
        "hint": wanted.hint if wanted else None,
        "about": (wanted.subject if wanted else "") or found.case.subject,
        "back": _back(request, found),
        "parts": parts,
        "live": asking.is_live
        and reverse("tasks:live", args=[found.case.pk, found.work_item.token]),
        "note": note,
        "noted": any(button.note_required for button in buttons),
        "buttons": buttons,
        "base": found.revision if shown.base is None else shown.base,
        "kept_by": found.kept,
        "errors": errors,
        "account": account_mark(request.actor),
        "address": _address(found),
        "add": reverse("tasks:add", args=[found.case.pk, found.work_item.token]),
        "id": f"{found.case.pk}/{found.work_item.token}",
        "facts": summary(visible_pages(found.pack.form, application), application, given_only=True),
        "suggests": asking.suggests,
    }
    page = office_page if request.actor.is_official else public_page
    return page(request, "tasks/task.html", context, status=shown.status)


def _over(request: ActorRequest, found: taskforms.Answering) -> HttpResponse:
    """The task is done, or nobody wants it any more: on to the case."""
    messages.info(request, words(Text("这一步已经办过了。", "This step has been done.")))
    return HttpResponseRedirect(_after(request, found))


def _address(found: taskforms.Answering, name: str = "tasks:task") -> str:
    return reverse(name, args=[found.case.pk, found.work_item.token])


def _back(request: ActorRequest, found: taskforms.Answering) -> str:
    """The page of the case, for whoever has one; else the list of forms."""
    if access.is_applicant(request.actor, found.case):
        return reverse("portal:case", args=[found.case.pk])
    if request.actor.is_official:
        return reverse("workbench:case", args=[found.case.pk])
    return reverse("tasks:mine")


def _after(request: ActorRequest, found: taskforms.Answering) -> str:
    return _back(request, found)


# -- two devices -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two devices answered differently, with both answers in words."""

    key: str
    label: Text
    here: object
    there: object


def _compare(
    request: ActorRequest, found: taskforms.Answering, sent: Sent, answers: Mapping[str, Value]
) -> HttpResponse:
    """Both answers of each question where they differ, to choose from."""
    there = found.answers
    differing = [
        Difference(
            question.key,
            question.label,
            in_words(question, answers.get(question.key)),
            in_words(question, there.get(question.key)),
        )
        for question in found.form.questions
        if question.kind != "filepicker" and answers.get(question.key) != there.get(question.key)
    ]
    context = {
        "frame": frame_of(request),
        "case": found.case,
        "title": cases.task_title(found.work_item, found.pack),
        "back": _address(found),
        "differences": differing,
        "kept_by": found.kept,
        "fields": [(name, text) for name, texts in sent.fields.items() for text in texts],
        "base": found.revision,
        "sent": sent,
        "address": _address(found),
        "account": account_mark(request.actor),
        "id": f"{found.case.pk}/{found.work_item.token}",
    }
    page = office_page if request.actor.is_official else public_page
    return page(request, "tasks/compare.html", context, status=409)


def _chosen(raw: Raw, found: taskforms.Answering) -> Raw:
    """What was sent, with the other device's answer wherever that was chosen."""
    for question in found.form.questions:
        if (raw.get(f"choose.{question.key}") or [""])[-1] != "there":
            continue
        rest = {name: texts for name, texts in raw.items() if name.split(".")[0] != question.key}
        raw = {**rest, **typed_again(question, found.answers.get(question.key))}
    return raw


__all__ = ["Reading", "task"]
