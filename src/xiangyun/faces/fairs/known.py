"""Fairs that are declared, and what the registers of one know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.offers import own as offers
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.fair import Fair
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.matching import Matching

KIND = "fair"
_PIECE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A fair with its matching, whose sides name the registers of offers and demands."""

    fair: Fair
    matching: Matching

    @property
    def exhibitors(self) -> str:
        return self.fair.exhibitors.register

    @property
    def offers(self) -> str:
        return self.matching.offers.register

    @property
    def demands(self) -> str:
        return self.matching.demands.register


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk: when, where (the words of the room, or its id), who, about what."""

    begins: datetime | None
    room: object
    exhibitor: str
    title: str


def may_receive(actor: Actor) -> bool:
    """Whether an official sees the desk: there is a fair, and some mandate."""
    return bool(actor.mandates) and catalogue.is_declared(KIND)


def fairs() -> list[Fair]:
    """The fairs that are declared, the latest first."""
    with acting_as(SYSTEM):
        found: list[Fair] = [each.value for each in catalogue.declared(KIND)]
    return sorted(found, key=lambda each: each.on, reverse=True)


def known(code: str) -> Known:
    """A fair by its code. Raises Http404 where it or its matching is not there."""
    fair = next((each for each in fairs() if each.code == code), None)
    if fair is None:
        raise Http404
    with acting_as(SYSTEM):
        found = [
            each.value for each in catalogue.declared("matching") if each.code == fair.matching
        ]
    if not found:
        raise Http404
    return Known(fair, found[0])


def advice(code: str) -> list[tuple[str, object]]:
    """What can be booked besides a fair, by the pack that declares it: codes and names."""
    with acting_as(SYSTEM):
        packs = {each.pack for each in catalogue.declared(KIND) if each.code == code}
        return [(each.code, each.name) for each in bookings.resources() if each.pack in packs]


def entered(found: Known) -> list[tuple[str, object]]:
    """The registers of a fair into which those who take part enter themselves: codes, names."""
    names = (found.exhibitors, found.offers, found.demands)
    return [(one.code, one.name) for one in offers.enterable() if one.code in names]


def all_of(register: str) -> Iterator[registers.State]:
    """Every record of a register that the one who asks may see, in pieces."""
    after: str | None = None
    while True:
        page = registers.search(register, after=after, limit=_PIECE)
        yield from page.states
        if page.after is None:
            return
        after = page.after


def of_key(register: str, field: str, key: str) -> list[dict[str, object]]:
    """Records by a field that is found by its whole value; none where it is not."""
    try:
        return registers.lookup(register, field, key)
    except Refused:
        return []


def talks(found: Known) -> list[Talk]:
    """The talks in the order of time and rooms."""
    rooms = {room.id: words for room, words in found.fair.rooms}
    listed = [
        Talk(
            moment(data.get("begins")),
            rooms.get(str(data.get("room")), data.get("room")),
            str(data.get("exhibitor")),
            str(data.get("title")),
        )
        for data in (state.data or {} for state in all_of(found.fair.kept["talks"]))
    ]
    return sorted(listed, key=lambda each: (str(each.begins), str(each.room)))


def moment(written: object) -> datetime | None:
    """A moment as a page shows it."""
    return parse_datetime(str(written)) if written else None


def pass_of(code: str, key: str) -> str:
    """The QR code of somebody's pass, as an address of data: it leads to the desk."""
    address = f"{settings.PUBLIC_URL}{reverse('fairdesk:desk', args=[code])}?who={key}"
    made: str = segno.make(address, error="m").svg_data_uri(border=2)
    return made
