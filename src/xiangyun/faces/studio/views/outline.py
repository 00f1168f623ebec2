"""The process of a draft as an outline in words beside its drawing; changes go into the BPMN."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.studio import actions
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.studio import said
from xiangyun.faces.studio.frame import draft_for, draft_page, number_in
from xiangyun.kernel.bpmn import draw, read_document
from xiangyun.kernel.bpmn import outline as outlines
from xiangyun.kernel.bpmn.outline import Step
from xiangyun.kernel.bpmn.outlinelanes import Lane
from xiangyun.kernel.bpmn.outlineparts import KINDS as PARTS
from xiangyun.kernel.bpmn.outlineparts import Part, with_part
from xiangyun.kernel.bpmn.words import KINDS
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack.reader import PROCESS

_MOST = 2000
_EVENTS = {
    "message": Text("消息", "Message"),
    "signal": Text("通告", "Signal"),
    "error": Text("错误代码", "Code of the error"),
    "escalation": Text("升级代码", "Code of the escalation"),
}
"""What an event is about, as its field is called."""


@require_safe
@officials_only
def outline(request: ActorRequest, id: UUID) -> HttpResponse:
    """Steps, conditions and deadlines in words, beside the drawing."""
    return _page(request, draft_for(request, id))


@officials_only
@action("studio:outline", "id")
def save(request: ActorRequest, id: UUID) -> HttpResponse:
    """Write what was changed in the outline into the file, and nothing else of it."""
    return _done(request, id, lambda text: outlines.changed(text, _edits(request)))


@officials_only
@action("studio:outline", "id")
def check(request: ActorRequest, id: UUID) -> HttpResponse:
    """The drawing and what is said of the process as it is typed; nothing is saved."""
    found = draft_for(request, id)
    files = studio.files(found, request.actor)
    try:
        files[PROCESS] = outlines.changed(files.get(PROCESS, ""), _edits(request))
    except Refused as refused:
        context = {
            "found": said.of(refused.findings),
            "count": said.count(said.of(refused.findings)),
            "wrong": True,
        }
        return render(request, "studio/outlinesaid.html", {"id": id, **context})
    return render(request, "studio/outlinesaid.html", {"id": id, **_said(found, files)})


@officials_only
@action("studio:outline", "id")
def add(request: ActorRequest, id: UUID) -> HttpResponse:
    """A further part, in the middle of a way or at the edge of the step where it begins."""
    asked = ("kind", "step", "called", "detail", "to")
    part = Part(*(request.POST.get(name, "").strip()[:200] for name in asked))
    flow = request.POST.get("flow", "")
    return _done(request, id, lambda text: with_part(text, flow, part))


@officials_only
@action("studio:outline", "id")
def remove(request: ActorRequest, id: UUID) -> HttpResponse:
    """Take a step out, and join the ways around it."""
    step = request.POST.get("step", "")
    return _done(request, id, lambda text: outlines.without_step(text, step))


def _edits(request: ActorRequest) -> dict[str, dict[str, str]]:
    """What was typed, by step or flow and field: `name:accept`."""
    found: dict[str, dict[str, str]] = {}
    for key, value in request.POST.items():
        field, colon, id = key.partition(":")
        if colon and field in outlines.FIELDS and isinstance(value, str):
            found.setdefault(id, {})[field] = value.replace("\r\n", "\n")[:_MOST]
    return found


def _done(request: ActorRequest, id: UUID, verb: Callable[[str], str]) -> HttpResponse:
    found = draft_for(request, id)
    seen = number_in(request, "seen")
    try:
        text = studio.revision(found, PROCESS, seen, request.actor).text
        actions.save(id, PROCESS, verb(text), seen=seen, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return _page(request, found, refused)
    return HttpResponseRedirect(reverse("studio:outline", args=[id]))


def _page(request: ActorRequest, found: Draft, refused: Refused | None = None) -> HttpResponse:
    files = studio.files(found, request.actor)
    if PROCESS not in files:
        raise Http404
    last = studio.newest(found, PROCESS, request.actor)
    steps: tuple[Step, ...] = ()
    lanes: list[Lane] = []
    try:
        steps, lanes = outlines.outline(files[PROCESS]), outlines.lanes_of(files[PROCESS])
    except Refused as why:
        refused = refused or why
    ways = [
        Choice(
            way.id,
            Text("{one} → {other}", "{one} → {other}", one=step.name or step.id,
                 other=way.target_name or way.target),
        )
        for step in steps
        for way in step.ways
    ]  # fmt: skip
    targets = [
        Choice(step.id, Text.given(step.name or step.id, step.name or step.id))
        for step in steps
        if step.kind not in ("startEvent", "boundaryEvent")
    ]
    context = {
        "name": PROCESS,
        "steps": [
            (step, KINDS.get(step.kind, Text.given(step.kind, step.kind)), _EVENTS.get(step.event))
            for step in steps
        ],
        "lanes": lanes,
        "seen": last.number if last else 0,
        "fields": [
            Field(
                "kind",
                "select",
                Text("加什么", "What"),
                choices=[Choice(kind, each.name) for kind, each in PARTS.items()],
            ),
            Field("flow", "select", Text("在哪条路上", "On which way"), choices=ways),
            Field(
                "step",
                "text",
                Text("编号", "Id"),
                hint=Text("如 review_again。", "Such as review_again."),
            ),
            Field("called", "text", Text("名称", "Name")),
            Field(
                "detail",
                "text",
                Text("说明", "What it says"),
                hint=Text(
                    "任务填角色，平台做的填类型，决策表填编号，分岔填条件，等待和期限填多久，"
                    "消息填名称，出错填错误代码。",
                    "A role for people, a type for the platform, the id of a decision or process, "
                    "the condition of a fork, how long to wait, the name of a message, the code of "
                    "an error.",
                ),
            ),
            Field(
                "to",
                "select",
                Text("另一条路到哪里", "Where the other way leads"),
                hint=Text(
                    "只用于分岔、期限、提醒和出错；不选就到新的结束。",
                    "Of a fork, a deadline, a reminder or a failure; to a new end unless chosen.",
                ),
                choices=targets,
            ),
        ],
        **_said(found, files),
    }
    return draft_page(request, "studio/outline.html", found, context, refused)


def _said(found: Draft, files: dict[str, str]) -> dict[str, object]:
    findings = studio.findings(found.code, files, rehearse=False)[1]
    here = said.in_file(findings, PROCESS)
    return {
        "drawing": _drawing(files[PROCESS]),
        "found": here,
        "count": said.count(here),
        "wrong": said.is_wrong(here),
    }


def _drawing(text: str) -> SafeString:
    """All processes of the file, drawn; nothing where it cannot be read."""
    try:
        processes = read_document(text).processes
    except Refused:
        return mark_safe("")
    return mark_safe("".join(draw(each, {}, reader()) for each in processes))
