"""Small services of one or two desks, made from the shipped pack by giving it another drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from glob import glob

from xiangyun.kernel.bpmn import read_process
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, start, user
from xiangyun.kernel.connector import Connector
from xiangyun.kernel.findings import Place
from xiangyun.kernel.pack import Pack, read_pack
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED
from xiangyun.kernel.pack.kinds.connector import KIND as CONNECTORS
from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.record import Register, checked_register
from xiangyun.kernel.service.examples import Act
from xiangyun.kernel.simulation import Hours, Office, Report, Timetable, plan_arrivals, simulated
from xiangyun.kernel.worktime import Calendar, is_weekday, office_time, office_zone

WEEKDAYS = Calendar(is_weekday, range(2000, 2100))
MONDAY = date(2026, 3, 2)


class Dice:
    """Uniform numbers, the same on every machine (Knuth's MMIX generator)."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def random(self) -> float:
        for _ in range(2):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53


PACKS = __file__.rsplit("/src/", 1)[0] + "/packs/"
SHIPPED = sorted(item.removeprefix(PACKS) for item in glob(PACKS + "*/*/service.yaml"))


def shipped_pack(item: str) -> Pack:
    """One of the services of `SHIPPED`."""
    folder, files = PACKS + item.removesuffix("service.yaml"), {}
    for path in sorted(glob(folder + "**/*.*", recursive=True)):
        with open(path, encoding="utf-8") as file:
            files[path.removeprefix(folder)] = file.read()
    made = read_pack(files)
    return replace(made, connectors={**shipped_connectors(), **made.connectors})


@cache
def shipped_connectors() -> Mapping[str, Connector]:
    """Every connector that the shipped packs declare: one pack may use another's."""
    found: dict[str, Connector] = {}
    for path in sorted(glob(PACKS + "*/*/connectors/*.yaml")):
        folder, _, name = path.rpartition("/connectors/")
        with open(path, encoding="utf-8") as file:
            files = {f"connectors/{name}": file.read()}
        for each in CONNECTORS.read(files, folder.removeprefix(PACKS), lambda finding: None):
            found[each.code] = each.value
    return found


@cache
def shipped_registers() -> Mapping[str, Register]:
    """Every register that the shipped packs declare: what it holds is typed by it."""
    found: dict[str, Register] = {}
    for path in sorted(glob(PACKS + "*/*/registers/*.yaml")):
        with open(path, encoding="utf-8") as file:
            declared, _ = checked_register(file.read(), path)
        assert declared is not None
        found[declared.code] = declared
    return found


def at(text: str) -> datetime:
    """A moment such as `2026-03-02 08:30`, where the offices are."""
    return office_time(datetime.fromisoformat(text))


def timetable(hours: Hours | None = None, first: date = MONDAY) -> Timetable:
    return Timetable(first, hours or Hours(), WEEKDAYS, office_zone())


def properties(**values: str) -> str:
    rows = "".join(f'<zeebe:property name="{k}" value="{v}" />' for k, v in values.items())
    return f"<zeebe:properties>{rows}</zeebe:properties>"


def headers(**values: str) -> str:
    rows = "".join(f'<zeebe:header key="{k}" value="{v}" />' for k, v in values.items())
    return f"<zeebe:taskHeaders>{rows}</zeebe:taskHeaders>"


ONE_DESK = bpmn(
    start(),
    user(
        "decide",
        groups="approver",
        extension=headers(actions="approve,refuse") + properties(minutes="12", clock="stops"),
    ),
    end(outcome="issued"),
    flows("start > decide > end"),
)


def done(element: str, action: str = "approve") -> Act:
    return Act("task", element, Place("examples/01.yaml", 1), action=action, by="王样四")


def service(drawing: str, *acts: Act) -> Pack:
    """The shipped item, figures and form with another drawing and one example of these acts."""
    shipped = pack()
    example = replace(shipped.examples[0], acts=acts, registers={})
    return replace(shipped, process=read_process(drawing), examples=(example,))


def run(
    made: Pack,
    staff: Mapping[str, int],
    *,
    per_day: float = 20,
    days: int = 10,
    seed: int = 1,
    minutes: Mapping[str, float] | None = None,
    first: date = MONDAY,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> Report:
    table = timetable(first=first)
    mix = {example.key: 1.0 for example in made.examples}
    coming = plan_arrivals(made, table, per_day=per_day, days=days, mix=mix, source=Dice(seed))
    return simulated(Office(made, table, minutes, registers), coming, staff, days=days)
