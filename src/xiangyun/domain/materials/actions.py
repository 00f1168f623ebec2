"""Let something stand for a paper, hand in what was to follow, and check what was promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import drafts, recording
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.messaging.actions import About, Notice, put
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Stale, Text
from xiangyun.kernel.service.instead import CERTIFICATE, EARLIER, LATER, PROMISE

from . import access, queries
from .models import Substitute
from .offering import Offer, offer

LONGEST = 500
"""Characters of what an official notes of a check."""


def choose(
    draft_id: UUID, question: str, way: str, which: str = "", *, actor: Actor, at: datetime
) -> Substitute | None:
    """Let a certificate, a promise, the paper to follow or an earlier file answer a question.

    `which`: the identifier of the certificate, or the id of the file. What stood there before for
    the same question gives way. An earlier file is the file itself: nothing is kept of it here, and
    None is returned. Raises `Refused` `case.E295` for a way that the material does not allow or a
    thing that the applicant has not.
    """
    found = offer(actor, draft_id, question, on=timezone.localdate(at))
    if found is None:
        raise Refused([_NOT_OFFERED])
    with transaction.atomic():
        if way == EARLIER:
            _take_earlier(found, which, actor, at)
            return None
        name, media_type, content, more = _made(found, way, which, actor, at)
        for before in Substitute.objects.filter(case=draft_id, question=question):
            drafts.remove_material(before.material_id, actor=actor)
        file = drafts.stand_in(
            draft_id,
            found.question,
            way,
            name=name,
            media_type=media_type,
            content=content,
            actor=actor,
            at=at,
        )
        return Substitute.objects.create(
            case_id=draft_id,
            material_id=file.pk,
            question=question,
            name_zh=found.name.zh,
            name_en=found.name.en,
            way=way,
            **more,
        )


def _take_earlier(found: Offer, which: str, actor: Actor, at: datetime) -> None:
    """Hand a file of an earlier case in once more, as it was."""
    file = next((each for each in found.files if str(each.id) == which), None)
    if file is None:
        raise Refused([_NOT_OFFERED])
    content = cases.material_content(actor, file.case, file.id)
    drafts.add_material(
        found.draft.pk,
        found.question,
        name=content.name,
        media_type="application/octet-stream",
        content=content.content,
        actor=actor,
        at=at,
    )


def _made(
    found: Offer, way: str, which: str, actor: Actor, at: datetime
) -> tuple[str, str, bytes, dict[str, Any]]:
    """What is put in the place of the file: its name, type and content, and what is kept of it."""
    allowed, service = found.instead, found.pack.service
    if way == CERTIFICATE:
        held = next((each for each in found.certificates if each.identifier == which), None)
        if held is not None:
            page = certificates.certificate(which).page.encode()
            name = f"{held.name.zh} {held.number}.html"
            return name, "text/html", page, {"said": held.number, "identifier": which}
    elif way == PROMISE and allowed.promise:
        promise = allowed.promise
        role = case_access.addressed([promise.checked_by], service, found.draft.matter)[0]
        term = Text(
            "办结后 {n} 日内核查。", "Checked within {n} days after the end.", n=promise.days
        )
        content = _statement(found, promise.words, term, actor, at)
        more = {"said": promise.words.zh, "role": role, "days": promise.days}
        return f"{found.name.zh}：告知承诺.txt", "text/plain", content, more
    elif way == LATER and allowed.later:
        later = allowed.later
        role = case_access.addressed([later.told], service, found.draft.matter)[0]
        words = Text(
            "这份材料在提交申请后 {n} 日内补交。",
            "This paper follows within {n} days after the application.",
            n=later.days,
        )
        content = _statement(found, words, Text("", ""), actor, at)
        more = {"role": role, "days": later.days, "remind": later.remind}
        return f"{found.name.zh}：容缺后补.txt", "text/plain", content, more
    raise Refused([_NOT_OFFERED])


def _statement(found: Offer, said: Text, term: Text, actor: Actor, at: datetime) -> bytes:
    """A promise as the file that stands with the application: both languages, who, and when."""
    day = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    lines = [found.pack.service.name, found.name, said, term]
    both = [word for text in lines for word in (text.zh, text.en) if word]
    return "\n".join([*both, "", actor.name, day, ""]).encode()


def supply(
    substitute_id: UUID,
    *,
    name: str,
    media_type: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Substitute:
    """Hand in a paper that was to follow, as its applicant, also when its day is over.

    `Substitute.DoesNotExist` for what one cannot see. Raises `Stale` `case.E296` where it came,
    `Forbidden` E297 for anybody else, and as `drafts.supply_later` for a file that does not fit.
    """
    with transaction.atomic():
        found = Substitute.objects.select_related("case").get(pk=substitute_id, way=LATER)
        case = case_access.case_for(actor, found.case_id)
        if found.settled_at is not None:
            raise Stale([_SETTLED])
        if not case_access.is_applicant(actor, case):
            raise Forbidden([_NOT_YOURS])
        form = catalogue.pack(case.version_id).form
        question = next(q for q in form.questions if q.key == found.question)
        file = drafts.supply_later(
            case.pk,
            question,
            name=name,
            media_type=media_type,
            content=content,
            actor=actor,
            at=at,
        )
        _settle(found, actor, at)
        digest = {"question": found.question, "sha256": file.digest}
        _record("material.supplied", case, digest, actor, at)
        title = {
            "zh": f"容缺材料已补交：{case.number}",
            "en": f"A paper has followed: {case.number}",
        }
        _tell_office(f"{found.pk}:came", found, case, title, at)
    return found


def check(substitute_id: UUID, *, kept: bool, note: str, actor: Actor, at: datetime) -> Substitute:
    """Say of a promise whether it held; what did not hold goes to the applicant with the reason.

    Raises `Stale` `case.E296` where it was checked, `Forbidden` E297 for whoever does not hold the
    role there, and `Refused` E298 where it did not hold and nothing says why.
    """
    note = note.replace("\0", "").strip()[:LONGEST]
    if not kept and not note:
        raise Refused([_NO_REASON])
    with transaction.atomic():
        found = Substitute.objects.select_related("case").get(pk=substitute_id, way=PROMISE)
        case = case_access.case_for(actor, found.case_id)
        if found.settled_at is not None:
            raise Stale([_SETTLED])
        if case_access.is_applicant(actor, case) or not access.may_check(actor, found):
            raise Forbidden([_NOT_YOURS])
        _settle(found, actor, at, kept=kept, note=note)
        data = {"question": found.question, "note": note}
        _record("promise.kept" if kept else "promise.broken", case, data, actor, at)
        if not kept:
            title = {
                "zh": f"您的承诺经核查不实：{case.number}",
                "en": f"A promise of yours does not hold: {case.number}",
            }
            body = {"zh": f"{found.name_zh}：{note}", "en": f"{found.name_en}: {note}"}
            _put(f"{found.pk}:broken", case, title, body, [case.owner], at, office=False)
    return found


def remind(at: datetime) -> int:
    """Remind applicants of papers whose day comes near, and tell offices of those that are late.

    As the platform, once for each; how many messages that were.
    """
    today, told = timezone.localdate(at), 0
    with acting_as(SYSTEM):
        open_ = Substitute.objects.filter(way=LATER, settled_at=None, told_at=None)
        for found in open_.select_related("case"):
            due = queries.due_of(found)
            if due is None:
                continue
            left, case = (due - today).days, found.case
            if left < 0:
                _tell_late(found, case, at)
                told += 1
            elif left <= found.remind and found.reminded_at is None:
                _tell_soon(found, case, left, at)
                told += 1
    return told


def _tell_soon(found: Substitute, case: cases.Case, left: int, at: datetime) -> None:
    Substitute.objects.filter(pk=found.pk).update(reminded_at=at)
    title = {"zh": f"请补交材料：{case.number}", "en": f"A paper is to follow: {case.number}"}
    body = {
        "zh": f"“{found.name_zh}”还有 {left} 天到期，请在“我的办件”里补交。",
        "en": f"“{found.name_en}” is due in {left} days: please hand it in with your case.",
    }
    _put(f"{found.pk}:soon", case, title, body, [case.owner], at, office=False)


def _tell_late(found: Substitute, case: cases.Case, at: datetime) -> None:
    with transaction.atomic():
        Substitute.objects.filter(pk=found.pk).update(told_at=at)
        _record("material.awaited", case, {"question": found.question}, SYSTEM, at)
        title = {
            "zh": f"容缺材料逾期未补交：{case.number}",
            "en": f"A paper did not come in time: {case.number}",
        }
        _tell_office(f"{found.pk}:late", found, case, title, at)


def _settle(
    found: Substitute, actor: Actor, at: datetime, kept: bool | None = None, note: str = ""
) -> None:
    """Of two at once the database takes one."""
    if not Substitute.objects.filter(pk=found.pk, settled_at=None).update(
        settled_at=at,
        kept=kept,
        note=note,
        settled_by=actor.account,
        settled_by_name=actor.name,
    ):
        raise Stale([_SETTLED])
    found.settled_at, found.kept, found.note = at, kept, note


def _tell_office(
    key: str, found: Substitute, case: cases.Case, title: dict[str, str], at: datetime
) -> None:
    with acting_as(SYSTEM):
        to = list(accounts.holders_of(found.role, case.division))
    body = {"zh": found.name_zh, "en": found.name_en}
    _put(key, case, title, body, to, at, office=True)


def _put(
    key: str,
    case: cases.Case,
    title: dict[str, str],
    body: dict[str, str],
    to: list[UUID],
    at: datetime,
    *,
    office: bool,
) -> None:
    about = About(case.pk, case.number, case.division, case.matter, case.need)
    role = "" if office else case_access.APPLICANT
    put(Notice(key, "notice", "material", role, title, body, about, office=office), to, at=at)


def _record(verb: str, case: cases.Case, data: dict[str, str], actor: Actor, at: datetime) -> None:
    journal.record(
        recording.about(
            case,
            verb,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(case.division),
            at=at,
            data=data,
        )
    )


_NOT_OFFERED = Finding(
    "case.E295",
    "error",
    Text("这份材料不能这样代替。", "This cannot stand for the paper."),
    hint=Text(
        "请从列出的办法里选，或者上传文件。", "Choose one of those listed, or send the file."
    ),
)
_SETTLED = Finding(
    "case.E296",
    "error",
    Text("这一项已经补交或者核查过。", "It has come, or was checked, already."),
    hint=Text("请刷新页面。", "Open the page again."),
)
_NOT_YOURS = Finding(
    "case.E297",
    "error",
    Text("这一项不由您补交或者核查。", "This is not yours to hand in or to check."),
    hint=Text(
        "请交由申请人，或者当地有相应岗位的人员。", "Leave it to the applicant or the office."
    ),
)
_NO_REASON = Finding(
    "case.E298",
    "error",
    Text("承诺不实的，须写明理由。", "Say why the promise does not hold."),
    hint=Text(
        "写一两句：查了什么，哪里不符。", "A sentence or two: what was looked at, what differs."
    ),
)
