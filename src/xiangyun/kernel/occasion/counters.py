"""The counters of a service that takes appointments: a resource that nobody need declare."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.occasion.openings import Opening, Span
from xiangyun.kernel.occasion.resource import Lane, Resource
from xiangyun.kernel.worktime.hours import Hours

COUNTER: Final = "counter"
"""The id of a resource that stands for the counters of its pack's service."""
_CODE = re.compile(r"(.+)@([0-9]{12})")


def code_of(service: str, division: int) -> str:
    """The code of the counters of a service at a place."""
    return f"{service}@{division:012}"


def read_code(code: str) -> tuple[str, int] | None:
    """The service and the place of such a code; None where it is none."""
    found = _CODE.fullmatch(code)
    return (found[1], int(found[2])) if found else None


def counters(service: Text, division: int, hours: Hours, department: str = "") -> Resource:
    """A quarter of an hour for one at a time, in the office's hours on working days.

    Booked from two weeks before until two hours before; what is not confirmed in an hour is given
    up, and two who wait for a slot are let wait.
    """
    spans = tuple(Span(_minutes(begin), _minutes(end)) for begin, end in hours.spans)
    return Resource(
        id=COUNTER,
        name=Text("“{service}”窗口", "Counter: {service}", service=service),
        division=f"{division:012}",
        opening=(Opening("working", spans),),
        slot=timedelta(minutes=15),
        capacity=1,
        lanes=(Lane(COUNTER, Text("窗口", "Counter"), 1, 0),),
        opens=timedelta(days=14),
        closes=timedelta(hours=2),
        cancel=timedelta(hours=2),
        hold=timedelta(hours=1),
        waiting=2,
        series=0,
        no_show=None,
        longer=None,
        examples=(),
        place=Place(),
        department=department,
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
