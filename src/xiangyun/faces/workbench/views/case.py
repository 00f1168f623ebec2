"""One case: the facts, what the rules found with the law, and the buttons the process allows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from xiangyun.domain.cases import access, actions
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.asked import Asked, officials_only
from xiangyun.faces.look.drawings import process_drawing
from xiangyun.faces.look.fields import Field, wrongs
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.rules import decision_name
from xiangyun.faces.look.templatetags.look import weekday, words
from xiangyun.faces.workbench.page import page
from xiangyun.faces.workbench.views.queue import days_left
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import visible_pages

# Actions that end a case against the applicant are set apart by their colour.
_GRAVE = {"refuse", "disagree", "reject"}


@require_safe
@officials_only
def case(request: Asked, case_id: UUID) -> HttpResponse:
    """Show a case; that this official looked is written down for the applicant to see."""
    found = access.case_for(request.actor, case_id)
    actions.note_reading(found, actor=request.actor, at=timezone.now())
    return _case(request, found)


def _case(
    request: Asked,
    found: Any,
    pressed: str = "",
    fault: Finding | None = None,
    typed: str = "",
) -> HttpResponse:
    """The page; `pressed` is the task whose button was refused, with what was typed there."""
    pack, today = cases.pack_of(found), timezone.localdate()
    answers = cases.answers_of(found)
    ended = found.ended_at is not None
    clock = None if ended else cases.clock_of(found)
    tasks = [
        _task(found, place, t, fault if t.id == pressed else None, typed if t.id == pressed else "")
        for place, t in enumerate(cases.open_tasks(request.actor, found))
    ]
    notes = [field for task in tasks for field in task.fields]
    history = cases.history(found)[::-1]
    context = {
        "case": found,
        "service": pack.item.name,
        "authority": words(authority(pack.item, found.division)),
        "light": clock.light(today) if clock else "none",
        "left": _left(clock.left(today)) if clock else None,
        "where": cases.stage_of(found),
        "due": not ended,
        "due_words": weekday(found.due_on),
        "clock_notes": clock.explain(today) if clock else [],
        "groups": summary(visible_pages(pack.form, answers), answers, given_only=True),
        "files": [
            SimpleNamespace(
                name=file.name,
                size=file.size,
                url=reverse("portal:material", args=[found.id, file.id]),
            )
            for file in cases.materials_of(found)
        ],
        "findings": _findings(found),
        "decisions": [_decision(pack, d) for d in cases.decisions_of(found)],
        "letters": cases.letters_of(found),
        "tasks": tasks,
        "nothing": _nothing(found),
        "wrongs": wrongs(notes) or ([("acts", fault)] if fault else []),
        "opinions": [line for line in history if line.verb == "task.done"],
        "history": history,
        "drawing": mark_safe(process_drawing(pack, cases.marks(found))),
    }
    return page(request, "case.html", context, status=422 if fault else 200)


def _task(
    found: Any, place: int, task: cases.OpenTask, fault: Finding | None, typed: str
) -> SimpleNamespace:
    noted = any(button.note_required for button in task.buttons)
    note = Field(
        "note",
        "textarea",
        Text("理由或意见", "Reason or remark"),
        hint=Text("会写进给申请人的信和办件记录。", "Goes into the letter and the record.")
        if noted
        else None,
        required=noted,  # the effect of each button says whether it wants the reason
        typed=typed,
        error=fault,
        anchor=f"note-{place}" if place else "",
    )
    return SimpleNamespace(
        key=f"{task.element}-{place}",
        url=reverse("workbench:act", args=[found.id, task.id]),
        name=task.title,
        hint=task.hint,
        fields=[note],
        actions=[
            SimpleNamespace(
                name=button.action,
                button=button.words,
                effect=button.effect,
                needs_note=button.note_required,
                grave=button.action in _GRAVE,
            )
            for button in task.buttons
        ],
    )


def _findings(found: Any) -> list[SimpleNamespace]:
    """What the rules found last, each with its law."""
    latest = next(iter(cases.decisions_of(found)), None)
    listed = latest.trace.get("findings", []) if latest else []
    return [
        SimpleNamespace(
            id=one["id"],
            text=Text(**one["text"]),
            basis=one["basis"],
            tone={"refuse": "late", "correct": "amber"}.get(one["severity"], ""),
        )
        for one in listed
    ]


def _decision(pack: Any, decision: Any) -> SimpleNamespace:
    """One decision the rules took: which rows of which tables fired."""
    tables: dict[str, list[cases.FiredRow]] = {}
    for row in cases.fired_rows(decision):
        tables.setdefault(row.decision, []).append(row)
    return SimpleNamespace(
        name=decision_name(pack, decision.decision),
        at=decision.at,
        tables=[
            SimpleNamespace(name=decision_name(pack, name), rows=rows)
            for name, rows in tables.items()
        ],
    )


def _nothing(found: Any) -> Text:
    """Why there is no button."""
    if found.ended_at is not None:
        return Text("本件已办结。", "This case has ended.")
    waiting = [title for title, _ in cases.waiting_for(found)]
    zh, en = "、".join(t.zh for t in waiting), ", ".join(t.en for t in waiting)
    if not zh:
        return Text(
            "正在等其他部门办理，您不用操作。", "Other departments are at work; nothing to do."
        )
    return Text(
        f"现在的环节是“{zh}”，不由您办理。", f"It waits for “{en}”, which is not yours to do."
    )


def _left(days: int) -> Text:
    """What is left, in a whole phrase."""
    short = days_left(days)
    if days <= 0:
        return Text(
            short.zh.replace("今天", "今天到期"), f"due {short.en}" if not days else short.en
        )
    return Text(f"还剩 {short.zh}", f"{short.en} left")


@require_POST
@officials_only
def act(request: Asked, case_id: UUID, task: str) -> HttpResponse:
    """Press a button; pressed twice, it counts once and the second press changes nothing."""
    note, action = request.POST.get("note", "")[:4000], request.POST.get("action", "")
    try:
        case = actions.complete_task(
            case_id, task, action=action, actor=request.actor, at=timezone.now(), note=note
        )
    except Refused as refusal:
        found = access.case_for(request.actor, case_id)
        return _case(request, found, task, refusal.findings[0], note)
    messages.success(request, _done(case))
    following = cases.next_case(request.actor, today=timezone.localdate(), after=case_id)
    if following is None:
        return HttpResponseRedirect(reverse("workbench:queue"))
    return HttpResponseRedirect(reverse("workbench:case", args=[following]))


def _done(case: Any) -> str:
    """What was just done, said on the next page."""
    return words(
        Text(
            f"已办理：{case.subject}（{case.number}）。",
            f"Done: {case.subject} ({case.number}).",
        )
    )
