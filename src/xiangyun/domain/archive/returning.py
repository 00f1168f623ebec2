"""Bring an archived case back from its file, for a reason and until a day.

Its rows, the files that were handed in and the personal details of its entries come back as they
lay; the file stays where it is. What comes back is compared three times: the file with what the
journal says of it, the rows with the digest that they were erased under, the details of each entry
with the digests that stayed in it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.files import actions as files
from xiangyun.domain.journal import keeping
from xiangyun.domain.journal import queries as entries
from xiangyun.domain.journal.ports import Signer
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Text

from . import queries, volumes
from .actions import absent, record
from .models import State, Volume
from .ports import shelf

DAYS = 90
"""So long a case stays that was brought back, unless a day is named."""


def bring_back(
    number: str, *, why: str, by_name: str, at: datetime, signer: Signer, until: date | None = None
) -> Volume:
    """Bring one archived case back; as the platform (`acting_as(SYSTEM)`).

    It moves again after `until`, in a file that is written anew. All of it comes back, or nothing.
    Raises `NotFound` `archive.E004` for a number that is not in the archive or was destroyed,
    `Forbidden` `archive.E007` without a reason or for a day that is over, and `Conflict`
    `archive.E008` where the file is gone or is not as the journal says, or does not fit what lies
    in the database.
    """
    volume = Volume.objects.filter(pk=number, state=State.MOVED).first()
    if volume is None:
        raise NotFound([absent(number)])
    today = timezone.localdate(at)
    until = until or today + timedelta(days=DAYS)
    if not why.strip() or until <= today:
        raise Forbidden([_why(number)])
    content = shelf().get(volume.place)
    if content is None or not _is_the_one(volume, content, signer):
        raise Conflict([_not_the_one(number)])
    held = volumes.held(content)
    if held.entries is None:
        raise Conflict([_not_the_one(number)])
    for each in held.files:
        files.put(each)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_case_put_back(%s, %s)", [volume.case, held.rows])
            if cursor.fetchone() != (True,):
                raise Conflict([_not_the_one(number)])
        keeping.put_back(number, held.entries)
        Volume.objects.filter(pk=number).update(state=State.BACK, back_until=until)
        day = until.isoformat()
        record("archive.brought_back", volume, why=why, by_name=by_name, at=at, until=day)
    volume.refresh_from_db()
    return volume


def _is_the_one(volume: Volume, content: bytes, signer: Signer) -> bool:
    """Whether a file is whole, and the journal itself says its digest of this case."""
    digest = hashlib.sha256(content).hexdigest()
    said = {
        str(each.data["sha256"])
        for each in entries.history(volume.number)
        if each.verb == queries.ARCHIVED
    }
    return digest in said and volumes.is_whole(content, volume.digest, signer.trusted)


def _why(number: str) -> Finding:
    return Finding(
        "archive.E007",
        "error",
        Text(
            "调回 {number} 须写明理由，日期须在今天之后。",
            "To bring {number} back a reason is needed, and a day after today.",
            number=number,
        ),
        hint=Text(
            "例如 --why “行政复议 2027-3 号”。", "Such as --why “administrative review 2027-3”."
        ),
    )


def _not_the_one(number: str) -> Finding:
    return Finding(
        "archive.E008",
        "error",
        Text(
            "{number} 的档案不见了，或者与日志不符，没有调回。",
            "The file of {number} is gone, or is not as the journal says. Nothing came back.",
            number=number,
        ),
        hint=Text(
            "请从备份取回原来的文件，再运行一次。",
            "Take the file as it was from a backup, and run it again.",
        ),
    )
