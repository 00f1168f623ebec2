"""The built-in functions, mostly by the specification's own examples (DMN 1.5 §10.3.4)."""

import pytest

from xiangyun.kernel.feel import parse_expression, text_of
from xiangyun.kernel.feel.builtins import BUILTINS

EXAMPLES = """
number("1 000,0", " ", ",")                                   | 1000
number("1.000,5", ".", ",")                                   | 1000.5
number("一千")                                                 | null
string(1.10)                                                  | "1.1"
string(date("2012-12-25"))                                    | "2012-12-25"
not(true)                                                     | false
not(null)                                                     | null
substring("foobar", 3)                                        | "obar"
substring("foobar", 3, 3)                                     | "oba"
substring("foobar", -2, 1)                                    | "a"
substring("\\U01F40Eab", 2)                                   | "ab"
string length("\\U01F40Eab")                                  | 3
upper case("aBc4")                                            | "ABC4"
lower case("aBc4")                                            | "abc4"
substring before("foobar", "bar")                             | "foo"
substring before("foobar", "xyz")                             | ""
substring after("foobar", "ob")                               | "ar"
substring after("", "a")                                      | ""
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")                   | "[1=ab][2=]cd"
contains("foobar", "of")                                      | false
starts with("foobar", "fo")                                   | true
ends with("foobar", "r")                                      | true
matches("foobar", "^fo*b")                                    | true
matches("浙江", "^\\p{IsCJKUnifiedIdeographs}+$")             | true
matches("x", "[a-z-[aeiou]]")                                 | true
matches("a", "[a-z-[aeiou]]")                                 | false
matches("a", "(?=a)")                                         | null
split("John Doe", "\\s")                                      | ["John", "Doe"]
split("a;b;c;;", ";")                                         | ["a", "b", "c", "", ""]
string join(["a", "b", "c"], "_and_")                         | "a_and_b_and_c"
string join(["a", null, "c"])                                 | "ac"
list contains([1, 2, 3], 2)                                   | true
count([1, 2, 3])                                              | 3
min([1, 2, 3])                                                | 1
max(1, 2, 3)                                                  | 3
min([])                                                       | null
sum([1, 2, 3])                                                | 6
sum([])                                                       | null
sum(1, null)                                                  | null
mean([1, 2, 3])                                               | 2
all([false, null, true])                                      | false
all([true, null])                                             | null
all([])                                                       | true
any([false, null, true])                                      | true
any([])                                                       | false
sublist([4, 5, 6], 1, 2)                                      | [4, 5]
sublist([4, 5, 6], -1)                                        | [6]
append([1], 2, 3)                                             | [1, 2, 3]
concatenate([1, 2], [3])                                      | [1, 2, 3]
insert before([1, 3], 1, 2)                                   | [2, 1, 3]
remove([1, 2, 3], 2)                                          | [1, 3]
list replace([2, 4, 7, 8], 3, 6)                              | [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, new) item < new, 5) | [5, 5, 7, 8]
reverse([1, 2, 3])                                            | [3, 2, 1]
index of([1, 2, 3, 2], 2)                                     | [2, 4]
union([1, 2], [2, 3])                                         | [1, 2, 3]
distinct values([1, 2, 3, 2, 1])                              | [1, 2, 3]
flatten([[1, 2], [[3]], 4])                                   | [1, 2, 3, 4]
product([2, 3, 4])                                            | 24
median([8, 2, 5, 3, 4])                                       | 4
median([6, 1, 2, 3])                                          | 2.5
median([])                                                    | null
stddev([2, 4, 7, 5])                                          | 2.081665999466132735282297706979931
stddev([47])                                                  | null
mode([6, 1, 9, 6, 1])                                         | [1, 6]
mode([])                                                      | []
sort([3, 1, 2], function(x, y) x < y)                         | [1, 2, 3]
decimal(1/3, 2)                                               | 0.33
decimal(1.5, 0)                                               | 2
decimal(2.5, 0)                                               | 2
floor(1.56, 1)                                                | 1.5
ceiling(-1.5)                                                 | -1
round up(-5.5, 0)                                             | -6
round down(5.5, 0)                                            | 5
round half up(-5.5, 0)                                        | -6
round half down(5.5, 0)                                       | 5
round half up(1.126, 2)                                       | 1.13
abs(-10)                                                      | 10
abs(@"-PT5H") = @"PT5H"                                       | true
modulo(-12, 5)                                                | 3
modulo(12, -5)                                                | -3
modulo(10.1, 4.5)                                             | 1.1
sqrt(16)                                                      | 4
log(-1)                                                       | null
odd(5)                                                        | true
even(5)                                                       | false
is(@"23:00:50Z", @"23:00:50+00:00")                           | true
is(@"23:00:50Z", @"23:00:50")                                 | false
is(date("2012-12-25"), time("23:00:50"))                      | false
years and months duration(date("2011-12-22"), date("2013-08-24")) = @"P1Y8M" | true
day of year(date(2019, 9, 17))                                | 260
day of week(date(2019, 9, 17))                                | "Tuesday"
month of year(date(2019, 9, 17))                              | "September"
week of year(date(2003, 12, 29))                              | 1
week of year(date(2005, 1, 1))                                | 53
get value({key1: "value1"}, "key1")                           | "value1"
get value({a: {b: 1}}, ["a", "b"])                            | 1
get entries({key1: "value1"})                                 | [{key: "key1", value: "value1"}]
context([{key: "a", value: 1}, {key: "b", value: 2}])         | {a: 1, b: 2}
context put({x: 1}, "y", 2)                                   | {x: 1, y: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2)                 | {x: 1, y: {a: 2}}
context merge([{x: 1}, {x: 2, y: 3}])                         | {x: 2, y: 3}
before(1, [1..10])                                            | false
before(1, (1..10])                                            | true
after([11..20], 10)                                           | true
meets([1..5], [5..10])                                        | true
meets([1..5), [5..10])                                        | false
met by([5..10], [1..5])                                       | true
overlaps([1..5], [5..8])                                      | true
overlaps([1..5], (5..8])                                      | false
overlaps before([1..5], [3..8])                               | true
overlaps after([3..8], [1..5])                                | true
finishes(10, [1..10])                                         | true
finished by([1..10], (5..10])                                 | true
includes([1..10], 5)                                          | true
during([4..6], [1..10])                                       | true
starts([1..5), [1..8])                                        | true
started by([1..10], 1)                                        | true
coincides([1..5], [1..5])                                     | true
range("[18..21)") = [18..21)                                  | true
range("[21..18]")                                             | null
date("2012-12-25") = date(2012, 12, 25)                       | true
date and time(date("2012-12-24"), time("23:59:00"))           | 2012-12-24T23:59:00
time(23, 59, 0, duration("PT8H"))                             | 23:59:00+08:00
time("25:00:00")                                              | null
duration("P1DT2H") / duration("PT1H")                         | 26
time("10:30:00.0001") = time("10:30:00.0002")                 | true
time("10:30:00.001") = time("10:30:00.002")                   | false
time("10:30:00.001") < time("10:30:00.002")                   | true
date and time("2018-12-08T00:00:00.0001") = date and time("2018-12-08T00:00:00") | true
is(time("10:30:00.0001"), time("10:30:00.0002"))              | false
(=10) = [10..10]                                              | false
(=10) = (=10)                                                 | true
10 in (=10)                                                   | true
(< 10) = (< 10)                                               | true
(< 10) = [null..10)                                           | false
(>= 10) = [10..null]                                          | false
string((=10))                                                 | "(= 10)"
(< null)                                                      | null
overlaps after([3..8], [1..5])                                | true
overlaps after([6..8], [1..5])                                | false
overlaps after([5..8], [1..5])                                | true
overlaps after((5..8], [1..5])                                | false
overlaps after([5..8], [1..5))                                | false
overlaps after((1..5], [1..5))                                | true
overlaps after((1..5], [1..5])                                | true
overlaps after([1..5], [1..5))                                | false
overlaps after([1..5], [1..5])                                | false
overlaps before([1..5], (1..5])                               | true
overlaps after((> 3), (< 5))                                  | true
overlaps before((< 5), (> 3))                                 | true
overlaps((< 5), (> 5))                                        | false
before((< 5), (>= 5))                                         | true
after((> 5), (<= 5))                                          | true
includes((< 10), [1..5])                                      | true
includes((> 0), 5)                                            | true
during([1..5], (< 10))                                        | true
coincides((< 5), (< 5))                                       | true
before((< 5), 5)                                              | true
before([1..null], 5)                                          | null
sort(["b", "A", "a"])                                         | ["A", "a", "b"]
sort([{k: 1, v: 2}, {k: 0, v: 3}, {k: 1, v: 4}], function(a, b) a.k <= b.k).v | [3, 2, 4]
sort([2, "a"], function(x, y) x < y)                          | null
sort([1, 2], function(x, y) "no")                             | null
string(1e6)                                                   | "1000000"
string(0.000001)                                              | "0.000001"
string(-0.0)                                                  | "0"
string(1.500)                                                 | "1.5"
round half up(-2.5, 0)                                        | -3
round half down(-2.5, 0)                                      | -2
round up(-1.121, 2)                                           | -1.13
round down(-1.129, 2)                                         | -1.12
decimal(2.5, 0)                                               | 2
decimal(1234, -2)                                             | 1200
floor(-1.56, 1)                                               | -1.6
ceiling(-1.56, 1)                                             | -1.5
distinct values([1, 1.0, "1", null, true, [1], [1], null])    | [1, "1", null, true, [1]]
index of([1, null, 1.0], 1)                                   | [1, 3]
list contains([null], null)                                   | true
"""
CASES = [
    tuple(part.strip() for part in line.rsplit("|", 1)) for line in EXAMPLES.strip().splitlines()
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_built_in_functions_give_what_the_specification_says(source, expected):
    assert text_of(parse_expression(source).evaluate({}), inside=True) == expected


def test_every_function_of_the_specification_is_there():
    listed = """
    abs, after, all, any, append, before, ceiling, coincides, concatenate, contains, context,
    context merge, context put, count, date, date and time, day of week, day of year, decimal,
    distinct values, duration, during, ends with, even, exp, finished by, finishes, flatten, floor,
    get entries, get value, includes, index of, insert before, is, list contains, list replace, log,
    lower case, matches, max, mean, median, meets, met by, min, mode, modulo, month of year, not,
    number, odd, overlaps, overlaps after, overlaps before, product, range, remove, replace,
    reverse, round down, round half down, round half up, round up, sort, split, sqrt, started by,
    starts, starts with, stddev, string, string join, string length, sublist, substring,
    substring after, substring before, sum, time, union, upper case, week of year,
    years and months duration
    """
    assert {" ".join(name.split()) for name in listed.split(",")} == BUILTINS.keys()


# Null without a fault: three-valued logic, and functions of nothing.
SILENT = ("all", "any")


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_no_function_breaks_on_what_it_does_not_expect(name):
    for arguments in ("", '"a"', "{}", "1e6000, -1e6000", "null, null, null"):
        explained = parse_expression(f"{name}({arguments})").explain({})
        assert explained.value is not None or explained.warnings or name in SILENT
