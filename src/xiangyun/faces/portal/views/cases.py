"""See progress: my cases, one case, its receipt; withdraw it, rate it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.queries.opened import members_of
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.contact import queries as contact
from xiangyun.domain.enquiries import queries as enquiries
from xiangyun.domain.materials import queries as materials
from xiangyun.domain.payments import queries as payments
from xiangyun.domain.ratings import actions as rated
from xiangyun.domain.ratings import queries as ratings
from xiangyun.domain.ratings.tags import GRADES
from xiangyun.faces.look import rating
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.clocks import clock_lines, left_words, light_of
from xiangyun.faces.look.drawings import process_drawing
from xiangyun.faces.look.fields import ReceivedFile, errors
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.payments import order_shown
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal import standing
from xiangyun.faces.portal.booked import booked
from xiangyun.faces.portal.views.archived import archived_lines, moved
from xiangyun.faces.portal.writing import received_of, said
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import visible_pages
from xiangyun.kernel.service.instead import LATER
from xiangyun.kernel.service.tasks.case_open import opens_others

_LISTED = 50
_RECENT = 6  # steps shown at once; the others unfold


@require_safe
@logged_in
def mine(request: ActorRequest) -> HttpResponse:
    """Drafts, running and ended cases, and certificates of the person."""
    found = cases.my_cases(request.actor)
    running = [case for case in found if case.ended_at is None]
    ended = [case for case in found if case.ended_at is not None]
    context = {
        "drafts": [_draft_line(draft) for draft in cases.my_drafts(request.actor)],
        "running": standing.lines(
            running[:_LISTED], payments.to_pay(request.actor, running[:_LISTED], timezone.now())
        ),
        "ended": standing.lines(ended[:_LISTED]),
        "more": max(len(running), len(ended)) > _LISTED and _LISTED,
        "certificates": certificate_lines(_certificates(request)),
        "letters": cases.letters_to(request.actor),
        "archived": archived_lines(request),
    }
    return public_page(request, "portal/cases.html", context)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An application that was not sent: what it is about, as far as that is filled in."""

    url: str
    discard_url: str
    name: str
    service: Text
    saved_at: datetime


def _draft_line(draft: cases.Draft) -> DraftLine:
    return DraftLine(
        url=reverse("portal:resume", args=[draft.id]),
        discard_url=reverse("portal:discard", args=[draft.id]),
        name=drafts.subject_of(draft),
        service=Text.given(draft.version.name_zh, draft.version.name_en),
        saved_at=draft.updated_at,
    )


def _certificates(request: ActorRequest) -> list[certificates.Certificate]:
    party = request.actor.subject
    return certificates.certificates_of(party) if party else []


def _own(request: ActorRequest, case_id: UUID) -> cases.Case:
    """A case of this applicant. Officials read at the workbench, where it is noted."""
    found = access.case_for(request.actor, case_id)
    if not access.is_applicant(request.actor, found):
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate as a line of a list."""

    url: str
    name: object
    holder: str
    state: Text
    tone: str


def certificate_lines(found: Iterable[certificates.Certificate]) -> list[CertificateLine]:
    """Certificates as lines of a list."""
    return [
        CertificateLine(
            url=reverse("portal:certificate", args=[c.identifier]),
            name=c.content["type"]["name"],
            holder=c.holder_name,
            state=Text("有效", "valid") if c.status == "valid" else Text("已失效", "not in force"),
            tone="good" if c.status == "valid" else "late",
        )
        for c in found
    ]


@require_safe
@logged_in
def case(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """One case: where it is, what is next, by when, what I must do; then everything else."""
    try:
        return _case(request, _own(request, case_id), None)
    except cases.Case.DoesNotExist:
        return moved(request, case_id)


def _case(
    request: ActorRequest, found: cases.Case, typed: rating.Given | None = None
) -> HttpResponse:
    pack, now = cases.pack_of(found), timezone.localtime()
    answers = cases.answers_of(found)
    ended = found.ended_at is not None
    own = cases.rating_of(found)
    after = ratings.standing(found.id) if own else None
    asked = ended and (own is None or (after is not None and after.may_again))
    fields = rating.rate_fields(typed, with_tags=own is None, with_contact=own is None)
    clock = None if ended else cases.clock_of(found)
    history = cases.history(found)[::-1]
    substitutes = materials.of_case(found)
    fees = payments.to_pay_in(request.actor, found, timezone.now())
    context = {
        "case": found,
        "service": pack.service.name,
        "enquiries": pack.service.enquiries,
        "complaints": pack.service.complaints,
        "authority": words(authority(pack.service, found.division)),
        "where": standing.where(found, fees),
        "members": standing.lines(members_of(found)) if opens_others(pack.process) else [],
        "next": standing.what_next(found),
        "due": clock.due if clock else None,
        "running": not ended,
        "again_url": reverse("portal:again", args=[found.id]) if ended else "",
        "left": left_words(clock, now) if clock else None,
        "light": light_of(clock, now) if clock else "none",
        "clocks": clock_lines(found, now),
        "must": standing.must(found, fees, _to_come(substitutes)),
        "buttons": [*_to_pay(fees), *_buttons(request, found), *_to_follow(substitutes)],
        "substitutes": substitutes,
        "fees": [order_shown(each) for each in payments.orders_of(request.actor, found.id)],
        "certificates": certificate_lines(certificates.certificates_for_case(found.number))
        if any(line.verb == "certificate.issued" for line in history)
        else [],
        "may_rate": asked,
        "rate_fields": fields,
        "rate_url": reverse("portal:rate", args=[found.id]),
        "rating": own and Rated(GRADES[own.stars], own.words),
        "after": after,
        "again": after and after.again and GRADES[after.again],
        "errors": errors(fields),
        "steps": cases.stages_of(found),
        "drawing": mark_safe(process_drawing(pack, cases.marks(found))),
        "letters": cases.own_letters(request.actor, found),
        "found": said(cases.pack_of(found), cases.found_by_rules(found)),
        "files": _files(found),
        "groups": summary(visible_pages(pack.form, answers), answers, given_only=True),
        "recent": history[:_RECENT],
        "earlier": history[_RECENT:],
        "receipt_url": reverse("portal:receipt", args=[found.id]),
        "may_withdraw": cases.may_withdraw(request.actor, found),
        "withdraw_url": reverse("portal:withdraw", args=[found.id]),
        "appointments": bookings.appointments(pack.service, pack.code, found.division)
        if not ended
        else None,
        "booked": booked(request.actor, found.id),
        "asked": enquiries.of_case(found.id)
        if any(line.verb == "enquiry.asked" for line in history)
        else [],
        "post_url": reverse("post:case", args=[found.id])
        if ended and pack.service.by_post and not found.need
        else "",
        "may_ask": enquiries.may_ask(request.actor, found),
        "contact": contact.of_case(found.id)
        if any(line.verb == "contact.changed" for line in history)
        else None,
        "may_change_contact": contact.may_change(request.actor, found),
    }
    return public_page(request, "portal/case.html", context, status=422 if typed else 200)


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating that the applicant gave."""

    grade: Text
    comment: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something that the applicant can do now, and what it is about."""

    url: str
    name: Text
    about: Text | None


def _files(found: cases.Case) -> list[tuple[Text, list[ReceivedFile]]]:
    """The files of a case: the applicant's own, and what other offices handed over."""
    by_question = received_of(cases.materials_of(found), removable=False)
    handed = by_question.pop(drafts.ELSEWHERE, [])
    own = [file for received in by_question.values() for file in received]
    told = (
        (Text("您交的文件", "Files you handed in"), own),
        (Text("别的机构交来的文件", "Files that other offices handed over"), handed),
    )
    return [(title, received) for title, received in told if received]


def _to_pay(fees: Sequence[payments.Order]) -> list[Button]:
    """The fees that the applicant can pay now."""
    return [
        Button(
            reverse("payments:pay", args=[fee.number]),
            standing.to_pay(fee),
            Text("最迟{by}缴清。", "Please pay by {by}.", by=fee.last_day),
        )
        for fee in fees
    ]


def _to_follow(substitutes: Sequence[materials.Standing]) -> list[Button]:
    """The papers that are to follow, and by when."""
    return [
        Button(
            reverse("materials:supply", args=[one.row.pk]),
            Text("补交“{name}”", "Hand in “{name}”", name=one.name),
            Text("最迟{by}补交。", "Please hand it in by {by}.", by=one.due),
        )
        for one in _to_come(substitutes)
    ]


def _to_come(substitutes: Sequence[materials.Standing]) -> list[materials.Standing]:
    """Those that were left for later and are not there yet."""
    return [
        one for one in substitutes if one.due and one.row.way == LATER and not one.row.settled_at
    ]


def _buttons(request: ActorRequest, found: cases.Case) -> list[Button]:
    """What the applicant can do now: corrections, and forms of tasks."""
    return [
        Button(
            reverse(
                "portal:correct" if task.form == "answers" else "tasks:task",
                args=[found.id, task.id],
            ),
            task.title,
            task.hint,
        )
        for task in cases.open_tasks(request.actor, found)
        if "applicant" in task.groups
    ]


@require_safe
@logged_in
def sent(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """What a person needs right after sending: the number, what is next, by when, the proof."""
    found = _own(request, case_id)
    context = {
        "case": found,
        "due": cases.clock_of(found).due,
        "left": left_words(cases.clock_of(found), timezone.localtime()),
        "next": Text(
            "{where}。{what_next}",
            "{where}. {what_next}",
            where=standing.where(found),
            what_next=standing.what_next(found) or Text("", ""),
        ),
        "must": standing.must(found, papers=_to_come(materials.of_case(found))),
        "found": said(cases.pack_of(found), cases.found_by_rules(found)),
        "case_url": reverse("portal:case", args=[case_id]),
        "receipt_url": reverse("portal:receipt", args=[case_id]),
    }
    return public_page(request, "portal/sent.html", context)


@require_safe
@logged_in
def receipt(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """The receipt as a file: the case's journal entries with their proofs."""
    found = _own(request, case_id)
    proof = actions.receipt(case_id, actor=request.actor, at=timezone.now())
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{found.number}.json"'
    return answer


@logged_in
@action("portal:cases")
def discard(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Delete an application that was not sent; pressed twice, it is gone once."""
    try:
        drafts.discard_draft(draft_id, actor=request.actor)
    except Refused:  # it was sent meanwhile
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    return HttpResponseRedirect(reverse("portal:cases"))


@logged_in
@action("portal:case", "case_id")
def again(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Begin anew what an ended case was about; pressed twice, it is begun once."""
    found = _own(request, case_id)
    try:
        draft = drafts.start_again(case_id, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        return _refused(request, found, refusal)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.id]))


@logged_in
@action("portal:case", "case_id")
def withdraw(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Take the application back; pressed twice, it is withdrawn once."""
    found = _own(request, case_id)
    try:
        actions.withdraw_case(case_id, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        found.refresh_from_db()
        if not cases.was_taken_back(found):
            return _refused(request, found, refusal)
    return HttpResponseRedirect(reverse("portal:case", args=[case_id]))


@logged_in
@action("portal:case", "case_id")
def rate(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Rate an ended case, once; and once more when what was bad has been rectified."""
    found = _own(request, case_id)
    typed = rating.given(request.POST)
    if not typed.stars:
        return _case(request, found, typed)
    who, now = request.actor, timezone.now()
    try:
        if cases.rating_of(found) is None:
            rated.rate_case(
                case_id,
                typed.stars,
                typed.words,
                actor=who,
                at=now,
                chosen=typed.tags,
                contact=typed.contact,
            )
        elif ratings.standing(case_id).may_again:
            rated.rate_again(case_id, typed.stars, typed.words, actor=who, at=now)
    except Refused as refusal:
        if cases.rating_of(found) is None:
            return _refused(request, found, refusal)
    return HttpResponseRedirect(reverse("portal:case", args=[case_id]))


def _refused(request: ActorRequest, found: cases.Case, refusal: Refused) -> HttpResponse:
    """The case again, with why it could not be done on top."""
    fault = refusal.findings[0]
    context = {
        "status": "",
        "title": fault.message,
        "about": fault.hint,
        "on": reverse("portal:case", args=[found.id]),
    }
    return public_page(request, "portal/error.html", context, status=STATUS[refusal.kind])
