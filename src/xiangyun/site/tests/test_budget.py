"""The budget of an evaluation comes from the environment."""

from __future__ import annotations

import pytest

from xiangyun.kernel.feel import Budget, budget, parse_expression, set_budget
from xiangyun.site.budget import set_from


@pytest.fixture(autouse=True)
def _as_shipped():
    before = budget()
    yield
    set_budget(before)


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
