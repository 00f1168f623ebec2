"""A case that an official opens about somebody or something, and which others may then work on.

While it is written the draft is the official's; when it is sent it is nobody's but the subject's,
so that whoever opened it may do official work in it. Who opened it stands in the history.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.bpmn import Started
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.variables import opening_of
from xiangyun.kernel.service.openings import OFFICIAL, start_of

from . import access, admission, opening, secrecy
from .handlers import carry_on
from .models import Case, Draft
from .openings import Subject
from .store import OWN_MATTER


def may_open(actor: Actor, pack: Pack) -> bool:
    """Whether an official holds, anywhere, a role by which cases of the service are opened."""
    roles = _roles(pack)
    return any(mandate.gives(role) for mandate in actor.mandates for role in roles)


def opens_cases(actor: Actor) -> bool:
    """Whether an official may open cases of any service: one statement, since every page asks."""
    return bool(actor.mandates) and any(
        may_open(actor, pack) for pack in catalogue.packs_opened_by(OFFICIAL)
    )


def openable(actor: Actor) -> list[Pack]:
    """The services of which an official may open cases."""
    return [pack for pack in catalogue.packs_opened_by(OFFICIAL) if may_open(actor, pack)]


def start_opening(
    code: str, subject: Subject, *, actor: Actor, at: datetime, key: UUID | None = None
) -> Draft:
    """Begin a case about a subject; with a `key` of the asker's choice, or go on with it.

    Raises `Forbidden` for an official without a role that may, and in an own matter; `Conflict`
    where the service is not opened so.
    """
    if key is not None and (begun := access.drafts_of(actor).filter(pk=key).first()):
        return begun
    version = catalogue.current_version(code)
    pack = catalogue.pack(version.pk)
    if actor.account is None or not may_open(actor, pack):
        raise Forbidden([NOT_OPENED_BY_YOU])
    with acting_as(SYSTEM):
        owner = subject.known()
    if owner is None or owner in actor.subjects:
        raise Forbidden([OWN_MATTER if owner else NOT_OPENED_BY_YOU])
    draft = Draft(version=version, owner=owner, filed_by=actor.account, opened=OFFICIAL)
    draft.id = key or draft.id
    desk = next(m for m in actor.mandates if any(m.gives(role) for role in _roles(pack)))
    draft.filed_desk, draft.filed_in = desk.desk, desk.division
    draft.matter, draft.need = access.belonging(pack.service)
    draft.created_at = draft.updated_at = at
    admission.refuse_unless_taken(draft, at)
    with admission.held(), transaction.atomic():
        if key is None:
            draft.save(force_insert=True)
            return draft
        Draft.objects.bulk_create([draft], ignore_conflicts=True)  # as `drafts.start_draft` does
    return access.draft_for(actor, draft.pk)


def send_opening(draft_id: UUID, *, actor: Actor, at: datetime) -> Case:
    """Open the case of a draft; sent again, answer with the same case.

    Raises `Forbidden` where no mandate of the official reaches the case, or what it is about.
    """
    if (sent := access.cases_of(actor).filter(pk=draft_id).first()) is not None:
        return sent
    with admission.held(), transaction.atomic():
        draft = access.draft_for(actor, draft_id, lock=True)
        admission.refuse_unless_taken(draft, at)
        pack = catalogue.pack(draft.version_id)
        application = opening.application_of(draft, pack, at)
        if not _reaches(actor, pack, application):
            raise Forbidden([NOT_OPENED_BY_YOU])
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_opened_officially(%s)", [draft.pk])
        draft.filed_by = draft.filed_in = None
        draft.filed_desk = ""
        came = opening_of(OFFICIAL, by=actor.name)
        with acting_as(SYSTEM) as platform:
            step = opening.open_course(draft, pack, application, platform, at, came)
            said = {"service": pack.code, "version": draft.version.number, "how": OFFICIAL}
            step.record("case.opened", said, {"answers": draft.answers})
            carry_on(step, Started(at, start_of(pack.process, pack.service.openings, came)))
            if step.case.need:
                secrecy.close_circle(step.case, pack.service)
        step.actor = actor
        step.note("case.opened_by_hand", {})
        return step.case


def _reaches(actor: Actor, pack: Pack, application: dict[str, Value]) -> bool:
    """Whether the official holds the role where the case lies, or where it happens: a village's
    official opens the cases of the village, though they lie in the county."""
    places = {
        opening.competent_division(pack, application).code,
        int(str(application[pack.service.competent_question])),
    }
    return any(actor.holds(role, place) for role in _roles(pack) for place in places)


def _roles(pack: Pack) -> list[str]:
    """The roles that open cases of a service, as mandates spell them."""
    way = pack.service.opening(OFFICIAL)
    return access.addressed(way.names, pack.service) if way else []


NOT_OPENED_BY_YOU = Finding(
    "case.E064",
    "error",
    Text(
        "您的岗位不能在这里立这一事项的办件。",
        "Your mandates do not let you open a case of this service here.",
    ),
    hint=Text(
        "请交由有相应岗位、管这个地方的人员立件。",
        "Leave it to somebody who holds the role in this place.",
    ),
)
