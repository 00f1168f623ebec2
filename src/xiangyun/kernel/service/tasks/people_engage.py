"""`people.engage`: people of a case are somewhere for a while, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .booking_book import read_moment

ENGAGED = Verb("people.engaged", Text("人员时间已排定（{n} 人）", "The time of {n} people was set"))


def read(inputs: Mapping[str, Value]) -> tuple[Sequence[str], datetime, datetime]:
    """Who, from when, until when; a moment without an offset is one of the office's clock.

    Raises Refused `booking.E015` for what is no moment.
    """
    named = inputs.get("people")
    people = [str(each) for each in named if each] if isinstance(named, list) else []
    begins, ends = (read_moment(inputs.get(name)) for name in ("begins", "ends"))
    return list(dict.fromkeys(people)), begins, ends


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    people, begins, ends = read(wanted.inputs or {})
    around.resources.engage(people, begins, ends)
    around.record(ENGAGED, n=len(people))
    return {}


TYPE = ServiceType(
    "people.engage",
    Text(
        "排定本件人员的时间；同一人同一时间另有安排（别的办件，或有他参加的预约）的，不办理并说明；"
        "再排一次，以后一次为准",
        "sets when people of the case are there; where one of them is engaged at that time, by "
        "another case or by bookings that he attends, it is refused and said why. Done again, the "
        "last time holds",
    ),
    _rehearse,
    inputs=(
        Argument(
            "people", "list", Text("人员的代码", "the codes of people"), example='=["JL22240401"]'
        ),
        Argument(
            "begins",
            "any",
            Text("从什么时候", "from when"),
            example='=date and time("2026-04-13T09:00:00")',
        ),
        Argument(
            "ends",
            "any",
            Text("到什么时候", "until when"),
            example='=date and time("2026-04-13T11:00:00")',
        ),
    ),
    verbs=(ENGAGED,),
)
