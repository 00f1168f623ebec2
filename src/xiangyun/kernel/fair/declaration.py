"""Reading `fairs/<code>.yaml`; every fault at its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xiangyun.kernel.assignment import Room
from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, identifier, whole, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml

FILES = "fairs/*.yaml"
WRITTEN = {
    "code": "graduate_fair",
    "on": "2026-04-18",
    "place": '"220300000000"',
    "matching": "graduate_post",
    "begins": '"09:00"',
    "minutes": "20",
    "register": "company",
    "booths": "80",
    "seats": "120",
}


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of a day, one behind the other: when the first begins, how long each is, how many."""

    begins: time
    minutes: int
    number: int

    def begin(self, slot: int, on: date, zone: tzinfo) -> datetime:
        """When a slot begins, by its place from 0."""
        return datetime.combine(on, self.begins, zone) + timedelta(minutes=self.minutes * slot)


@dataclass(frozen=True, slots=True)
class Exhibitors:
    """Who stands at the fair: a register, and the names of its fields.

    `named_by`: the field of an offer that holds the key of its exhibitor; `tables`: interviews at a
    time; `group`: what stands together; `power`: whether a booth needs it; `talk`, `talk_for`,
    `talk_seats`: title, audience and size of its talk. The last four may be empty: nothing of it.
    """

    register: str
    key: str
    name: str
    named_by: str
    tables: str
    group: str
    power: str
    talk: str
    talk_for: str
    talk_seats: str

    def fields(self) -> tuple[str, ...]:
        """The fields of the register that are named."""
        named = (self.key, self.name, self.tables, self.group, self.power,
                 self.talk, self.talk_for, self.talk_seats)  # fmt: skip
        return tuple(name for name in named if name)


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall with booths 1 to `booths`, the first `power` of them with power.

    `groups`: who stands there first; empty for everybody.
    """

    id: str
    name: Text
    booths: int
    power: int
    groups: tuple[str, ...]


KEPT: Mapping[str, tuple[str, ...]] = {
    "booths": ("code", "exhibitor", "hall"),
    "talks": ("code", "exhibitor", "title", "room", "begins"),
    "interviews": ("code", "demand", "offer", "exhibitor", "seat", "begins"),
    "arrivals": ("code", "side", "arrived"),
}
"""What the registers that keep a plan hold at least. Their key is `code`."""


@dataclass(frozen=True, slots=True)
class Fair:
    """A fair as it is declared.

    `matching`: whose offers and demands meet; `looked_at`: how many fitting offers of each demand
    count besides those it wishes for; `most`: interviews of each demand; `capacity`, `invites`:
    fields of an offer, `wishes`: of a demand, the last two of keys in their order; `kept`: the
    registers that keep the plan, by the keys of `KEPT`.
    """

    code: str
    name: Text
    on: date
    division: str
    matching: str
    looked_at: int
    interviews: Slots
    most: int
    capacity: str
    invites: str
    wishes: str
    exhibitors: Exhibitors
    halls: tuple[Hall, ...]
    talks: Slots
    rooms: tuple[tuple[Room, Text], ...]
    kept: Mapping[str, str]
    place: Place


def read_fair(text: str, file: str, report: Report) -> Fair | None:
    """The declaration of a file, as far as it can be read; every fault is reported."""
    root = read_yaml(text, file, report)
    if root is None:
        return None
    f = Fields(root, report, examples=WRITTEN)
    interviews, exhibitors = f.section("interviews"), f.section("exhibitors")
    talks, kept = f.section("talks", required=False), f.section("kept")
    found = Fair(
        code=identifier(f, "code"),
        name=f.words("name"),
        on=f.day("on") or date.min,
        division=f.string("place"),
        matching=f.string("matching"),
        looked_at=whole(f, "looked_at"),
        interviews=_slots(interviews),
        most=whole(interviews, "most") if interviews else 0,
        capacity=interviews.string("capacity") if interviews else "",
        invites=interviews.string("invites", required=False) if interviews else "",
        wishes=interviews.string("wishes", required=False) if interviews else "",
        exhibitors=_exhibitors(exhibitors),
        halls=tuple(_hall(node, f) for node in f.each("halls")),
        talks=_slots(talks) if talks else Slots(time(), 0, 0),
        rooms=tuple(_rooms(talks)) if talks else (),
        kept={key: kept.string(key) for key in KEPT} if kept else {},
        place=root.place,
    )
    for section in (interviews, talks, kept):
        if section is not None:
            section.done()
    _twice(f, "halls", [hall.id for hall in found.halls])
    _twice(talks or f, "rooms", [room.id for room, _ in found.rooms])
    f.done()
    return found


def _slots(f: Fields | None) -> Slots:
    if f is None:
        return Slots(time(), 0, 0)
    begins, minutes, number = f.string("begins"), whole(f, "minutes"), whole(f, "number")
    try:
        at = time.fromisoformat(begins) if begins else time()
    except ValueError:
        wanted = Text("时刻，例如 09:00", "a time, such as 09:00")
        f.report(wrong_kind("begins", f.node.get("begins") or f.node, wanted))
        at = time()
    if at.hour * 60 + at.minute + minutes * number > 24 * 60:
        f.report(
            fault(
                "fair.E001",
                Text("这些时段超过了当天。", "These slots do not end on the same day."),
                f.node.place,
                Text("请减少时段，或者缩短。", "Have fewer slots, or shorter ones."),
            )
        )
    return Slots(at, minutes, number)


def _exhibitors(f: Fields | None) -> Exhibitors:
    if f is None:
        return Exhibitors(*[""] * 10)
    found = Exhibitors(
        register=f.string("register"),
        key=f.string("key"),
        name=f.string("name"),
        named_by=f.string("named_by"),
        tables=f.string("tables"),
        group=f.string("group", required=False),
        power=f.string("power", required=False),
        talk=f.string("talk", required=False),
        talk_for=f.string("talk_for", required=False),
        talk_seats=f.string("talk_seats", required=False),
    )
    f.done()
    return found


def _hall(node: Node, above: Fields) -> Hall:
    f = Fields(node, above.report, "halls", WRITTEN)
    groups = f.strings("for", required=False)
    found = Hall(
        f.string("id"),
        f.words("name"),
        whole(f, "booths"),
        whole(f, "power") if f.has("power") else 0,
        groups,
    )
    f.take("power", required=False)
    f.done()
    return found


def _rooms(f: Fields) -> Iterator[tuple[Room, Text]]:
    for node in f.each("rooms"):
        room = Fields(node, f.report, "rooms", WRITTEN)
        yield Room(room.string("id"), whole(room, "seats")), room.words("name")
        room.done()


def _twice(f: Fields, key: str, ids: list[str]) -> None:
    for id_ in {each for each in ids if ids.count(each) > 1}:
        f.report(
            fault(
                "fair.E002",
                Text("“{id}”写了两次。", "“{id}” stands there twice.", id=id_),
                f.place(key),
                Text("请换一个名字。", "Give it another id."),
            )
        )
