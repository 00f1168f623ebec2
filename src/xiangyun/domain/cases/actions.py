"""The verbs of a case. Each is one transaction: row, journal entry, engine, queued jobs.

A verb reads the case in one statement, works, and writes in one (see `store`). `submit_case` is the
page to print and hang on the wall: everything else is a variation of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.roles import general
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.proof import Receipt
from xiangyun.domain.vault import sealing as vault
from xiangyun.kernel.bpmn import (
    IncidentResolved,
    MessageReceived,
    Started,
    TaskCompleted,
)
from xiangyun.kernel.feel import Value, from_stored, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Refused, Stale
from xiangyun.kernel.pack import Declaration, Pack, host_functions
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.pack.taskforms import ANSWERS, TASKS, answered
from xiangyun.kernel.pack.variables import opening_of
from xiangyun.kernel.service.openings import OFFICIAL, start_of
from xiangyun.kernel.service.signing import SIGNATURE_FOR_FEEL, start_in

from . import (
    access,
    admission,
    checks,
    drafts,
    objecting,
    opening,
    ports,
    sealing,
    secrecy,
    signing,
    store,
)
from .handlers import CaseStep, carry_on, extensions
from .models import Case, Draft, Kind, Letter, Rating, RoleSet, WorkItem

WITHDRAW = "withdraw"


def submit_case(
    draft_id: UUID, *, actor: Actor, at: datetime, signature: signing.Signing | None = None
) -> Case:
    """Turn a draft into a case and start its process; sent again, answer with the same case.

    Raises `Refused` with every problem of the answers, `Conflict` where the service takes no such
    application, and `Draft.DoesNotExist` for a stranger.
    """
    with admission.held(), transaction.atomic():
        draft = access.draft_for(actor, draft_id, lock=True)
        if draft.sent:
            return access.case_for(actor, draft_id)
        admission.refuse_unless_taken(draft, at)
        if draft.opened == OFFICIAL:
            raise Conflict([checks.NOT_YOURS])  # see `officialopening.send_opening`
        pack = catalogue.pack(draft.version_id)
        application = opening.application_of(draft, pack, at)
        came = opening_of(draft.opened)
        step = opening.open_course(draft, pack, application, actor, at, came)
        objecting.note(step, draft)
        materials = drafts.digests_of(draft.pk)
        step.record(
            "case.submitted",
            {"service": pack.code, "version": draft.version.number, "materials": materials},
            {"answers": draft.answers},
        )
        start = start_of(pack.process, pack.service.openings, came)
        element = start_in(pack.process, start)
        content = signing.content_of_application(element, draft.answers, materials)
        signed = signing.sign(step, element, content, application, draft.owner, signature)
        step.signed_at_filing(signed)
        with vault.opening():
            carry_on(step, Started(at, start))
        if step.case.need:
            secrecy.close_circle(step.case, pack.service)
        return step.case


def complete_task(
    case_id: UUID,
    task: str,
    *,
    action: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    fields: Mapping[str, Value] | None = None,
    signature: signing.Signing | None = None,
) -> Case:
    """Do a user task: press one of the buttons that the process allows now.

    Two statements: with no `acting_as` around, the second is the transaction. Of two who press at
    once one wins; the other is refused with `checks.GONE`.
    """

    def step(step: CaseStep) -> None:
        complete(step, task, action, note.strip(), fields or {}, {}, signature)

    return stepping(case_id, step, actor=actor, at=at)


class _Undone(Exception):
    """What was tried is taken back."""


def letters_of_action(
    case_id: UUID, task: str, *, action: str, actor: Actor, at: datetime, note: str = ""
) -> list[Letter]:
    """The letters that a button would send, as they would read; nothing of it happens.

    The step is done and taken back, so that its refusals are those of the real one; a number that a
    letter would bear is not taken. Raises as `complete_task`.
    """
    written: list[Letter] = []
    with suppress(_Undone), transaction.atomic():
        last = Letter.objects.filter(case=case_id).order_by("-pk").values_list("pk", flat=True)
        before = last.first() or 0
        complete_task(case_id, task, action=action, actor=actor, at=at, note=note)
        with acting_as(SYSTEM):  # those to others, too
            written = list(Letter.objects.filter(case=case_id, pk__gt=before).order_by("pk"))
        raise _Undone
    return written


def complete(
    step: CaseStep,
    task: str,
    action: str,
    note: str,
    fields: Mapping[str, Value],
    said: Mapping[str, Any],
    signature: signing.Signing | None = None,
) -> None:
    """Close a task within a step and let the process go on; `said`: what the journal says besides.

    `fields` are what the task brings back besides the button, such as the answers of its form.
    """
    actor, work_item = step.actor, step.work_items.get(task)
    if work_item is None:
        raise Stale([checks.GONE])
    if not access.may_do(actor, work_item, step.case):
        own = access.is_applicant(actor, step.case) and access.APPLICANT not in work_item.groups
        raise Forbidden([store.OWN_MATTER if own else checks.NOT_YOURS])
    place = access.place_of_task(work_item, step.case)
    step.actor = actor = actor.under(work_item.groups, place)
    step.place = place
    checks.refuse_action(work_item, action, note)
    checks.refuse_same_hand(work_item, step.completed_by, actor)
    checks.refuse_unanswered(work_item, fields)
    if work_item.kind == Kind.EXTENSION:
        extensions.answer(step, work_item, action, note)
        return
    step.close(task, action, note, actor)
    if actor.account is not None:
        step.completed_by.append((work_item.element, actor.account))
    step.said = "" if access.APPLICANT in work_item.groups else note
    if work_item.kind == Kind.INCIDENT:
        _try_again(step, work_item)
        return
    content = signing.content_of_task(
        work_item.element, task, action, note, fields, said.get("evidence", [])
    )
    element = step.pack.elements.get(work_item.element)
    # Only who signs has to be asked for whom: without a signature it would be a statement more.
    party = access.answering_party(actor, work_item, step.case) if signature is not None else None
    signed = signing.sign(step, element, content, fields.get(ANSWERS), party, signature)
    if signed is not None:
        fields = {**fields, SIGNATURE_FOR_FEEL: signed}
    private = {"note": note, **({"fields": to_stored(dict(fields))} if fields else {})}
    part = divided(task)[0]
    where = {"task": work_item.element, "action": action, **({"part": part} if part else {})}
    step.record("task.done", where | dict(said), private)
    result = {
        **fields,
        "action": action,
        "note": note or None,
        "by": actor.name,
        "at": step.moment,
    }
    by_task = step.pack.forms_by_task
    if ANSWERS in fields and work_item.element in by_task:
        tasks = answered(step.data[TASKS], by_task, work_item.element, fields[ANSWERS])
        step.merge({TASKS: tasks})
    carry_on(step, TaskCompleted(task, result, step.at))


def ask_extension(case_id: UUID, task: str, *, reason: str, actor: Actor, at: datetime) -> Case:
    """Ask that the time of a case, or of the stage of this task, be extended once.

    Raises `Refused` where the law knows no extension, it was asked for or granted before, the
    limit has ended or the clock was stopped.
    """
    return stepping(case_id, lambda c: extensions.ask(c, task, reason), actor=actor, at=at)


def stepping(
    case_id: UUID, change: Callable[[CaseStep], None], *, actor: Actor, at: datetime
) -> Case:
    """Do a step on the case as it stands; overtaken by another's, do it on what that left."""
    while True:  # somebody's step was kept each time round
        step = resume(store.load(actor, case_id), actor, at)
        try:
            with vault.opening():
                change(step)
        except store.StaleRevision:
            continue
        return step.case


def _try_again(step: CaseStep, work_item: store.OpenWorkItem) -> None:
    """What stood still goes on from where it stood: the process itself, or a job that failed."""
    step.record("case.resumed", {"element": work_item.element})
    with acting_as(step.actor):
        job = WorkItem.objects.get(case=step.case, token=work_item.token).inputs
    if job:
        step.writes.jobs.append({**job, "at": None})
        step.keep()
    else:
        carry_on(step, IncidentResolved(work_item.token, step.at))


def correct_answers(
    case_id: UUID, task: str, answers: Mapping[str, Value], *, actor: Actor, at: datetime
) -> Case:
    """Hand in corrected answers for a task with the header `form=answers`.

    Only the answers given change; files were added to the draft before. Raises `Refused` with
    every problem of the whole application.
    """
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        work_item = WorkItem.objects.filter(case=case, token=task).first()
        if work_item is None or work_item.headers.get("form") != "answers":
            raise Stale([checks.GONE])
        draft = Draft.objects.get(pk=case.id)
        draft.answers = {**draft.answers, **to_stored(dict(answers))}
        application = opening.application_of(draft, catalogue.pack(case.version_id), at)
        corrected = {"application": application}
        said = {"materials": drafts.digests_of(case_id)}

        def step(step: CaseStep) -> None:
            step.writes.answers = draft.answers
            complete(step, task, checks.actions_of(work_item)[0], "", corrected, said)

        return stepping(case_id, step, actor=actor, at=at)


def withdraw_case(case_id: UUID, *, actor: Actor, at: datetime, note: str = "") -> Case:
    """Take an application back, as long as its process listens for that."""

    def step(step: CaseStep) -> None:
        case = step.case
        if not access.is_applicant(actor, case):
            raise Forbidden([checks.NOT_YOURS])
        if not access.awaits_message(case, WITHDRAW):
            raise Conflict([checks.NOT_WITHDRAWABLE])
        step.record("case.withdrawn", {}, {"note": note})
        payload = {"note": note, "at": step.moment}
        carry_on(step, MessageReceived(WITHDRAW, case.number, payload, at))

    return stepping(case_id, step, actor=actor, at=at)


def rate_case(case_id: UUID, stars: int, words: str, *, actor: Actor, at: datetime) -> Rating:
    """Rate an ended case, once (GB/T 39734)."""
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        if not access.is_applicant(actor, case):
            raise Forbidden([checks.NOT_YOURS])
        if case.ended_at is None:
            raise Conflict([checks.NOT_ENDED])
        if Rating.objects.filter(case=case).exists():
            raise Conflict([checks.RATED])
        try:
            with transaction.atomic():
                told = sealing.sealed_words(case, words.strip(), "cases_rating.words")
                given = {"stars": stars, "words": told, "at": at}
                rating = Rating.objects.create(case=case, **given)
        except IntegrityError:  # pressed twice at once
            raise Conflict([checks.RATED]) from None
        # Nothing of it goes into the history of the case: the office that is rated reads that.
        return rating


def receipt(case_id: UUID, *, actor: Actor, at: datetime) -> Receipt:
    """The receipt of a case: every entry with the proof that it stands in the signed tree.

    What was committed before is sealed first, so that the receipt proves it.
    """
    case = access.case_for(actor, case_id)
    note_reading(case, actor=actor, at=at, verb="receipt.read")
    secrecy.refuse_masked(case, actor)
    with suppress(Refused):  # the operator is told by the job that seals; the entries wait
        journal.seal(at, signer())
    with vault.opening():  # whoever reads masks was refused
        made = journal_reads.receipt(case.number)
    assert made is not None  # whoever may see the case may see its entries
    return made


def note_reading(case: Case, *, actor: Actor, at: datetime, verb: str = "case.read") -> None:
    """Write down, once a day and official, that somebody other than the applicant looked.

    `verb` says at what: `case.read`, `receipt.read`, `file.read`. Raises Forbidden `case.E053`
    where only handlers may know the case and neither open work nor a reason explains the look.
    """
    if access.is_applicant(actor, case) or actor.kind == "system":
        return
    secrecy.refuse_without_reason(case, actor=actor, at=at)
    step = resume(store.Loaded(case), actor, at)
    step.note_look(verb, {})


def resume(loaded: store.Loaded, actor: Actor, at: datetime) -> CaseStep:
    """The course of a case as it stands in the database."""
    calendar = ports.counting_calendar(loaded.edition)
    pack = catalogue.pack(loaded.case.version_id)
    return CaseStep(
        case=loaded.case,
        pack=pack,
        actor=actor,
        at=at,
        data=_values(loaded.case, pack),
        functions=host_functions(calendar),
        calendar=calendar,
        work_items=loaded.work_items,
        completed_by=loaded.completed_by,
        row_snapshot=loaded.row_snapshot,
    )


def _values(case: Case, pack: Pack) -> dict[str, Value]:
    """The variables of a case. One of before there were forms of tasks has answered none."""
    found = values_of(case.variables)
    found.setdefault(TASKS, dict(pack.undone))
    return found


def values_of(stored: Mapping[str, Any]) -> dict[str, Value]:
    """Values as they stand in JSON columns and jobs."""
    return {name: from_stored(value) for name, value in stored.items()}


def awaiting(declaration: Declaration, *, at: datetime) -> list[Finding]:
    """Why a role cannot be withdrawn: `case.E045` names cases in which a task waits for it."""
    key = declaration.code
    sets = RoleSet.objects.all()
    named = [each.role for each in sets if key in map(general, each.groups)]
    waiting = Q(role=key) | Q(role__startswith=f"{key}:") | Q(role__in=named)
    with acting_as(SYSTEM):
        work = WorkItem.objects.filter(waiting, closed_at=None).order_by("id")
        numbers = work.values_list("case__number", flat=True)[: checks.MOST_NAMED + 1]
        found = list(dict.fromkeys(numbers))
    return [checks.waited_for(declaration.name, found)] if found else []
