"""Answers to the service tasks that tell people something: messages and calendar entries.

They write in the transaction of the step: what is told has happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases import sealing
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.domain.cases.handlers.services import latest_findings
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.pack import Letter, letter
from xiangyun.kernel.service.model import APPLICANT
from xiangyun.kernel.service.tasks import calendar_cancel, calendar_enter, message_send

from . import actions, handout
from .actions import About, Notice
from .models import Entry

PLAIN = ("case_number", "parameters")
"""What words may read that go to whoever may not know of a case."""


@service(message_send.TYPE.name)
def send_message(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Tell parties or officials in a role something, by the words of the pack."""
    name = wanted.headers["message"]
    zh, en = _written(step, "message", name)
    to = _addressed(step, wanted)
    _put(step, wanted, "notice", name, zh, en, _strangers_told(step, wanted, name, to))
    step.record_platform(message_send.SENT.id, {"notice": name}, {"body": zh.body})
    return {}


@service(calendar_enter.TYPE.name)
def enter(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Put an entry into the calendars of a role, or change it, and say so."""
    name, inputs = wanted.headers["entry"], wanted.inputs or {}
    first, last = calendar_enter.read_times(inputs)
    hours = isinstance(first, datetime)
    zh, en = _written(step, "entry", name)
    stands = {
        "title": {"zh": zh.title, "en": en.title},
        "body": {"zh": zh.body, "en": en.body},
        "place": str(inputs.get("place") or ""),
        "first": None if hours else first,
        "last": None if hours else last,
        "starts": first if hours else None,
        "ends": last if hours and last > first else None,
        "cancelled": False,
    }
    to = _addressed(step, wanted)
    for recipient in to.recipients:
        entry = _entered(step, name, recipient, to.office, stands)
        _put(step, wanted, "entry", name, zh, en, to.only(recipient), entry)
    step.record_platform(calendar_enter.ENTERED.id, {"entry": name}, {"title": zh.title})
    return {}


@service(calendar_cancel.TYPE.name)
def cancel(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Take an entry off the calendars of a role; what is not there, or off already, stays so."""
    name, to = wanted.headers["entry"], _addressed(step, wanted)
    with acting_as(SYSTEM):
        standing = list(
            Entry.objects.select_for_update().filter(
                uid__in=[_uid(step, name, each) for each in to.recipients], cancelled=False
            )
        )
        for entry in standing:
            entry.cancelled, entry.sequence, entry.at = True, entry.sequence + 1, step.at
            entry.save(update_fields=["cancelled", "sequence", "at"])
    for entry in standing:
        title = {"zh": f"取消：{entry.title['zh']}", "en": f"Cancelled: {entry.title['en']}"}
        zh = Letter(name, title["zh"], entry.body["zh"])
        en = Letter(name, title["en"], entry.body["en"])
        _put(step, wanted, "entry", name, zh, en, to.only(entry.recipient), entry)
    step.record_platform(calendar_cancel.CANCELLED.id, {"entry": name})
    return {}


def _strangers_told(step: CaseStep, wanted: ServiceWanted, name: str, to: _To) -> _To:
    """Who is left to be told, after those of a role who may not know of the case.

    A message about a case that only its handlers may know is hidden from everybody else, and an
    overseer who is told that it is late is none of them. Words that read nothing of the case but
    its number therefore go to strangers without the case and without what an official wrote.
    """
    keys = [f"message.{name}.{part}" for part in ("title", "body", "short")]
    words = [each[key] for each in step.pack.texts.values() for key in keys if key in each]
    if not (to.office and step.case.need) or any(
        formula.unknown(PLAIN) for each in words for _, formula in each.holes
    ):
        return to
    with acting_as(SYSTEM):
        handlers = cases.handlers_of(step.case)
    knowing = {each.account for each in handlers if not each.ended_at or each.ended_at > step.at}
    zh, en = (
        letter(step.pack, name, step.context, language, (), step.at, "", "message")
        for language in (CHINESE, ENGLISH)
    )
    strangers = _To(to.role, [each for each in to.recipients if each not in knowing], office=True)
    about = About(division=step.case.division, matter=step.case.matter)
    _put(step, wanted, "notice", name, zh, en, strangers, about=about)
    return _To(to.role, [each for each in to.recipients if each in knowing], office=True)


class _To:
    """Whom a task tells: a role, and those who are in it; `office`: officials."""

    def __init__(self, role: str, recipients: list[UUID], office: bool) -> None:
        self.role, self.recipients, self.office = role, recipients, office

    def only(self, recipient: UUID) -> _To:
        """One of them."""
        return _To(self.role, [recipient], self.office)


def _addressed(step: CaseStep, wanted: ServiceWanted) -> _To:
    role = wanted.headers.get("to") or APPLICANT
    if role in step.pack.service.party_roles:
        with acting_as(SYSTEM):
            return _To(role, list(handout.recipients(step.case, role)), office=False)
    (spelled,) = case_access.addressed([role], step.pack.service)
    with acting_as(SYSTEM):
        holders = accounts.holders_of(spelled, step.case.division)
    return _To(role, holders, office=True)


def _written(step: CaseStep, kind: str, name: str) -> tuple[Letter, Letter]:
    findings = latest_findings(step)
    zh, en = (
        letter(step.pack, name, step.context, language, findings, step.at, step.said, kind)
        for language in (CHINESE, ENGLISH)
    )
    return zh, en


def _put(
    step: CaseStep,
    wanted: ServiceWanted,
    kind: str,
    name: str,
    zh: Letter,
    en: Letter,
    to: _To,
    entry: Entry | None = None,
    about: About | None = None,
) -> None:
    notice = Notice(
        key=f"task:{step.case.pk}:{step.case.revision}:{wanted.id}",
        kind=kind,
        name=name,
        role=to.role,
        title={"zh": zh.title, "en": en.title},
        body={"zh": zh.body, "en": en.body},
        short={"zh": zh.short, "en": en.short} if zh.short else None,
        about=about or handout.about(step.case),
        entry=entry.pk if entry is not None else None,
        office=to.office,
    )
    actions.put(notice, to.recipients, at=step.at)


def _entered(
    step: CaseStep, name: str, recipient: UUID, office: bool, stands: Mapping[str, Any]
) -> Entry:
    """The entry as it stands from now on; what changes is counted."""
    case = step.case
    if sealing.is_sealed(case):
        stands = {**stands, **_sealed(case, stands)}
    with acting_as(SYSTEM):
        entry, new = Entry.objects.select_for_update().get_or_create(
            uid=_uid(step, name, recipient),
            defaults={
                **stands,
                "recipient": recipient,
                "office": office,
                "name": name,
                "at": step.at,
                "case_id": case.pk,
                "number": case.number,
                "division": case.division,
                "matter": case.matter,
                "need": case.need,
            },
        )
        if not new:
            for column, value in stands.items():
                setattr(entry, column, value)
            entry.sequence, entry.at = entry.sequence + 1, step.at
            entry.save(update_fields=[*stands, "sequence", "at"])
        return entry


def _sealed(case: cases.Case, stands: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an entry about a sealed case says, as it is stored."""
    table = Entry._meta.db_table
    place = sealing.sealed_words(case, stands["place"], f"{table}.place")
    words = {n: sealing.sealed_value(case, stands[n], f"{table}.{n}") for n in ("title", "body")}
    return {**words, "place": place}


def _uid(step: CaseStep, name: str, recipient: UUID) -> str:
    """Globally unique and the same for each change (RFC 7986, 5.3); it tells nobody's number."""
    return f"{step.case.pk}-{name}-{recipient}"
