"""FEEL as the specification's own examples have it, and as officials write it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.feel import (
    DateTime,
    FeelSyntaxError,
    Time,
    from_json,
    function,
    parse_expression,
    parse_unary_tests,
    text_of,
    to_json,
)

APPLICANT = from_json(
    {
        "age": 64,
        "月收入": 3200,
        "monthly income": 3200,
        "children": [{"name": "小明(虚构)", "age": 9}, {"name": "小红(虚构)", "age": 17}],
        "moved in": date(2023, 2, 28),
    }
)


def value(source, context=APPLICANT):
    return to_json(parse_expression(source, context).evaluate(context))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("月收入 * 12", 38400),
        ("monthly income - 200", 3000),
        ('if age >= 60 then "老年人" else "成年人"', "老年人"),
        ("children[age < 14].name", ["小明(虚构)"]),
        ("count(children[item.age < 18])", 2),
        ("some child in children satisfies child.age < 10", True),
        ("for c in children return c.age + 1", [10, 18]),
        ('moved in + duration("P1Y")', "2024-02-28"),
        ('years and months duration(moved in, date("2024-02-29"))', "P1Y"),
        ("age between 60 and 70 and not(age = 65)", True),
        ("age in [60..70)", True),
        ("age in (<18, >=60)", True),
        ("{base: 100, total: base * 1.05}.total", Decimal("105.00")),
        ("0.1 + 0.2 = 0.3", True),
        ("[1, 2, 3][-1]", 3),
        ("null = null", True),
        ("true and null", None),
        ('1 = "1"', None),
        ('date("2023-02-29")', None),
        ("(function(x: number) x * 2)(21)", 42),
        ("(function(f) f(list: [1, 2]))(sum)", 3),
        ('substring("统一社会信用代码", 3, 2)', "社会"),
        ('@"2024-01-01T00:00:00@Asia/Shanghai".time offset', "PT8H"),
        ('string(date("-2024-01-01"))', "-2024-01-01"),
        (
            'string(@"2021-03-28T01:30:00@Europe/Paris" + @"PT1H")',
            "2021-03-28T03:30:00@Europe/Paris",
        ),
        ('date("12024-01-01") - date("12023-12-31") = duration("P1D")', True),
    ],
)
def test_expressions_mean_what_they_say(source, expected):
    assert value(source) == expected


def test_names_with_spaces_are_read_whole_without_being_known():
    expression = parse_expression("monthly income > minimum living allowance")
    assert expression.free_names == {"monthly income", "minimum living allowance"}


def test_a_known_name_may_hold_an_operator():
    assert value("re-registered", {"re-registered": True}) is True
    assert value("re-registered", {"re": Decimal(3), "registered": Decimal(1)}) == 2


def test_names_bound_inside_are_not_free():
    expression = parse_expression("for x in xs return {y: x, z: y + w}")
    assert expression.free_names == {"xs", "w"}


def test_a_fault_is_null_with_its_reason_and_place():
    explained = parse_expression("1 +\n  missing", ["age"]).explain({})
    assert explained.value is None
    first = explained.warnings[0]
    assert (first.reason, first.line) == ("unknown-name", 2)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [("1 +", 1, 4), ("if a thn b else c", 1, 12), ("(1", 1, 3), ('"open', 1, 1), ("1 +\n )", 2, 2)],
)
def test_a_syntax_error_says_where(source, line, column):
    with pytest.raises(FeelSyntaxError) as caught:
        parse_expression(source)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_misspelt_keyword_is_guessed():
    with pytest.raises(FeelSyntaxError) as caught:
        parse_expression("if a thn b else c")
    assert caught.value.suggestion == "then"


def test_unknown_names_and_functions_come_with_a_guess():
    expression = parse_expression("aeg > 60 and strng length(name) > 0", ["age", "name"])
    unknown = expression.unknown_names(["age", "name"])
    assert [(each.name, each.suggestion) for each in unknown] == [
        ("aeg", "age"),
        ("strng length", "string length"),
    ]


def test_full_width_signs_of_a_chinese_keyboard_are_recognised():
    (unknown,) = parse_expression("年龄＞60", ["年龄"]).unknown_names(["年龄"])
    assert unknown.suggestion == "年龄>60"
    with pytest.raises(FeelSyntaxError) as caught:
        parse_expression("户籍 = “杭州”", ["户籍"])
    assert caught.value.suggestion == '"'


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", None, True),
        ("< 18, >= 60", Decimal(64), True),
        ("[18..60)", Decimal(60), False),
        ('not("个人", "个体")', "企业", True),
        ('"个人", "企业"', "企业", True),
        ("? > 10 and even(?)", Decimal(12), True),
        ('starts with(?, "91")', "9133", True),
        ("null", None, True),
        ("> 10", None, None),
        ("limit", Decimal(5), True),
    ],
)
def test_unary_tests_match_what_they_allow(tests, tested, expected):
    assert parse_unary_tests(tests).matches(tested, {"limit": Decimal(5)}) is expected


def test_the_moment_is_given_never_taken():
    expression = parse_expression('today() - date("2024-01-01")')
    assert expression.evaluate({}) is None
    moment = DateTime(date(2024, 1, 31), Time(9, 0, 0, 0, "Asia/Shanghai"))
    assert to_json(expression.evaluate({}, now=moment)) == "P30D"


def test_a_host_function_is_called_by_its_name_with_spaces():
    context = {
        "working days after": function(["date", "n"], lambda day, n: day.replace(day=int(n))),
        "filed on": date(2024, 5, 1),
    }
    source = "working days after(filed on, 20)"
    assert value(source, context) == "2024-05-20"
    assert value("working days after(n: 20, date: filed on)", context) == "2024-05-20"


def test_a_host_function_that_refuses_gives_null_and_its_words():
    def after(day, n):
        raise ValueError("2031 年的节假日安排尚未公布（虚构）")

    context = {"working days after": function(["date", "n"], after), "d": date(2031, 1, 2)}
    for source in ("working days after(d, 1)", "sort([d, d], working days after)"):
        explained = parse_expression(source, context).explain(context)
        assert explained.value is None
        assert "尚未公布" in explained.warnings[0].message.zh


def test_nesting_beyond_reason_is_refused_rather_than_crashing():
    with pytest.raises(FeelSyntaxError):
        parse_expression("(" * 5000 + "1" + ")" * 5000)


numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
)
plain = st.none() | st.booleans() | numbers | st.text(max_size=8)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4), max_leaves=10)


@given(values)
def test_what_string_prints_reads_back_equal(original):
    printed = text_of(original, inside=True)
    assert parse_expression(printed).evaluate({}) == original


@given(
    st.integers(-5000, 15000), st.integers(1, 12), st.integers(1, 28), st.integers(-(10**6), 10**6)
)
def test_days_added_are_days_between(year, month, day, days):
    context = {"y": year, "m": month, "d": day, "n": days}
    source = '(date(y, m, d) + n * duration("P1D")) - date(y, m, d) = n * duration("P1D")'
    assert parse_expression(source).evaluate(from_json(context)) is True


@given(numbers, numbers, numbers)
def test_a_number_lies_in_exactly_one_of_three_ranges(tested, one, other):
    low, high = sorted((one, other))
    context = {"x": tested, "low": low, "high": high}
    source = "[x < low, x in [low..high], x > high]"
    assert parse_expression(source).evaluate(context).count(True) == 1
