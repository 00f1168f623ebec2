"""What a bad rating sets going: a case of whichever service takes the message `rating.low`.

The platform knows no such service by its name: the pack says in `openings` that it takes the
message, and in its form which of what is told it wants to know. A second message,
`rating.rectified`, follows when that case has ended; it alone carries the number for the
call-back, to a service that the rated office does not see.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from django.db import transaction

from xiangyun.domain.cases import openings
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import MESSAGE

from . import tags
from .models import Rating

LOW, RECTIFIED = "rating.low", "rating.rectified"
_log = logging.getLogger(__name__)


def begin(made: Rating) -> None:
    """Open the rectification of a bad rating, where some service takes it."""
    opened = _open(LOW, made, told(made))
    if opened is not None:
        made.rectification = opened
        made.save(update_fields=["rectification"])


def take(entries: Sequence[Entry]) -> None:
    """Rectifications that ended: the case may be rated again, and who wanted it is called."""
    ended = {
        case.pk: case
        for case in cases.numbered({entry.subject for entry in entries})
        if case.ended_at
    }
    for made in Rating.objects.filter(rectification__in=list(ended), rectified_at=None):
        assert made.rectification is not None
        case = ended[made.rectification]
        made.rectified_at = case.ended_at
        if made.contact:
            _open(RECTIFIED, made, {**told(made), "contact": made.contact, "source": case.number})
            made.contact = ""
        made.save(update_fields=["rectified_at", "contact"])


def told(made: Rating) -> dict[str, Value]:
    """What a service may know of a rating: all but who it was and for which case."""
    version = catalogue.offered(made.service)
    return {
        "service": made.service,
        "service_name": version.name_zh if version else made.service,
        "department": key_of(made.matter),
        "channel": made.channel,
        "stars": made.stars,
        "tags": "、".join(tags.ALL[key].zh for key in made.tags),
        "words": made.words,
    }


def _open(message: str, made: Rating, answers: Mapping[str, Value]) -> UUID | None:
    for pack in _takers(message):
        asked = {question.key for question in pack.form.questions}
        given = {key: value for key, value in answers.items() if key in asked and value != ""}
        begun = openings.Begun(
            MESSAGE,
            str(uuid4()),  # the id of a rating follows from the rated case: it would lead there
            openings.Subject(),
            given,
            place=made.division,
            by=message,
            message=message,
        )
        try:
            with transaction.atomic():
                return openings.open_case(pack.code, begun, at=made.at)[0].pk
        except Refused as refused:  # the rating counts, whatever becomes of the pack
            _log.warning("%s was not opened: %s", pack.code, refused)
    return None


def _takers(message: str) -> list[Pack]:
    return [
        pack
        for pack in catalogue.packs_opened_by(MESSAGE)
        if any(way.how == MESSAGE and message in way.names for way in pack.service.openings)
    ]
