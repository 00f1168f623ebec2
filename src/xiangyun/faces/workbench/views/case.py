"""One case: the facts, what the rules found with the law, and the buttons the process allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import access, actions, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.contact import queries as contact
from xiangyun.domain.enquiries import queries as enquiries
from xiangyun.domain.materials import queries as materials
from xiangyun.domain.messaging import queries as messaging
from xiangyun.domain.payments import queries as payments
from xiangyun.domain.vault.sealing import is_masking, opening
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.clocks import clock_lines, left_words, light_of
from xiangyun.faces.look.drawings import process_drawing
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.payments import order_shown
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.rules import decision_name
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.look.tones import SEVERITY_TONES
from xiangyun.faces.workbench.caseparts import (
    ActionButton,
    DecisionTaken,
    ExtensionForm,
    FileLine,
    FiredTable,
    FoundLine,
    TaskForm,
)
from xiangyun.faces.workbench.views.assigning import holdings
from xiangyun.faces.workbench.views.overdue import in_words
from xiangyun.faces.workbench.views.secrecy import fields_to_hand_over
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text
from xiangyun.kernel.formspec import visible_pages
from xiangyun.kernel.pack import Pack, ServiceItem
from xiangyun.kernel.service.model import AGENT
from xiangyun.kernel.service.ruling import DEMANDS
from xiangyun.kernel.service.secrecy import CLASSES, SEALED

WHY = Text("查看的理由", "Reason for looking")
CLASS_WORDS = tuple(CLASSES.values())


@require_safe
@officials_only
def case(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show a case; that this official looked is written down for the applicant to see."""
    found = access.case_for(request.actor, case_id)
    try:
        actions.note_reading(found, actor=request.actor, at=timezone.now())
    except Forbidden:  # neither work nor a reason explains the look
        return HttpResponseRedirect(reverse("workbench:look", args=[case_id]))
    return _case(request, found)


@officials_only
@action("workbench:case", "case_id")
def unmask(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show what is masked of a sealed case, once, for a reason that the journal keeps."""
    why, now = request.POST.get("why", "")[:500], timezone.now()
    try:
        found = secrecy.unmask(case_id, why=why, actor=request.actor, at=now)
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
        return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))
    with opening():
        return _page(request, found)


def _case(
    request: ActorRequest,
    found: cases.Case,
    pressed: str = "",
    refusal: Refused | None = None,
    typed: str = "",
) -> HttpResponse:
    """The page, of a sealed case with masks for who has no open work in it."""
    with secrecy.reading(found, request.actor) as read:
        return _page(request, read, pressed, refusal, typed)


def _page(
    request: ActorRequest,
    found: cases.Case,
    pressed: str = "",
    refusal: Refused | None = None,
    typed: str = "",
) -> HttpResponse:
    """The page; `pressed` is the task whose button was refused, with what was typed there."""
    fault = refusal.findings[0] if refusal else None
    pack, now = cases.pack_of(found), timezone.localtime()
    answers = cases.answers_of(found)
    ended = found.ended_at is not None
    clock = None if ended else cases.tightest_clock(found)
    decisions = cases.decisions_of(found)
    findings = _findings(pack, decisions)
    severities = {one.severity for one in findings}
    tasks = [
        _task(found, pack.service, place, t, Pressed(pressed, fault, typed), severities)
        for place, t in enumerate(cases.open_tasks(request.actor, found))
    ]
    notes = [field for task in tasks for field in [*task.fields, *task.more]]
    history = cases.history(found)[::-1]
    context = {
        "case": found,
        "substitutes": materials.of_case(found),
        "certificates": [
            (each, certificates.state_of(each))
            for each in certificates.certificates_for_case(found.number)
        ]
        if any(line.verb == "certificate.issued" for line in history)
        else [],
        "enquiries": enquiries.of_case(found.id)
        if any(line.verb == "enquiry.asked" for line in history)
        else [],
        "contact": contact.of_case(found.id)
        if any(line.verb == "contact.changed" for line in history)
        else None,
        "service": pack.service.name,
        "authority": words(authority(pack.service, found.division)),
        "light": light_of(clock, now) if clock else "none",
        "left": left_words(clock, now) if clock else None,
        "where": cases.stage_of(found),
        "due": not ended,
        "clocks": clock_lines(found, now),
        "overdue": in_words(cases.overdue_of(found, now.date())),
        "asked": [
            cases.asked(item, pack)
            for item in cases.requests_of(found)
            if item.token not in {task.id for task in tasks}
        ],
        "groups": summary(visible_pages(pack.form, answers), answers, given_only=True),
        "files": [
            FileLine(
                name=file.name,
                size=file.size,
                url=reverse("portal:view", args=[found.id, file.id]),
                download=reverse("portal:material", args=[found.id, file.id]),
            )
            for file in cases.materials_of(found)
        ],
        "findings": findings,
        "decisions": [_decision(pack, decision) for decision in decisions],
        "parties": _parties(found, pack),
        "fees": [order_shown(each) for each in payments.orders_of(request.actor, found.id)],
        "letters": _letters(found),
        "writes": pack.writes_letters,
        "tasks": tasks,
        "nothing": _nothing(found),
        "errors": errors(notes) or ([("acts", fault)] if fault else []),
        "opinions": [line for line in history if line.verb == "task.done"],
        "history": history,
        "handlers": cases.handlers_of(found) if found.need else [],
        "handing": fields_to_hand_over(request, found),
        "holdings": holdings(request, found),
        "class": CLASS_WORDS[found.need],
        "masked": found.need == SEALED and is_masking(),
        "unmasking": Field(
            "why", "text", Text("查看的理由", "Reason for looking"), anchor="unmask"
        ),
        "drawing": mark_safe(process_drawing(pack, cases.marks(found))),
    }
    return office_page(
        request, "workbench/case.html", context, status=STATUS[refusal.kind] if refusal else 200
    )


def _parties(found: cases.Case, pack: Pack) -> list[tuple[Text, str]]:
    """Who stands in the case, each with the role: who applied first."""
    words = {AGENT: Text("代理人", "who acted for the applicant")}
    words |= {each.role: each.words for each in pack.service.parties}
    others = cases.parties_in(found)
    return [
        (Text("申请人", "applicant"), found.applicant_name),
        *((words.get(o.role, Text.given(o.role, o.role)), o.name) for o in others),
    ]


def _letters(found: cases.Case) -> list[tuple[cases.Letter, list[messaging.Arrived]]]:
    """The letters of the case, each with how it reached those it was written to."""
    letters = cases.letters_of(found)
    arrived = messaging.ways_of_letters(found.pk)
    return [(letter, arrived.get(letter.pk, [])) for letter in letters]


class Pressed(NamedTuple):
    """What was pressed and refused: a task, or `extension:` with the task; and what was typed."""

    what: str
    fault: Finding | None
    typed: str

    def on(self, what: str) -> Pressed:
        """This, where it is what was pressed; else nothing."""
        return self if self.what == what else Pressed("", None, "")


def _task(
    found: cases.Case,
    service: ServiceItem,
    place: int,
    task: cases.OpenTask,
    pressed: Pressed,
    severities: set[str],
) -> TaskForm:
    here, more = pressed.on(task.id), _extension(found, place, task, pressed)
    noted = any(button.note_required for button in task.buttons)
    primary = _primary(service, severities, [button.action for button in task.buttons])
    note = Field(
        "note",
        "textarea",
        Text("理由或意见", "Reason or remark"),
        hint=Text(
            "会记入办件记录；这一步发信的，也写进给申请人的信。",
            "Goes into the record, and into the letter if this step sends one.",
        ),
        required=noted,  # the effect of each button says whether it wants the reason
        typed=here.typed,
        error=here.fault,
        anchor=f"note-{place}" if place else "",
    )
    has_form = task.form not in ("", "answers")
    return TaskForm(
        id=task.id,
        extension=more,
        key=f"{task.element}-{place}",
        url=reverse("workbench:act", args=[found.id, task.id]),
        sign_url=reverse("tasks:sign", args=[found.id, task.id]),
        preview_url=reverse("workbench:preview", args=[found.id, task.id]),
        name=task.title,
        hint=task.hint,
        subject=task.subject,
        form_url=reverse("tasks:task", args=[found.id, task.id]) if has_form else "",
        fields=[] if has_form else [note],
        actions=[]
        if has_form
        else [
            ActionButton(
                name=button.action,
                button=button.words,
                effect=button.effect,
                needs_note=button.note_required,
                grave=service.is_grave(button.action),
                primary=button.action == primary,
                signature=button.signature,
            )
            for button in task.buttons
        ],
    )


def _primary(service: ServiceItem, severities: set[str], actions: list[str]) -> str:
    """The action that the worst finding leads to; the first one where none demands anything."""
    worst = next((severity for severity in DEMANDS if severity in severities), "")
    wanted = service.follows(worst) if worst else frozenset()
    return next((each for each in actions if each in wanted), actions[0] if actions else "")


def _extension(
    found: cases.Case, place: int, task: cases.OpenTask, pressed: Pressed
) -> ExtensionForm | None:
    """The form that asks for more time beside a task; folded until it is wanted."""
    here = pressed.on(f"extension:{task.id}")
    if task.extension is None:
        return None
    reason = Field(
        "reason",
        "textarea",
        Text("延期的理由", "Reason for the extension"),
        hint=Text("会告知申请人。", "The applicant will read it."),
        typed=here.typed,
        error=here.fault,
        anchor=f"reason-{place}",
    )
    return ExtensionForm(
        url=reverse("workbench:extend", args=[found.id, task.id]),
        words=task.extension.words,
        effect=task.extension.effect,
        field=reason,
        open=here.fault is not None,
    )


def _findings(pack: Pack, decisions: Sequence[cases.Decision]) -> list[FoundLine]:
    """What the rules found last, each with its law."""
    latest = next(iter(decisions), None)
    listed = latest.trace.get("findings", []) if latest else []
    return [
        FoundLine(
            id=one["id"],
            severity=one["severity"],
            text=Text.from_json(one["text"]),
            basis=pack.law(one["basis"]),
            tone=SEVERITY_TONES.get(one["severity"], ""),
        )
        for one in listed
    ]


def _decision(pack: Pack, decision: cases.Decision) -> DecisionTaken:
    """One decision the rules took: which rows of which tables fired."""
    tables: dict[str, list[cases.FiredRow]] = {}
    for row in cases.fired_rows(pack, decision):
        tables.setdefault(row.decision, []).append(row)
    return DecisionTaken(
        name=decision_name(pack, decision.decision),
        at=decision.at,
        tables=[FiredTable(decision_name(pack, name), rows) for name, rows in tables.items()],
    )


def _nothing(found: cases.Case) -> Text:
    """Why there is no button."""
    if found.ended_at is not None:
        return Text("本件已办结。", "This case has ended.")
    waiting = [title for title, _ in cases.waiting_for(found)]
    if not waiting:
        return Text(
            "正在等其他部门办理，您不用操作。", "Other departments are at work; nothing to do."
        )
    return Text(
        "现在的环节是“{steps}”，不由您办理。",
        "It waits for “{steps}”, which is not yours to do.",
        steps=waiting,
    )


@officials_only
@action("workbench:case", "case_id")
def act(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Press a button; pressed twice, it counts once and the second press changes nothing."""
    note, action = request.POST.get("note", "")[:4000], request.POST.get("action", "")
    try:
        case = actions.complete_task(
            case_id, task, action=action, actor=request.actor, at=timezone.now(), note=note
        )
    except Refused as refusal:
        found = access.case_for(request.actor, case_id)
        return _case(request, found, task, refusal, note)
    messages.success(request, _done(case))
    following = cases.next_case(request.actor, today=timezone.localdate(), after=case_id)
    if following is None:
        return HttpResponseRedirect(reverse("workbench:queue"))
    return HttpResponseRedirect(reverse("workbench:case", args=[following]))


@officials_only
@action("workbench:case", "case_id")
def extend(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Ask for an extension; asked twice, the second time says that it waits already."""
    reason = request.POST.get("reason", "")[:4000]
    try:
        actions.ask_extension(case_id, task, reason=reason, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        found = access.case_for(request.actor, case_id)
        return _case(request, found, f"extension:{task}", refusal, reason)
    messages.success(
        request, words(Text("已报请延期，等待审批。", "Asked; it waits for approval."))
    )
    return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))


def _done(case: cases.Case) -> str:
    """What was just done, said on the next page; of a case that few may know the number alone."""
    if case.need:
        return words(Text("已办理：{number}。", "Done: {number}.", number=case.number))
    return words(
        Text(
            "已办理：{subject}（{number}）。",
            "Done: {subject} ({number}).",
            subject=case.subject,
            number=case.number,
        )
    )
