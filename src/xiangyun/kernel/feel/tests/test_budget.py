"""What an evaluation may cost is counted, and told with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangyun.kernel.feel import (
    Budget,
    FeelSyntaxError,
    budget,
    from_json,
    parse_expression,
    set_budget,
    text_of,
    to_json,
    to_stored,
)
from xiangyun.kernel.feel.budget import Spent, weight
from xiangyun.kernel.feel.builtins import BUILTINS


@pytest.fixture
def small() -> Iterator[Budget]:
    """A budget so small that its end comes at once."""
    before = budget()
    set_budget(Budget(steps=20_000, size=10_000, depth=20))
    yield budget()
    set_budget(before)


DOUBLED = "for i in 1..99 return if count(partial) = 0 then {first} else {next}"


@pytest.mark.parametrize(
    "source",
    [
        "count(for i in 1..1000000000, j in 1..1000000000 return 1)",
        "for i in 1..300, j in 1..300, k in 1..300 return i * j * k",
        "some i in 1..1000000000 satisfies i < 0",
        "every i in 1..300, j in 1..300 satisfies i + j > 0",
        "count((for i in 1..9000 return i)[item > (for j in 1..9 return j)[1]])",
        'for d in date("0001-01-01")..date("9999-01-01") return d',
        DOUBLED.format(first='"ab"', next="partial[-1] + partial[-1]"),
        DOUBLED.format(first="[1]", next="concatenate(partial[-1], partial[-1])"),
        DOUBLED.format(first="[1]", next="[partial[-1], partial[-1]]"),
        DOUBLED.format(first="{a: 1}", next="{a: partial[-1], b: partial[-1]}"),
        f"string({DOUBLED.format(first='[1]', next='[partial[-1], partial[-1]]')})",
        f"flatten({DOUBLED.format(first='[1]', next='[partial[-1], partial[-1]]')})",
        f"({DOUBLED.format(first='[1]', next='[partial[-1], partial[-1]]')}) = [1]",
        f"1 in ({DOUBLED.format(first='[1]', next='[partial[-1], partial[-1]]')})",
        f"distinct values({DOUBLED.format(first='[1]', next='[partial[-1], partial[-1]]')})",
        'string join(for i in 1..9000 return "ab", "' + "-" * 99 + '")',
        'replace("' + "a" * 900 + '", "a", "' + "b" * 900 + '")',
        "for i in 1..9000 return (function(x) (function(y) y)(x))(i)",
        "for i in 1..9000 return [i, [i, [i]]]",
        "sort(for i in 1..9000 return 9000 - i, function(x, y) x < y)",
        'for i in 1..9999 return matches("' + "a" * 5000 + '!", "(a+)+\\1$")',
        DOUBLED.format(first="[]", next="[partial[-1]]"),
        "[" * 30 + "]" * 30,
    ],
)
def test_what_would_grow_without_end_is_null_and_says_where(small, source):
    explained = parse_expression(source).explain({})
    assert explained.value is None
    assert explained.warnings[-1].reason == "budget"
    assert explained.warnings[-1].line == 1
    assert explained.warnings[-1].column >= 1


def test_a_function_that_calls_itself_ends(small):
    context = {"f": parse_expression("function(g, n) g(g, n + 1)").evaluate({})}
    explained = parse_expression("f(f, 1)", context).explain(context)
    assert explained.value is None
    assert explained.warnings[-1].reason == "budget"
    assert "20" in explained.warnings[-1].message.en


def test_the_end_comes_after_the_same_number_of_steps_each_time(small):
    source = "for i in 1..1000000 return {a: i}.a + count([i])"
    first, again = (parse_expression(source).explain({}) for _ in range(2))
    assert first == again
    assert first.value is None


def test_every_evaluation_has_a_budget_of_its_own(small):
    expression = parse_expression("count(for i in 1..5000 return i)")
    assert [expression.evaluate({}) for _ in range(9)] == [Decimal(5000)] * 9


def test_what_a_rule_may_need_fits_into_the_budget_as_shipped():
    assert budget() == Budget()
    longest = "for i in 1..200000 return i"
    assert parse_expression(f"count({longest})").evaluate({}) == 200_000
    assert parse_expression(f"sum(sort({longest}))").evaluate({}) == 200_000 * 200_001 // 2
    text = "x" * 500_000
    assert parse_expression("string length(t + t)", ["t"]).evaluate({"t": text}) == 1_000_000


def test_warnings_are_few_however_often_a_loop_fails():
    explained = parse_expression('count(for i in 1..5000 return i + "a")').explain({})
    assert explained.value == 5000
    assert len(explained.warnings) == 100


def test_a_value_counts_what_it_holds_as_often_as_it_is_met(small):
    assert weight([Decimal(1), "a" * 24, [True]]) == 1 + 3 + 2 + 2
    shared: list[object] = [1]
    for _ in range(15):
        shared = [shared, shared]
    with pytest.raises(Spent):
        weight(shared)


@pytest.mark.parametrize(
    "source",
    [
        "9" * 5000,
        f"{'9' * 5000} + 1",
        f'number("{"9" * 5000}")',
        f'duration("P{"9" * 5000}D")',
        f'date("{"9" * 5000}-01-01")',
        f'time("10:00:00.{"9" * 5000}")',
        f'"{"9" * 5000}" + 1',
        "date(1e6000, 1, 1)",
        "date(9e6000, 9e6000, 9e6000)",
        "time(9e6000, 1, 1.5)",
        f'replace("a", "(a)", "${"1" * 5000}")',
        f'matches("a", "a{{{"9" * 5000}}}")',
        "2 ** 99999999999",
        "2 ** -99999999999",
        "(-8) ** 0.333",
        "1.000000001 ** 1e30",
        "exp(1e6000)",
        "exp(-1e6000)",
        "log(1e-6000)",
        "modulo(1e6000, 3e-6000)",
        "stddev([9e6144, -9e6144])",
        "product([9e6144, 9e6144])",
        "mean([9e6144, 9e6144])",
        "decimal(9e6144, 6176)",
        'date("9999-12-31") + duration("P999999999D")',
        'duration("P999999999999Y") * 9e30',
        'date and time("0001-01-01T00:00:00+18:00") - duration("P1D")',
        'date("-999999999-01-01") - duration("P1Y")',
        'string(date("-999999999-01-01"))',
        "[1][9e6000]",
        "sublist([1], 1, 9e6000)",
        'substring("a", 9e6000, 9e6000)',
        'substring("a", -9e6000)',
        "for i in 1..9e6000 return i",
        "[1..9e6000]",
        'day of year(date("-999999999-01-01"))',
    ],
)
def test_no_number_is_too_long_to_be_answered(small, source):
    explained = parse_expression(source).explain({})
    text_of(explained.value, True)
    to_stored(explained.value)
    json.dumps(to_json(explained.value), default=str)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ('"\\ud800"', 1),
        ('"a" + "\\udc00\\ud800"', 7),
        ('"ab\\U110000"', 4),
        ("1 + \udcff", 5),
        ("a\ud800b", 2),
        ("1 /* no end", 3),
        ("/* " * 50_000, 1),
        ("1e99999999999999999999", 1),
        ('@"\\ud800"', 2),
        ('{"\\ud800": 1}', 2),
    ],
)
def test_what_is_no_text_and_no_number_is_refused_with_its_place(source, column):
    with pytest.raises(FeelSyntaxError) as refused:
        parse_expression(source)
    assert refused.value.line == 1
    assert refused.value.column == column
    str(refused.value).encode()


def test_half_a_character_from_outside_breaks_nothing():
    half = from_json({"t": "a\ud800b"})
    for name, count in (("matches", 2), ("replace", 3), ("split", 2), ("contains", 2)):
        for arguments in (["t", '"a"', '"c"'], ["t", '"(a)\\1"', '"c"'], ["t", "t", "t"]):
            source = f"{name}({', '.join(arguments[:count])})"
            parse_expression(source, half).explain(half)
    assert parse_expression("string length(upper case(t))", half).evaluate(half) == 3


NASTY = [
    *("null", "true", "1", "-1", "0", "1.5", "9e6144", "-9e6144", "1e-6143", '"a"', '""', '"😀"'),
    *('"(a|b)*"', '"["', '"i"', "[]", "[1, 2]", "[null]", '["a"]', "[[1]]", "{}", "{a: 1}"),
    *('date("2026-04-16")', 'date("-999999999-01-01")', 'time("10:00:00@Asia/Shanghai")'),
    *('date and time("2026-04-16T09:00:00Z")', 'duration("P1D")', 'duration("-P1Y")', "[1..2]"),
    *("(< 5)", "(= 1)", "[null..null]", "function(x) x", "function(x, y) x < y", "sum", "[sum]"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(st.sampled_from(NASTY), max_size=4))
def test_no_function_raises_whatever_it_is_given(name, arguments):
    explained = parse_expression(f"{name}({', '.join(arguments)})").explain({})
    text_of(explained.value, True)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NASTY), st.sampled_from([*"+-*/", "**", "=", "<", "in"]), st.data())
def test_no_operator_raises_whatever_it_is_given(left, operator, data):
    right = data.draw(st.sampled_from(NASTY))
    text_of(parse_expression(f"({left}) {operator} ({right})").evaluate({}), True)
