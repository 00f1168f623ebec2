"""Services that begin by the clock: the start event says when, `openings` where.

Looked at every few minutes. Of the times that went by while nobody looked only the last one counts;
what came before the service was first looked at does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import openings
from xiangyun.domain.cases.ports import counting_calendar
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.bpmn.times import due, next_due
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import TIMER, Opening, start_for
from xiangyun.kernel.worktime import Calendar

from .models import Progress


def begin_by_the_clock(at: datetime) -> tuple[int, list[str]]:
    """Open what the clock asks for; how many cases opened, and what could not be."""
    opened, problems = 0, list[str]()
    with acting_as(SYSTEM):
        packs = catalogue.packs_opened_by(TIMER)
        calendar = counting_calendar()
    for pack in packs:
        way = pack.service.opening(TIMER)
        if way is None:
            continue
        moment = _due(pack, way, at, calendar)
        for place in way.names if moment is not None else ():
            begun = openings.Begun(
                TIMER,
                f"{place}:{moment}",
                openings.Subject(),
                {},
                place=int(place),
                source=str(moment),
            )
            try:
                _, new = openings.open_case(pack.code, begun, at=at)
                opened += new
            except (Refused, ObjectDoesNotExist) as problem:
                problems.append(f"{pack.code} {place}: {problem}")
        with acting_as(SYSTEM):
            Progress.objects.update_or_create(
                code=f"timer:{pack.code}", defaults={"version": 0, "ran_at": at}
            )
    return opened, problems


def _due(pack: Pack, way: Opening, at: datetime, calendar: Calendar) -> str | None:
    """The last moment of the start event since it was looked at; None where there is none."""
    with acting_as(SYSTEM):
        before = Progress.objects.filter(code=f"timer:{pack.code}").first()
    if before is None:
        return None
    since = timezone.localtime(before.ran_at)
    found = list(_moments(pack, way, since, calendar, at))
    return found[-1].isoformat() if found else None


def _moments(
    pack: Pack, way: Opening, since: datetime, calendar: Calendar, until: datetime
) -> Iterator[datetime]:
    trigger = pack.process.elements[start_for(pack.process, way)].trigger
    if trigger is None or trigger.formula is None:
        return
    text = trigger.formula.text
    if trigger.timer != "cycle":
        found = due(trigger.timer, text, since, calendar)
        if found is not None and since < found[0] <= until:
            yield found[0]
        return
    moment = next_due(text, since, calendar)
    while moment is not None and moment <= until:
        yield moment
        moment = next_due(text, moment, calendar)
