"""Where form-js-viewer 2.0 would hide what is shown here, or the other way, the form says so."""

import json
import re

import pytest

from xiangyun.kernel.formspec import check_form
from xiangyun.kernel.formspec.patterns import compiled

BEFORE = [
    {"type": "number", "key": "amount", "label": "金额"},
    {"type": "checkbox", "key": "agreed", "label": "同意"},
    {"type": "textfield", "key": "name", "label": "名称"},
    {"type": "radio", "key": "kind", "label": "种类", "values": [{"label": "甲", "value": "x"}]},
    {
        "type": "checklist",
        "key": "parts",
        "label": "几项",
        "values": [{"label": "甲", "value": "x"}],
    },
    {"type": "filepicker", "key": "file", "label": "文件"},
]


def found(hide: str):
    hidden = {"type": "textfield", "key": "q", "label": "问题", "conditional": {"hide": hide}}
    return check_form(json.dumps({"components": [*BEFORE, hidden]}))


# What @bpmn-io/feelin 6.1 answers as unary tests over {amount: null, agreed: false, name: "",
# kind: null, parts: [], file: null} and over the answers given.
@pytest.mark.parametrize(
    "hide",
    [
        "=amount > 100",  # null hides there
        "=agreed = false",  # an unticked box is false there
        "=not(agreed)",
        '=name = ""',
        "=count(parts) = 0",
        "=string length(name) < 3",
        "=amount + 1 > 3",
    ],
)
def test_a_condition_that_form_js_takes_otherwise_is_told_with_the_answers(hide):
    (finding,) = found(hide)
    assert (finding.id, finding.severity) == ("form.N004", "note")
    assert "未回答" in finding.message.zh
    assert finding.place


@pytest.mark.parametrize(
    "hide",
    [
        "=agreed != true",
        '=kind != "x"',
        '=kind = "x"',
        "=amount = null or amount > 100",
        "=amount != null and amount > 100",
        '=list contains(parts, "x") != true',
        "=false",
        "",
        "=",
    ],
)
def test_a_condition_that_both_take_alike_brings_no_finding(hide):
    assert found(hide) == []


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^吉[A-Z]", "吉H1", True),
        ("[0-9]{3}", "ab1234", True),
        (r"^\d+$", "１２", False),
        (r"^\w+$", "é", False),
        (r"a\/b", "a/b", True),
        (r"^\u4e2d", "中", True),
        ("^(?=.*[0-9])[a-z0-9]+$", "a1", True),
        ("^(?=.*[0-9])[a-z0-9]+$", "ab", False),
        ("^[^@]+@[^@.]+(\\.[^@.]+)+$", "a@b.c.d", True),
        ("^(?<a>x)$", "x", True),
        ("^x$", "x\n", False),
    ],
)
def test_a_pattern_means_what_it_means_in_javascript(pattern, text, fits):
    assert compiled(pattern).fits(text) is fits


@pytest.mark.parametrize(
    "pattern",
    ["(", "(?i)x", "(?P<a>x)", r"\Ax", r"\p{L}", "x++", "[]", "[^]", "[[:alpha:]]", "x" * 501],
)
def test_a_pattern_that_means_something_else_in_javascript_is_refused(pattern):
    with pytest.raises(re.error):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*$", "(.*)*x", "([a-z]+)*[0-9]"])
def test_a_pattern_that_explodes_elsewhere_is_linear_here(pattern):
    assert compiled(pattern).fits("a" * 10_000 + "!") in (True, False)


@pytest.mark.parametrize("pattern", ["^(?=x)(a+)+$", r"(a|a)*\1$", "(?=.)((a*)*)*b"])
def test_a_pattern_that_could_explode_and_looks_ahead_is_refused(pattern):
    with pytest.raises(re.error, match="for ever"):
        compiled(pattern)
