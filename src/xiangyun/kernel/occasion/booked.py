"""One booking as a value, and the states that it goes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.occasion.openings import Slot

State = Literal["waiting", "on hold", "confirmed", "checked in", "no-show", "cancelled", "expired"]
TAKING: Final = ("on hold", "confirmed", "checked in", "no-show")
"""In these states a booking takes units of its slot; whoever did not come gives none back, since
his time has begun."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking. `number`: in the order of arrival; `until`: the end of a hold; `units`: of the
    capacity of its slot; `by_case`: whether a case booked it, which no limit of a party counts."""

    number: int
    who: str
    lane: str
    slot: Slot
    units: int
    state: State = "waiting"
    until: datetime | None = None
    by_case: bool = False


STATES: Final[dict[State, Text]] = {
    "waiting": Text("候补", "waiting"),
    "on hold": Text("待确认", "on hold"),
    "confirmed": Text("已预约", "confirmed"),
    "checked in": Text("已签到", "checked in"),
    "no-show": Text("未到", "not come"),
    "cancelled": Text("已取消", "cancelled"),
    "expired": Text("已失效", "expired"),
}


def state_words(state: str) -> Text:
    """The words of a state as it is kept. Raises KeyError for what is none."""
    return {str(id): words for id, words in STATES.items()}[state]


def same(one: datetime, other: datetime) -> bool:
    """Whether two moments of the office are one: an hour that its clock shows twice is two."""
    return one == other and one.fold == other.fold


def told(moment: datetime) -> str:
    """A moment as refusals tell it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def refusal(id: str, message: Text, hint: Text | None = None) -> Finding:
    """Why a booking is refused."""
    return Finding(id, "error", message, None, hint)
