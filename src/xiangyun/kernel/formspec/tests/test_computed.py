"""Computed questions: what they say follows from other answers, whoever sends something else."""

from __future__ import annotations

import json
from decimal import Decimal as D

import pytest

from xiangyun.kernel.formspec import (
    Form,
    check,
    check_form,
    from_json,
    kind_of,
    read_form,
    submitted,
)
from xiangyun.kernel.formspec.form import with_computed

ROWS = {
    "type": "dynamiclist",
    "path": "lines",
    "label": "明细",
    "components": [
        {"type": "number", "key": "price", "label": "单价"},
        {"type": "number", "key": "count", "label": "数量"},
        {"type": "expression", "key": "sum", "label": "小计", "expression": "=price * count"},
    ],
}


def form(*components: dict[str, object]) -> Form:
    return read_form(json.dumps({"components": components}))


def computed(expression: str, key: str = "total", **more: object) -> dict[str, object]:
    return {"type": "expression", "key": key, "label": "合计", "expression": expression, **more}


def numbers(*keys: str) -> list[dict[str, object]]:
    return [{"type": "number", "key": key, "label": key} for key in keys]


def test_a_sum_follows_what_is_typed_and_not_what_is_sent() -> None:
    made = form(*numbers("a", "b"), computed("=a + b"))
    read = made.read(None, {"a": ["1"], "b": ["2.5"], "total": ["99"]}, {})
    assert read.answers["total"] == D("3.5")
    assert from_json(made, {"a": 1, "b": 2, "total": 99}).answers["total"] == D(3)
    assert submitted(made, {"a": D(1), "b": D(2), "total": D(99)})["total"] == D(3)
    assert with_computed(made, {"a": D(4), "b": D(4)})["total"] == D(8)


def test_an_answer_that_is_missing_or_wrong_leaves_nothing_to_say() -> None:
    made = form(*numbers("a", "b"), computed("=a + b"))
    assert made.read(None, {"a": ["1"], "b": ["x"]}, {}).answers["total"] is None
    assert from_json(made, {"a": 1}).answers["total"] is None


def test_rows_and_their_sum_are_computed_in_order() -> None:
    made = form(ROWS, computed("=sum(lines.sum)", decimalDigits=0))
    raw = {"lines.0.price": ["10"], "lines.0.count": ["3"], "lines.1.price": ["0.5"]}
    raw |= {"lines.1.count": ["5"], "lines.1.sum": ["7777"]}
    read = made.read(None, raw, {})
    assert read.answers["lines"] == [
        {"price": D(10), "count": D(3), "sum": D(30)},
        {"price": D("0.5"), "count": D(5), "sum": D("2.5")},
    ]
    assert read.answers["total"] == D(33), "32.5, away from zero"
    forged = {"lines": [{"price": D(2), "count": D(2), "sum": D(1000)}], "total": D(1)}
    assert submitted(made, forged)["total"] == D(4)
    assert submitted(made, forged)["lines"] == [{"price": D(2), "count": D(2), "sum": D(4)}]


def test_a_computed_answer_hides_others_and_is_hidden_itself() -> None:
    made = form(
        *numbers("a"),
        computed("=a > 10", "large"),
        {
            "type": "textfield",
            "key": "why",
            "label": "原因",
            "conditional": {"hide": "=not(large)"},
        },
        computed("=a * 2", "twice", conditional={"hide": "=not(large)"}),
    )
    assert set(submitted(made, {"a": D(1)})) == {"a", "large"}
    assert submitted(made, {"a": D(11)}) == {"a": D(11), "large": True, "why": None, "twice": D(22)}


@pytest.mark.parametrize(
    ("more", "value", "words"),
    [
        ({"properties": {"format": "money"}}, "794958.9", "794,958.90"),
        ({"properties": {"format": "money"}, "decimalDigits": 0}, "794958.9", "794,959"),
        (
            {"properties": {"format": "money_in_words"}, "decimalDigits": 2},
            "794958.9",
            "柒拾玖万肆仟玖佰伍拾捌元玖角整",
        ),
        ({"properties": {"format": "plain"}}, "794958.9", "794958.9"),
    ],
)
def test_an_amount_is_written_as_it_is_declared(
    more: dict[str, object], value: str, words: str
) -> None:
    made = form(*numbers("a"), computed("=a", **more))
    question = made.question("total")
    answers = submitted(made, {"a": D(value)})
    assert kind_of(question).words(question, answers["total"]) == words


@pytest.mark.parametrize("way", ["plain", "money", "money_in_words"])
def test_a_number_that_is_asked_for_and_not_given_is_asked_for_again(way: str) -> None:
    (asked,) = numbers("a")
    made = form({**asked, "validate": {"required": True}, "properties": {"format": way}})
    (fault,) = check(made, {}).values()
    assert fault.id == "form.E101", fault


@pytest.mark.parametrize(
    ("component", "id"),
    [
        (computed("=b"), "feel.E002"),
        (computed("=a +"), "feel.E001"),
        (computed("a"), "form.E004"),
        (computed(""), "form.E004"),
        ({"type": "expression", "key": "t", "label": "t"}, "form.E004"),
        (computed("=today()"), "form.E007"),
        (computed("=a", properties={"format": "roman"}), "form.E004"),
    ],
)
def test_what_cannot_be_computed_is_told(component: dict[str, object], id: str) -> None:
    text = json.dumps({"components": [*numbers("a"), component]})
    assert id in {each.id for each in check_form(text) if each.severity == "error"}


def test_a_value_follows_from_questions_before_it_alone() -> None:
    text = json.dumps({"components": [computed("=a"), *numbers("a")]})
    assert any(each.severity == "error" for each in check_form(text))
