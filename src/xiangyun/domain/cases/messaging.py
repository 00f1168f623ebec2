"""Cases that another system opens by a message of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import MESSAGE

from . import access, openings
from .models import Case


def open_by_message(
    pack: Pack,
    message: str,
    *,
    key: str,
    subject: openings.Subject,
    answers: Mapping[str, Value],
    actor: Actor,
    at: datetime,
) -> tuple[Case, bool]:
    """Open a case, or find the one that the same sender has opened by this key.

    Raises `Forbidden` for a sender that holds none of the roles that may, in the place of the case.
    """
    ways = [each for each in pack.service.openings if each.how == MESSAGE]
    way = next((each for each in ways if message in each.names), None)
    roles = access.addressed(way.by, pack.service) if way else []
    held = [m for m in actor.mandates if any(m.gives(role) for role in roles)]
    if actor.account is None or not held:
        raise Forbidden([NOT_SENT_BY_YOU])
    begun = openings.Begun(
        MESSAGE,
        f"{actor.account}:{message}:{key}",
        subject,
        answers,
        by=actor.name,
        source=key,
        message=message,
    )
    with transaction.atomic():
        case, new = openings.open_case(pack.code, begun, at=at)
        if not any(m.low <= case.division <= m.high for m in held):
            raise Forbidden([NOT_SENT_BY_YOU])
        return case, new


NOT_SENT_BY_YOU = Finding(
    "case.E065",
    "error",
    Text("您不能向这个事项发这条消息。", "You may not send this message to this service."),
    hint=Text(
        "事项的 openings 写明由哪些角色发，在哪里有这个角色才能发到哪里。",
        "`openings` of the service names the roles, which must be held in the place of the case.",
    ),
)
