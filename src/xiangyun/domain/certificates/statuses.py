"""Places in status lists are drawn, and the lists are signed and published within a minute."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.codes.mod37 import check_character
from xiangyun.kernel.credential import statuslist

from .models import Certificate, PublishedList, Status, StatusEntry

SIZE, BITS = 1 << 20, 2
"""Places in a list: every copy hides among a million."""
REPLACED = 3
"""The status that the standard leaves to applications: another version has taken its place."""
TERM, EVERY = timedelta(hours=24), timedelta(seconds=60)
"""How long a list may be relied on, and how often whoever keeps one should ask for the next."""
_RENEWED = timedelta(hours=6)
_OVERLAP = timedelta(minutes=5)
"""A change may be committed later than the moment it says; so long it is looked for again."""
_DRAWS = 8
# No digits and letters that are taken for one another when a person reads them out.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRTUWXY"
_STATUS = {
    Status.VALID: statuslist.VALID,
    Status.SUSPENDED: statuslist.SUSPENDED,
    Status.REPLACED: REPLACED,
}


def uri_of(number: int) -> str:
    """Where a status list is published."""
    return f"{settings.PUBLIC_URL}/statuslists/{number}"


def draw(
    certificate: Certificate,
    kind: str,
    at: datetime,
    *,
    purpose: str = "",
    until: date | None = None,
    typed: bool = False,
) -> StatusEntry:
    """A place for a certificate or a copy of it; `typed`: with a short code for people.

    A list in which several draws in a row are taken is full enough, and the next one begins.
    """
    number = StatusEntry.objects.aggregate(last=Max("list"))["last"] or 1
    for turn in range(2 * _DRAWS):
        entry = StatusEntry(
            list=number + turn // _DRAWS,
            index=secrets.randbelow(SIZE),
            certificate=certificate,
            kind=kind,
            short_code=short_code() if typed else None,
            purpose=purpose,
            until=until,
            created_at=at,
        )
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError as taken:
            if turn == 2 * _DRAWS - 1:
                raise
            if "unique" not in str(taken) and "one_entry" not in str(taken):
                raise
            continue
        return entry
    raise AssertionError("the last draw returns or raises")


def short_code() -> str:
    """A code that people read out and type: nine letters, then one that checks them (48 bits)."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(9))
    return drawn + check_character(drawn)


def publish(at: datetime, signer: Signer) -> list[int]:
    """Sign anew every list in which something changed, or that grows old; their numbers.

    As the platform (`acting_as(SYSTEM)`).
    """
    made = {each.number: each for each in PublishedList.objects.all()}
    last = StatusEntry.objects.aggregate(last=Max("list"))["last"] or 0
    done = []
    for number in range(1, last + 1):
        published = made.get(number)
        if published is None or _is_due(published, at):
            token = _token(number, at, signer)
            PublishedList.objects.update_or_create(
                number=number, defaults={"token": token, "made_at": at}
            )
            done.append(number)
    return done


def _is_due(published: PublishedList, at: datetime) -> bool:
    since = published.made_at - _OVERLAP
    changed = StatusEntry.objects.filter(list=published.number).filter(
        Q(ended_at__gt=since)
        | Q(certificate__status_since__gt=since) & ~Q(certificate__status=Status.VALID)
        | Q(certificate__status=Status.VALID, certificate__status_since__gt=since)
        & ~Q(certificate__reason_text="")
    )
    return at - published.made_at >= _RENEWED or changed.exists()


def _token(number: int, at: datetime, signer: Signer) -> str:
    # What is valid need not be read: of a million entries few are not.
    ended = StatusEntry.objects.filter(list=number).exclude(
        certificate__status=Status.VALID, ended_at=None
    )
    statuses = {
        index: statuslist.INVALID if gone else _STATUS.get(Status(status), statuslist.INVALID)
        for index, status, gone in ended.values_list("index", "certificate__status", "ended_at")
    }
    return statuslist.token(
        statuslist.packed(statuses, SIZE, BITS),
        uri=uri_of(number),
        at=int(at.timestamp()),
        until=int((at + TERM).timestamp()),
        every=int(EVERY.total_seconds()),
        header={"alg": signer.algorithm, "kid": signer.key_id},
        sign=signer.sign,
    )
