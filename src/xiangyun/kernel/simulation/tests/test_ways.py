"""Ways walked once: who follows comes out as if every case had been walked by the engine."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, node, start, timer, user
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.simulation import APPLICANT, Office, Report, plan_arrivals, simulated
from xiangyun.kernel.simulation.ways import shares_ways

from .situations import Dice, headers, service, shipped_pack, shipped_registers, timetable


def both(shipped: Pack, per_day: float = 40) -> tuple[Report, Report, Office]:
    """The same arrivals with shared ways and without, with a staff that is late with some."""
    table, registers = timetable(), shipped_registers()
    coming = plan_arrivals(
        shipped,
        table,
        per_day=per_day,
        days=3,
        mix={example.key: 1.0 for example in shipped.examples},
        source=Dice(5),
        registers=registers,
    )
    staff: Mapping[str, int] = {r: 2 for r in shipped.service.roles if r != APPLICANT}
    shared, alone = (Office(shipped, table, registers=registers) for _ in range(2))
    alone.known.ways = None
    return (
        simulated(shared, coming, staff, days=3),
        simulated(alone, coming, staff, days=3),
        shared,
    )


@pytest.mark.parametrize(
    "item",
    [
        "market/company-registration/service.yaml",
        "eldercare/ability-assessment/service.yaml",
        "federation/medical-record-filing/service.yaml",
    ],
)
def test_who_follows_comes_out_as_who_is_walked(item: str) -> None:
    followed, walked, _ = both(shipped_pack(item))
    assert followed == walked


def test_most_cases_only_follow() -> None:
    _, _, office = both(pack(), per_day=100)
    begun, places = [*(office.known.ways or {}).values()], 0
    while begun:
        way = begun.pop()
        begun += way.next.values()
        places += 1
    assert 0 < places < 150  # of some two thousand steps


LATE = bpmn(
    start(),
    user("opinion", groups="reviewer", extension=headers(actions="agree")),
    node("boundaryEvent", "silent", timer("duration", "PT{hours}H"), attachedToRef="opinion"),
    end("given", outcome="issued"),
    end("taken", outcome="lapsed"),
    flows("start > opinion > given", "silent > taken"),
)


def test_a_timer_counts_from_its_own_case() -> None:
    followed, walked, _ = both(service(LATE.replace("{hours}", "5")), per_day=60)
    assert followed == walked
    assert min(followed.outcomes["issued"], followed.outcomes["lapsed"]) > 10


LOOKS = bpmn(
    start(),
    user("opinion", groups="reviewer", extension=headers(actions="agree")),
    gate("exclusive", "early", default="f_early_late_1"),
    end("given", outcome="issued"),
    end("late", outcome="lapsed"),
    flows("start > opinion > early", "early > late", "early > given: =kept.at = null"),
)


def test_where_a_drawing_looks_at_moments_nothing_is_shared() -> None:
    assert shares_ways(service(LATE.replace("{hours}", "5")))
    assert not shares_ways(service(LOOKS))
    repeated = LATE.replace("PT{hours}H", "R/PT5H").replace("timeDuration", "timeCycle")
    assert not shares_ways(service(repeated))
    assert not shares_ways(shipped_pack("children/help/service.yaml"))  # it asks for now()
    assert shares_ways(pack())
