"""Entries as calendars take them: one as a file, all of a person's at a secret address.

The address is a key: whoever has it reads the calendar. It is shown once, kept as a digest, and
ends when its owner says so; a new one ends the one before. What other apps add to a calendar
(`appointments` of their manifests) stands in it, too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pkgutil import resolve_name

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from xiangyun import manifest
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import NO_ACCOUNT
from xiangyun.kernel.findings import Forbidden, Text
from xiangyun.kernel.language import CHINESE, ENGLISH, Language
from xiangyun.kernel.service.calendarfile import Appointment, calendar_file

from . import access, contacts
from .models import Entry, Feed

FILE, MEDIA_TYPE = "appointment.ics", "text/calendar"
KEPT = timedelta(days=400)
"""How long a feed shows what was last changed so long ago."""
MOST = 1000


def file_of(entries: Iterable[Entry], language: Language) -> str:
    """Entries as a file."""
    return calendar_file([_appointment(each, language) for each in entries])


def _appointment(entry: Entry, language: Language) -> Appointment:
    secret = entry.need > 0
    title = _NEUTRAL if secret else Text.from_json(entry.title)
    number = Text("办件编号：{number}", "Case number: {number}", number=entry.number)
    said = [] if secret or not entry.body else [Text.from_json(entry.body).pick(language)]
    return Appointment(
        uid=entry.uid,
        sequence=entry.sequence,
        changed_at=entry.at,
        title=title.pick(language),
        body="\n\n".join([*said, number.pick(language)]),
        place="" if secret else entry.place,
        url=f"{settings.PUBLIC_URL.rstrip('/')}/messages/",
        first=entry.first,
        last=entry.last,
        starts=entry.starts,
        ends=entry.ends,
        cancelled=entry.cancelled,
    )


def open_feed(actor: Actor, *, at: datetime) -> str:
    """A new secret address for the calendar of the account; shown once. The one before ends."""
    if actor.account is None:
        raise Forbidden([NO_ACCOUNT])
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        end_feed(actor, at=at)
        Feed.objects.create(account=actor.account, digest=_digest(token), made_at=at)
    return token


def end_feed(actor: Actor, *, at: datetime) -> None:
    """The secret address shows nothing any more."""
    _feeds(actor).update(ended_at=at)


def has_feed(actor: Actor) -> bool:
    """Whether the account has such an address."""
    return _feeds(actor).exists()


def _feeds(actor: Actor) -> QuerySet[Feed]:
    if actor.account is None:
        return Feed.objects.none()
    return Feed.objects.filter(account=actor.account, ended_at=None)


def feed(token: str, *, at: datetime) -> str | None:
    """The calendar behind a secret address; None where there is none, or its account is locked.

    Own appointments, and those of whom the account acts for now.
    """
    with acting_as(SYSTEM):
        found = Feed.objects.filter(digest=_digest(token), ended_at=None).first()
        if found is None:
            return None
        actor = accounts.actor_by_account(found.account)
        if actor is None:
            return None
        language = _LANGUAGES.get(contacts.preference_of(found.account).language, CHINESE)
        acted_for = [
            reader
            for choice in representing.choices(actor)
            if (reader := representing.for_party(actor, choice.party)) is not None
        ]
        found_all: dict[str, Appointment] = {}
        for reader in (actor, *acted_for):
            with acting_as(reader):
                recent = access.entries_of(reader).filter(at__gte=at - KEPT)
                entries = recent.order_by("-at", "-pk")[:MOST]
                own = [_appointment(each, language) for each in entries]
                found_all |= {each.uid: each for each in (*own, *_others(reader, language))}
    name = Text("祥云日程", "Xiangyun appointments").pick(language)
    return calendar_file(found_all.values(), name)


def _others(actor: Actor, language: Language) -> Iterator[Appointment]:
    """What other apps add to the calendar of an actor."""
    for app in manifest.apps():
        if where := app.manifest.appointments:
            yield from resolve_name(where)(actor, language)


def coming(actor: Actor, *, at: datetime, limit: int = 20) -> list[Entry]:
    """What stands in the calendar of the party acted for and is not over, the next first."""
    today = timezone.localdate(at)
    found = access.entries_of(actor).filter(cancelled=False)
    days = list(found.filter(last__gte=today).order_by("first", "pk")[:limit])
    hours = list(
        found.filter(starts__gte=at - timedelta(hours=12)).order_by("starts", "pk")[:limit]
    )
    return sorted(days + hours, key=_begins)[:limit]


def _begins(entry: Entry) -> tuple[str, int]:
    when = entry.first or timezone.localtime(entry.starts).date()
    return when.isoformat(), entry.pk


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_LANGUAGES = {language.tag: language for language in (CHINESE, ENGLISH)}
_NEUTRAL = Text("您的日程", "An appointment of yours")
