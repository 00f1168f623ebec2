"""Gates proved over their variables: what has no way is shown by values."""

import pytest

from xiangyun.kernel.bpmn import check_process
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, start, user


def told(*conditions, kind="exclusive", default=False):
    ways = [f"g > a: {each}" for each in conditions]
    more = {"default": "f_g_end_0"} if default else {}
    drawing = bpmn(
        start(),
        gate(kind, "g", **more),
        user("a"),
        end(),
        flows("start > g", *(["g > end"] if default else []), *ways, "a > end"),
    )
    wanted = ("bpmn.E025", "bpmn.W025", "bpmn.N027")
    return [(each.id, each.message.en) for each in check_process(drawing) if each.id in wanted]


def ids(*conditions, **more):
    return [id_ for id_, _ in told(*conditions, **more)]


def test_a_gate_that_leaves_values_without_a_way_is_unsound_and_shows_one():
    ((id_, words),) = told("=amount > 10", "=amount < 5")
    assert id_ == "bpmn.E025"
    assert "no flow is taken at amount = " in words
    assert 5 <= float(words.partition("amount = ")[2].split(",")[0]) <= 10


@pytest.mark.parametrize(
    "conditions",
    [
        ("=amount > 10", "=amount <= 10"),
        ("=amount >= 5 and amount < 10", "=amount < 5", "=amount >= 10"),
        ("=amount in [0..10]", "=not(amount in [0..10])"),
        ("=amount between 1 and 5", "=amount < 1 or amount > 5"),
        ("=approved", "=not(approved)"),
        ("=approved = true", "=approved = false"),
        ('=day < date("2024-01-01")', '=day >= date("2024-01-01")'),
        ("=note = null", "=note != null"),
        ('=kind = "a"', '=kind != "a"'),
        ("=a > b", "=a < b"),
        ("=count(list) > 1", "=count(list) < 1"),
    ],
)
def test_what_covers_all_values_or_cannot_be_analysed_accuses_nobody(conditions):
    assert ids(*conditions) == []


@pytest.mark.parametrize(
    ("conditions", "witness"),
    [
        (("=amount > 10", "=amount < 10"), "amount = 10"),
        (("=approved and amount > 3", "=not(approved)"), "approved = true"),
        (('=day < date("2024-01-01")', '=day > date("2024-01-01")'), "2024-01-01"),
        (('=case != null and case.days > 3', "=case = null"), "case.days = "),
        (("=amount in (1, 2)", "=amount in (> 2, < 1)"), "amount = 1.5"),
    ],
)  # fmt: skip
def test_the_value_without_a_way_is_one_that_fails(conditions, witness):
    ((id_, words),) = told(*conditions)
    assert (id_, witness in words) == ("bpmn.E025", True)


def test_a_text_that_no_condition_names_is_only_a_warning():
    assert ids('=kind = "a"', '=kind = "b"') == ["bpmn.W025"]


def test_a_default_flow_takes_whatever_is_left():
    assert ids("=amount > 10", "=amount < 5", default=True) == []


def test_conditions_over_one_variable_that_hold_at_once_are_noted_with_a_value():
    ((id_, words),) = told("=amount > 10", "=amount <= 20")
    assert id_ == "bpmn.N027"
    assert "both" in words
    assert "drawn first" in words


def test_an_inclusive_gate_may_take_several_ways_but_not_none():
    assert ids("=amount > 10", "=amount <= 20", kind="inclusive") == []
    assert ids("=amount > 20", "=amount <= 10", kind="inclusive") == ["bpmn.E025"]


def test_too_many_combinations_are_not_tried():
    conditions = [f"={' and '.join(f'v{n} > {k}' for n in range(9))}" for k in range(3)]
    assert ids(*conditions) == []
