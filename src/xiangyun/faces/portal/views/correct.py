"""Correct the answers of a case when the office has asked for it: all on one page, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import places, sending
from xiangyun.faces.look.asking import Asking, Rows
from xiangyun.faces.look.fields import Field
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.portal import reading
from xiangyun.faces.portal.writing import files_of, said_of_doubt
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import Page, Reading, doubts, visible_pages
from xiangyun.kernel.pack import RuleFinding


@require_http_methods(["GET", "POST"])
@logged_in
def correct(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Show the answers with what was found, or take the corrected ones."""
    case = access.case_for(request.actor, case_id)
    back = reverse("portal:case", args=[case_id])
    wanted = next((t for t in cases.open_tasks(request.actor, case) if t.id == task), None)
    if wanted is None and request.method == "POST":
        return HttpResponseRedirect(back)  # sent twice: the first one counted
    if wanted is None or "applicant" not in wanted.groups:
        raise Http404
    pack = cases.pack_of(case)
    answers = {
        **cases.answers_of(case),
        **drafts.files_as_answers(access.draft_for(request.actor, case_id)),
    }
    known = {q.key: answers[q.key] for q in pack.form.questions if q.source and answers.get(q.key)}
    pages = visible_pages(pack.form, answers)
    asked = [q for p in pages for q in p.questions if q.key not in known]
    received = files_of(case_id, removable=False)
    demands, hints = cases.told(case)
    doubted = {
        name: [said_of_doubt(found)]
        for name, found in doubts(pack.form, answers, known=known).items()
    }
    asking = Asking(asked, answers, _beside(demands), received, said=doubted)
    raw = sending.typed(request, asked)
    if again := sending.shown_again(request, asked, raw, answers, received):
        asking = again
    elif request.method == "POST":
        settled = places.settle(asked, raw, within=region_of(request))
        read = pack.form.read(
            None,
            settled.typed,
            answers,
            files=sending.attached(request, asked),
            known=known,
            on=timezone.localdate(),
        )
        read.errors.update(settled.faults)
        reading.take_files(request, case_id, asked, read.errors)
        if not read.errors:
            corrected = {q.key: read.answers.get(q.key) for q in asked if q.kind != "filepicker"}
            try:
                actions.correct_answers(
                    case_id, task, corrected, actor=request.actor, at=timezone.now()
                )
                return HttpResponseRedirect(back)
            except Refused as refusal:
                read.errors.update(sending.by_question(refusal))
        asking = Asking(asked, answers, read, received, settled.choices, raw)
    return public_page(
        request,
        "portal/correct.html",
        {
            "case": case,
            "back": back,
            "task": wanted,
            "button": wanted.buttons[0],
            "letters": cases.letters_of(case)[:1],
            "groups": [
                _group(p, asking) for p in pages if any(q.key not in known for q in p.questions)
            ],
            "errors": asking.errors if request.method == "POST" else _demanded(demands, asking),
            "hints": [] if request.method == "POST" else hints,
            "suggests": asking.suggests,
        },
        status=422 if request.method == "POST" else 200,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the form as a part of this one; open where something has to be put right."""

    title: Text
    fields: tuple[Field | Rows, ...]
    wrong: bool


def _group(page: Page, asking: Asking) -> Part:
    """A page of the form as a part of this one; open where something has to be put right."""
    keys = {q.key for q in page.questions}
    wrong = {id_.removeprefix("f-").split(".")[0] for id_, _ in asking.errors}
    fields = [field for field in asking.fields if field.key in keys]
    return Part(page.title, tuple(fields), bool(keys & wrong))


def _beside(demands: Sequence[RuleFinding]) -> Reading:
    """What the rules demand, as messages beside the fields they speak of."""
    errors: dict[str, Finding] = {}
    for found in demands:
        if found.field:
            errors.setdefault(found.field, Finding(found.id, "warning", found.text))
    return Reading({}, errors)


def _demanded(demands: Sequence[RuleFinding], asking: Asking) -> list[tuple[str, Finding]]:
    """Every demand, as many as in the letter; those that speak of a field lead to it."""
    ids = {field.key: field.id for field in asking.fields}
    return [
        (ids.get(found.field, ""), Finding(found.id, "warning", found.text)) for found in demands
    ]
