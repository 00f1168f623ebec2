"""Who is where from when to when: nobody is in two places at one time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from xiangyun.kernel.findings import Conflict, Finding, Refused, Text


@dataclass(frozen=True, slots=True)
class Engaged:
    """A person, by a code, who is somewhere from a moment until another, which does not count any
    more. `source`: what for, such as the number of a case or the code of a resource."""

    person: str
    begins: datetime
    ends: datetime
    source: str

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        """Whether it shares any moment with a span."""
        return self.begins < ends and begins < self.ends


def refuse_twice(
    people: Collection[str], begins: datetime, ends: datetime, there: Iterable[Engaged]
) -> None:
    """Raises Conflict `booking.E040` where one of these people is elsewhere in a span, and Refused
    `booking.E041` for a span that is none, or nobody."""
    if not people or ends <= begins:
        raise Refused([NO_SPAN])
    clashes = [e for e in there if e.person in people and e.overlaps(begins, ends)]
    if clashes:
        raise Conflict([_elsewhere(each) for each in clashes])


def _elsewhere(engaged: Engaged) -> Finding:
    return Finding(
        "booking.E040",
        "error",
        Text(
            "{person}从 {begins} 到 {ends} 已有安排（{source}）。",
            "{person} is engaged from {begins} to {ends} ({source}).",
            person=engaged.person,
            begins=engaged.begins.strftime("%Y-%m-%d %H:%M"),
            ends=engaged.ends.strftime("%Y-%m-%d %H:%M"),
            source=engaged.source,
        ),
        hint=Text("请换一个时间。", "Choose another time."),
    )


NO_SPAN = Finding(
    "booking.E041",
    "error",
    Text("没有写明谁从什么时候到什么时候。", "Who is engaged from when to when is not said."),
    hint=Text("结束要晚于开始，至少一人。", "The end follows the beginning; name at least one."),
)
