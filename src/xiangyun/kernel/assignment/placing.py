"""Who stands where and what is when where: booths and talks of a fair, as whole-number programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.assignment.program import Program, Solver
from xiangyun.kernel.findings import Finding, Refused, Text

_SLACK = 0.5
"""Costs are whole numbers: what is nearer to the bound than that is the best."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once.

    `needs`: who must be there, none of whom can be elsewhere then; `seats`: for how many;
    `about`: whom it is for, who would rather not miss another of the same; `slots`: by their
    places, where it cannot be at any time.
    """

    id: str
    needs: tuple[str, ...]
    seats: int
    about: str = ""
    slots: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A room and how many it seats."""

    id: str
    seats: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at a slot, by its place among the slots, in a room."""

    event: str
    slot: int
    room: str


def allot(costs: Mapping[str, Mapping[str, int]], solve: Solver) -> dict[str, str]:
    """A place for everybody and nobody in another's, at the least sum of costs.

    `costs`: for each one the places that will do, with a whole number each.

    Raises:
        Refused: assignment.E003 where there is no such choice.
    """
    program = Program()
    columns = {
        (who, place): program.column(cost, whole=True)
        for who, some in costs.items()
        for place, cost in some.items()
    }
    by_place: dict[str, list[int]] = {}
    for (_, place), column in columns.items():
        by_place.setdefault(place, []).append(column)
    for who, some in costs.items():
        program.row([columns[who, place] for place in some], [1.0] * len(some), 1.0, 1.0)
    for some_columns in by_place.values():
        program.row(some_columns, [1.0] * len(some_columns), 0.0, 1.0)
    if any(not some for some in costs.values()):
        raise Refused([_no_room(next(who for who, some in costs.items() if not some))])
    values = solve(program, slack=_SLACK).values if columns else ()
    if columns and not values:
        raise Refused([_no_room("")])
    return {who: place for (who, place), column in columns.items() if round(values[column])}


def timetable(
    events: Sequence[Event], rooms: Sequence[Room], slots: int, solve: Solver
) -> list[Placed]:
    """When and where each event is, in the order of events.

    Nobody is needed at two at once, no room holds two, each has its seats. Two events for the same
    people stand beside each other as rarely as can be; then early slots and fitting rooms are
    taken first.

    Raises:
        Refused: assignment.E003 where there is no such choice.
    """
    program = Program()
    # One clash of what is for the same people outweighs every wish for an early slot.
    clash = len(events) * (slots * len(rooms) + 1)
    order = sorted(rooms, key=lambda room: (room.seats, room.id))
    columns: dict[tuple[str, int, str], int] = {}
    for event in events:
        own = event.slots if event.slots is not None else tuple(range(slots))
        for slot in own:
            for size, room in enumerate(order):
                if room.seats >= event.seats and 0 <= slot < slots:
                    cost = slot * len(rooms) + size
                    columns[event.id, slot, room.id] = program.column(cost, whole=True)
    for event in events:
        mine = [column for (id_, _, _), column in columns.items() if id_ == event.id]
        if not mine:
            raise Refused([_no_room(event.id)])
        program.row(mine, [1.0] * len(mine), 1.0, 1.0)
    needed: dict[tuple[object, ...], list[int]] = {}
    meant: dict[tuple[str, int], list[int]] = {}
    of = {event.id: event for event in events}
    for (id_, slot, room_id), column in columns.items():
        needed.setdefault(("room", room_id, slot), []).append(column)
        for who in of[id_].needs:
            needed.setdefault(("who", who, slot), []).append(column)
        if of[id_].about:
            meant.setdefault((of[id_].about, slot), []).append(column)
    for some in needed.values():
        program.row(some, [1.0] * len(some), 0.0, 1.0)
    for some in meant.values():
        # A column lies between 0 and 1: one for each further event that stands beside another.
        over = [program.column(clash) for _ in range(min(len(events), len(rooms)) - 1)]
        program.row([*some, *over], [*[1.0] * len(some), *[-1.0] * len(over)], float("-inf"), 1.0)
    values = solve(program, slack=_SLACK).values if events else ()
    if events and not values:
        raise Refused([_no_room("")])
    chosen = {id_: (slot, room) for (id_, slot, room), at in columns.items() if round(values[at])}
    return [Placed(event.id, *chosen[event.id]) for event in events]


def clashes(
    placed: Sequence[Placed], events: Sequence[Event], rooms: Sequence[Room]
) -> Iterator[str]:
    """What is wrong in a timetable, found without the way it was made: ids of events."""
    of = {event.id: event for event in events}
    seats = {room.id: room.seats for room in rooms}
    used = Counter(
        key
        for each in placed
        for key in [(each.slot, "room", each.room)]
        + [(each.slot, "who", who) for who in of[each.event].needs]
    )
    for each in placed:
        event = of[each.event]
        keys = [(each.slot, "room", each.room)] + [(each.slot, "who", w) for w in event.needs]
        allowed = event.slots is None or each.slot in event.slots
        if any(used[key] > 1 for key in keys) or seats[each.room] < event.seats or not allowed:
            yield each.event
    yield from (event.id for event in events if all(each.event != event.id for each in placed))


def _no_room(whom: str) -> Finding:
    return Finding(
        "assignment.E003",
        "error",
        Text("“{whom}”没有可用的位置。", "There is no place for “{whom}”.", whom=whom)
        if whom
        else Text("位置不够安排所有人。", "There are not places enough for all."),
        hint=Text(
            "请增加位置、时段或座位，或者减少要求。",
            "Add places, slots or seats, or ask for less.",
        ),
    )
