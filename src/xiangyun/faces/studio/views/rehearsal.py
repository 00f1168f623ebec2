"""The examples of a draft, walked step by step with the token on the drawing."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.drawings import process_drawing, walked
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.studio import said
from xiangyun.faces.studio.frame import draft_for, draft_page
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import (
    Known,
    Moment,
    Pack,
    findings_of,
    read_contents,
    read_pack,
    registers_in,
    rehearse,
    rehearse_by_steps,
)
from xiangyun.kernel.service.examples import Act


@require_safe
@officials_only
def rehearsals(request: ActorRequest, id: UUID) -> HttpResponse:
    """The examples there are, and whether each comes out as it says."""
    found = draft_for(request, id)
    files = studio.files(found, request.actor)
    refused, listed = None, []
    try:
        pack = read_pack(files)
        registers = registers_in(_known(found, files))
        for number, example in enumerate(pack.examples):
            made = rehearse(pack, example, registers=registers)
            listed.append((number, example, made.passed, made.outcome))
    except Refused as why:
        refused = why
    return draft_page(request, "studio/rehearsals.html", found, {"name": "1", "listed": listed},
                      refused)  # fmt: skip


@require_safe
@officials_only
def step(request: ActorRequest, id: UUID, number: int, step: int) -> HttpResponse:
    """One moment of an example: what has been done, where the token is, what was said."""
    found = draft_for(request, id)
    files = studio.files(found, request.actor)
    try:
        pack = read_pack(files)
    except Refused as refused:
        return draft_page(request, "studio/rehearsals.html", found, {"name": "1"}, refused)
    if number >= len(pack.examples):
        raise Http404
    made, moments = rehearse_by_steps(
        pack, pack.examples[number], registers=registers_in(_known(found, files))
    )
    if moments and step >= len(moments):
        raise Http404
    moment = moments[step] if moments else None
    before = moments[step - 1] if moments and step else None
    marks = walked(moment.path, moment.here) if moment else {}
    earlier = (len(before.path), len(before.decisions), len(before.letters)) if before else (0,) * 3
    context = {
        "name": "1",
        "example": made.example,
        "number": number,
        "step": step,
        "steps": len(moments),
        "previous": step - 1 if step else None,
        "following": step + 1 if step + 1 < len(moments) else None,
        "moment": moment,
        "act": _act_words(pack, moment),
        "came_by": [_name(pack, each) for each in moment.path[earlier[0] :]] if moment else [],
        "waits": [_name(pack, each) for each in moment.here] if moment else [],
        "said_by_rules": [each for one in (moment.decisions[earlier[1] :] if moment else ())
                  for each in findings_of(one)],
        "letters": [_name(pack, f"letter.{each}", each)
                    for each in (moment.letters[earlier[2] :] if moment else ())],
        "drawing": mark_safe(process_drawing(pack, marks)),
        "found": said.of(made.findings) if moment is None or step + 1 == len(moments) else [],
    }  # fmt: skip
    return draft_page(request, "studio/rehearsal.html", found, context)


def _known(found: Draft, files: dict[str, str]) -> Known:
    contents = read_contents(files, found.code)
    return catalogue.known(services=False).with_pack(found.code, contents.declarations)


def _act_words(pack: Pack, moment: Moment | None) -> Text:
    """What somebody does in an act, as a sentence."""
    act: Act | None = moment.act if moment else None
    if act is None:
        return Text("申请提交。", "The application is sent.")
    name = _name(pack, act.name)
    if act.kind == "task":
        return Text("{by}办“{name}”：{action}。", "{by} does “{name}”: {action}.",
                    by=act.by or "—", name=name, action=act.action or "—")  # fmt: skip
    kinds = {
        "message": Text("收到消息“{name}”。", "The message “{name}” comes.", name=act.name),
        "signal": Text("信号“{name}”发出。", "The signal “{name}” is given.", name=act.name),
        "timer": Text("“{name}”的时间到了。", "The time of “{name}” is up.", name=name),
        "until": Text("时间到 {name}。", "It becomes {name}.", name=act.name),
        "register": Text("登记库“{name}”有变化。", "The register “{name}” changes.", name=act.name),
        "answer": Text("“{name}”得到答复。", "“{name}” is answered.", name=name),
        "payment": Text("费用“{name}”：{action}。", "The fee “{name}”: {action}.",
                        name=act.name, action=act.action),
    }  # fmt: skip
    return kinds[act.kind]


def _name(pack: Pack, element: str, otherwise: str = "") -> Text:
    """The name of a step in the reader's words."""
    label = pack.labels(reader()).get(element, "")
    found = pack.elements.get(element)
    said_ = label or (found.name if found else "") or otherwise or element
    return Text.given(said_, said_)
