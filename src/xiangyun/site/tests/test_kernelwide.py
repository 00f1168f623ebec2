"""Budget and time zone of the kernel come from the environment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from xiangyun.kernel.feel import Budget, budget, parse_expression, set_budget
from xiangyun.kernel.worktime import (
    office_hours,
    office_time,
    office_zone,
    set_office_hours,
    set_office_zone,
)
from xiangyun.site.kernelwide import set_from


@pytest.fixture(autouse=True)
def _as_shipped():
    before, zone = budget(), office_zone()
    yield
    set_budget(before)
    set_office_zone(zone.key)
    set_office_hours("8:30-12:00,13:00-16:30")


def test_a_limit_from_the_environment_is_in_force():
    set_from({"XIANGYUN_FEEL_STEPS": "100", "XIANGYUN_FEEL_SIZE": "", "HOME": "/"})
    assert budget() == Budget(steps=100)
    assert parse_expression("for i in 1..101 return i").evaluate({}) is None


def test_without_limits_the_budget_is_as_shipped():
    set_from({"HOME": "/"})
    assert budget() == Budget()


@pytest.mark.parametrize(("name", "value"), [("STEPS", "many"), ("SIZE", "0"), ("DEPTH", "-1")])
def test_a_limit_that_is_none_stops_the_start(name, value):
    with pytest.raises(SystemExit, match=name):
        set_from({f"XIANGYUN_FEEL_{name}": value})


def test_the_office_may_lie_elsewhere():
    set_from({"XIANGYUN_TIME_ZONE": "Asia/Urumqi"})
    assert office_time(datetime(2026, 4, 16, 18, tzinfo=UTC)).isoformat() == (
        "2026-04-17T00:00:00+06:00"
    )


def test_a_zone_that_is_none_stops_the_start():
    with pytest.raises(SystemExit, match="Nowhere"):
        set_from({"XIANGYUN_TIME_ZONE": "Nowhere/Else"})


def test_the_office_may_be_open_at_other_hours():
    set_from({"XIANGYUN_OFFICE_HOURS": "9:00-12:00"})
    assert office_hours().minutes == 180
    with pytest.raises(SystemExit, match="noon"):
        set_from({"XIANGYUN_OFFICE_HOURS": "noon"})
