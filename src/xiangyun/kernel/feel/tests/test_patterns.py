"""Regular expressions as XPath means them (F&O 3.1 §5.6), error cases included."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.feel.patterns import charsets, compiled, grammar
from xiangyun.kernel.feel.patterns.backtracking import Program
from xiangyun.kernel.feel.patterns.compiled import Pattern

NEW_LINE = "\n"


def found(text: str, pattern: str, flags: str = "") -> bool | None:
    """`matches(text, pattern, flags)`."""
    names = {"t": text, "p": pattern, "f": flags}
    verdict: bool | None = parse_expression("matches(t, p, f)", names).evaluate(names)
    return verdict


def replaced(text: str, pattern: str, new: str, flags: str = "") -> str | None:
    names = {"t": text, "p": pattern, "r": new, "f": flags}
    return parse_expression("replace(t, p, r, f)", names).evaluate(names)


def parts(text: str, pattern: str) -> list[str] | None:
    names = {"t": text, "p": pattern}
    return parse_expression("split(t, p)", names).evaluate(names)


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        # Flag x removes white space before anything is read, also behind a backslash.
        ("hello world", r"hello\ sworld", "x"),
        ("[a", r"\ [ a", "x"),
        (" ", "[ ]", "x"),
        ("hello world", "hel lo[ ]world", "x"),
        ("a", r"\p{ L }", "x"),
        ("#", "#", "x"),
        ("[ A ]", "[ a ]", "qixms"),
        # What may match nothing.
        ("abc", "x*", ""),
        ("", "^$", ""),
        ("", "^$", "m"),
        ("", "(a)?\\1", ""),
        ("b", "^(a)?b\\1$", ""),
        # Escapes over all of Unicode.
        ("۰", r"^\d$", ""),
        ("५", r"^\p{Nd}$", ""),
        ("国", r"^\w$", ""),
        ("+", r"^\w$", ""),
        ("\u0301", r"^\w$", ""),
        ("_", r"^\W$", ""),
        ("Ⅷ", r"^\p{Nl}$", ""),
        ("·", r"^\c$", ""),
        ("民", r"^\i\c*$", ""),
        ("𠮷", r"^\p{IsCJKUnifiedIdeographsExtensionB}$", ""),
        ("ཀ", r"^\p{IsTibetan}$", ""),
        ("α", r"^\p{IsGreek}\P{IsGreek}?$", ""),
        ("\U0001f600", r"^\p{So}$", ""),
        # Classes: differences, negation, hyphens.
        ("x", "[a-z-[aeiou]]", ""),
        ("d", "^[a-z-[a-c-[b]]]$", ""),
        ("b", "^[a-z-[a-c-[b]]]$", ""),
        ("-", "[0-9-.]", ""),
        ("a-x", "^[a-a-x-x]+$", ""),
        ("a-1x-7", "^[a-c-1-4x-z-7-9]*$", ""),
        ("-", "[a--[a]]", ""),
        ("&", "[a&&b]", ""),
        ("]", r"[\[-\]]", ""),
        ("^", "[a^]", ""),
        # Case.
        ("K", "k", "i"),
        ("x", "[A-Z-[OI]]", "i"),
        ("m", r"[\P{Lu}]", "i"),
        ("M", r"[m\p{Nd}]", "i"),
        ("a", r"[a-z-[\p{Lu}]]", "i"),
        ("à", "[À-Þ]", "i"),
        ("ẞ", "ß", "i"),
        ("aA", "(a)\\1", "i"),
        # Lines.
        ("a\nb", "^b", "m"),
        ("a\n", "a$", "m"),
        ("\u2028", ".", ""),
        ("\r", ".", "s"),
        ("ab\ncd", "b$", "m"),
        # References and alternatives.
        ("aa0bcdefghij", "(a)\\10(b)(c)(d)(e)(f)(g)(h)(i)(j)", ""),
        ("aa" + "1" * 29, "(a)\\" + "1" * 30, ""),
        ("abb", "^(a|b)+\\1$", ""),
        ("bb", "^(a|(b))\\2$", ""),
        ("ab", "^(?:(a)c|ab)\\1$", ""),
        ("aaaa", "^a{2,}$", ""),
        ("a" * 1500, "^a{1500}$", ""),
        ("a", "(^)*a($)*", ""),
    ],
)
def test_a_pattern_finds_what_xpath_says(text, pattern, flags):
    assert found(text, pattern, flags) is True


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        ("a", " a ", "qx"),
        ("\u00a0", r"\s", ""),
        ("\u3000", r"\s", ""),
        ("a_b", r"^\w+$", ""),
        ("a\n", "a$", ""),
        ("a\n", "^$", "m"),
        ("a\rb", "^b", "m"),
        ("\r", ".", ""),
        ("m", r"[\p{Lu}]", "i"),
        ("a", r"\p{Lu}", "i"),
        ("O", "[A-Z-[OI]]", "i"),
        ("q", "[^Q]", "i"),
        ("A", r"[a-z-[\p{Lu}]]", "i"),
        ("÷", "[À-Þ]", "i"),
        ("c", "[a&&b]", ""),
        ("-", "[^a-d-b-c]", ""),
        ("input", "[0-9-.]*/", ""),
        ("İi", "^(İ)\\1$", "i"),
        ("ab", "^(a)?b\\1$", ""),
        ("²", r"\d", ""),
    ],
)
def test_a_pattern_does_not_find_what_xpath_excludes(text, pattern, flags):
    assert found(text, pattern, flags) is False


@pytest.mark.parametrize(
    "pattern",
    [
        *("a++", "a*+", "a?+", "a{2}+", "a**", "a{2}{3}", "a???", "*a", "+", "?", "a|*", "(*)"),
        *("(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(?P<n>a)", "(?<n>a)", "(?i)a", "(?#a)"),
        *(r"\b", r"\B", r"\A", r"\Z", r"\z", r"\h", r"\x41", r"\u0041", r"\0", r"\a", r"\e", "\\"),
        *(r"\Q", r"\_", r"\é", r"\ ", r"\p", r"\pL", r"\p{Lx}", r"\p{IsNowhere}", r"\p{Cs}"),
        *(r"\p{L", r"\p{javaLowerCase}", r"\p{^L}", r"\p{Letter}", r"\p{Script=Han}"),
        *(
            "(a\\1)",
            "\\1(a)",
            "(a)\\2",
            "[\\1]",
            "[\\0]",
            "a{,2}",
            "a{2,1}",
            "a{x}",
            "a{",
            "{",
            "}",
        ),
        *(
            "[",
            "[]",
            "[^]",
            "]",
            "[a",
            "[z-a]",
            "[--z]",
            "[a-\\d]",
            "[\\s-6]",
            "[a[b]]",
            "[a-z-[]]",
        ),
        *("[a-[b]c]", "[[:alpha:]]", "(", "a)", "(a", "a{9999999}", "a{" + "9" * 5000 + "}"),
        *("(" * 200 + ")" * 200, "\ud800"),
    ],
)
def test_what_other_dialects_read_is_null_with_a_reason(pattern):
    names = {"p": pattern}
    explained = parse_expression('matches("a", p)', names).explain(names)
    assert explained.value is None
    assert [each.reason for each in explained.warnings] == ["arguments"]


@pytest.mark.parametrize("flags", ["p", "g", "ii!", "S", " "])
def test_a_flag_that_is_none_is_null(flags):
    assert found("a", "a", flags) is None


@pytest.mark.parametrize(
    ("text", "pattern", "new", "flags", "wanted"),
    [
        ("facetiously", "[iouy]", "[$0]", "", "facet[i][o][u]sl[y]"),
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"),
        ("abracadabra", "a.*?a", "*", "", "*c*bra"),
        ("abc", "(b)", "$12", "", "ab2c"),
        ("abc", "b", "$1", "", "ac"),
        ("abc", "b", r"\$\\", "", r"a$\c"),
        ("a.b", ".", "$0\\", "q", "a$0\\b"),
        ("AAAA", "A+?", "b", "", "bbbb"),
        ("吉林省长春市", "省|市", "、", "", "吉林、长春、"),
        ("a" * 5, "a", "$" + "1" * 5000, "", "1" * 4999 * 5),
        ("aXbX", "(x)", "<$1>", "i", "a<X>b<X>"),
        ("1900-01", r"(\d+)-(\d+)", "$2/$1", "", "01/1900"),
        ("abab", r"(a)(b)\1\2", "$2$1", "", "ba"),
        ("x\ny\n", "^.", "-", "m", "-\n-\n"),
    ],
)
def test_a_replacement_counts_groups_as_xpath_does(text, pattern, new, flags, wanted):
    assert replaced(text, pattern, new, flags) == wanted


@pytest.mark.parametrize(
    ("pattern", "new"),
    [("b", "$"), ("b", "a$b"), ("b", "\\"), ("b", "\\n"), ("x*", "-"), ("^", "-"), ("a|", "-")],
)
def test_a_replacement_that_is_none_and_a_pattern_for_nothing_are_null(pattern, new):
    assert replaced("abc", pattern, new) is None


@pytest.mark.parametrize(
    ("text", "pattern", "wanted"),
    [
        ("abracadabra", "(ab)|(a)", ["", "r", "c", "d", "r", ""]),
        ("a;b;c;;", ";", ["a", "b", "c", "", ""]),
        ("a, b,c", r",\s*", ["a", "b", "c"]),
        ("长春、吉林、四平", "、", ["长春", "吉林", "四平"]),
        ("abc", "x", ["abc"]),
        ("", ";", []),
        ("abc", "", None),
        ("abc", "x?", None),
        ("abc", "(", None),
    ],
)
def test_a_text_is_split_as_xpath_splits_it(text, pattern, wanted):
    assert parts(text, pattern) == wanted


def test_what_explodes_elsewhere_is_answered_or_ends_by_its_budget():
    text = "a" * 5000 + "!"
    for pattern in ("^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(a*)*b", "^(([a-z])+.)+[A-Z]$"):
        assert found(text, pattern) is False
    names = {"t": text}
    explained = parse_expression(r'matches(t, "^(a+)+\\1?b$")', names).explain(names)
    assert explained.value is None
    assert [(each.reason, each.line, each.column) for each in explained.warnings] == [
        ("budget", 1, 1)
    ]


def test_a_pattern_chooses_the_engine_that_is_sure_to_end():
    def engine(pattern: str) -> str:
        read = Pattern(pattern, "")
        return "re" if read._quick else "RE2" if read._linear else "ours"

    assert [engine(each) for each in ("^[0-9]{17}[0-9X]$", "公司", "[0-9]+", "^a*b$")] == ["re"] * 4
    assert [engine(each) for each in ("a*b", "(a|b)*", "(a+)+$", "a?a?b", "(a{9}){9,}b")] == (
        ["RE2"] * 5
    )
    assert [engine(each) for each in ("(a)\\1", "a{1001}b*c*")] == ["ours"] * 2


def test_the_categories_are_those_of_the_interpreter():
    for name, some in charsets._categories().items():
        if len(name) == 2:
            for low, high in some:
                assert {unicodedata.category(chr(code)) for code in (low, high)} == {name}
    covered = sum(
        high - low + 1
        for name, some in charsets._categories().items()
        if len(name) == 2
        for low, high in some
    )
    assert covered == 0x110000 - 2048


def test_digits_are_the_category_of_digits():
    assert charsets.digits() == charsets._categories()["Nd"]


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 9)), max_size=9), st.data())
def test_differences_and_complements_are_those_of_sets(pairs, data):
    def numbers(some):
        return {code for low, high in some for code in range(low, min(high, 200) + 1)}

    more = data.draw(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 9)), max_size=9))
    one = charsets.ranges((low, low + length) for low, length in pairs)
    other = charsets.ranges((low, low + length) for low, length in more)
    assert numbers(charsets.without(one, other)) == numbers(one) - numbers(other)
    assert numbers(charsets.complement(one)) == set(range(201)) - numbers(one)
    assert all(charsets.contains(one, code) is (code in numbers(one)) for code in range(100))


# Patterns that all engines read alike, from a few pieces.
PIECES = st.recursive(
    st.sampled_from(["a", "b", "ab", "[ab]", "[^a]", ".", "^", "$", "c"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "+?"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(PIECES, st.text("abc", max_size=6))
def test_our_own_matcher_agrees_with_the_others(pattern, text):
    read = compiled(pattern, "")
    own = Program(grammar.parse(pattern, ""), False).search(text, 0, lambda steps: None)
    theirs = next(read.all(text, lambda steps: None), None)
    assert (own and own[0]) == (theirs and theirs[0])
    assert (own is not None) is (re.search(pattern.replace("$", r"\Z"), text) is not None)
