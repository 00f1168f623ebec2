"""A gate over a question with options is complete when every option has a way."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn.check import read_processes
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, start, user
from xiangyun.kernel.feel import Value

KIND = ("application", "kind")


def told(conditions: tuple[str, ...], options: tuple[Value, ...] | None) -> list[tuple[str, str]]:
    drawing = bpmn(
        start(),
        gate("exclusive", "g"),
        user("a"),
        end(),
        flows("start > g", *(f"g > a: {each}" for each in conditions), "a > end"),
    )
    known = {"p.bpmn": {KIND: options}} if options else {}
    _, findings = read_processes({"p.bpmn": drawing}, choices=lambda _: known)
    wanted = ("bpmn.E025", "bpmn.W025")
    return [(each.id, each.message.en) for each in findings if each.id in wanted]


BOTH = ('=application.kind = "a"', '=application.kind = "b"')


def test_all_options_covered_need_no_default_flow() -> None:
    assert told(BOTH, ("a", "b")) == []
    assert [id_ for id_, _ in told(BOTH, None)] == ["bpmn.W025"]  # any other text, as far as known


def test_an_option_without_a_way_is_an_error_that_names_it() -> None:
    ((id_, words),) = told(BOTH, ("a", "b", "c"))
    assert id_ == "bpmn.E025"
    assert 'application.kind = "c"' in words


@pytest.mark.parametrize(
    "conditions",
    [
        ('=application.kind in ("a", "b")', '=application.kind = "c"'),
        ('=application.kind = "a"', '=application.kind != "a"'),
        ('=application.kind = "a" and amount > 3', '=not(application.kind = "a" and amount > 3)'),
    ],
)
def test_other_ways_to_cover_all_options_are_understood(conditions: tuple[str, ...]) -> None:
    assert told(conditions, ("a", "b", "c")) == []


def test_a_question_that_may_stay_empty_is_told_as_a_warning_for_null() -> None:
    ((id_, words),) = told(BOTH, ("a", "b", None))
    assert id_ == "bpmn.W025"
    assert "application.kind = null" in words
    assert told((*BOTH, "=application.kind = null"), ("a", "b", None)) == []


def test_options_tell_nothing_of_another_variable() -> None:
    other = ('=kind = "a"', '=kind = "b"')
    assert [id_ for id_, _ in told(other, ("a", "b"))] == ["bpmn.W025"]
